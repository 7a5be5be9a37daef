// Package operation carries out what must happen exactly once: registrations,
// decisions, and whatever else is an operation (api.Operation). Who delivers the
// same id again gets the outcome of the first time.
//
// An operation has an id, an actor and a fingerprint. The record of its outcome is
// written in the transaction of the change and holds no payload, only an HMAC of it
// under the service's key (security.md, Operations). What there is to ask for stands
// in a registry of kinds; the packages that know what a kind does make its entries.
// This package knows none of them.
//
// Streams are of the machines that deliver: each has numbers without gaps, so that
// either side notices what a restored disk or a restored backup lacks.
//
// Start reading at Operations.Deliver.
package operation

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"plenary/api"
	"plenary/service/secret"
	"plenary/service/store"
)

// Limits.
const (
	// MaxInDelivery is how many operations one delivery may have.
	MaxInDelivery = 100
	// anHour is how many new operations an account can have carried out within an
	// hour: several times what a meeting manager decides by hand. Each leaves a row
	// for Keep.
	anHour = 1000
	// maxStreams is how many streams an account can have. A machine needs a new one
	// where its disk or the service was restored; that used longest ago gives way.
	maxStreams = 100
	// Keep is how long outcomes are kept, and streams that are not used: longer than
	// the 90 days for which a machine sends what it has kept.
	Keep = 100 * 24 * time.Hour
)

// Asked is an operation that is to be carried out.
type Asked struct {
	ID      string
	Actor   string      // the account of whoever asks
	Account api.Account // that account, as it was when the request was authenticated
	Roles   []string    // its roles in force then
	Payload json.RawMessage
	// Again says that the operation was prepared before, and that what it stood on
	// has changed until it was carried out (ErrChanged).
	Again bool
}

// Kind is one kind of operation.
type Kind struct {
	// Role is what whoever asks must have; empty: an account.
	Role string
	// Secret are JSON Pointers (RFC 6901) to fields of the payload that do not even stand
	// in its fingerprint, such as /passport: a member of the payload, or of an object in
	// it. The same id with another value there is the same operation.
	Secret []string
	// Prepare looks at what is asked for, and does what needs no transaction. An
	// *api.Problem refuses the operation.
	Prepare func(context.Context, Asked) (Prepared, error)
	// Show puts into the result of an operation that was carried out earlier what it
	// led to, as that is now. subject is Done.Subject of then, and not empty.
	Show func(tx *store.Tx, subject string, r *api.Result) error
}

// Prepared is an operation that can be carried out.
type Prepared struct {
	// Line names what others may be changing at once, such as a meeting; see
	// store.InLine. Empty if there is no such thing.
	Line string
	// Look are statements that find what Do wants to know and that run with those that
	// hold the actor's account, after them.
	Look []*store.Statement
	// Do carries the operation out, within the transaction in which its outcome is
	// recorded, and puts what it led to into the result. The actor's account is held
	// (store.Tx.HoldOwner). An *api.Problem refuses, and has changed nothing.
	Do func(tx *store.Tx, r *api.Result) (Done, error)
}

// Done is what an operation has done.
type Done struct {
	// Subject is the id of what the operation led to; empty if there is nothing to show.
	Subject string
	// Last are what is done at the end, together with the record of the outcome and the
	// commit: what locks the row for which others wait, so that they wait for nothing
	// else. One that is refused says so with ErrChanged (store.Statement.Or).
	Last []*store.Statement
	// Then, if it is there, puts what Last found into the result. It runs once all is
	// committed.
	Then func()
}

// ErrChanged says that what an operation was prepared for has changed meanwhile.
// All that its transaction did is taken back, and it is prepared once more.
var ErrChanged = errors.New("operation: what it stood on has changed")

// Deps is what operations stand on.
type Deps struct {
	DB  *store.DB
	Key *secret.Key      // for fingerprints
	Now func() time.Time // the service's clock
}

// Operations carries operations out. It is safe for concurrent use.
type Operations struct {
	Deps
	kinds map[string]Kind
}

// New makes Operations of the kinds that each part has. It panics where two parts have
// one of the same name.
func New(d Deps, parts ...map[string]Kind) *Operations {
	all := map[string]Kind{}
	for _, kinds := range parts {
		for name, kind := range kinds {
			if _, there := all[name]; there {
				panic("operation: there are two kinds " + name)
			}
			all[name] = kind
		}
	}
	return &Operations{Deps: d, kinds: all}
}
