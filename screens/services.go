package screens

import (
	"context"
	"time"

	"plenary/api"
	"plenary/app"
)

// Services is an organization's service as it is opened on this machine, by
// what the screens need of it; the types of package app do all of it.
type Services struct {
	Address       string // where the service is reached
	Info          func(ctx context.Context) (api.ServiceInfo, error)
	SubscribeInfo func(f func(api.ServiceInfo)) (cancel func())
	Session       SessionControl
	Account       AccountControl
	Directory     Directory
	Self          SelfAccount
	Meetings      MeetingCatalog
	Registrations OwnRegistrations
	Sync          SyncControl
	// Moved is the address that the service had before, if it was found now that it has
	// another one. Replace takes the service that answers at the address now in place of
	// the one of before (app.KindOtherService); it is to be opened anew then.
	Moved   func() string
	Replace func() error
	// Now is the time by the service's clock.
	Now func() time.Time
	// Staff is for administrators.
	Staff StaffOffice
	// Demo is the demonstration's mailbox; nil for a real service.
	Demo MailboxService
	// Close writes what waits to be written; the services are of no use after it.
	Close func() error
}

// SessionControl is who is logged in.
type SessionControl interface {
	LoginAccount
	Restore(ctx context.Context) (api.Account, error)
	Discard()
	LogOutEverywhere(ctx context.Context, unsent app.Unsent) error
	LocalWork(ctx context.Context) (app.LocalWork, error)
	Send(ctx context.Context) error
	KeepWork(ctx context.Context) error
	Leftovers(ctx context.Context) ([]app.Leftover, error)
	TakeOver(ctx context.Context, l app.Leftover) error
	DropLeftover(ctx context.Context, l app.Leftover) error
	State() app.SessionState
	Subscribe(f func(app.SessionState)) (cancel func())
}

// SelfAccount is what the screens do with the person's own account. What the
// service does only after a fresh proof fails with api.CodeProofNeeded without
// one (see Prover).
type SelfAccount interface {
	Prove(ctx context.Context, password, secondFactor string) error
	// Account is the account, fresh from the service.
	Account(ctx context.Context) (api.Account, error)
	ProfileAccount
	IdentityAccount
	PasswordAccount
	QuestionAccount
	TwoStepAccount
	SessionsAccount
	DataAccount
}

// OwnRegistrations are those of the person who is logged in.
type OwnRegistrations interface {
	RegistrationDesk
	List() []app.Mine
	Get(meeting string) (app.Mine, bool)
	Withdraw(ctx context.Context, number string) error
	Dismiss(ctx context.Context, operation string) error
	Subscribe(f func()) (cancel func())
}

// SyncControl is how this machine and the service stand to each other.
type SyncControl interface {
	Status() app.Status
	Subscribe(f func(app.Status)) (cancel func())
	Now()
}

// MailboxService is the demonstration's mailbox and its switch.
type MailboxService interface {
	// Staff are those whom one can log in as to see what staff does.
	Staff() []StaffLogIn
	// Mails lists the e-mails that the service has sent, the newest first.
	Mails(ctx context.Context) ([]Mail, error)
	// Waiting lists the registrations that somebody has to decide on.
	Waiting(ctx context.Context) ([]api.Registration, error)
	Decide(ctx context.Context, number string, approve bool, reason string) error
	// SetOn switches the service on or off, as if the network were gone.
	SetOn(ctx context.Context, on bool) error
	On() bool
}

// StaffLogIn is a member of the demonstration's staff.
type StaffLogIn struct{ Identifier, Password, Role string }

// Mail is an e-mail of the demonstration; Link and Code are what it is about.
type Mail struct {
	To, Subject, Text, Link, Code string
	At                            time.Time
}
