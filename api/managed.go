package api

import "time"

// MeetingPrivate is what is not everybody's to know of a meeting.
type MeetingPrivate struct {
	// Platform is told to confirmed remote participants only.
	Platform string `json:"platform,omitempty" doc:"web address of the remote platform"`
	// Token is how the platform takes join tokens; nil where it gets its plain address.
	Token *JoinToken `json:"token,omitempty"`
	// Retention and RetentionNames say how long what people entered is kept.
	Retention      int  `json:"retention,omitempty" doc:"how many days after the meeting what people answered is erased; 0: it stays as long as the registration"`
	RetentionNames bool `json:"retention_names,omitempty" doc:"whether names and addresses are erased with it"`
}

// JoinToken says what stands in the tokens by which a platform gets to know who comes.
type JoinToken struct {
	Audience string `json:"audience" doc:"the name by which the platform knows itself (aud), such as jitsi"`
	Room     string `json:"room" doc:"the only one that the token opens"`
	Subject  string `json:"subject,omitempty" doc:"the platform's tenant or domain (sub), where it looks at that; else the subject is the person"`
	Email    bool   `json:"email,omitempty" doc:"puts the person's e-mail address into the token"`
}

// MeetingDetails is a meeting as its managers describe it. What the service counts or
// decides is not read: code, status, taken, revision and version.
type MeetingDetails struct {
	Meeting
	MeetingPrivate
}

// ManagedMeeting is a meeting as its managers see it: GET /v1/managed/meetings/{id}.
type ManagedMeeting struct {
	MeetingDetails
	Edition  int64     `json:"edition" doc:"counts changes of the description, the status and the managers"`
	Waiting  int       `json:"waiting" doc:"registrations on the waiting list"`
	Living   int       `json:"living" doc:"registrations that are neither refused nor withdrawn"`
	Managers []Manager `json:"managers" doc:"by name; none: all who have the role manage it"`
}

// Manager is somebody who manages a meeting, or can.
type Manager struct {
	ID           string `json:"id" doc:"of the account"`
	Name         string `json:"name"`
	Username     string `json:"username"`
	Organization string `json:"organization,omitempty" doc:"name"`
}

// Managers is the answer to GET /v1/managed/managers: everybody who has the role.
type Managers struct {
	Managers []Manager `json:"managers" doc:"by name, up to 1,000"`
}

// ManagedMeetings is the answer to GET /v1/managed/meetings?after=CURSOR: those that the
// caller manages, what starts last first; drafts without a session before all others.
type ManagedMeetings struct {
	Meetings []ManagedMeetingRow `json:"meetings" doc:"up to 200"`
	Next     string              `json:"next,omitempty" doc:"for after; empty at the end"`
}

// ManagedMeetingRow is one row of ManagedMeetings.
type ManagedMeetingRow struct {
	Code      string    `json:"code"`
	Title     Text      `json:"title"`
	Place     Text      `json:"place"`
	Zone      string    `json:"zone"`
	Start     time.Time `json:"start,omitzero" doc:"of the first session; not there without one"`
	End       time.Time `json:"end,omitzero" doc:"of the session that ends last"`
	Status    string    `json:"status" enum:"draft,published,closed,cancelled"`
	Capacity  int       `json:"capacity,omitempty" doc:"places; 0 means no limit"`
	Taken     int       `json:"taken"`
	Waiting   int       `json:"waiting" doc:"registrations on the waiting list"`
	Undecided int       `json:"undecided" doc:"registrations that wait for a decision"`
}

// States of a meeting. Drafts are seen by their managers only.
const (
	MeetingDraft     = "draft"
	MeetingPublished = "published"
	MeetingClosed    = "closed" // nobody can register any more
	MeetingCancelled = "cancelled"
)

// CreateMeeting makes a draft: POST /v1/managed/meetings.
type CreateMeeting struct {
	ID    string `json:"id" format:"uuid" doc:"of this draft, which is made once however often it comes"`
	Title Text   `json:"title" doc:"at least in en"`
	From  string `json:"from,omitempty" maxLength:"20" doc:"code of a meeting that the caller manages: the draft is a copy of its description"`
}

// SaveMeeting changes a meeting's description: PUT /v1/managed/meetings/{id}.
type SaveMeeting struct {
	MeetingDetails
	Edition int64 `json:"edition" doc:"of the meeting as it was read; another one by now is refused with outdated"`
	// Effects are acknowledged: that they are known, and wanted.
	Effects []FormEffect `json:"effects,omitempty" maxItems:"1000" doc:"what the change of the form does to answers, as the refusal with effects has told it; whatever else it does is refused again"`
}

// FormEffect is what a change of a meeting's form does to the answers that there are.
type FormEffect struct {
	Kind          string `json:"kind" enum:"removed,choice-removed,unfit,required,hidden"`
	Question      string `json:"question" doc:"id"`
	Choice        string `json:"choice,omitempty" doc:"id, of a choice that is removed"`
	Registrations int    `json:"registrations,omitempty" doc:"how many are concerned, of those that are neither refused nor withdrawn, as of then; of more than 100,000 the newest are looked at"`
}

// Kinds of a FormEffect.
const (
	EffectRemoved       = "removed"        // the question is gone, and the answers with it
	EffectChoiceRemoved = "choice-removed" // likewise a choice that was taken
	EffectUnfit         = "unfit"          // answers do not fit any more: the question has another kind, or shorter answers
	EffectRequired      = "required"       // has to be answered, and is not
	EffectHidden        = "hidden"         // was answered, and is not asked any more by its condition
)

// ChangeMeetingStatus publishes a draft, closes registration or opens it again: POST
// /v1/managed/meetings/{id}/status.
type ChangeMeetingStatus struct {
	Act     string `json:"act" enum:"publish,close,reopen"`
	Edition int64  `json:"edition" doc:"of the meeting as it was read"`
}

// CancelMeeting cancels a meeting for good: POST /v1/managed/meetings/{id}/cancel.
// Everybody who is registered is told why, and withdrawn.
type CancelMeeting struct {
	Reason  string `json:"reason" doc:"at most 500 characters; goes to everybody"`
	Edition int64  `json:"edition" doc:"of the meeting as it was read"`
}

// SaveManagers says who manages a meeting: PUT /v1/managed/meetings/{id}/managers.
type SaveManagers struct {
	Managers []string `json:"managers" maxItems:"50" doc:"ids of accounts that have the role; none: all who have it"`
	Edition  int64    `json:"edition" doc:"of the meeting as it was read"`
}
