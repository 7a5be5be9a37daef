package store

import (
	"database/sql"
	"errors"

	"plenary/service/store/internal/server"
)

// Statement is one of several that run together, see Tx.Together.
type Statement struct {
	server.Step
	refused error // see Or
}

// Query is a statement that finds a row; found says whether it did, and dest are
// where the columns go, as with Row.Into.
func Query(query string, args ...any) *Statement {
	return &Statement{Step: server.Step{Query: query, Args: args}}
}

// Into says where the columns of a Query's row go, and whether there was one.
func (s *Statement) Into(found *bool, dest ...any) *Statement {
	s.Found, s.Dest = found, dest
	return s
}

// Change is a statement that changes rows; their number goes to changed, unless that
// is nil.
func Change(changed *int64, query string, args ...any) *Statement {
	return &Statement{Step: server.Step{Query: query, Args: args, Changed: changed}}
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
		if !tx.may(s.Query) {
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
		if !tx.may(s.Query) {
			return
		}
	}
	tx.last, tx.over = statements, true
}

// alone runs a statement by itself.
func (tx *Tx) alone(s *Statement) {
	if !tx.ready(s.Query) {
		return
	}
	var err error
	if s.Dest != nil {
		err = tx.on.QueryRowContext(tx.context(tx.ctx), s.Query, s.Args...).Scan(s.Dest...)
		*s.Found = err == nil
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
	} else {
		var result sql.Result
		if result, err = tx.on.ExecContext(tx.context(tx.ctx), s.Query, s.Args...); err == nil && s.Changed != nil {
			*s.Changed, err = result.RowsAffected()
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
		tx.fail(s.Query, err)
	}
}

// pipeline runs statements in one round trip, with the transaction's BEGIN before them
// if that was not sent yet, and with its COMMIT if they are the last ones. A statement
// that fails is what the transaction ends with; any other error is returned too.
func (tx *Tx) pipeline(statements []*Statement, last bool) error {
	var steps []server.Step
	if tx.begin != "" {
		steps = append(steps, server.Step{Query: tx.begin})
	}
	first := len(steps)
	for _, s := range statements {
		steps = append(steps, s.Step)
	}
	if last {
		steps = append(steps, server.Step{Query: server.Commit})
	}
	at, err := server.Registered().Send(tx.ctx, tx.conn, steps)
	tx.begin = ""
	switch at -= first; {
	case err == nil:
	case at < -first:
		tx.Fail(err)
	case at < 0:
		tx.Fail(beginError(err))
	case at < len(statements):
		tx.failAt(statements[at], err)
	}
	return err
}
