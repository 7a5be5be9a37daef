// Package meetings holds the service's meetings and the registrations for them:
// who gets a place, who waits, who decides, and what people are told about it by
// e-mail. What people ask for are operations (package operation), of the kinds that
// stand in Kinds; who may ask for which is said there too.
//
// It knows no HTTP.
//
// What everybody's registration changes of a meeting stands in a row of its own, its
// counts. A registration is judged, and all but itself written, before it touches
// them, by what they said then; if that is not so any more, it is judged again.
// Whatever else changes a meeting's registrations holds the counts first (see lock):
// such changes stand in line, one meeting at a time, on one node or many, and what
// is read after that is up to date. That is why transactions here do with READ
// COMMITTED. A person's account is held before any meeting (store.Tx.HoldOwner).
//
// Time is the service's: an operation that was made before registration closed
// and delivered afterwards is refused, since nobody can check a device's clock.
//
// Start reading at Kinds and prepareRegister (register.go).
package meetings

import (
	"context"
	"time"
	_ "time/tzdata" // meetings have time zones, and Windows has no database of them

	"plenary/api"
	"plenary/service/mail"
	"plenary/service/operation"
	"plenary/service/store"
)

// Deps is what meetings stand on.
type Deps struct {
	DB     *store.DB
	Outbox *mail.Outbox
	Now    func() time.Time // the service's clock
	// Address gives the service's public address, for calendar entries.
	Address func() string
	// Profile gives an account, within a transaction.
	Profile func(tx *store.Tx, accountID string) (api.Account, error)
}

// Meetings is the service's meetings and registrations. It is safe for
// concurrent use.
type Meetings struct {
	Deps
	descriptions descriptions
	list         list
}

// New makes Meetings from what they stand on.
func New(d Deps) *Meetings {
	return &Meetings{Deps: d, list: list{turn: make(chan struct{}, 1)}}
}

// Kinds are the operations of meetings.
func (m *Meetings) Kinds() map[string]operation.Kind {
	return map[string]operation.Kind{
		api.OpRegister: {Prepare: m.prepareRegister, Show: showOwn},
		api.OpWithdraw: {Prepare: m.prepareWithdraw, Show: showOwn},
		api.OpDecide:   {Prepare: m.prepareDecide, Show: showAll, Role: api.RoleMeetingManager},
	}
}

// showOwn puts a registration into a result as its owner sees it.
func showOwn(tx *store.Tx, number string, result *api.Result) error {
	r, err := readRegistration(tx, number)
	if err == nil {
		seen := r.forOwner()
		result.Registration = &seen
	}
	return err
}

// showAll puts a registration into a result as staff sees it.
func showAll(tx *store.Tx, number string, result *api.Result) error {
	r, err := readRegistration(tx, number)
	if err == nil {
		result.Registration = &r.Registration
	}
	return err
}

// Get gives one meeting, or a *api.Problem with api.CodeNotFound.
func (m *Meetings) Get(ctx context.Context, code string) (api.Meeting, error) {
	var meeting api.Meeting
	err := m.DB.View(ctx, func(tx *store.Tx) error {
		r, err := m.read(tx, code)
		if err != nil {
			return err
		}
		meeting = r.Meeting
		return nil
	})
	return meeting, err
}
