package api

import "time"

// Application Management: the organization's mail server, its outgoing e-mails,
// entered organizations, policies and the audit log. Every operation here needs
// the role administrator; those that change something need a fresh proof
// (Reauthenticate).

// Security of the connection to a mail server.
const (
	MailStartTLS = "starttls"
	MailTLS      = "tls"
	MailNone     = "none" // only where the operator allows it
)

// MailSettings is the organization's mail server: GET /v1/mail/settings. PUT of
// the same saves them if they work, and else answers CodeMailFailed and leaves
// those of now: GET /v1/mail/test/last has the steps. PUT of another Version than
// that of now is CodeOutdated.
type MailSettings struct {
	Host        string `json:"host" maxLength:"253"`
	Port        int    `json:"port" minimum:"0" maximum:"65535"`
	Security    string `json:"security" enum:"starttls,tls,none"`
	User        string `json:"user,omitempty" maxLength:"254"`
	Password    string `json:"password,omitempty" maxLength:"1024" doc:"never answered; empty keeps the stored one, which counts only while host, port, security and user are the same"`
	PasswordSet bool   `json:"password_set,omitempty" doc:"answered only"`
	Sender      string `json:"sender" maxLength:"254" doc:"e-mail address"`
	ReplyTo     string `json:"reply_to,omitempty" maxLength:"254"`
	NoneAllowed bool   `json:"none_allowed,omitempty" doc:"answered only: the operator allows security none"`
	Origin      string `json:"origin,omitempty" enum:"saved,command-line,missing" doc:"answered only: where the settings in use come from"`
	Version     string `json:"version,omitempty" maxLength:"40" doc:"as it was read; needed to save"`
}

// TestMail is POST /v1/mail/test, "EMail Test": these settings, whether saved or
// not, are tried with an e-mail to the administrator who asks. The answer comes
// within 15 seconds; GET /v1/mail/test/last shows meanwhile how far it is.
type TestMail struct {
	Settings MailSettings `json:"settings"`
}

// Steps of an EMail Test, in order; where TLS begins with the connection, the greeting
// comes after the encryption.
const (
	MailStepName       = "name" // the host's name has an address
	MailStepConnection = "connection"
	MailStepGreeting   = "greeting"
	MailStepEncryption = "encryption"
	MailStepLogIn      = "log-in"
	MailStepSender     = "sender"
	MailStepRecipient  = "recipient"
	MailStepMessage    = "message"
)

// What can become of a step.
const (
	MailStepOK         = "ok"
	MailStepFailed     = "failed"
	MailStepSkipped    = "skipped"
	MailStepNotReached = "not-reached"
	MailStepRunning    = "running" // of a test that goes on: the step that it is at
)

// MailStep is what became of one step.
type MailStep struct {
	Step    string `json:"step" enum:"name,connection,greeting,encryption,log-in,sender,recipient,message"`
	State   string `json:"state" enum:"ok,failed,skipped,not-reached,running" doc:"skipped: the settings do not ask for it, or, while saving, no e-mail was to be sent"`
	Problem string `json:"problem,omitempty" doc:"one of the MailProblem constants"`
	Code    int    `json:"code,omitempty" doc:"of SMTP, where the server refused"`
	// Enhanced is the code beside it (RFC 3463), which says more than the three digits.
	Enhanced string `json:"enhanced,omitempty" doc:"such as 5.7.139, where the server gave one"`
	Millis   int64  `json:"millis"`
	// Certificate is the one that the server has shown, also where it is refused: of
	// the encryption only.
	Certificate *MailCertificate `json:"certificate,omitempty"`
}

// MailCertificate is a mail server's certificate. The texts are the server's: of one
// that was refused, they are nobody's word but its own.
type MailCertificate struct {
	Names  []string  `json:"names" doc:"hosts that it is for, 3 at most"`
	Issuer string    `json:"issuer"`
	Until  time.Time `json:"until"`
}

// What can be wrong with a step.
const (
	MailProblemNoSuchName     = "no-such-name"
	MailProblemForbidden      = "address-not-allowed" // loopback, link-local, metadata
	MailProblemRefused        = "connection-refused"
	MailProblemUnreachable    = "unreachable"
	MailProblemTimeout        = "timeout"
	MailProblemStopped        = "stopped" // by whoever began the test
	MailProblemNotSMTP        = "not-a-mail-server"
	MailProblemNoSTARTTLS     = "no-starttls"
	MailProblemCertificate    = "certificate" // unknown authority or another name
	MailProblemExpired        = "certificate-expired"
	MailProblemEncryption     = "encryption-failed"
	MailProblemNoLogIn        = "no-log-in" // the server offers none
	MailProblemPassword       = "password-refused"
	MailProblemNotAllowed     = "log-in-not-allowed"      // this user may not log in by SMTP; the password is not the cause
	MailProblemAppPassword    = "program-password-wanted" // the person's own password does not do
	MailProblemLogInOff       = "log-in-off"              // log-in by SMTP is switched off
	MailProblemLogInWanted    = "log-in-wanted"           // the settings have no user, or no encryption
	MailProblemSender         = "sender-not-allowed"      // the user who is logged in may not send as this sender
	MailProblemRelay          = "own-recipients-only"     // the server takes no e-mails to others from us
	MailProblemRefusedBy      = "refused"                 // by the server, with Code
	MailProblemConnectionLost = "connection-lost"
	MailProblemLetters        = "letters-not-supported" // an address that this server cannot take (RFC 6531)
	MailProblemUnreadable     = "unreadable"            // of an e-mail: it cannot be read any more, the service's key was lost
)

// MailTest answers an EMail Test.
type MailTest struct {
	Running   bool       `json:"running,omitempty" doc:"the test goes on: the steps are those until now, the last one running"`
	OK        bool       `json:"ok" doc:"the automatic sending of emails is active and correct"`
	Steps     []MailStep `json:"steps"`
	Recipient string     `json:"recipient"`
	At        time.Time  `json:"at"`
}

// AutomaticMail is a kind of e-mail that goes out by itself: GET
// /v1/mail/automatic; PUT /v1/mail/automatic/{template} with On, 204.
type AutomaticMail struct {
	Template string `json:"template"`
	On       bool   `json:"on"`
	Required bool   `json:"required,omitempty" doc:"cannot be switched off: accounts and their owners need it"`
}

// AutomaticMails answers GET /v1/mail/automatic.
type AutomaticMails struct {
	Mails []AutomaticMail `json:"mails"`
}

// Switch turns something on or off.
type Switch struct {
	On bool `json:"on"`
}

// OutgoingMail is an e-mail in the outbox or sent from it, without what it says.
type OutgoingMail struct {
	ID       string    `json:"id"`
	To       string    `json:"to"`
	Template string    `json:"template"`
	Language string    `json:"language"`
	State    string    `json:"state" enum:"waiting,sent,failed,expired"`
	Attempts int       `json:"attempts"`
	Step     string    `json:"step,omitempty" doc:"at which the last attempt failed, as in an EMail Test; empty where the e-mail itself is the problem"`
	Problem  string    `json:"problem,omitempty" doc:"of the last attempt: one of the MailProblem constants"`
	Code     int       `json:"code,omitempty" doc:"of SMTP, where the server refused"`
	Enhanced string    `json:"enhanced,omitempty" doc:"the code beside it (RFC 3463), such as 5.7.54"`
	Created  time.Time `json:"created"`
	Next     time.Time `json:"next,omitzero"`
	Done     time.Time `json:"done,omitzero"`
	Again    bool      `json:"again" doc:"can be sent again; an e-mail with a link gets a new one"`
}

// MailFilter is the query of GET /v1/mail/outgoing; what is empty does not choose.
type MailFilter struct {
	State string `query:"state" enum:"waiting,sent,failed,expired"`
	Query string `query:"query" maxLength:"254" doc:"part of the recipient's address"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"50" doc:"how many at most"`
	After string `query:"after" maxLength:"400" doc:"next of the page before"`
}

// MailsLimit is how many e-mails a page has at most.
const MailsLimit = 1000

// ExportMails is the body of POST /v1/exports/mails, 204: which e-mails are going to be
// read and kept, as MailFilter chooses them. It is noted in the audit log, without what
// was searched for.
type ExportMails struct {
	State string `json:"state,omitempty" enum:"waiting,sent,failed,expired"`
}

// OutgoingMails answers GET /v1/mail/outgoing, see MailFilter: the newest
// first, up to 50 or as many as limit says. POST /v1/mail/outgoing/{id}/again sends one again, 202.
type OutgoingMails struct {
	Mails   []OutgoingMail `json:"mails" doc:"up to 50 or as many as limit says, the newest first"`
	Next    string         `json:"next,omitempty" doc:"for after; empty at the end"`
	Waiting int            `json:"waiting" doc:"of all"`
	Failed  int            `json:"failed" doc:"of all"`
	Cause   *MailCause     `json:"cause,omitempty" doc:"why e-mails wait, where it is the mail server or its settings"`
}

// MailCause is what the mail server or its settings have e-mails wait for.
type MailCause struct {
	Step     string `json:"step"`
	Problem  string `json:"problem" doc:"one of the MailProblem constants"`
	Code     int    `json:"code,omitempty" doc:"of SMTP, where the server refused"`
	Enhanced string `json:"enhanced,omitempty" doc:"the code beside it (RFC 3463)"`
}

// EnteredOrganization is one that a person entered because the directory does
// not have it.
type EnteredOrganization struct {
	ID          string         `json:"id"`
	Name        string         `json:"name"`
	City        string         `json:"city,omitempty"`
	Website     string         `json:"website,omitempty"`
	Country     string         `json:"country"`
	Membership  string         `json:"membership"`
	By          string         `json:"by" doc:"username"`
	Entered     time.Time      `json:"entered"`
	Suggestions []Organization `json:"suggestions,omitempty" doc:"of the directory, the likeliest first, five at most"`
}

// EnteredOrganizations answers GET /v1/organizations/entered?after=, the oldest first, up to 50.
// POST /v1/exports/organizations, 204, notes in the audit log that they are going to be kept.
type EnteredOrganizations struct {
	Organizations []EnteredOrganization `json:"organizations" doc:"up to 50, the oldest first"`
	Next          string                `json:"next,omitempty" doc:"for after; empty at the end"`
}

// AcceptOrganization is POST /v1/organizations/entered/{id}/accept, 204: it
// joins the directory as it is given here, and those who entered the same name
// in the same country belong to it.
type AcceptOrganization struct {
	Name       string `json:"name" minLength:"1" maxLength:"200"`
	Country    string `json:"country" minLength:"2" maxLength:"2"`
	Membership string `json:"membership" minLength:"1" maxLength:"40"`
}

// MergeOrganization is POST /v1/organizations/entered/{id}/merge, 204: whoever
// entered it belongs to this one of the directory.
type MergeOrganization struct {
	OrganizationID string `json:"organization_id" minLength:"1" maxLength:"40"`
}

// Second factor policies.
const (
	SecondFactorOff   = "off" // not offered; asked for only of who has a role and has it on
	SecondFactorFree  = "optional"
	SecondFactorStaff = "staff" // required for every role but participant
)

// Policies of the service: GET and PUT /v1/policies, both of which answer them as
// they stand now. PUT of another Version than theirs is CodeOutdated, so that of
// two administrators none undoes what the other has changed.
type Policies struct {
	Password       string          `json:"password" enum:"classic,nist"`
	SecretQuestion string          `json:"secret_question" enum:"on,with-email,off"`
	SecondFactor   string          `json:"second_factor" enum:"off,optional,staff"`
	Limits         LimitPolicy     `json:"limits"`
	Sessions       SessionPolicy   `json:"sessions"`
	Networks       []NetworkBudget `json:"networks" maxItems:"100"`
	DeletionDays   int             `json:"deletion_days" minimum:"0" maximum:"90" doc:"grace period of my data, delete"`
	VisaDays       int             `json:"visa_days" minimum:"1" maximum:"365" doc:"how long passport data is kept after the decision on visa support"`
	Version        string          `json:"version" maxLength:"40" doc:"as it was read"`
}

// LimitPolicy are budgets of tries, see docs/security.md.
type LimitPolicy struct {
	IdentifierFailures int `json:"identifier_failures" minimum:"3" maximum:"100" doc:"wrong passwords until a name is deactivated for security"`
	AccountFailures    int `json:"account_failures" minimum:"3" maximum:"200" doc:"of all names of one account together"`
	DeviceFailures     int `json:"device_failures" minimum:"3" maximum:"100" doc:"on a known device"`
	FailureHours       int `json:"failure_hours" minimum:"1" maximum:"168" doc:"until failures are forgotten"`
	NetworkFailures    int `json:"network_failures" minimum:"50" maximum:"100000" doc:"wrong passwords from one network address in an hour"`
	NetworkRequests    int `json:"network_requests" minimum:"50" maximum:"100000" doc:"sign-ups and recoveries from one network address in an hour"`
	Mails              int `json:"mails" minimum:"1" maximum:"50" doc:"e-mails with codes to one address in an hour"`
}

// SessionPolicy are the lifetimes of sessions.
type SessionPolicy struct {
	KeptIdleDays     int `json:"kept_idle_days" minimum:"1" maximum:"365"`
	KeptAbsoluteDays int `json:"kept_absolute_days" minimum:"1" maximum:"730"`
	IdleHours        int `json:"idle_hours" minimum:"1" maximum:"168" doc:"without Keep me logged in"`
	AbsoluteHours    int `json:"absolute_hours" minimum:"1" maximum:"168"`
}

// NetworkBudget gives a network more than LimitPolicy does: such as the hall in
// which 5,000 delegates share one address.
type NetworkBudget struct {
	Network  string `json:"network" maxLength:"50" doc:"CIDR, such as 192.0.2.0/24"`
	Failures int    `json:"failures" minimum:"50" maximum:"1000000" doc:"in an hour"`
	Requests int    `json:"requests" minimum:"50" maximum:"1000000" doc:"in an hour"`
	Name     string `json:"name,omitempty" maxLength:"80"`
}
