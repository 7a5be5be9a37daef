package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"plenary/platform/files"
)

// ErrPostgres is returned by BackUp and Restore for a database that has tools of
// its own for that.
var ErrPostgres = errors.New("store: PostgreSQL has its own tools for backups")

// IsPostgres tells whether a dsn is that of PostgreSQL, and not a SQLite file's path.
func IsPostgres(dsn string) bool { return kindOf(dsn) == postgresKind }

// BackUp writes a copy of a SQLite database to a file that must not exist yet, also
// while a service uses the database: one state of it, complete, on disk and checked
// when BackUp returns. Errors: fs.ErrExist, ErrPostgres.
func BackUp(ctx context.Context, dsn, path string) (err error) {
	if IsPostgres(dsn) {
		return ErrPostgres
	}
	if _, err := os.Stat(dsn); err != nil {
		return fmt.Errorf("store: back up: %w", err)
	}
	// Made here, for its owner alone; SQLite takes an empty file.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("store: back up: %w", err)
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			err = errors.Join(err, files.RemoveIfThere(path))
		}
	}()
	db, err := openSQLite(dsn, "")
	if err != nil {
		return fmt.Errorf("store: back up: %w", err)
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO $1`, path)
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("store: back up: %w", err)
	}
	if err := f.Sync(); err != nil { // SQLite does not
		return fmt.Errorf("store: back up: %w", err)
	}
	if err := files.SyncFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("store: back up: %w", err)
	}
	return Examine(ctx, path)
}

// Examine reads a SQLite file from end to end and tells what is wrong with it. It
// changes nothing in it and leaves no other file beside it.
func Examine(ctx context.Context, path string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("store: examine: %w", err)
	}
	db, err := sql.Open(sqliteDriver, fileURI(filepath.ToSlash(abs))+"?mode=ro&immutable=1")
	if err != nil {
		return fmt.Errorf("store: examine: %w", err)
	}
	var found string
	err = db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&found)
	if err == nil && found != "ok" {
		err = fmt.Errorf("%s is damaged: %s", path, found)
	}
	var services int
	if err == nil {
		err = db.QueryRowContext(ctx, `SELECT COUNT(*) FROM settings WHERE name = 'service-id'`).Scan(&services)
	}
	if err == nil && services == 0 {
		err = fmt.Errorf("%s holds no service", path)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("store: examine: %w", err)
	}
	return nil
}

// besides are the files that SQLite keeps beside a database's.
var besides = []string{"", "-wal", "-shm"}

// Restore puts a copy of a file that BackUp made in the place of a SQLite database,
// which nobody may be using; the one of before is kept under the name of kept, if
// there was one. Error: ErrPostgres.
func Restore(ctx context.Context, from, dsn, kept string) error {
	if IsPostgres(dsn) {
		return ErrPostgres
	}
	if err := Examine(ctx, from); err != nil {
		return err
	}
	fresh := dsn + ".restoring"
	if err := copyFile(from, fresh); err != nil {
		return errors.Join(fmt.Errorf("store: restore: %w", err), files.RemoveIfThere(fresh))
	}
	for _, more := range besides {
		if _, err := os.Stat(dsn + more); err != nil {
			continue
		}
		if err := files.Rename(dsn+more, kept+more); err != nil {
			return fmt.Errorf("store: restore: keep what was there: %w", err)
		}
	}
	if err := files.Rename(fresh, dsn); err != nil {
		return fmt.Errorf("store: restore: %w", err)
	}
	if err := files.SyncFolder(filepath.Dir(dsn)); err != nil {
		return fmt.Errorf("store: restore: %w", err)
	}
	return Examine(ctx, dsn)
}

// copyFile copies a file for its owner alone; it is on disk when it returns.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}
