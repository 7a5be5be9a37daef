package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"plenary/api"
	"plenary/service/secret"
	"plenary/service/store"
)

const (
	// SealEvery is the time between two rounds of sealing.
	SealEvery = time.Second
	// page is how many entries are read, or sealed, in one go.
	page = 1000
)

// Purposes of signatures.
const (
	headPurpose = "audit-head"
	sealPurpose = "audit"
)

// ErrEnd is returned by Seal when the end of the chain is not what the service
// has written. Nothing is sealed from then on; entries go on being written, each
// with its own HMAC.
var ErrEnd = errors.New("audit: the end of the chain was changed")

// Chain seals the log of a database, and looks whether it is whole. Each node
// has one; one of them seals at a time. It is safe for concurrent use.
type Chain struct {
	db  *store.DB
	key *secret.Key
	log *slog.Logger
	now func() time.Time

	own  *Log         // for what the chain itself has to say
	seen atomic.Int64 // the furthest end of the chain that this node knows of

	broken atomic.Bool  // this node has met an end that is not the service's
	lost   atomic.Int64 // entries, see earlier
	sealed atomic.Int64 // microseconds: when this node last found all sealed, or sealed it
}

// NewChain makes the chain of a database's log. now is the service's clock.
func NewChain(db *store.DB, key *secret.Key, now func() time.Time, log *slog.Logger) *Chain {
	return &Chain{db: db, key: key, now: now, log: log, own: New(key, now)}
}

// head is the end of the chain: its last entry's position and seal.
type head struct {
	position  int64
	seal, mac []byte
}

func (h *head) parts() [][]byte { return [][]byte{be64(h.position), h.seal} }

// check says whether a head is the service's own. Before the first entry there is
// none, and nothing that was sealed, and no node has seen any.
func (c *Chain) check(tx *store.Tx, h head, seen int64) error {
	if h.position > 0 {
		if !c.key.Verify(headPurpose, h.mac, h.parts()...) {
			return ErrEnd
		}
		return nil
	}
	if tx.Has(`SELECT 1 FROM audit WHERE position > 0 LIMIT 1`) || seen > 0 {
		return ErrEnd
	}
	return nil
}

// follow moves the end of the chain that this node knows of.
func (c *Chain) follow(position int64) {
	for {
		seen := c.seen.Load()
		if position <= seen || c.seen.CompareAndSwap(seen, position) {
			return
		}
	}
}

// earlier tells of an end that is the service's own, but from before the one that
// this node has seen: the database is in an earlier state. So it is after a fail-over
// to a replica that had not got the last entries yet, and after a restore; whether
// there was one, the operator knows. It is told once, and sealing goes on.
func (c *Chain) earlier(end, seen int64) {
	if !c.seen.CompareAndSwap(seen, end) {
		return // told already
	}
	c.lost.Add(seen - end)
	c.log.Error("the audit log ends before what this node has seen: the database is in an earlier state; "+
		"that is so after a fail-over that lost the last writes, or a restore, and otherwise somebody has put it back",
		slog.Int64("end", end), slog.Int64("seen", seen))
}

// sealed are the parts that the seal of an entry covers, which follows another
// one's seal.
func (e *entry) sealed(before []byte) [][]byte {
	return append([][]byte{before, be64(e.position), e.mac}, e.canonical()...)
}

// Seal gives the entries that have none their position and seal, in the order
// of their times, and tells how many it sealed. Nodes may run it at the same
// time. An entry that the service has not written is passed over; Verify
// reports it. Error: ErrEnd.
func (c *Chain) Seal(ctx context.Context) (sealed int, err error) {
	waiting, err := c.waiting(ctx)
	if err != nil || !waiting {
		return 0, err
	}
	var end, found head
	seen := c.seen.Load()
	// READ COMMITTED: the chain's end is written before anything of it is read.
	err = c.db.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if end = hold(tx); tx.Err() != nil {
			return nil
		}
		if err := c.check(tx, end, seen); err != nil {
			return err
		}
		if found = end; found.position < seen {
			tx.NewEpoch() // the database is another one's, which lacks the last writes
			c.own.Note(tx, LogEarlier, "", Detail{
				Field: api.DetailPosition, Before: strconv.FormatInt(seen, 10), After: strconv.FormatInt(found.position, 10),
			})
		}
		sealed = c.extend(tx, &end)
		return nil
	})
	if err != nil {
		return 0, err
	}
	if found.position < seen {
		c.earlier(found.position, seen)
	}
	c.follow(end.position)
	return sealed, nil
}

// hold gives the end of the chain. Its row is held from here to the end of the
// transaction: nodes take turns, and each sees what the one before has written.
func hold(tx *store.Tx) (end head) {
	tx.Do(`INSERT INTO audit_head (id, position, seal, mac) VALUES (1, 0, $1, $1) ON CONFLICT (id) DO NOTHING`, []byte{})
	tx.Get(`UPDATE audit_head SET position = position WHERE id = 1 RETURNING position, seal, mac`).
		Into(&end.position, &end.seal, &end.mac)
	return end
}

// extend chains a page of entries behind end, and tells how many.
func (c *Chain) extend(tx *store.Tx, end *head) (sealed int) {
	list := c.genuine(tx)
	for i := range list {
		e := &list[i]
		e.position = end.position + 1
		e.seal = c.key.Sign(sealPurpose, e.sealed(end.seal)...)
		end.position, end.seal = e.position, e.seal
	}
	if len(list) == 0 {
		return 0
	}
	keepSeals(tx, list)
	end.mac = c.key.Sign(headPurpose, end.parts()...)
	tx.Do(`UPDATE audit_head SET position = $1, seal = $2, mac = $3 WHERE id = 1`, end.position, end.seal, end.mac)
	return len(list)
}

// genuine gives the oldest entries that wait for their seal and that the service has
// written, however many others there are.
func (c *Chain) genuine(tx *store.Tx) []entry {
	for after := (entry{}); ; {
		list := unsealed(tx, after)
		if len(list) == 0 {
			return nil
		}
		last := len(list) < page
		after = list[len(list)-1]
		list = slices.DeleteFunc(list, func(e entry) bool { return !e.genuine(c.key) })
		if last || len(list) > 0 {
			return list
		}
	}
}

// sealsAtOnce is how many entries one statement seals at most. The end of the chain
// is held meanwhile, by the one node that seals for all.
const sealsAtOnce = 64

// keepSeals writes positions and seals of entries that have none yet.
func keepSeals(tx *store.Tx, list []entry) {
	for n := sealsAtOnce; n > 0; n /= 2 { // few sizes: statements are prepared once for each
		for len(list) >= n {
			args := make([]any, 0, 3*n)
			for _, e := range list[:n] {
				args = append(args, e.id, e.position, e.seal)
			}
			if sealed := tx.Do(sealStatements[n], args...); sealed != int64(n) {
				tx.Fail(fmt.Errorf("audit: seal entries from %s on: %d of %d were sealed already", list[0].id, int64(n)-sealed, n))
				return
			}
			list = list[n:]
		}
	}
}

// sealStatements are those of keepSeals, by the number of entries.
var sealStatements = func() map[int]string {
	statements := map[int]string{}
	for n := sealsAtOnce; n > 0; n /= 2 {
		statements[n] = sealStatement(n)
	}
	return statements
}()

// sealStatement seals n entries: their ids, positions and seals are $1, $2, $3, and
// so on. The first WHEN, which never is, tells PostgreSQL what the others are.
func sealStatement(n int) string {
	var positions, seals, ids strings.Builder
	for i := range n {
		fmt.Fprintf(&positions, " WHEN id = $%d THEN $%d", 3*i+1, 3*i+2)
		fmt.Fprintf(&seals, " WHEN id = $%d THEN $%d", 3*i+1, 3*i+3)
		fmt.Fprintf(&ids, ", $%d", 3*i+1)
	}
	return `UPDATE audit SET position = CASE WHEN 1 = 0 THEN position` + positions.String() + ` END,
		seal = CASE WHEN 1 = 0 THEN seal` + seals.String() + ` END
		WHERE position = 0 AND id IN (` + ids.String()[2:] + `)`
}

// waiting tells whether an entry waits for its seal.
func (c *Chain) waiting(ctx context.Context) (waiting bool, err error) {
	err = c.db.Peek(ctx, func(tx *store.Tx) error {
		waiting = tx.Has(`SELECT 1 FROM audit WHERE position = 0 LIMIT 1`)
		return nil
	})
	return waiting, err
}

const columns = `position, id, at, event, subject, actor, details, reason, reference, mac, seal`

// unsealed gives a page of entries without a seal, oldest first, behind one.
func unsealed(tx *store.Tx, after entry) []entry {
	return entries(tx, `SELECT `+columns+` FROM audit WHERE position = 0 AND (at > $1 OR at = $1 AND id > $2)
		ORDER BY at, id LIMIT $3`, after.at, after.id, page)
}

func entries(tx *store.Tx, query string, args ...any) (list []entry) {
	for scan := range tx.Each(query, args...) {
		var e entry
		scan(&e.position, &e.id, &e.at, &e.event, &e.subject, &e.actor, &e.details, &e.reason, &e.reference, &e.mac, &e.seal)
		list = append(list, e)
	}
	return list
}

// Waits says in SQL whether an entry waits for its seal.
const Waits = `EXISTS (SELECT 1 FROM audit WHERE position = 0)`

// KeepSealed seals what waits, and remembers for Health how that went.
func (c *Chain) KeepSealed(ctx context.Context) error {
	_, err := c.Seal(ctx)
	if ctx.Err() == nil {
		c.broken.Store(errors.Is(err, ErrEnd))
	}
	if err == nil {
		c.sealed.Store(store.Micros(c.now()))
	}
	return err
}
