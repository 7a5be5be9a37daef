package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"
)

// Update runs fn in a transaction that is serializable on both databases, and
// commits it unless fn returns an error or a statement fails. Nothing slow belongs
// into fn: no password hash, no mail, no waiting. See Tx for how to write it.
//
// What passes is tried again, so fn may run several times: a serialization failure,
// a connection that was lost before the commit, a database that starts again. That
// goes on within the context's time, or for ten seconds where it has no deadline.
//
// Errors, beside fn's own and the statements': *Unavailable when the database does
// not take the work, *OutcomeUnknown when the end of the commit was lost and the
// context does not say MayRepeat.
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	return db.write(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable}, fn)
}

// UpdateCommitted is Update under READ COMMITTED where there is such a thing
// (PostgreSQL). It is for transactions that stand on conditional UPDATEs and ON
// CONFLICT alone and that many people run on the same rows at once: under
// serializable isolation, most of those would only be tried again. A read in fn
// followed by a write that depends on it is safe here only once fn has written a
// row that everybody writes who could change what is read (see Tx.HoldOwner), and
// so is a DELETE of what others may be inserting. Each call says why it is right.
func (db *DB) UpdateCommitted(ctx context.Context, fn func(*Tx) error) error {
	return db.write(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted}, fn)
}

// View runs fn in a transaction that sees one state of the database and cannot
// change it. It is tried again as Update is. Error: *Unavailable.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	options := &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	if db.kind == sqliteKind {
		options = &sql.TxOptions{} // its transactions are snapshots; query_only keeps them from writing
	}
	return db.read(ctx, func(ctx context.Context) error { return db.once(ctx, db.reading, options, true, fn) })
}

// Peek runs fn without a transaction: each of its statements sees what was committed
// last. It is for what one SELECT answers, and saves PostgreSQL the two round trips
// of a transaction's begin and end. It is tried again as Update is. Error: *Unavailable.
func (db *DB) Peek(ctx context.Context, fn func(*Tx) error) error {
	return db.read(ctx, func(ctx context.Context) error {
		if err := db.queue.enter(ctx); err != nil {
			return err
		}
		defer db.queue.leave()
		tx := &Tx{db: db, ctx: ctx, on: db.reading, readOnly: true}
		return tx.run(fn)
	})
}

// UpdateOne is UpdateCommitted for one statement, or for several that run together
// (Tx.Together), that are all of the transaction: PostgreSQL commits them by itself,
// which saves the two round trips of a transaction's begin and end. What fn returns
// afterwards takes nothing back, and Tx.Finally, which goes with a commit, fails.
func (db *DB) UpdateOne(ctx context.Context, fn func(*Tx) error) error {
	one := fn
	fn = func(tx *Tx) error {
		tx.noCommit = true
		return one(tx)
	}
	if db.kind == sqliteKind || db.hook != nil {
		// READ COMMITTED: what runs together.
		return db.UpdateCommitted(ctx, fn)
	}
	return repeat(ctx, &db.writes, func(ctx context.Context) error {
		if err := db.queue.enter(ctx); err != nil {
			return err
		}
		defer db.queue.leave()
		conn, err := db.writing.Conn(ctx)
		if err != nil {
			return beginError(err)
		}
		defer conn.Close() // gives it back; it has no error of its own
		tx := &Tx{db: db, ctx: ctx, on: conn, conn: conn}
		err = tx.run(fn)
		if err != nil && ctx.Err() == nil && answerLost(err) {
			return &commitError{err, true}
		}
		return err
	})
}

func (db *DB) write(ctx context.Context, options *sql.TxOptions, fn func(*Tx) error) error {
	return repeat(ctx, &db.writes, func(ctx context.Context) error {
		return db.hooked(fn, func(fn func(*Tx) error) error {
			if db.kind == sqliteKind {
				return db.groups.write(ctx, fn) // serializable in any case: one connection, immediate transactions
			}
			return db.once(ctx, db.writing, options, false, fn)
		})
	})
}

func (db *DB) read(ctx context.Context, once func(context.Context) error) error {
	return repeat(ctx, &db.reads, func(ctx context.Context) error { return db.hookedRead(ctx, once) })
}

// run runs fn; the transaction's own error counts before the function's.
func (tx *Tx) run(fn func(*Tx) error) error {
	err := fn(tx)
	if tx.err != nil {
		return tx.err
	}
	return err
}

const (
	// workTime is for work under a context without a deadline, all tries together.
	workTime   = 10 * time.Second
	firstPause = 2 * time.Millisecond
	longPause  = 200 * time.Millisecond
	// patience is how long the database may be out of reach until new work is tried
	// once only: whoever comes then is told at once, and does not wait in vain.
	patience = 5 * time.Second
	// looks are the tries after a row was removed to which another one was to
	// refer (who looks again sees that it is gone), and after SQLite gave a
	// transaction up with another one's.
	looks = 3
)

// repeat runs work until it succeeds, fails for good, or its time is over.
func repeat(ctx context.Context, h *health, once func(context.Context) error) error {
	if _, limited := ctx.Deadline(); !limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, workTime)
		defer cancel()
	}
	pause := firstPause
	var end error // of a commit whose end was lost, if there was one
	for try := 1; ; try++ {
		err := once(ctx)
		if err == nil {
			h.well()
			return nil
		}
		again := (vanished(err) || errors.Is(err, errGroupLost)) && try < looks
		switch v, reason := judge(err); v {
		case passes:
			again = true
		case lost:
			end, again = err, ctx.Value(mayRepeat{}) != nil
		case refused:
			u := &Unavailable{reason, err}
			lasting := h.ill(u) > patience
			again = again || !lasting && (reason == Down || reason == Locked && lockedFile(err))
			pause = max(pause, 10*firstPause)
			err = u
		}
		worth := again // it was not for good
		if again {
			h.repeats.Add(1)
			again = sleep(ctx, pause/2+rand.N(pause))
			pause = min(2*pause, longPause)
		}
		if !again && (end != nil || worth) {
			h.givenUp.Add(1)
		}
		switch {
		case again:
		case end != nil:
			return &OutcomeUnknown{end}
		case ctx.Err() != nil:
			return ended(ctx, h, err)
		default:
			return err
		}
	}
}

// sleep waits, and tells whether the context has not ended meanwhile.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// ended is the error of work whose context has ended: the work's own, if it was not
// the end that made it fail; that of whoever gave it up; or *Unavailable where its
// time was over.
func ended(ctx context.Context, h *health, err error) error {
	why := ctx.Err()
	switch v, _ := judge(err); {
	case v == lasts && !errors.Is(err, why):
		return err
	case !errors.Is(why, context.DeadlineExceeded):
		return why
	}
	u := &Unavailable{Busy, err}
	if bad, _ := h.now(); bad != nil {
		u.Reason = bad.Reason
	}
	return u
}

// once runs fn in one transaction of a pool.
func (db *DB) once(ctx context.Context, pool *sql.DB, options *sql.TxOptions, readOnly bool, fn func(*Tx) error) (err error) {
	leave, err := db.lines.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if err := db.queue.enter(ctx); err != nil {
		return err
	}
	defer db.queue.leave()
	db.statements.Add(2) // BEGIN, and COMMIT or ROLLBACK
	if db.kind == postgresKind {
		return db.oncePostgres(ctx, options, fn)
	}
	tx, err := pool.BeginTx(ctx, options)
	if err != nil {
		return beginError(err)
	}
	finished := false
	defer func() {
		if finished {
			return
		}
		// Also on a panic. After a failed commit or an ended context it is rolled back already.
		if e := tx.Rollback(); e != nil && !errors.Is(e, sql.ErrTxDone) && err == nil {
			err = e
		}
	}()
	t := &Tx{db: db, ctx: ctx, on: tx, readOnly: readOnly}
	if err := t.run(fn); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return &commitError{err, !readOnly && commitLost(err)}
	}
	finished = true
	return nil
}
