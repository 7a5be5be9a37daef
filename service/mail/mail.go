// Package mail is the service's outgoing e-mail: an outbox in the database, the
// texts of the e-mails, and the sender that hands them to a mail server.
//
// An e-mail is stored as the name of a template and its parameters, in the
// transaction of the change that it tells about; so there is no e-mail about
// something that did not happen, and none is forgotten. Links and codes are
// sealed under the service's key and erased when the e-mail was sent or has
// expired (security.md, "Outgoing mail"). Without a mail server, e-mails wait.
//
// The package is not for deciding who gets an e-mail: accounts and meetings do.
//
// Start reading at Message and Outbox.Queue; layout.go has the e-mails' build,
// words/*.json their texts, sender.go how they are delivered, delivery.go the
// conversation with the mail server, admin.go what administrators can do.
package mail

import "time"

// Templates of e-mails, and the parameters and secrets that each one takes.
// Every one takes the parameter Username, and those about registrations take
// the parameters named at RegistrationReceived.
const (
	Activate          = "activate"           // secrets Link, Code
	AlreadyRegistered = "already-registered" // to an address that has an account already
	Active            = "active"
	Reset             = "reset"         // parameters When, Machine: when it was asked for, and by what; secrets Link, Code
	ResetWaiting      = "reset-waiting" // to the address of an account that waits to be activated; secrets Link, Code
	PasswordChanged   = "password-changed"

	// What tells owners of what happened to their accounts.
	NewDevice         = "new-device"         // parameters Machine, When
	Locked            = "locked"             // deactivated for security; the way back is "Forgot password?"
	EmailCode         = "email-code"         // to a new address, not verified yet; secret Code
	EmailChangeAsked  = "email-change-asked" // to the address of now; parameter Address, the new one, masked
	EmailChanged      = "email-changed"      // to the address of before; parameter Address, the new one, masked
	UsernameChanged   = "username-changed"
	QuestionSet       = "secret-question-set"
	QuestionUsed      = "secret-question-used"
	QuestionRemoved   = "secret-question-removed"
	SecondFactorOn    = "second-factor-on"
	SecondFactorOff   = "second-factor-off"
	RecoveryCodeUsed  = "recovery-code-used" // parameter Left, how many there still are
	Deactivated       = "deactivated"        // by staff
	Reactivated       = "reactivated"
	RolesChanged      = "roles-changed"       // parameter Roles
	ResetAddressSet   = "reset-address-set"   // to the account's own address; parameter Address, masked; secret Link, which stops it
	ResetAddressReady = "reset-address-ready" // to the reset address
	DeletionAsked     = "deletion-asked"      // parameter When
	Deleted           = "deleted"
	Test              = "test" // of the mail server's settings

	// RegistrationReceived acknowledges: clearly no confirmation yet.
	// Parameters: Name, Number, Meeting (title), MeetingCode, Dates, Place,
	// Participation (api.OnSite or api.Remote), Companions (may be empty), and
	// State (api.WaitingFocalPoint or api.WaitingSecretariat).
	RegistrationReceived    = registrations + "received"
	RegistrationConfirmed   = registrations + "confirmed"
	RegistrationRefused     = registrations + "refused" // also Reason and Contact
	RegistrationWaitingList = registrations + "waiting-list"
	RegistrationWithdrawn   = registrations + "withdrawn"
)

// registrations begins the names of templates about registrations.
const registrations = "registration-"

// Names of the secrets.
const (
	Link = "Link" // with the token in the fragment
	Code = "Code" // as it is typed, grouped
)

// Message is one e-mail to one recipient.
type Message struct {
	To       string            // e-mail address
	Language string            // of its texts; English where there is no such language
	Template string            // one of the constants
	Params   map[string]string // what the texts name
	Secrets  map[string]string // link and code: sealed at rest
	// Subject is the id of the sign-up, recovery, change, account or
	// registration that the e-mail is about, and can be made anew from.
	Subject string
	// Expires is when the e-mail has become pointless: it is not sent any more
	// and its secrets are erased. Zero means that it does not expire.
	Expires time.Time
	// QR is the text of a QR code to show in the e-mail; empty means none.
	QR string
	// Calendar is an iCalendar file (RFC 5545) to attach; empty means none.
	Calendar string
}

// Info is what every e-mail says of the service.
type Info struct {
	Organization string // name, for people
	ServiceDesk  string // e-mail address
	FAQ          string // address; may be empty
}
