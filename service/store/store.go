// Package store is the service's database: transactions, retries and
// migrations, on SQLite (the default) and on anything that speaks PostgreSQL's
// protocol. It is the only package that knows which of the two it is.
//
// Queries are written once, in the SQL that both understand: $1 places, ON
// CONFLICT, RETURNING, BYTEA, times as BIGINT microseconds. Not portable, and
// so not used: FOR UPDATE, COLLATE "C", SKIP LOCKED, LISTEN, advisory locks.
//
// Start reading at DB.Update and Tx. Package storetest runs a test on both databases.
package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"plenary/service/store/internal/hook"
)

// DB is the database with all its tables at their newest version.
type DB struct {
	kind    kind
	writing *sql.DB
	reading *sql.DB
	groups  *grouper // SQLite's writes
	queue   *queue   // for the connections, but those of groups
	lines   lines
	log     *slog.Logger
	reads   health
	writes  health
	hook    *hook.Hook // of tests
	// statements are those that were sent, beginnings and ends of transactions too.
	statements atomic.Int64
}

// Statements is how many statements were sent to the database since it was opened,
// beginnings and ends of transactions among them.
func (db *DB) Statements() int64 { return db.statements.Load() }

// Open opens the database and brings its tables to their newest version. The
// dsn is the path of a SQLite file, which is made if it is missing (0600), or
// a postgres:// URL.
//
// Errors: ErrOldDatabase and ErrNewerDatabase for what this version cannot use.
func Open(ctx context.Context, dsn string, log *slog.Logger) (*DB, error) {
	db, err := dial(dsn, log)
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx); err != nil {
		return nil, joinClose(err, db)
	}
	return db, nil
}

// Connect opens a database that is there already, with the tables that it has: those
// of an older version, if Pending says so.
//
// Errors: ErrEmptyDatabase, ErrOldDatabase and ErrNewerDatabase.
func Connect(ctx context.Context, dsn string, log *slog.Logger) (*DB, error) {
	db, err := dial(dsn, log)
	if err != nil {
		return nil, err
	}
	there, err := db.schema(ctx)
	if err == nil && there.count == 0 {
		err = ErrEmptyDatabase
	}
	if err == nil {
		_, err = db.Pending(ctx)
	}
	if err != nil {
		return nil, joinClose(err, db)
	}
	return db, nil
}

func dial(dsn string, log *slog.Logger) (*DB, error) {
	db := &DB{kind: kindOf(dsn), log: log}
	if err := db.connect(dsn); err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	if db.kind == sqliteKind {
		db.groups = newGrouper(db)
	}
	return db, nil
}

// Close gives all connections back. Transactions under way fail.
func (db *DB) Close() error {
	if db.groups != nil {
		db.groups.close()
	}
	err := db.writing.Close()
	if db.reading != db.writing {
		if e := db.reading.Close(); err == nil {
			err = e
		}
	}
	return err
}

// Micros turns a time into the microseconds since 1970 that tables hold. The
// zero time becomes 0.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Clock is a clock that gives times as they are kept, in microseconds UTC. What is
// answered before it is stored is then the same as what is read afterwards.
func Clock(now func() time.Time) func() time.Time {
	return func() time.Time { return Time(Micros(now())) }
}

// Time is the inverse of Micros, in UTC.
func Time(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
