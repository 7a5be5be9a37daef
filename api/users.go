package api

import "time"

// What administrators do for users. Every operation here needs the role
// administrator; those that change something need a fresh proof (Reauthenticate)
// and are in the audit log. Nobody sees or sets another's password. The id of a
// user whose address was not verified yet is that of the sign-up.

// States of a user, as staff sees them.
const (
	UserActive      = "active"
	UserLocked      = "locked"       // deactivated for security, after wrong passwords
	UserDeactivated = "deactivated"  // by staff
	UserNoPassword  = "no-password"  // from an older system; the first log-in goes through "Forgot password?"
	UserDeleting    = "deleting"     // the owner has asked for it
	UserUnverified  = "not-verified" // a sign-up whose address was not verified yet
	UserInvited     = "invited"      // a sign-up that staff has begun, and the person has not accepted yet
)

// UserSummary is a user in a list.
type UserSummary struct {
	ID           string   `json:"id"`
	Username     string   `json:"username"`
	Name         string   `json:"name"`
	Email        string   `json:"email"`
	Organization string   `json:"organization"`
	Country      string   `json:"country"`
	State        string   `json:"state" enum:"active,locked,deactivated,no-password,deleting,not-verified,invited"`
	Roles        []string `json:"roles"`
}

// UserFilter is the query of GET /v1/users; what is empty does not choose. The words
// of Query each begin a word of username, name, e-mail or organization, case and
// accents ignored, or written as passports write them (mueller for Müller); what is
// found stands in the order of the words that are found. Inside finds them inside
// words too: it looks at every user, and takes longer.
type UserFilter struct {
	Query  string `query:"query" maxLength:"200" doc:"words: each begins a word of username, name, e-mail or organization"`
	Inside bool   `query:"inside" doc:"look inside words too: all users are looked through, which takes longer"`
	State  string `query:"state" enum:"active,locked,deactivated,no-password,deleting,not-verified,invited"`
	Role   string `query:"role" maxLength:"40"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"50" doc:"how many at most"`
	After  string `query:"after" maxLength:"400" doc:"next of the page before"`
}

// UsersLimit is how many users a page has at most.
const UsersLimit = 1000

// ExportUsers is the body of POST /v1/exports/users, 204: which users are going to be read
// and kept, as UserFilter chooses them. It is noted in the audit log, without what was
// searched for.
type ExportUsers struct {
	Query  string `json:"query,omitempty" maxLength:"200"`
	Inside bool   `json:"inside,omitempty"`
	State  string `json:"state,omitempty" enum:"active,locked,deactivated,no-password,deleting,not-verified,invited"`
	Role   string `json:"role,omitempty" maxLength:"40"`
}

// Users answers GET /v1/users, see UserFilter: by family name.
type Users struct {
	Users []UserSummary `json:"users" doc:"up to 50, or as many as limit says"`
	Next  string        `json:"next,omitempty" doc:"for after; empty at the end"`
}

// User answers GET /v1/users/{id}.
type User struct {
	UserSummary
	Created        time.Time     `json:"created"`
	LastLogIn      time.Time     `json:"last_log_in,omitzero"`
	Language       string        `json:"language"`
	SecondFactor   bool          `json:"second_factor"`
	SecretQuestion bool          `json:"secret_question"`
	Sessions       []SessionInfo `json:"sessions" doc:"up to 200, the one used last first"`
	ResetAddress   *ResetAddress `json:"reset_address,omitempty"`
	Pending        []Approval    `json:"pending,omitempty" doc:"changes that wait for a second administrator, up to 200, the oldest first"`
	History        []AuditEntry  `json:"history" doc:"the newest 50 of the audit log about this user"`
	Profile        *UserProfile  `json:"profile,omitempty" doc:"what an administrator can correct; of an account only"`
	Version        string        `json:"version,omitempty" doc:"of profile and roles as they stand here; needed to change them"`
}

// UserProfile is who a user is and for which organization.
type UserProfile struct {
	Title        string       `json:"title,omitempty"`
	FirstName    string       `json:"first_name,omitempty"`
	FamilyName   string       `json:"family_name,omitempty"`
	Organization Organization `json:"organization"`
}

// CorrectProfile is who a user is and for which organization, as an administrator
// corrects it, by the rules of ChangeProfile: exactly one of OrganizationID and
// NewOrganization, or neither to leave the organization as it is.
type CorrectProfile struct {
	Title           string           `json:"title,omitempty" maxLength:"20"`
	FirstName       string           `json:"first_name,omitempty" maxLength:"100" doc:"one of the two names may be empty"`
	FamilyName      string           `json:"family_name,omitempty" maxLength:"100"`
	Membership      string           `json:"membership,omitempty" maxLength:"40"`
	Country         string           `json:"country,omitempty" maxLength:"2"`
	OrganizationID  string           `json:"organization_id,omitempty" maxLength:"40"`
	NewOrganization *NewOrganization `json:"new_organization,omitempty"`
}

// ResetAddress is where the next reset e-mail of an account goes (option 2 of
// the sources' reset options).
type ResetAddress struct {
	Email   string    `json:"email"`
	Reason  string    `json:"reason"`
	By      string    `json:"by" doc:"username of the administrator"`
	Expires time.Time `json:"expires"`
	Used    bool      `json:"used,omitempty"`
}

// Kinds of changes to a user.
const (
	KindActivate           = "activate"
	KindDeactivate         = "deactivate"
	KindResetAddress       = "reset-address"
	KindRemoveResetAddress = "remove-reset-address"
	KindRoles              = "roles"
	KindRemoveSecondFactor = "remove-second-factor"
	KindEndSessions        = "end-sessions"
	KindSendActivation     = "send-activation"
	KindCorrectEmail       = "correct-email"
	KindEndSignUp          = "end-sign-up"
	KindCorrectProfile     = "correct-profile"
)

// ChangeUser is POST /v1/users/{id}/changes: a change to a user. Each kind requires
// some of the fields and takes none of the others; the description of the operation says
// which (x-kinds), and when a second administrator must approve it. Another Version than
// the user's of now is CodeOutdated, so that of two administrators none undoes what the
// other has changed.
type ChangeUser struct {
	Kind    string          `json:"kind" enum:"activate,correct-email,correct-profile,deactivate,end-sessions,end-sign-up,remove-reset-address,remove-second-factor,reset-address,roles,send-activation"`
	Reason  string          `json:"reason,omitempty" minLength:"3" maxLength:"500" doc:"why, for the history and the audit log"`
	Email   string          `json:"email,omitempty" maxLength:"254"`
	Roles   []string        `json:"roles,omitempty" minItems:"1" maxItems:"10" doc:"all that the user has then; participant is always among them"`
	Profile *CorrectProfile `json:"profile,omitempty"`
	Version string          `json:"version,omitempty" maxLength:"40" doc:"of the user, as it was read"`
}

// Outcome of a change to a user: done, or waiting for a second administrator,
// who is needed where the user has a role, or is to become an administrator.
type Outcome struct {
	Waiting  bool   `json:"waiting,omitempty" doc:"a second administrator must approve"`
	Approval string `json:"approval,omitempty" doc:"id of what waits"`
}

// Approval is a change that waits for a second administrator: GET
// /v1/approvals. POST /v1/approvals/{id} decides; whoever asked can only refuse.
type Approval struct {
	ID      string      `json:"id"`
	Kind    string      `json:"kind" enum:"activate,reset-address,roles,remove-second-factor"`
	User    UserSummary `json:"user"`
	Email   string      `json:"email,omitempty" doc:"of a reset address"`
	Roles   []string    `json:"roles,omitempty"`
	Reason  string      `json:"reason"`
	By      string      `json:"by" doc:"username of who asked"`
	Asked   time.Time   `json:"asked"`
	Expires time.Time   `json:"expires"`
	Own     bool        `json:"own,omitempty" doc:"asked for by who reads this"`
}

// Approvals answers GET /v1/approvals?after=, up to 200, the oldest first.
type Approvals struct {
	Approvals []Approval `json:"approvals" doc:"up to 200, the oldest first"`
	Next      string     `json:"next,omitempty" doc:"for after; empty at the end"`
}

// DecideApproval is POST /v1/approvals/{id}, 204.
type DecideApproval struct {
	Approve bool   `json:"approve"`
	Reason  string `json:"reason,omitempty" maxLength:"500"`
}

// UserRegistration is a registration of a user, as administrators see it: what it is
// for and what became of it, and none of what was answered.
type UserRegistration struct {
	Number        string    `json:"number" doc:"such as R-7F3K-92QD"`
	Meeting       string    `json:"meeting" doc:"code"`
	Title         Text      `json:"title" doc:"of the meeting"`
	Start         time.Time `json:"start" doc:"of the meeting"`
	End           time.Time `json:"end"`
	Zone          string    `json:"zone" doc:"IANA time zone of the meeting's place"`
	State         string    `json:"state" enum:"waiting-focal-point,waiting-secretariat,waiting-list,offered,confirmed,refused,withdrawn"`
	Participation string    `json:"participation" enum:"onsite,remote"`
	Sent          time.Time `json:"sent"`
}

// UserRegistrations answers GET /v1/users/{id}/registrations?after=, up to 50, the
// newest first.
type UserRegistrations struct {
	Registrations []UserRegistration `json:"registrations" doc:"up to 50, the newest first"`
	Next          string             `json:"next,omitempty" doc:"for after; empty at the end"`
}

// InviteUser is POST /v1/users: an e-mail invites somebody, with a link that is valid for
// 72 hours, and a code. By either the person accepts the terms, and chooses username and
// password; nothing works before. Exactly one of OrganizationID and NewOrganization is
// given. The kinds send-activation, correct-email and end-sign-up are for invitations,
// too. Roles are given once the person has accepted, and with a second administrator's
// approval where the kind roles needs one.
type InviteUser struct {
	Title           string           `json:"title,omitempty" maxLength:"20"`
	FirstName       string           `json:"first_name,omitempty" maxLength:"100" doc:"one of the two names may be empty"`
	FamilyName      string           `json:"family_name,omitempty" maxLength:"100"`
	Email           string           `json:"email" minLength:"1" maxLength:"254"`
	Language        string           `json:"language" enum:"en,fr,es,ru,zh,ar"`
	Membership      string           `json:"membership,omitempty" maxLength:"40"`
	Country         string           `json:"country,omitempty" maxLength:"2"`
	OrganizationID  string           `json:"organization_id,omitempty" maxLength:"40"`
	NewOrganization *NewOrganization `json:"new_organization,omitempty"`
	Roles           []string         `json:"roles,omitempty" maxItems:"10" doc:"beside participant"`
	Reason          string           `json:"reason" minLength:"3" maxLength:"500" doc:"why, for the history and the audit log"`
}

// Invited answers InviteUser.
type Invited struct {
	ID string `json:"id" doc:"of the user"`
}
