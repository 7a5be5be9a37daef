// Package audit is the log of what happened to accounts, e-mails, policies and
// meetings: who did what to whom, and when.
//
// An entry is written in the transaction of what it tells of, and holds
// pseudonyms only (ids of accounts) and the reference of the request, under which
// the service's own log has more of it, so that a deletion and the log do not
// contradict each other; network addresses stand in a table of their own and are
// erased after OriginLife (security.md, Secrets and stored data).
//
// Each entry carries an HMAC under the service's key from the moment it is
// written; within seconds a Chain gives it a gapless position and a seal that
// covers all entries before it. Whoever can write to the database but does not
// have the key can change, remove, insert or reorder nothing that Verify would
// not find. What he can do is put the whole log back to an earlier state, or to
// its beginning: nodes that run notice, and the position and seal that a look at
// the chain writes into the service's log, kept elsewhere, show it afterwards.
//
// Nothing in this program changes or removes an entry; the only statement that
// writes to one is that of the Chain, which adds position and seal.
//
// Start reading at Log.Note, then Chain.Seal and Verify.
package audit

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"plenary/service/secret"
	"plenary/service/store"
)

// Log notes what happened. It is safe for concurrent use.
type Log struct {
	key   *secret.Key
	now   func() time.Time
	watch func(*store.Tx, Noted) // see Watch
	actor string                 // see As
}

// New makes a log that seals with the service's key. now is the service's clock.
func New(key *secret.Key, now func() time.Time) *Log { return &Log{key: key, now: now} }

// Noted is an entry that was just written.
type Noted struct {
	Event   Event
	Subject string // account that it is about, or empty
	Actor   string // account that did it, or empty
	Details []Detail
	At      time.Time
}

// Watch has a function called after each entry, in its transaction. It is to be set
// before anything is noted.
func (l *Log) Watch(f func(*store.Tx, Noted)) { l.watch = f }

// As is a log whose entries say that an account did it, whoever asks: of what follows
// from something that it did before.
func (l *Log) As(accountID string) *Log {
	as := *l
	as.actor = accountID
	return &as
}

// Origin is where a request comes from.
type Origin struct {
	// Network counts for the limits of whoever comes from there.
	Network netip.Addr
	// Actor is the id of the account that asks; empty before a log-in.
	Actor string
	// Reference names the request in the service's log; empty where there is none.
	Reference string
}

type originKey struct{}

// From makes a context whose entries say where they come from.
func From(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}

// OriginOf gives the Origin that From has put into a context; the zero Origin
// where there is none.
func OriginOf(ctx context.Context) Origin {
	o, _ := ctx.Value(originKey{}).(Origin)
	return o
}

// entry is a row of the log.
type entry struct {
	position              int64 // 0 until it is chained
	id                    string
	at                    int64 // microseconds
	event, subject, actor string
	details               string // see writeDetails
	reason                string // id of a row of reasons, see NoteReason
	reference             string
	mac                   []byte
	seal                  []byte // nil until it is chained
}

// canonical are the parts of an entry that nobody may change, as they are signed.
func (e *entry) canonical() [][]byte {
	return [][]byte{
		[]byte(e.id), be64(e.at), []byte(e.event), []byte(e.subject), []byte(e.actor),
		[]byte(e.details), []byte(e.reason), []byte(e.reference),
	}
}

// be64 is a number as eight bytes, the highest first.
func be64(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// entryPurpose is that of the HMAC of an entry as it is written.
const entryPurpose = "audit-entry"

// entryMAC signs an entry as it is written.
func (e *entry) entryMAC(key *secret.Key) []byte { return key.Sign(entryPurpose, e.canonical()...) }

// genuine tells whether the service has written an entry as it stands there.
func (e *entry) genuine(key *secret.Key) bool {
	return key.Verify(entryPurpose, e.mac, e.canonical()...)
}

// Note writes an entry within the transaction of what it tells of, and says that it
// comes from the Origin of the transaction's context. subject is the id of the
// account that it is about, or empty.
func (l *Log) Note(tx *store.Tx, event Event, subject string, details ...Detail) {
	l.note(tx, event, subject, "", details)
}

func (l *Log) note(tx *store.Tx, event Event, subject, reason string, details []Detail) {
	id, err := uuid.NewV7()
	if err != nil {
		tx.Fail(fmt.Errorf("audit: make id: %w", err))
		return
	}
	o := OriginOf(tx.Context())
	if l.actor != "" {
		o.Actor = l.actor
	}
	e := entry{
		id: id.String(), at: store.Micros(l.now()), event: string(event), subject: subject, actor: o.Actor,
		details: writeDetails(tx, details), reason: reason, reference: o.Reference,
	}
	tx.Do(`INSERT INTO audit (id, at, event, subject, actor, details, reason, reference, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.id, e.at, e.event, e.subject, e.actor, e.details, e.reason, e.reference, e.entryMAC(l.key))
	noteOrigin(tx, e, o)
	if l.watch != nil {
		l.watch(tx, Noted{Event: event, Subject: subject, Actor: o.Actor, Details: details, At: store.Time(e.at)})
	}
}

// noteOrigin keeps the network address from which an entry came.
func noteOrigin(tx *store.Tx, e entry, o Origin) {
	if !o.Network.IsValid() {
		return
	}
	// It goes with the account that the entry is about, and with the one that did
	// it; where one of them has been erased meanwhile, nothing is kept.
	tx.Do(`INSERT INTO audit_origins (entry, network, at, subject, actor)
		SELECT $1, $2, CAST($3 AS BIGINT), s.id, (SELECT a.id FROM owners a WHERE a.id = $5 AND a.id <> '')
		FROM owners s WHERE s.id = $4 AND EXISTS (SELECT 1 FROM owners a WHERE a.id = $5)`,
		e.id, o.Network.String(), e.at, e.subject, e.actor)
}

// OriginLife is how long it is known from which network address something came.
const OriginLife = 90 * 24 * time.Hour

// Housekeep erases network addresses older than OriginLife, and nothing else.
func Housekeep(ctx context.Context, db *store.DB, now time.Time) error {
	// READ COMMITTED: rows of long ago, to which nothing is added.
	return db.UpdateCommitted(ctx, func(tx *store.Tx) error {
		tx.Do(`DELETE FROM audit_origins WHERE at <= $1`, store.Micros(now.Add(-OriginLife)))
		return nil
	})
}
