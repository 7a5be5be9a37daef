package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"time"

	"plenary/service/store/internal/server"
)

// A transaction on PostgreSQL is begun and committed by statements of our own, and not
// by database/sql: so BEGIN can leave with the first statements, and COMMIT with the
// last ones (Tx.Together, Tx.Finally), each in a round trip that there is anyway.

const (
	rollback = `rollback`
	// rollbackTime is how long the server may take to answer a ROLLBACK; then the
	// connection is given up, and with it the transaction.
	rollbackTime = 5 * time.Second
)

// beginning is the BEGIN of a kind of transaction.
func beginning(o *sql.TxOptions) string {
	q := `begin isolation level ` + map[sql.IsolationLevel]string{
		sql.LevelReadCommitted:  `read committed`,
		sql.LevelRepeatableRead: `repeatable read`,
		sql.LevelSerializable:   `serializable`,
	}[o.Isolation]
	if o.ReadOnly {
		q += ` read only`
	}
	return q
}

// oncePostgres runs fn in one transaction.
func (db *DB) oncePostgres(ctx context.Context, options *sql.TxOptions, fn func(*Tx) error) error {
	conn, err := db.writing.Conn(ctx)
	if err != nil {
		return beginError(err)
	}
	defer conn.Close() // gives it back; it has no error of its own
	tx := &Tx{db: db, ctx: ctx, on: conn, conn: conn, readOnly: options.ReadOnly, begin: beginning(options)}
	ended := false
	defer func() { // also on a panic
		if !ended {
			tx.rollBack()
		}
	}()
	if err := tx.run(fn); err != nil {
		return err
	}
	err = tx.commit()
	ended = err == nil
	return err
}

// sendBegin begins the transaction on the server, unless it has begun.
func (tx *Tx) sendBegin() {
	if tx.begin == "" {
		return
	}
	q := tx.begin
	tx.begin = ""
	if _, err := tx.conn.ExecContext(tx.ctx, q); err != nil {
		tx.Fail(beginError(err))
	}
}

// commit runs the last statements, if there are any, and commits.
func (tx *Tx) commit() error {
	if tx.begin != "" && len(tx.last) == 0 {
		return nil // it has asked for nothing
	}
	if err := tx.ctx.Err(); err != nil {
		return &commitError{err, false}
	}
	err := tx.sendCommit()
	switch {
	case err == nil:
		return nil
	case !tx.readOnly && commitLost(err):
		// COMMIT was sent with what failed: the server may have come to it.
		return &commitError{err, true}
	case tx.err != nil:
		return tx.err
	}
	return &commitError{err, false}
}

func (tx *Tx) sendCommit() error {
	if len(tx.last) > 0 {
		return tx.pipeline(tx.last, true)
	}
	return server.Registered().Commit(tx.ctx, tx.conn)
}

// rollBack takes the transaction back. Where the server does not say that it has, the
// connection is closed, which has it do so.
func (tx *Tx) rollBack() {
	if tx.begin != "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tx.ctx), rollbackTime)
	defer cancel()
	if _, err := tx.conn.ExecContext(ctx, rollback); err != nil {
		_ = tx.conn.Raw(func(any) error { return driver.ErrBadConn }) // which closes it
	}
}
