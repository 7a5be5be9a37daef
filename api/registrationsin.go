package api

import "time"

// How registrations come in by a meeting's managers: they import them, and invite people.

// ImportRegistrations registers several people for a meeting, all of them or nobody: POST
// /v1/managed/meetings/{id}/imports. A manager has approved them by that, and they can come
// while registration is closed; the meeting's places, its membership types and its form
// count for them as for everybody.
type ImportRegistrations struct {
	ID    string           `json:"id" format:"uuid" doc:"of this import, which is carried out once however often it comes"`
	Check bool             `json:"check,omitempty" doc:"says what would become of them, and does nothing"`
	Rows  []ImportedPerson `json:"rows" minItems:"1" maxItems:"2000"`
}

// MaxImport is how many people ImportRegistrations may have.
const MaxImport = 2000

// ImportedPerson is somebody to be registered. Where an account has the e-mail address, the
// registration is that account's, with its name and organization; else the person has none,
// and e-mails go to the address, if there is one.
type ImportedPerson struct {
	RegisterFor
	Organization string `json:"organization,omitempty" maxLength:"200" doc:"name; that of the directory counts where it has one of this name"`
	Country      string `json:"country,omitempty" maxLength:"2" doc:"ISO 3166-1 alpha-2; needed where the directory does not have the organization"`
	Membership   string `json:"membership,omitempty" maxLength:"40" doc:"that of the directory counts where it has the organization"`
}

// Imported answers ImportRegistrations.
type Imported struct {
	Done bool          `json:"done" doc:"everybody is registered; else nobody is"`
	Rows []ImportedRow `json:"rows,omitempty" doc:"one for each person; none where the import was done before"`
}

// ImportedRow is what became of a person of ImportRegistrations, or would.
type ImportedRow struct {
	State   string       `json:"state,omitempty" enum:",waiting-focal-point,waiting-secretariat,waiting-list,confirmed" doc:"of the registration; none where it is refused"`
	Person  string       `json:"person" doc:"name"`
	Account bool         `json:"account,omitempty" doc:"of an account that there is"`
	Entered bool         `json:"entered,omitempty" doc:"the directory does not have the organization"`
	Code    Code         `json:"code,omitempty" doc:"why it is refused: already-registered, too-many, meeting-full, choice-full, not-for-membership, invalid, or what holds for all rows"`
	Errors  []FieldError `json:"errors,omitempty" doc:"pointers into the row"`
}

// Invite invites people to a meeting, all of them or nobody: POST
// /v1/managed/meetings/{id}/invitations. Each gets an e-mail with a link of their own.
type Invite struct {
	ID             string    `json:"id" format:"uuid" doc:"of these invitations, which are sent once however often it comes"`
	People         []Invitee `json:"people" minItems:"1" maxItems:"500"`
	PassesWindow   bool      `json:"passes_window,omitempty" doc:"they can register while registration is closed"`
	PassesApproval bool      `json:"passes_approval,omitempty" doc:"they are confirmed without a decision, if there is a place"`
	Until          time.Time `json:"until" doc:"until when the links are good, at most until the meeting is over"`
}

// MaxInvitees is how many people Invite may have.
const MaxInvitees = 500

// Invitee is somebody to be invited. Only an account with that e-mail address can use the
// invitation.
type Invitee struct {
	Name     string `json:"name,omitempty" maxLength:"200"`
	Email    string `json:"email" minLength:"1" maxLength:"320"`
	Language string `json:"language,omitempty" maxLength:"10" doc:"of the e-mail"`
}

// Invitation is an invitation to a meeting as its managers see it.
type Invitation struct {
	ID             string    `json:"id"`
	Name           string    `json:"name,omitempty"`
	Email          string    `json:"email"`
	State          string    `json:"state" enum:"sent,used,expired,withdrawn"`
	PassesWindow   bool      `json:"passes_window,omitempty"`
	PassesApproval bool      `json:"passes_approval,omitempty"`
	Invited        time.Time `json:"invited" doc:"when the e-mail was asked for last"`
	By             string    `json:"by,omitempty" doc:"name of who invited, as long as there is the account"`
	Until          time.Time `json:"until"`
	Registration   string    `json:"registration,omitempty" doc:"number of that for which it was used"`
}

// States of an invitation.
const (
	InvitationSent      = "sent"
	InvitationUsed      = "used"
	InvitationExpired   = "expired"
	InvitationWithdrawn = "withdrawn"
)

// Invitations answers GET /v1/managed/meetings/{id}/invitations?after=CURSOR.
type Invitations struct {
	Invitations []Invitation `json:"invitations" doc:"up to 500, by e-mail address"`
	Next        string       `json:"next,omitempty" doc:"for after; empty at the end"`
}

// SendInvitation is POST /v1/invitations/{id}/send, 204: a new e-mail with a new link, which
// takes the place of the one before.
type SendInvitation struct {
	Until time.Time `json:"until" doc:"until when it is good, at most until the meeting is over"`
}

// ReadInvitation is POST /v1/invitation.
type ReadInvitation struct {
	Token string `json:"token" minLength:"43" maxLength:"43"`
}

// InvitationFound answers ReadInvitation: what the invitation is worth to whoever asks.
type InvitationFound struct {
	Meeting        string    `json:"meeting" doc:"code"`
	State          string    `json:"state" enum:"sent,used,expired"`
	Mine           bool      `json:"mine" doc:"it is for the e-mail address of whoever asks"`
	PassesWindow   bool      `json:"passes_window,omitempty"`
	PassesApproval bool      `json:"passes_approval,omitempty"`
	Until          time.Time `json:"until"`
}
