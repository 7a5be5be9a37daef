package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Tx is a transaction. It must not be used after the function that got it has
// returned.
type Tx struct {
	tx *sql.Tx
	// shared: with others, see group.go. SQLite gives a whole transaction up
	// when a statement is interrupted, so a context that ends is noticed before
	// a statement, and not in it.
	shared bool
}

func (tx *Tx) context(ctx context.Context) context.Context {
	if tx.shared {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// Exec runs a statement and gives the number of rows that it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	res, err := tx.tx.ExecContext(tx.context(ctx), query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Query runs a query; the caller closes the rows.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return tx.tx.QueryContext(tx.context(ctx), query, args...)
}

// QueryRow runs a query for one row. Its Scan returns ErrNoRows when there is none.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return tx.tx.QueryRowContext(tx.context(ctx), query, args...)
}

// Write runs fn in a transaction that is serializable on both databases, and
// commits it unless fn returns an error. What passes, such as a serialization
// failure, is tried again: fn may run several times and must change nothing
// outside of the transaction except by assigning results. Nothing slow belongs
// into fn: no password hash, no mail, no waiting.
func (db *DB) Write(ctx context.Context, fn func(context.Context, *Tx) error) error {
	return db.retry(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable}, fn)
}

// WriteCommitted is Write under READ COMMITTED where there is such a thing
// (PostgreSQL). It is for transactions that stand on conditional UPDATEs and ON
// CONFLICT alone and that many people run on the same rows at once: under
// serializable isolation, most of those would only be tried again. A read in fn
// followed by a write that depends on it is safe here only once fn has written a
// row that everybody writes who could change what is read (see Tx.Hold), and so
// is a DELETE of what others may be inserting. Each call says why it is right.
func (db *DB) WriteCommitted(ctx context.Context, fn func(context.Context, *Tx) error) error {
	return db.retry(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted}, fn)
}

// Read runs fn in a transaction that sees one state of the database and cannot
// change it.
func (db *DB) Read(ctx context.Context, fn func(context.Context, *Tx) error) error {
	options := &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	if db.kind == sqliteKind {
		options = &sql.TxOptions{} // its transactions are snapshots; query_only keeps them from writing
	}
	return db.once(ctx, db.reading, options, fn)
}

const (
	firstPause = 2 * time.Millisecond
	longPause  = 200 * time.Millisecond
	// tries with these pauses take five to ten seconds.
	tries = 60
	// looks are the tries after a row was removed to which another one was to
	// refer: who looks again sees that it is gone.
	looks = 3
)

func (db *DB) retry(ctx context.Context, options *sql.TxOptions, fn func(context.Context, *Tx) error) error {
	run := func(fn func(context.Context, *Tx) error) error { return db.once(ctx, db.writing, options, fn) }
	if db.kind == sqliteKind {
		// Always serializable: one connection, immediate transactions.
		run = func(fn func(context.Context, *Tx) error) error { return db.groups.write(ctx, fn) }
	}
	pause := firstPause
	for try := 1; ; try++ {
		err := db.faulty(run, fn)
		if err == nil || !passing(err) && (!vanished(err) || try >= looks) {
			return err
		}
		if try == tries {
			return fmt.Errorf("store: given up after %d tries: %w", tries, err)
		}
		timer := time.NewTimer(pause/2 + rand.N(pause))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
		pause = min(2*pause, longPause)
	}
}

func (db *DB) once(ctx context.Context, pool *sql.DB, options *sql.TxOptions, fn func(context.Context, *Tx) error) (err error) {
	tx, err := pool.BeginTx(ctx, options)
	if err != nil {
		return fmt.Errorf("store: begin: %w", err)
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
	if err := fn(ctx, &Tx{tx: tx}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("store: commit: %w", err)
	}
	finished = true
	return nil
}
