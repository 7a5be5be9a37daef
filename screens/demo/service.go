package demo

import (
	"context"
	"time"
)

// MailboxService is the demonstration's mailbox and its switch.
type MailboxService interface {
	// Staff are those whom one can log in as to see what staff does.
	Staff() []StaffLogIn
	// Mails lists the e-mails that the service has sent, the newest first.
	Mails(ctx context.Context) ([]Mail, error)
	// SetOn switches the service on or off, as if the network were gone.
	SetOn(ctx context.Context, on bool) error
	On() bool
}

// StaffLogIn is somebody of the demonstration's staff, with a role, or of a delegation,
// with an appointment (api.FocalPoint, api.Assistant).
type StaffLogIn struct{ Identifier, Password, Role, Appointment string }

// Mail is an e-mail of the demonstration; Link and Code are what it is about.
type Mail struct {
	To, Subject, Text, Link, Code string
	At                            time.Time
}
