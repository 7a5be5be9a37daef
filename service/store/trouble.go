package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"plenary/service/store/internal/hook"
)

// Unavailable is the error of work that the database could not take: none of it was
// done, and the same can be tried again later. What could pass has been tried again
// already, for as long as there was time (see DB.Update).
type Unavailable struct {
	Reason Reason
	Err    error
}

func (u *Unavailable) Error() string {
	return fmt.Sprintf("store: the database is %s: %v", u.Reason, u.Err)
}

// Unwrap gives the last of the database's own errors.
func (u *Unavailable) Unwrap() error { return u.Err }

// Reason is why the database could not take work.
type Reason string

// Reasons.
const (
	Down   Reason = "down"   // it cannot be reached, it starts or stops, or only reads (a standby)
	Locked Reason = "locked" // another transaction, or another process, holds what was needed
	Full   Reason = "full"   // no room, or its disk fails
	Busy   Reason = "busy"   // more work than it does in time
)

// RetryAfter is when it is worth to try again.
func (r Reason) RetryAfter() time.Duration {
	switch r {
	case Down:
		return 5 * time.Second
	case Full:
		return 30 * time.Second
	}
	return 2 * time.Second
}

// OutcomeUnknown is the error of a transaction whose end was lost: the connection
// broke after the database was asked to commit it. It was committed, or it was not;
// whoever asked has to look, or to repeat what does no harm when it is done twice.
type OutcomeUnknown struct{ Err error }

func (u *OutcomeUnknown) Error() string {
	return fmt.Sprintf("store: whether it was committed is not known: %v", u.Err)
}

// Unwrap gives the error of the commit.
func (u *OutcomeUnknown) Unwrap() error { return u.Err }

// Level is how an error of work on the database is logged: as a warning where the
// database is busy, locked or out of reach, which is no defect, and which Ready tells
// too; else, and where its disk is full or fails, as an error.
func Level(err error) slog.Level {
	if u, ok := errors.AsType[*Unavailable](err); ok && u.Reason != Full {
		return slog.LevelWarn
	}
	if _, ok := errors.AsType[*OutcomeUnknown](err); ok {
		return slog.LevelWarn
	}
	return slog.LevelError
}

type mayRepeat struct{}

// MayRepeat says of the transactions under a context that they can be committed
// twice and leave what one would: such as those that set a value, or remove what is
// old. Where the end of one was lost, it is run again instead of OutcomeUnknown.
func MayRepeat(ctx context.Context) context.Context { return context.WithValue(ctx, mayRepeat{}, true) }

// health is how work of one kind (reading, writing) has gone of late.
type health struct {
	repeats, givenUp atomic.Int64 // for the metrics

	mu    sync.Mutex
	bad   *Unavailable // the last one, nil since something went well
	since time.Time    // when this trouble began
	last  time.Time
}

// well notes success.
func (h *health) well() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.bad = nil
}

// ill notes trouble, and tells for how long it has lasted.
func (h *health) ill(u *Unavailable) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = time.Now()
	if h.bad == nil {
		h.since = h.last
	}
	h.bad = u
	return h.last.Sub(h.since)
}

// now gives the trouble that there is, and how long ago it was met last; nil for none.
func (h *health) now() (*Unavailable, time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.bad, time.Since(h.last)
}

// fullFor is how long a database counts as full after a write that found no room:
// a small one that still finds some says nothing of the next.
const fullFor = 30 * time.Second

// Ready tells whether the database takes work: it answers a question, and writes.
// Error: *Unavailable.
func (db *DB) Ready(ctx context.Context) error {
	if bad, ago := db.writes.now(); bad != nil && bad.Reason == Full && ago < fullFor {
		return bad
	}
	if err := db.Ping(ctx); err != nil {
		return err
	}
	// READ COMMITTED: one statement.
	return db.UpdateCommitted(MayRepeat(ctx), func(tx *Tx) error {
		tx.Do(`INSERT INTO probes (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at`, Micros(time.Now()))
		return nil
	})
}

// Ping tells whether the database answers. Error: *Unavailable.
func (db *DB) Ping(ctx context.Context) error {
	return db.Peek(ctx, func(tx *Tx) error {
		tx.Has(`SELECT 1`)
		return nil
	})
}

// verdict is what can be done about an error.
type verdict int

const (
	lasts   verdict = iota // nothing: it will be the same again
	passes                 // again, soon: others were in the way
	refused                // the database does not take work now, see Reason
	lost                   // whether it was committed is not known
)

// judge says what can be done about an error of a transaction.
func judge(err error) (verdict, Reason) {
	if c, ok := errors.AsType[*commitError](err); ok && c.lost {
		return lost, Down
	}
	if errors.Is(err, errWaitedTooLong) {
		return refused, Busy
	}
	if errors.Is(err, hook.ErrSerialization) {
		return passes, Busy
	}
	if errors.Is(err, sql.ErrTxDone) {
		return passes, Busy // database/sql took it back: its context had ended
	}
	if v, reason, ok := judgePostgres(err); ok {
		return v, reason
	}
	if v, reason, ok := judgeSQLite(err); ok {
		return v, reason
	}
	return lasts, ""
}

// commitError is the error of a commit. It is lost when nobody knows whether the
// database has done it.
type commitError struct {
	err  error
	lost bool
}

func (c *commitError) Error() string { return fmt.Sprintf("store: commit: %v", c.err) }
func (c *commitError) Unwrap() error { return c.err }
