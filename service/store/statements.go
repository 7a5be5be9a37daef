package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
)

// Parsing a statement costs SQLite more than running most of ours. So each
// connection keeps what it has prepared, by its text; PostgreSQL's driver does
// the same by itself.

// sqliteDriver is the name of the driver whose connections keep their statements.
const sqliteDriver = "sqlite-keeping"

func init() { sql.Register(sqliteDriver, keepingDriver{&sqlite.Driver{}}) }

// maxStatements are the statements that a connection keeps; what comes after
// them (lists of changing length, for instance) is prepared each time.
const maxStatements = 300

type keepingDriver struct{ driver.Driver }

// sqliteConn is what a connection of the driver can do.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

func (d keepingDriver) Open(name string) (driver.Conn, error) {
	c, err := d.Driver.Open(name)
	if err != nil {
		return nil, err
	}
	full, ok := c.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("store: SQLite's driver has other connections (%T) than it had", c), c.Close())
	}
	return &keepingConn{sqliteConn: full, kept: map[string]*keptStmt{}}, nil
}

// keepingConn is a connection with its statements. database/sql uses it from one
// goroutine at a time.
type keepingConn struct {
	sqliteConn
	kept map[string]*keptStmt
}

type keptStmt struct {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
	busy bool // its rows are being read
}

// stmt gives a kept statement that is free, or nil: then the text goes the usual way.
func (c *keepingConn) stmt(ctx context.Context, query string) (*keptStmt, error) {
	if s := c.kept[query]; s != nil {
		if s.busy {
			return nil, nil
		}
		return s, nil
	}
	if len(c.kept) >= maxStatements || !runsOften(query) {
		return nil, nil
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	exec, canExec := prepared.(driver.StmtExecContext)
	read, canRead := prepared.(driver.StmtQueryContext)
	if !canExec || !canRead {
		return nil, errors.Join(fmt.Errorf("store: SQLite's driver has other statements (%T) than it had", prepared), prepared.Close())
	}
	s := &keptStmt{Stmt: prepared, StmtExecContext: exec, StmtQueryContext: read}
	c.kept[query] = s
	return s, nil
}

// runsOften tells statements of transactions from those of migrations.
func runsOften(query string) bool {
	verb, _, _ := strings.Cut(strings.TrimSpace(query), " ")
	switch verb {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "SAVEPOINT", "RELEASE":
		return true
	}
	return false
}

func (c *keepingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	return s.StmtExecContext.ExecContext(ctx, args)
}

func (c *keepingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	rows, err := s.StmtQueryContext.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &keptRows{Rows: rows, of: s}, nil
}

// Close ends the statements, then the connection.
func (c *keepingConn) Close() error {
	var err error
	for _, s := range c.kept {
		err = errors.Join(err, s.Stmt.Close())
	}
	return errors.Join(err, c.sqliteConn.Close())
}

// keptRows frees its statement when it is closed.
type keptRows struct {
	driver.Rows
	of *keptStmt
}

func (r *keptRows) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}
