package api

import "time"

// Text is a text per language, keyed by en, fr, es, ru, zh, ar; en is always there.
type Text map[string]string

// In gives the text in a language, in English where it has none.
func (t Text) In(lang string) string {
	if s, ok := t[lang]; ok && s != "" {
		return s
	}
	return t["en"]
}

// Meeting is one meeting with all that a participant may know: GET
// /v1/meetings and GET /v1/meetings/{code}, both open to everybody.
type Meeting struct {
	Code              string           `json:"code" pattern:"^C-[0-9]{8}$" doc:"such as C-00016105"`
	Status            string           `json:"status" enum:"draft,published,closed,cancelled" doc:"closed: nobody can register any more; drafts are for managers only"`
	Title             Text             `json:"title"`
	Description       Text             `json:"description"`
	Place             Text             `json:"place"`
	Zone              string           `json:"zone" doc:"IANA time zone of the meeting's place, such as Europe/Zurich"`
	Sessions          []MeetingSession `json:"sessions" doc:"in order of time, at least one"`
	RegistrationFrom  time.Time        `json:"registration_from"`
	RegistrationUntil time.Time        `json:"registration_until"`
	Capacity          int              `json:"capacity,omitempty" doc:"places; 0 means no limit"`
	Taken             int              `json:"taken" doc:"places taken by confirmed registrations, those that wait for a decision and those that are offered one, with who accompanies them; in the list as of when it was read, at most a sixteenth of the capacity ago"`
	WaitingList       bool             `json:"waiting_list,omitempty" doc:"whether a full meeting puts people on a waiting list"`
	OfferHours        int              `json:"offer_hours,omitempty" minimum:"0" maximum:"720" doc:"how long a place that became free is kept for the first on the waiting list, who is asked; 0: it is given without asking"`
	ChoiceTaken       map[string]int   `json:"choice_taken,omitempty" doc:"places taken of the choices that have their own, by question/choice; as taken"`
	Participation     []string         `json:"participation" doc:"onsite, remote, or both"`
	Memberships       []string         `json:"memberships,omitempty" doc:"membership types that may come; empty means all"`
	Approval          string           `json:"approval" enum:"none,focal-point,secretariat"`
	Companions        int              `json:"companions,omitempty" doc:"accompanying persons allowed for one participant"`
	Consents          []Consent        `json:"consents,omitempty" doc:"what people are asked to agree to when they register"`
	ParticipantList   string           `json:"participant_list,omitempty" enum:",participants,all" doc:"who sees the list of participants, in which stand those who agree to it; empty: there is none"`
	ChangeUntil       time.Time        `json:"change_until,omitzero" doc:"until when people can change their registrations; not there: as long as one can register"`
	WithdrawUntil     time.Time        `json:"withdraw_until,omitzero" doc:"until when people can withdraw; not there: until the meeting is over"`
	Reapprove         []string         `json:"reapprove,omitempty" doc:"of which fields a change makes a confirmed registration wait for an approval again: JSON Pointers into Register, such as /participation or /answers/role, or * for all"`
	Visa              bool             `json:"visa,omitempty" doc:"offers visa support to who comes"`
	Lists             []MeetingList    `json:"lists,omitempty" doc:"rooms or days, each with a list of its own of who is there"`
	Form              Form             `json:"form"`
	Contact           string           `json:"contact" doc:"e-mail address"`
	Documents         []Document       `json:"documents,omitempty"`
	Revision          int64            `json:"revision" doc:"grows with each change that a calendar shows: of titles, sessions, zone, place and platform"`
	Version           int64            `json:"version"`
}

// Start is when the first session starts; zero without one, which only a draft is.
func (m *Meeting) Start() time.Time {
	if len(m.Sessions) == 0 {
		return time.Time{}
	}
	return m.Sessions[0].Start
}

// End is when the session ends that ends last; zero without one.
func (m *Meeting) End() (end time.Time) {
	for _, s := range m.Sessions {
		if s.End.After(end) {
			end = s.End
		}
	}
	return end
}

// MeetingSession is one sitting of a meeting.
type MeetingSession struct {
	Title Text      `json:"title"`
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// MeetingList is a room or day of a meeting for which people are checked in.
type MeetingList struct {
	ID      string `json:"id" pattern:"^[a-z][a-z0-9_]{0,39}$"`
	Title   Text   `json:"title"`
	Session int    `json:"session,omitempty" doc:"the session that it belongs to, from 1; 0 for the whole meeting"`
}

// Document is a file or page that goes with a meeting.
type Document struct {
	Title Text   `json:"title"`
	URL   string `json:"url"`
}

// Ways to take part.
const (
	OnSite = "onsite"
	Remote = "remote"
)

// Ways of approval.
const (
	ApprovalNone        = "none"
	ApprovalFocalPoint  = "focal-point"
	ApprovalSecretariat = "secretariat"
)

// Who sees a meeting's list of participants.
const (
	ListForParticipants = "participants"
	ListForAll          = "all"
)

// Meetings is the answer to GET /v1/meetings?after=CURSOR: upcoming first.
// Its ETag answers If-None-Match with 304. With changes=true, it has what is new since the
// list that has the ETag, unless Changes is false: then it is all of the list again.
type Meetings struct {
	Meetings []Meeting      `json:"meetings" doc:"up to 100, upcoming first"`
	Next     string         `json:"next,omitempty" doc:"for after; empty at the end"`
	Changes  bool           `json:"changes,omitempty" doc:"only meetings that have changed are here, all of them"`
	Counts   []MeetingCount `json:"counts,omitempty" doc:"with changes: of the other meetings that are not over and have a number of places"`
	Total    int            `json:"total,omitempty" doc:"with changes: how many meetings there are; who has another number by then fetches all again"`
}

// MeetingCount is what changes of a meeting as people register.
type MeetingCount struct {
	Code        string         `json:"code"`
	Taken       int            `json:"taken"`
	ChoiceTaken map[string]int `json:"choice_taken,omitempty"`
	Version     int64          `json:"version"`
}

// MeetingKeys is the answer to GET /v1/meetings/{code}/keys: with it, codes of a meeting's
// registrations can be verified without network.
type MeetingKeys struct {
	Keys []MeetingKey `json:"keys" doc:"oldest first; codes that an older one signed stay good"`
}

// MeetingKey verifies codes that were signed for a meeting.
type MeetingKey struct {
	ID        string `json:"id" pattern:"^[0-9a-f]{8}$" doc:"stands in each code"`
	Meeting   string `json:"meeting" doc:"code"`
	PublicKey string `json:"public_key" doc:"Ed25519, base64 without padding"`
}

// Form is a meeting's own form.
type Form struct {
	Sections []FormSection `json:"sections"`
}

// FormSection is a group of questions under one title.
type FormSection struct {
	Title     Text       `json:"title"`
	If        *ShownIf   `json:"if,omitempty" doc:"its questions are asked only if a question of a section before has this answer"`
	Questions []Question `json:"questions"`
}

// Question is one question of a form.
type Question struct {
	ID        string   `json:"id" pattern:"^[a-z][a-z0-9_]{0,39}$"`
	Kind      string   `json:"kind" enum:"text,long,number,yesno,choice,choices,date,phone,email,country,file,photo"`
	Label     Text     `json:"label"`
	Help      Text     `json:"help,omitempty"`
	Required  bool     `json:"required,omitempty"`
	Choices   []Choice `json:"choices,omitempty" doc:"for choice and choices"`
	If        *ShownIf `json:"if,omitempty" doc:"shown only if another question, which stands before, has this answer"`
	Max       int      `json:"max,omitempty" doc:"characters of text (default 200) and long (default 2,000)"`
	Known     string   `json:"known,omitempty" enum:"phone,email,country" doc:"filled in from the account"`
	MaxBytes  int      `json:"max_bytes,omitempty" minimum:"0" maximum:"5242880" doc:"of file and photo (default 5 MiB)"`
	Retention int      `json:"retention,omitempty" doc:"how many days after the meeting its answers are erased; 0: they stay as long as the registration"`
}

// Kinds of a question.
const (
	KindText    = "text"
	KindLong    = "long"
	KindNumber  = "number"
	KindYesNo   = "yesno"
	KindChoice  = "choice"
	KindChoices = "choices"
	KindDate    = "date"
	KindPhone   = "phone"
	KindEmail   = "email"
	KindCountry = "country"
	KindFile    = "file"
	KindPhoto   = "photo"
)

// Choice is one answer that a question offers.
type Choice struct {
	ID     string `json:"id" pattern:"^[a-z0-9][a-z0-9_-]{0,39}$"`
	Label  Text   `json:"label"`
	Places int    `json:"places,omitempty" doc:"how many registrations can have this answer; 0: as many as come"`
}

// ShownIf is the condition under which a question is asked.
type ShownIf struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// Answers holds the answers to a form by question id; every kind is a list of
// strings: one for most, several for choices; numbers in decimal, dates as
// 2006-01-02, yesno as yes or no, countries as ISO codes; file and photo as two, the id
// of a file that was sent (SendFile) and its name. No answer: no entry.
type Answers map[string][]string

// Register is the payload of the operation OpRegister.
type Register struct {
	Meeting       string      `json:"meeting"`
	Participation string      `json:"participation"`
	BadgeName     string      `json:"badge_name" doc:"at most 100 characters"`
	JobTitle      string      `json:"job_title,omitempty" doc:"at most 100 characters"`
	Answers       Answers     `json:"answers,omitempty"`
	Companions    []Companion `json:"companions,omitempty"`
	Consents      []string    `json:"consents,omitempty" doc:"ids of what the person agrees to"`
	Listed        bool        `json:"listed,omitempty" doc:"agrees to stand in the list of participants"`
	Invitation    string      `json:"invitation,omitempty" doc:"token of a personal invitation to the meeting, which is used up by it"`
	Visa          bool        `json:"visa,omitempty" doc:"asks for visa support"`
	Passport      *Passport   `json:"passport,omitempty" doc:"for that; in a change only where it is another one"`
}

// Consent is something that people are asked to agree to.
type Consent struct {
	ID       string `json:"id" pattern:"^[a-z][a-z0-9_]{0,39}$"`
	Text     Text   `json:"text"`
	Required bool   `json:"required,omitempty" doc:"nobody registers without"`
}

// Change is the payload of the operation OpChange: all of a registration anew. An answer
// that stands there as it was, and that the form does not have any more, is dropped.
type Change struct {
	Registration string `json:"registration" doc:"number"`
	Changes      int    `json:"changes" minimum:"0" doc:"how many lines of its history say changed, as far as the person has seen it; if there are more by now, the change is refused with outdated"`
	Register
}

// Changed is a field of a registration that was changed.
type Changed struct {
	Field  string   `json:"field" doc:"JSON Pointer into Register, such as /answers/diet"`
	Before []string `json:"before,omitempty" doc:"as of Answers; names of companions, ids of consents, yes for listed; none: nothing stood there"`
	After  []string `json:"after,omitempty" doc:"likewise"`
}

// Companion is an accompanying person.
type Companion struct {
	Name string `json:"name" doc:"at most 100 characters"`
}

// Withdraw is the payload of the operation OpWithdraw.
type Withdraw struct {
	Registration string `json:"registration" doc:"number"`
	Reason       string `json:"reason,omitempty" doc:"at most 500 characters; goes to the meeting's managers"`
}

// AnswerOffer is the payload of the operation OpAnswerOffer: whether the person takes the
// place that was offered.
type AnswerOffer struct {
	Registration string `json:"registration" doc:"number"`
	Accept       bool   `json:"accept" doc:"no ends the registration"`
}

// Registration is a person's registration for a meeting, as the person sees it.
type Registration struct {
	Number        string      `json:"number" doc:"such as R-7F3K-92QD"`
	Meeting       string      `json:"meeting" doc:"code"`
	State         string      `json:"state" enum:"waiting-focal-point,waiting-secretariat,waiting-list,offered,confirmed,refused,withdrawn"`
	Participation string      `json:"participation" enum:"onsite,remote"`
	BadgeName     string      `json:"badge_name"`
	JobTitle      string      `json:"job_title,omitempty"`
	Organization  string      `json:"organization"`
	Country       string      `json:"country"`
	Answers       Answers     `json:"answers,omitempty"`
	Companions    []Companion `json:"companions,omitempty"`
	Consents      []string    `json:"consents,omitempty" doc:"ids of what the person agreed to"`
	Listed        bool        `json:"listed,omitempty" doc:"agreed to stand in the list of participants"`
	Visa          string      `json:"visa,omitempty" enum:",asked,waiting,answered,refused" doc:"what has become of the visa support that was asked for; asked: the registration is not confirmed yet"`
	VisaAnswer    string      `json:"visa_answer,omitempty" doc:"for the person: what the secretariat wrote, until that is erased"`
	History       []Event     `json:"history" doc:"oldest first"`
	Operation     string      `json:"operation" doc:"id of the operation that made it"`
	Platform      string      `json:"platform,omitempty" doc:"address of the remote platform, once confirmed for remote"`
	Code          string      `json:"code,omitempty" doc:"once confirmed: what the QR code says, signed by one of the meeting's keys"`
	JoinToken     bool        `json:"join_token,omitempty" doc:"whether the platform gets to know by a token who comes, with which join answers"`
	OfferUntil    time.Time   `json:"offer_until,omitzero" doc:"of a place that is offered: until when it can be accepted; of one that was not accepted: when that was over"`
	Person        string      `json:"person,omitempty" doc:"for staff: name of the registered person"`
	May           []string    `json:"may,omitempty" enum:"approve,refuse" doc:"for a manager of its meeting who has asked for it by its number: what decide can do with it"`
	Version       int64       `json:"version"`
}

// States of a registration, as the service knows them. On the person's machine
// there are also drafts and operations that wait to be sent.
const (
	WaitingFocalPoint  = "waiting-focal-point"
	WaitingSecretariat = "waiting-secretariat"
	WaitingList        = "waiting-list"
	Offered            = "offered" // a place from the waiting list, for a time
	Confirmed          = "confirmed"
	Refused            = "refused"
	Withdrawn          = "withdrawn"
)

// Event is a line of a registration's history.
type Event struct {
	At     time.Time `json:"at"`
	What   string    `json:"what" enum:"sent,acknowledged,approved,refused,waitlisted,handed-over,offered,accepted,declined,lapsed,changed,withdrawn,revoked,cancelled,visa-answered,visa-refused,answers-erased"`
	By     string    `json:"by,omitempty" enum:",person,focal-point,secretariat,service"`
	Actor  string    `json:"actor,omitempty" doc:"for the meeting's managers, and whoever is appointed for the organization: name of who did it, as long as there is the account"`
	Reason string    `json:"reason,omitempty"`
	// Changed is erased with the account.
	Changed []Changed `json:"changed,omitempty" doc:"of a change: what was changed"`
}

// Registrations is the answer to GET /v1/registrations?after=CURSOR (one's own) and
// to GET /v1/meetings/{code}/registrations?after=CURSOR (for meeting managers).
type Registrations struct {
	Registrations []Registration `json:"registrations" doc:"up to 200"`
	Next          string         `json:"next,omitempty" doc:"for after; empty at the end"`
}

// Decide is the payload of the operation OpDecide, for managers of the meeting and whoever
// is appointed for the registration's organization.
type Decide struct {
	Registration string `json:"registration" doc:"number"`
	Approve      bool   `json:"approve"`
	Revoke       bool   `json:"revoke,omitempty" doc:"refuses what is confirmed, and nothing else, which else is in the wrong state"`
	Reason       string `json:"reason,omitempty" doc:"at most 500 characters; required on refusal"`
}
