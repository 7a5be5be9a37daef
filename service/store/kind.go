package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"plenary/service/store/internal/server"
)

// kind is which database it is. Each difference between them stands in this
// file, in write.go, judge.go, postgrestx.go and together.go; what is the driver's for
// PostgreSQL, in package postgres.
type kind int

const (
	sqliteKind kind = iota
	postgresKind
)

func (k kind) goose() goose.Dialect {
	if k == postgresKind {
		return goose.DialectPostgres
	}
	return goose.DialectSQLite3
}

// migrationLock keeps two nodes that start together from migrating at once. It
// is a row with a lease, since advisory locks are not portable. SQLite's file
// has one node only.
func (k kind) migrationLock() (lock.Locker, error) {
	if k != postgresKind {
		return nil, nil
	}
	return lock.NewPostgresTableLocker(
		lock.WithTableName("migration_lock"),
		lock.WithTableLockTimeout(250*time.Millisecond, 1200),
		lock.WithTableUnlockTimeout(250*time.Millisecond, 240),
	)
}

func (db *DB) connect(dsn string) error {
	if db.kind == postgresKind {
		pool, err := server.Registered().Open(dsn)
		if err != nil {
			return err
		}
		pool.SetConnMaxIdleTime(5 * time.Minute)
		db.writing, db.reading = pool, pool
		db.SetConnections(postgresConnections)
		return nil
	}
	// Made here, with these rights, and not by SQLite: the files beside it
	// (-wal, -shm) get the same ones.
	f, err := os.OpenFile(dsn, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if db.writing, err = openSQLite(dsn, "_txlock=immediate"); err != nil {
		return err
	}
	// One connection writes, so that writers queue in here, in order, and not
	// in SQLite's busy handler, which starves them.
	db.writing.SetMaxOpenConns(1)
	if db.reading, err = openSQLite(dsn, "_pragma=query_only(1)"); err != nil {
		return err
	}
	db.reading.SetMaxOpenConns(sqliteReaders)
	db.reading.SetMaxIdleConns(sqliteReaders)
	db.queue = newQueue(sqliteReaders)
	return nil
}

const (
	// postgresConnections are those of one node, unless SetConnections says otherwise.
	postgresConnections = 32
	sqliteReaders       = 8
)

func openSQLite(path, more string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	return sql.Open(sqliteDriver, fileURI(filepath.ToSlash(abs))+
		"?_pragma=busy_timeout(1000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+
		"&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&"+more)
}

// fileURI is how SQLite wants to hear of a file. Its absolute path has slashes,
// also on Windows, where C:/x becomes file:///C:/x (without the third slash, C:
// would be a host) and a share //host/x becomes file:////host/x.
func fileURI(path string) string {
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// vanished tells whether a row was to refer to one that is not there. On
// PostgreSQL that one may have been removed since the transaction looked; on
// SQLite, where one writes at a time, it was never there.
func vanished(err error) bool {
	code, ok := server.Registered().Code(err)
	return ok && code == "23503"
}

// constrained tells whether a table refused a row: for a value that is NULL, that
// another row has, or that a check is against.
func constrained(err error) bool {
	if code, ok := server.Registered().Code(err); ok {
		return code == "23502" || code == "23505" || code == "23514"
	}
	lite, ok := errors.AsType[*sqlite.Error](err)
	return ok && lite.Code()&0xff == sqlite3.SQLITE_CONSTRAINT && lite.Code() != sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
}

// missingTable tells whether a statement named a table that is not there.
func missingTable(err error) bool {
	if code, ok := server.Registered().Code(err); ok {
		return code == "42P01"
	}
	lite, ok := errors.AsType[*sqlite.Error](err)
	return ok && lite.Code() == sqlite3.SQLITE_ERROR && strings.Contains(lite.Error(), "no such table")
}

func joinClose(err error, db *DB) error {
	if e := db.Close(); e != nil {
		return fmt.Errorf("%w (and closing: %w)", err, e)
	}
	return err
}
