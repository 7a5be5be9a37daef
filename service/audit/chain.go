package audit

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"plenary/service/secret"
	"plenary/service/store"
)

const (
	// SealEvery is the time between two rounds of sealing.
	SealEvery = time.Second
	// lookEvery is the time between two looks at the whole chain.
	lookEvery = 24 * time.Hour
	// pace is the pause between two pages of a look in the background.
	pace = 10 * time.Millisecond
	// page is how many entries are read, or sealed, in one go.
	page = 1000
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

	seen   atomic.Int64 // the furthest end of the chain that this node knows of
	first  sync.Once
	looked chan struct{} // closed after the first look
	intact atomic.Bool   // at the last look
}

// NewChain makes the chain of a database's log.
func NewChain(db *store.DB, key *secret.Key, log *slog.Logger) *Chain {
	return &Chain{db: db, key: key, log: log, looked: make(chan struct{})}
}

// head is the end of the chain: its last entry's position and seal.
type head struct {
	position  int64
	seal, mac []byte
}

// authenticate is the HMAC that makes a head the service's own.
func (h *head) authenticate(key *secret.Key) []byte {
	return key.MAC("audit-head", number(h.position), h.seal)
}

// check says whether a head is the service's own, and not one of before the
// position that this node had seen when it was read. Before the first entry
// there is none, and nothing that was sealed.
func (c *Chain) check(ctx context.Context, tx *store.Tx, h head, seen int64) error {
	if h.position < seen || h.position > 0 && !hmac.Equal(h.mac, h.authenticate(c.key)) {
		return ErrEnd
	}
	if h.position > 0 {
		return nil
	}
	var sealed bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM audit WHERE position > 0)`).Scan(&sealed); err != nil {
		return fmt.Errorf("audit: look for sealed entries: %w", err)
	}
	if sealed {
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

// chained is the seal of an entry that follows another one's.
func (e *entry) chained(key *secret.Key, before []byte) []byte {
	return key.MAC("audit", append([][]byte{before, number(e.position), e.mac}, e.said()...)...)
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
	var end head
	seen := c.seen.Load()
	// READ COMMITTED: the chain's end is written before anything of it is read.
	err = c.db.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
		if end, err = c.hold(ctx, tx, seen); err != nil {
			return err
		}
		sealed, err = c.extend(ctx, tx, &end)
		return err
	})
	if err != nil {
		return 0, err
	}
	c.follow(end.position)
	return sealed, nil
}

// hold gives the end of the chain. Its row is held from here to the end of the
// transaction: nodes take turns, and each sees what the one before has written.
func (c *Chain) hold(ctx context.Context, tx *store.Tx, seen int64) (end head, err error) {
	if _, err := tx.Exec(ctx, `INSERT INTO audit_head (id, position, seal, mac) VALUES (1, 0, $1, $1)
		ON CONFLICT (id) DO NOTHING`, []byte{}); err != nil {
		return end, fmt.Errorf("audit: begin the chain: %w", err)
	}
	err = tx.QueryRow(ctx, `UPDATE audit_head SET position = position WHERE id = 1 RETURNING position, seal, mac`).
		Scan(&end.position, &end.seal, &end.mac)
	if err != nil {
		return end, fmt.Errorf("audit: read the end of the chain: %w", err)
	}
	return end, c.check(ctx, tx, end, seen)
}

// extend chains a page of entries behind end, or all if the chain begins with
// them: those of before it have no HMAC, and nobody can add one afterwards.
func (c *Chain) extend(ctx context.Context, tx *store.Tx, end *head) (sealed int, err error) {
	first := end.position == 0
	for after := (entry{}); ; {
		list, err := unsealed(ctx, tx, after)
		if err != nil {
			return 0, err
		}
		for i := range list {
			ok, err := c.append(ctx, tx, end, &list[i], first)
			if err != nil {
				return 0, err
			}
			if ok {
				sealed++
			}
		}
		if len(list) < page || sealed >= page && !first {
			break
		}
		after = list[len(list)-1]
	}
	if sealed == 0 {
		return 0, nil
	}
	end.mac = end.authenticate(c.key)
	if _, err := tx.Exec(ctx, `UPDATE audit_head SET position = $1, seal = $2, mac = $3 WHERE id = 1`,
		end.position, end.seal, end.mac); err != nil {
		return 0, fmt.Errorf("audit: write the end of the chain: %w", err)
	}
	return sealed, nil
}

// append chains an entry behind end, if the service has written it.
func (c *Chain) append(ctx context.Context, tx *store.Tx, end *head, e *entry, first bool) (bool, error) {
	if !(e.mac == nil && first) && !hmac.Equal(e.mac, e.written(c.key)) {
		return false, nil
	}
	e.position = end.position + 1
	e.seal = e.chained(c.key, end.seal)
	n, err := tx.Exec(ctx, `UPDATE audit SET position = $1, seal = $2 WHERE id = $3 AND position = 0`, e.position, e.seal, e.id)
	if err != nil {
		return false, fmt.Errorf("audit: seal entry: %w", err)
	}
	if n != 1 {
		return false, fmt.Errorf("audit: seal entry %s: it is sealed already", e.id)
	}
	end.position, end.seal = e.position, e.seal
	return true, nil
}

// waiting tells whether an entry waits for its seal.
func (c *Chain) waiting(ctx context.Context) (waiting bool, err error) {
	err = c.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM audit WHERE position = 0)`).Scan(&waiting)
	})
	if err != nil {
		return false, fmt.Errorf("audit: look for new entries: %w", err)
	}
	return waiting, nil
}

const columns = `position, id, at, event, subject, actor, detail, mac, seal`

// unsealed gives a page of entries without a seal, oldest first, behind one.
func unsealed(ctx context.Context, tx *store.Tx, after entry) ([]entry, error) {
	return entries(ctx, tx, `SELECT `+columns+` FROM audit WHERE position = 0 AND (at > $1 OR at = $1 AND id > $2)
		ORDER BY at, id LIMIT $3`, after.at, after.id, page)
}

func entries(ctx context.Context, tx *store.Tx, query string, args ...any) ([]entry, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("audit: read entries: %w", err)
	}
	defer rows.Close()
	var list []entry
	for rows.Next() {
		var e entry
		if err := rows.Scan(&e.position, &e.id, &e.at, &e.event, &e.subject, &e.actor, &e.detail, &e.mac, &e.seal); err != nil {
			return nil, fmt.Errorf("audit: read entries: %w", err)
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// KeepSealed seals until ctx ends.
func (c *Chain) KeepSealed(ctx context.Context) {
	tick := time.NewTicker(SealEvery)
	defer tick.Stop()
	failing := false
	for {
		_, err := c.Seal(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			c.log.Error("the audit log is not being sealed", slog.Any("error", err))
		}
		failing = err != nil
		if errors.Is(err, ErrEnd) {
			c.intact.Store(false)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// KeepLooking looks at the whole chain now and once a day until ctx ends. What
// it finds goes to the service's log: position and seal of the end, which show
// later whether the log was put back to an earlier state, or the first break.
func (c *Chain) KeepLooking(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		c.look(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (c *Chain) look(ctx context.Context) {
	r, err := c.verify(ctx, pace)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		c.log.Error("the audit log could not be verified", slog.Any("error", err))
		return
	case r.Break != nil:
		c.log.Error("the audit log was changed", slog.String("break", r.Break.String()))
	default:
		c.log.Info("the audit log is whole", slog.String("end", r.End()))
	}
	c.intact.Store(r.Break == nil)
	c.first.Do(func() { close(c.looked) })
}

// firstLook is how long Intact waits for the first look after a start.
const firstLook = 3 * time.Second

// Intact tells whether the chain held at the last look of this node; false while
// there was none yet.
func (c *Chain) Intact(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, firstLook)
	defer cancel()
	select {
	case <-c.looked:
	case <-ctx.Done():
	}
	return c.intact.Load()
}
