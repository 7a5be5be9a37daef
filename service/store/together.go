package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Statement is one of several that run together, see Tx.Together.
type Statement struct {
	query   string
	args    []any
	dest    []any
	found   *bool
	changed *int64
}

// Query is a statement that finds a row; found says whether it did, and dest are
// where the columns go, as with Row.Into.
func Query(query string, args ...any) *Statement { return &Statement{query: query, args: args} }

// Into says where the columns of a Query's row go, and whether there was one.
func (s *Statement) Into(found *bool, dest ...any) *Statement {
	s.found, s.dest = found, dest
	return s
}

// Change is a statement that changes rows; their number goes to changed, unless that
// is nil.
func Change(changed *int64, query string, args ...any) *Statement {
	return &Statement{query: query, args: args, changed: changed}
}

// Together runs statements in their order, all of them, whatever those before have
// found; on PostgreSQL in one round trip. It is for what is done most often, and for
// what is done while others wait for the transaction's end. After an error it does
// nothing, as everything of a Tx.
func (tx *Tx) Together(statements ...*Statement) {
	if tx.conn == nil {
		for _, s := range statements {
			tx.alone(s)
		}
		return
	}
	for _, s := range statements {
		if !tx.ready(s.query) {
			return
		}
	}
	var at *Statement
	err := tx.conn.Raw(func(c any) error {
		conn, ok := c.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("store: PostgreSQL's driver has other connections (%T) than it had", c)
		}
		var err error
		at, err = send(tx.ctx, conn.Conn(), statements)
		return err
	})
	switch {
	case err == nil:
	case at == nil:
		tx.Fail(err)
	default:
		tx.fail(at.query, err)
	}
}

// alone runs a statement by itself.
func (tx *Tx) alone(s *Statement) {
	if s.dest != nil {
		*s.found = tx.Get(s.query, s.args...).Into(s.dest...)
		return
	}
	if n := tx.Do(s.query, s.args...); s.changed != nil {
		*s.changed = n
	}
}

// send runs statements in one round trip, and gives the one that failed with its error.
func send(ctx context.Context, conn *pgx.Conn, statements []*Statement) (at *Statement, err error) {
	var batch pgx.Batch
	for _, s := range statements {
		args := make([]any, len(s.args))
		for i, a := range s.args {
			if args[i], err = driver.DefaultParameterConverter.ConvertValue(a); err != nil { // as database/sql does
				return s, err
			}
		}
		batch.Queue(s.query, args...)
	}
	results := conn.SendBatch(ctx, &batch)
	for _, s := range statements {
		if err = s.read(results); err != nil {
			at = s
			break
		}
	}
	if e := results.Close(); err == nil {
		err = e
	}
	return at, err
}

func (s *Statement) read(results pgx.BatchResults) error {
	if s.dest == nil {
		tag, err := results.Exec()
		if s.changed != nil {
			*s.changed = tag.RowsAffected()
		}
		return err
	}
	err := results.QueryRow().Scan(s.dest...)
	*s.found = err == nil
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}
