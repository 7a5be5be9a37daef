package store

import (
	"context"

	"plenary/service/store/internal/hook"
)

// SetHook sets what a test does to transactions; package storetest calls it, while
// none runs.
func (db *DB) SetHook(h *hook.Hook) { db.hook = h }

// hooked runs a transaction that writes, with what a test has asked for.
func (db *DB) hooked(fn func(*Tx) error, run func(func(*Tx) error) error) error {
	h := db.hook
	if h == nil {
		return run(fn)
	}
	fault := hook.None
	if h.Write != nil {
		fault = h.Write()
	}
	err := run(func(tx *Tx) error {
		if err := tx.run(fn); err != nil {
			return err
		}
		if tx.last != nil { // what a test looks at, or holds open, has done all that it does
			last := tx.last
			tx.last, tx.over = nil, false
			tx.Together(last...)
			tx.over = true
			if tx.err != nil {
				return tx.err
			}
		}
		if h.Hold != nil {
			h.Hold(tx.ctx)
		}
		return injected(fault)
	})
	if err == nil && fault == hook.LostAnswer {
		return &commitError{hook.ErrFault, true}
	}
	return err
}

// hookedRead is hooked for what reads.
func (db *DB) hookedRead(ctx context.Context, once func(context.Context) error) error {
	err := once(ctx)
	if err == nil && db.hook != nil && db.hook.Read != nil {
		err = injected(db.hook.Read())
	}
	return err
}

// injected is the error with which a transaction is taken back.
func injected(fault hook.Fault) error {
	switch fault {
	case hook.Serialization:
		return hook.ErrSerialization
	case hook.Rollback:
		return hook.ErrFault
	}
	return nil
}
