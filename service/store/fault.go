package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// Fault is what a test makes happen to a transaction that writes.
type Fault int

// Faults.
const (
	NoFault Fault = iota
	// FaultSerialization takes the transaction back as a database does that could
	// not put it in order with others (40001): it is tried again.
	FaultSerialization
	// FaultRollback takes it back for good, as a full disk does.
	FaultRollback
	// FaultLostAnswer commits it, and the word of that is lost, as when the
	// connection breaks: whoever asked cannot know.
	FaultLostAnswer
)

// ErrFault is the error of FaultRollback and FaultLostAnswer.
var ErrFault = errors.New("store: a fault that a test has asked for")

// InjectFaults makes every transaction that writes meet the fault that next
// gives, until it is called with nil. It is for tests of what stands on the
// database, and must not be called while transactions run.
func (db *DB) InjectFaults(next func() Fault) { db.faults = next }

// HoldOpen makes every transaction that writes call wait when it has done all that
// it does, before it is committed, until HoldOpen is called with nil. It is for
// tests of what two transactions do to each other, and must not be called while
// transactions run.
func (db *DB) HoldOpen(wait func(context.Context)) { db.holdOpen = wait }

// faulty is run, with the faults that a test has asked for.
func (db *DB) faulty(run func(fn func(context.Context, *Tx) error) error, fn func(context.Context, *Tx) error) error {
	if wait := db.holdOpen; wait != nil {
		return run(func(ctx context.Context, tx *Tx) error {
			err := fn(ctx, tx)
			if err == nil {
				wait(ctx)
			}
			return err
		})
	}
	if db.faults == nil {
		return run(fn)
	}
	fault := db.faults()
	err := run(func(ctx context.Context, tx *Tx) error {
		err := fn(ctx, tx)
		switch {
		case err != nil:
			return err
		case fault == FaultSerialization:
			return &pgconn.PgError{Code: "40001", Message: "asked for by a test"}
		case fault == FaultRollback:
			return ErrFault
		}
		return nil
	})
	if err == nil && fault == FaultLostAnswer {
		return ErrFault
	}
	return err
}
