// Package postgres is the driver with which the store speaks PostgreSQL's protocol.
// A program that is to have it imports this package for its effect.
package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/stdlib"

	"plenary/service/store/internal/server"
)

func init() { server.Register(pgxDriver{}) }

type pgxDriver struct{}

// abandoned ends, on the server's side, transactions of a node that is gone without
// a word: what they hold is free again.
const abandoned = `SET idle_in_transaction_session_timeout = '30s'`

// Open opens a pool whose statements end on the server when their context does: one
// that waits for a lock would otherwise go on to wait, and its connection with it. A
// server that turns out to be a standby is left.
func (pgxDriver) Open(dsn string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	config.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: time.Second}
	}
	config.OnPgError = func(_ *pgconn.PgConn, err *pgconn.PgError) bool {
		return !strings.EqualFold(err.Severity, "FATAL") && err.Code != "25006"
	}
	return stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, abandoned)
		if _, unknown := errors.AsType[*pgconn.PgError](err); unknown {
			return nil // an engine without it
		}
		return err
	})), nil
}

func (pgxDriver) Code(err error) (state string, ok bool) {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return "", false
	}
	return pg.Code, true
}

func (pgxDriver) Unreached(err error) bool {
	_, ok := errors.AsType[*pgconn.ConnectError](err)
	return ok
}

func (pgxDriver) Unsent(err error) bool { return pgconn.SafeToRetry(err) }

func (pgxDriver) Closed(err error) bool { return errors.Is(err, pgconn.ErrConnClosed) }

func (pgxDriver) Commit(ctx context.Context, conn *sql.Conn) error {
	return raw(conn, func(c *pgx.Conn) error {
		tag, err := c.Exec(ctx, server.Commit)
		return committed(tag, err)
	})
}

func (pgxDriver) Send(ctx context.Context, conn *sql.Conn, steps []server.Step) (at int, err error) {
	at = -1
	err = raw(conn, func(c *pgx.Conn) (err error) {
		at, err = send(ctx, c, steps)
		return err
	})
	return at, err
}

// raw gives the driver's own connection, while no rows are read.
func raw(conn *sql.Conn, do func(*pgx.Conn) error) error {
	return conn.Raw(func(c any) error {
		own, ok := c.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("store: PostgreSQL's driver has other connections (%T) than it had", c)
		}
		return do(own.Conn())
	})
}

func send(ctx context.Context, conn *pgx.Conn, steps []server.Step) (at int, err error) {
	var batch pgx.Batch
	for i, s := range steps {
		args := make([]any, len(s.Args))
		for j, a := range s.Args {
			if args[j], err = driver.DefaultParameterConverter.ConvertValue(a); err != nil { // as database/sql does
				return i, err
			}
		}
		batch.Queue(s.Query, args...)
	}
	results := conn.SendBatch(ctx, &batch)
	at = -1
	for i, s := range steps {
		if err = read(s, results); err != nil {
			at = i
			break
		}
	}
	e := results.Close()
	if at >= 0 {
		if early, ok := errors.AsType[pgx.ErrPreprocessingBatch](err); ok {
			if i := slices.IndexFunc(steps, func(s server.Step) bool { return s.Query == early.SQL() }); i >= 0 {
				at = i
			}
		}
		return at, err
	}
	if steps[len(steps)-1].Query == server.Commit {
		return -1, nil // the server has said that it is committed, whatever came after
	}
	return -1, e
}

// read reads the result of a step.
func read(s server.Step, results pgx.BatchResults) error {
	if s.Dest == nil {
		tag, err := results.Exec()
		if s.Changed != nil {
			*s.Changed = tag.RowsAffected()
		}
		if s.Query == server.Commit {
			return committed(tag, err)
		}
		return err
	}
	err := results.QueryRow().Scan(s.Dest...)
	*s.Found = err == nil
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}

// committed is the error of a COMMIT by what the server says that it did.
func committed(tag pgconn.CommandTag, err error) error {
	if err == nil && tag.String() != "COMMIT" {
		return server.ErrAborted
	}
	return err
}
