package store

import (
	"context"
	"database/sql"
)

// What follows is as it was before transactions remembered their errors: with the
// context beside the transaction, and an error from each statement, which the
// transaction does not remember. Both ways can be used in one transaction.

// Write is Update.
func (db *DB) Write(ctx context.Context, fn func(context.Context, *Tx) error) error {
	return db.Update(ctx, func(tx *Tx) error { return fn(tx.ctx, tx) })
}

// WriteCommitted is UpdateCommitted.
func (db *DB) WriteCommitted(ctx context.Context, fn func(context.Context, *Tx) error) error {
	// READ COMMITTED: each call says why.
	return db.UpdateCommitted(ctx, func(tx *Tx) error { return fn(tx.ctx, tx) })
}

// Read is View.
func (db *DB) Read(ctx context.Context, fn func(context.Context, *Tx) error) error {
	return db.View(ctx, func(tx *Tx) error { return fn(tx.ctx, tx) })
}

// Exec runs a statement and gives the number of rows that it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if tx.readOnly {
		return 0, errReadOnly
	}
	if err := tx.before(ctx); err != nil {
		return 0, err
	}
	res, err := tx.on.ExecContext(tx.context(ctx), query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Query runs a query; the caller closes the rows.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := tx.before(ctx); err != nil {
		return nil, err
	}
	return tx.on.QueryContext(tx.context(ctx), query, args...)
}

// QueryRow runs a query for one row. Its Scan returns ErrNoRows when there is none.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	tx.db.statements.Add(1)
	return tx.on.QueryRowContext(tx.context(ctx), query, args...)
}

func (tx *Tx) before(ctx context.Context) error {
	if tx.err != nil {
		return tx.err
	}
	tx.db.statements.Add(1)
	return ctx.Err()
}

// Texts is Strings.
func (tx *Tx) Texts(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// NewOwner is AddOwner.
func (tx *Tx) NewOwner(_ context.Context, id string) error {
	tx.AddOwner(id)
	return tx.err
}
