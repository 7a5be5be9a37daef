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
// Start reading at Message and Outbox.Queue; templates.go has all e-mails that
// there are, words/*.json their texts, sender.go how they are delivered,
// conversation.go what is said to the mail server, admin.go what administrators
// can do.
package mail

import (
	"context"
	"time"
)

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
	// QR is the text of a QR code to show in the e-mail; empty means none. Of a confirmed
	// registration it is its number, in place of which the signed code comes when the
	// e-mail leaves.
	QR string
	// PDF is a document to attach, made when the e-mail leaves; nil means none.
	PDF []byte
	// Calendar is what package calendar wrote, to attach; empty means none.
	Calendar string
}

// Confirmation is what is made for the e-mail about a confirmed registration when it leaves.
type Confirmation struct {
	Code string // for the QR code
	PDF  []byte // nil where the machine lacks a font for it
}

// Info is what every e-mail says of the service.
type Info struct {
	// Confirm gives the confirmation of a registration in a language. nil: there is none.
	Confirm      func(ctx context.Context, number, language string) (Confirmation, error)
	Organization string // name, for people
	ServiceDesk  string // e-mail address
	FAQ          string // address; may be empty
}
