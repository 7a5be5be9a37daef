package screens

import (
	"context"
	"time"

	"plenary/api"
	"plenary/app"
	"plenary/screens/account"
	"plenary/screens/admin"
	"plenary/screens/delegation"
	"plenary/screens/demo"
	"plenary/screens/manage"
	"plenary/screens/meetings"
	"plenary/screens/person"
	"plenary/screens/settings"
)

// Services is an organization's service as it is opened on this machine, by
// what the screens need of it; the types of package app do all of it.
type Services struct {
	Address       string // where the service is reached
	Info          func(ctx context.Context) (api.ServiceInfo, error)
	SubscribeInfo func(f func(api.ServiceInfo)) (cancel func())
	Session       Session
	Account       account.Account
	Directory     person.Directory
	Self          settings.Account
	Meetings      meetings.MeetingCatalog
	Registrations meetings.Registrations
	Participants  meetings.ParticipantLister
	Delegation    delegation.Service
	Sync          Sync
	// Moved is the address that the service had before, if it was found now that it has
	// another one. Replace takes the service that answers at the address now in place of
	// the one of before (app.KindOtherService); it is to be opened anew then.
	Moved   func() string
	Replace func() error
	// Now is the time by the service's clock.
	Now func() time.Time
	// Manage, Registrar, Mailer, Guests and Statistics are for meeting managers.
	Manage     manage.Manager
	Registrar  manage.Registrar
	Mailer     manage.Mailer
	Guests     manage.Guests
	Statistics manage.Statistician
	// Visas is for the role visa.
	Visas manage.VisaService
	// Staff is for administrators.
	Staff admin.Admin
	// Appoints is for the secretariat.
	Appoints delegation.Appoints
	// Demo is the demonstration's mailbox; nil for a real service.
	Demo demo.MailboxService
	// Close writes what waits to be written; the services are of no use after it.
	Close func() error
}

// Session is who is logged in.
type Session interface {
	account.LoginAccount
	lockSession
	Restore(ctx context.Context) (api.Account, error)
	Discard()
	LogOutEverywhere(ctx context.Context, unsent app.Unsent) error
	LocalWork(ctx context.Context) (app.LocalWork, error)
	Send(ctx context.Context) error
	KeepWork(ctx context.Context) error
	FoundWork(ctx context.Context) (app.LocalWork, error)
	Leftovers(ctx context.Context) ([]app.Leftover, error)
	TakeOver(ctx context.Context, l app.Leftover) error
	DropLeftover(ctx context.Context, l app.Leftover) error
	Subscribe(f func(app.SessionState)) (cancel func())
}

// Sync is how this machine and the service stand to each other.
type Sync interface {
	Status() app.Status
	Subscribe(f func(app.Status)) (cancel func())
	Now()
	// Look says that somebody looks at the program.
	Look()
}
