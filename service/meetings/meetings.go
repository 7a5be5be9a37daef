// Package meetings holds the service's meetings and the registrations for them:
// who gets a place, who waits, who decides, and what people are told about it by
// e-mail. It takes the operations that people's machines deliver, each once,
// however often it is sent.
//
// It knows no HTTP. Whether a person may decide on registrations is the
// caller's to check.
//
// What a person does holds their account first (store.Tx.Hold). Whatever changes
// a meeting's registrations writes the meeting's row next (see lock): such changes
// stand in line, one meeting at a time, on one node or many, and what is read
// after that is up to date. That is why transactions here do with READ COMMITTED,
// under which nothing has to be tried again.
//
// Time is the service's: an operation that was made before registration closed
// and delivered afterwards is refused, since nobody can check a device's clock.
//
// Start reading at Deliver (operations.go) and register (register.go).
package meetings

import (
	"context"
	"time"
	_ "time/tzdata" // meetings have time zones, and Windows has no database of them

	"plenary/api"
	"plenary/service/mail"
	"plenary/service/secret"
	"plenary/service/store"
)

// Deps is what meetings stand on.
type Deps struct {
	DB     *store.DB
	Key    *secret.Key // for fingerprints of operations
	Outbox *mail.Outbox
	Now    func() time.Time // the service's clock
	// Address is the service's public address, for calendar entries.
	Address string
	// Profile gives an account, within a transaction.
	Profile func(ctx context.Context, tx *store.Tx, accountID string) (api.Account, error)
}

// Meetings is the service's meetings and registrations. It is safe for
// concurrent use.
type Meetings struct {
	Deps
}

// New makes Meetings from what they stand on.
func New(d Deps) *Meetings { return &Meetings{Deps: d} }

// refuse says why something was refused, in the contract's codes: for the
// person who asked. Errors of this package that are an *api.Problem are such
// refusals, with Code and Errors set and nothing else.
func refuse(code api.Code) error { return &api.Problem{Code: code} }

// invalid refuses for fields that are wrong; pointers are into what was asked.
func invalid(errs ...api.FieldError) error {
	return &api.Problem{Code: api.CodeInvalid, Errors: errs}
}

// Get gives one meeting, or a *api.Problem with api.CodeNotFound.
func (m *Meetings) Get(ctx context.Context, code string) (api.Meeting, error) {
	var meeting api.Meeting
	err := m.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := readMeeting(ctx, tx, code)
		if err != nil {
			return err
		}
		meeting = r.Meeting
		return nil
	})
	return meeting, err
}
