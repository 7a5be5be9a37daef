package api

import "time"

// AuditEntry is one thing that happened.
type AuditEntry struct {
	ID      string        `json:"id"`
	At      time.Time     `json:"at"`
	Event   string        `json:"event" doc:"such as logged-in; package audit lists them"`
	Subject string        `json:"subject,omitempty" doc:"id of the account that it is about"`
	User    string        `json:"user,omitempty" doc:"its username, while it exists"`
	Actor   string        `json:"actor,omitempty" doc:"username of who did it, if that is another one"`
	Details []AuditDetail `json:"details,omitempty" doc:"what is known beside the event"`
	Reason  string        `json:"reason,omitempty" doc:"why staff did it, in its own words; erased with the account"`
	Network string        `json:"network,omitempty" doc:"address that it came from; kept for 90 days"`
	// Reference is what Problem.Reference and the header of that name are.
	Reference string `json:"reference,omitempty" doc:"the request in the service's log"`
}

// AuditDetail says that Field was Before and is After now. With After alone it is a fact,
// or a value that was added; with Before alone one that was removed; with neither, what
// the field holds is not told, such as a password.
type AuditDetail struct {
	Field  string `json:"field" doc:"such as cause, or a setting by its name in the contract, such as limits.mails"`
	Of     string `json:"of,omitempty" doc:"which one of several, such as a network"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Fields of AuditDetail, beside those of policies, mail server and settings. A name is
// never changed.
const (
	DetailAppointment       = "appointment"        // FocalPoint, Assistant
	DetailAddress           = "address"            // an e-mail address, masked
	DetailAnswer            = "answer"             // of a mail server, in numbers
	DetailBy                = "by"                 // By...
	DetailAccount           = "account"            // id
	DetailCause             = "cause"              // Cause...
	DetailCount             = "count"              // how many
	DetailCountry           = "country"            // of a profile
	DetailEvent             = "event"              // of an entry
	DetailFamilyName        = "family_name"        // of a profile
	DetailFirstName         = "first_name"         // of a profile
	DetailFrom              = "from"               // a time
	DetailKey               = "key"                // id of the service's key
	DetailKind              = "kind"               // of a change to a user: Kind...
	DetailMail              = "mail"               // id of an outgoing e-mail
	DetailMeeting           = "meeting"            // code
	DetailMembership        = "membership"         // of a profile
	DetailOrganization      = "organization"       // id; its name in a profile
	DetailOutcome           = "outcome"            // Outcome...
	DetailPosition          = "position"           // of the end of the log
	DetailProblem           = "problem"            // MailProblem...
	DetailRole              = "role"               // one for each that was given, or taken away
	DetailState             = "state"              // on or off
	DetailStep              = "step"               // MailStep...
	DetailTemplate          = "template"           // of an e-mail
	DetailTitle             = "title"              // of a profile
	DetailUntil             = "until"              // a time
	DetailMailState         = "mail_state"         // that a list was narrowed to
	DetailUserRole          = "user_role"          // that a list was narrowed to
	DetailUserState         = "user_state"         // that a list was narrowed to
	DetailRegistration      = "registration"       // number
	DetailVisa              = "visa"               // how it stands: Visa...
	DetailRegistrationState = "registration_state" // likewise
)

// Fields of AuditDetail for the budgets of a network, which Of names.
const (
	DetailNetwork         = "network" // added or removed
	DetailNetworkFailures = "networks.failures"
	DetailNetworkRequests = "networks.requests"
	DetailNetworkName     = "networks.name" // what it is called is not told
)

// Values of DetailBy.
const (
	ByStaff    = "staff"
	ByOwner    = "owner"
	ByOperator = "operator" // who runs the service
)

// Values of DetailCause.
const (
	CauseLoggedOut           = "logged-out"
	CauseLoggedOutEverywhere = "logged-out-everywhere"
	CauseSettings            = "settings"     // by the person, in Settings
	CauseTokenReused         = "token-reused" // perhaps by somebody else
	CauseExpired             = "expired"      // older than the policy of now allows
	CausePasswordChanged     = "password-changed"
	CausePasswordReset       = "password-reset"
	CauseEmailChanged        = "email-changed"
	CauseImpossible          = "impossible" // what was asked for had become so
	CauseOrganizationChanged = "organization-changed"
	CauseDeactivated         = "deactivated"
	CauseReplaced            = "replaced"    // by another one
	CauseSecretariat         = "secretariat" // it was asked for there
)

// Values of DetailOutcome.
const (
	OutcomeCreated = "created" // an account, by an import
	OutcomeUpdated = "updated" // what was empty in one
	OutcomeWorked  = "worked"  // an EMail Test
)

// AuditFilter is the query of GET /v1/audit; what is empty does not choose.
type AuditFilter struct {
	Event string `query:"event" maxLength:"60"`
	User  string `query:"user" maxLength:"254" doc:"a username, an account's id, or a request's reference"`
	From  string `query:"from" maxLength:"40" doc:"a date, such as 2026-11-22 (UTC), or a time (RFC 3339)"`
	Until string `query:"until" maxLength:"40" doc:"a date, which is included, or a time, which is not"`
	Order string `query:"order" enum:"newest,oldest" default:"newest" doc:"which come first"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"how many at most"`
	After string `query:"after" maxLength:"400" doc:"next of the page before, in the same order"`
}

// AuditLimit is how many entries a page has at most.
const AuditLimit = 1000

// Orders of AuditFilter.
const (
	AuditNewest = "newest"
	AuditOldest = "oldest"
)

// ExportAudit is the body of POST /v1/audit/exports: which entries are going to be read
// and kept, as AuditFilter chooses them.
type ExportAudit struct {
	Event string `json:"event,omitempty" maxLength:"60"`
	User  string `json:"user,omitempty" maxLength:"254"`
	From  string `json:"from,omitempty" maxLength:"40"`
	Until string `json:"until,omitempty" maxLength:"40"`
}

// AuditPage answers GET /v1/audit, see AuditFilter.
type AuditPage struct {
	Entries []AuditEntry `json:"entries" doc:"up to 100, or as many as limit says"`
	Next    string       `json:"next,omitempty" doc:"for after; empty at the end"`
	Events  []string     `json:"events" doc:"all names of events, for a filter"`
	Intact  bool         `json:"intact" doc:"the chain of hashes held at the last look"`
}
