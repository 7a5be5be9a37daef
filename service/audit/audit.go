// Package audit is the log of what happened to accounts, e-mails, policies and
// meetings: who did what to whom, and when.
//
// An entry is written in the transaction of what it tells of, and holds
// pseudonyms only (ids of accounts), so that a deletion and the log do not
// contradict each other; network addresses stand in a table of their own and are
// erased after 90 days. Seal chains the entries by an HMAC under the service's
// key: what is changed or removed afterwards is noticed by Verify. Nothing in
// this program changes or removes an entry.
//
// Start reading at Log.Note.
package audit

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"plenary/service/secret"
	"plenary/service/store"
)

// Log notes what happened. It is safe for concurrent use.
type Log struct {
	key *secret.Key
	now func() time.Time
}

// New makes a log that seals with the service's key. now is the service's clock.
func New(key *secret.Key, now func() time.Time) *Log { return &Log{key: key, now: now} }

// Origin is where a request comes from.
type Origin struct {
	Network netip.Addr
	// Actor is the id of the account that asks; empty before a log-in.
	Actor string
}

type originKey struct{}

// From makes a context whose entries say where they come from.
func From(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}

// Note writes an entry within the transaction of what it tells of. subject is
// the id of the account that it is about, or empty; detail holds no secret,
// address or name.
func (l *Log) Note(ctx context.Context, tx *store.Tx, event Event, subject, detail string) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("audit: make id: %w", err)
	}
	o, _ := ctx.Value(originKey{}).(Origin)
	if _, err := tx.Exec(ctx, `INSERT INTO audit (id, at, event, subject, actor, detail) VALUES ($1, $2, $3, $4, $5, $6)`,
		id.String(), store.Micros(l.now()), string(event), subject, o.Actor, detail); err != nil {
		return fmt.Errorf("audit: note %s: %w", event, err)
	}
	if !o.Network.IsValid() {
		return nil
	}
	if _, err := tx.Exec(ctx, `INSERT INTO audit_origins (entry, network) VALUES ($1, $2)`, id.String(), o.Network.String()); err != nil {
		return fmt.Errorf("audit: note where %s came from: %w", event, err)
	}
	return nil
}
