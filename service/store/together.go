package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Statement is one of several that run together, see Tx.Together.
type Statement struct {
	query   string
	args    []any
	dest    []any
	found   *bool
	changed *int64
	refused error // see Or
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

// Or says what the transaction ends with where a constraint of the table refuses the
// row: that it is unique, or has no NULL. So a statement can hold a condition that no
// round trip is needed to look at.
func (s *Statement) Or(refused error) *Statement {
	s.refused = refused
	return s
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
		if !tx.may(s.query) {
			return
		}
	}
	_ = tx.pipeline(statements, false) // it is remembered
}

// Finally is Together for a transaction's last statements, after which there are none:
// on PostgreSQL they run when the transaction's function has returned, in one round
// trip with the commit. What they find is there once the transaction has ended well.
func (tx *Tx) Finally(statements ...*Statement) {
	if tx.noCommit {
		tx.Fail(errors.New("store: Finally where there is no commit of its own: use UpdateCommitted"))
		return
	}
	if tx.conn == nil {
		tx.Together(statements...)
		tx.over = true
		return
	}
	for _, s := range statements {
		if !tx.may(s.query) {
			return
		}
	}
	tx.last, tx.over = statements, true
}

// alone runs a statement by itself.
func (tx *Tx) alone(s *Statement) {
	if !tx.ready(s.query) {
		return
	}
	var err error
	if s.dest != nil {
		err = tx.on.QueryRowContext(tx.context(tx.ctx), s.query, s.args...).Scan(s.dest...)
		*s.found = err == nil
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
	} else {
		var result sql.Result
		if result, err = tx.on.ExecContext(tx.context(tx.ctx), s.query, s.args...); err == nil && s.changed != nil {
			*s.changed, err = result.RowsAffected()
		}
	}
	tx.failAt(s, err)
}

// failAt remembers the error of a statement, if there is one.
func (tx *Tx) failAt(s *Statement, err error) {
	switch {
	case err == nil:
	case s.refused != nil && constrained(err):
		tx.Fail(s.refused)
	default:
		tx.fail(s.query, err)
	}
}

// pipeline runs statements in one round trip, with the transaction's BEGIN before them
// if that was not sent yet, and with its COMMIT if they are the last ones. A statement
// that fails is what the transaction ends with; any other error is returned too.
func (tx *Tx) pipeline(statements []*Statement, last bool) error {
	steps := slices.Clone(statements)
	if tx.begin != "" {
		steps = slices.Insert(steps, 0, &Statement{query: tx.begin})
	}
	if last {
		steps = append(steps, &Statement{query: commit})
	}
	var at *Statement
	err := tx.raw(func(conn *pgx.Conn) (err error) {
		at, err = send(tx.ctx, conn, steps)
		return err
	})
	begin := tx.begin
	tx.begin = ""
	switch {
	case err == nil:
	case at == nil:
		tx.Fail(err)
	case at.query == begin:
		tx.Fail(beginError(err))
	case at.query == commit:
	default:
		tx.failAt(at, err)
	}
	return err
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
	e := results.Close()
	if at != nil {
		if early, ok := errors.AsType[pgx.ErrPreprocessingBatch](err); ok {
			if i := slices.IndexFunc(statements, func(s *Statement) bool { return s.query == early.SQL() }); i >= 0 {
				at = statements[i]
			}
		}
		return at, err
	}
	if statements[len(statements)-1].query == commit {
		return nil, nil // the server has said that it is committed, whatever came after
	}
	return nil, e
}

func (s *Statement) read(results pgx.BatchResults) error {
	if s.dest == nil {
		tag, err := results.Exec()
		if s.changed != nil {
			*s.changed = tag.RowsAffected()
		}
		if s.query == commit {
			return committed(tag, err)
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
