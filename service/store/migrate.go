package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/pressly/goose/v3"
)

// folder has the migrations.
const folder = "migrations"

//go:embed migrations/*.sql
var migrations embed.FS

// firstVersion is the number of the first migration. A database with lower ones
// is from before the first release, when the tables were others: until then, whoever
// changes a table adds a hundred to the numbers of all.
const firstVersion = 601

// ErrOldDatabase is returned for a database from before the first release, whose
// data no migration takes over. Nothing in it was changed.
var ErrOldDatabase = errors.New("store: the database is from before the first release")

// ErrNewerDatabase is returned for a database that a newer version of the service
// has migrated. Nothing in it was changed.
var ErrNewerDatabase = errors.New("store: the database is from a newer version of the service")

// ErrEmptyDatabase is returned by Connect for a database without any tables.
var ErrEmptyDatabase = errors.New("store: the database is empty")

// known are the numbers of all migrations of this version, in order.
var known = func() []int64 {
	list, err := versions(migrations)
	if err != nil {
		panic("store: the names of migrations: " + err.Error())
	}
	return list
}()

// Newest is the number of the newest migration of this version.
func Newest() int64 { return known[len(known)-1] }

// Pending tells how many migrations the database has not had yet. One statement
// tells it. Errors: ErrOldDatabase, ErrNewerDatabase.
func (db *DB) Pending(ctx context.Context) (int, error) {
	there, err := db.schema(ctx)
	switch {
	case err != nil:
		return 0, fmt.Errorf("store: read the version of the tables: %w", err)
	case there.count > 0 && there.oldest < firstVersion:
		return 0, ErrOldDatabase
	case there.newest > Newest():
		return 0, ErrNewerDatabase
	}
	return len(known) - there.count, nil
}

// Migrate brings the tables to their newest version. Several may do it at once: one
// does, and the others find nothing to do. Errors: ErrOldDatabase, ErrNewerDatabase.
func (db *DB) Migrate(ctx context.Context) error {
	pending, err := db.Pending(ctx)
	if err != nil || pending == 0 {
		return err
	}
	if err := db.migrate(ctx); err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	return nil
}

func (db *DB) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithSlog(db.log)}
	locker, err := db.kind.migrationLock()
	if err != nil {
		return err
	}
	if locker != nil {
		options = append(options, goose.WithLocker(locker))
	}
	provider, err := goose.NewProvider(db.kind.goose(), db.writing, files, options...)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// Schema is in SQL what Pending reads.
const Schema = `SELECT COUNT(*) FROM goose_db_version`

// schema says which migrations a database has had.
type schema struct {
	oldest, newest int64
	count          int
}

// schema reads goose's table; a database without it is empty.
func (db *DB) schema(ctx context.Context) (s schema, err error) {
	// Goose itself puts in a version 0.
	err = db.writing.QueryRowContext(ctx, `SELECT COALESCE(MIN(version_id), 0), COALESCE(MAX(version_id), 0), COUNT(*)
		FROM goose_db_version WHERE version_id > 0`).Scan(&s.oldest, &s.newest, &s.count)
	if missingTable(err) {
		return schema{}, nil
	}
	return s, err
}

// versions are the numbers of the migrations, in order. Of two with one number goose makes
// no database: it is an error, and so nothing that has them starts.
func versions(files fs.FS) ([]int64, error) {
	names, err := fs.Glob(files, folder+"/*.sql")
	if err != nil {
		return nil, err
	}
	var list []int64
	for _, name := range names {
		v, err := goose.NumericComponent(path.Base(name))
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		if slices.Contains(list, v) {
			return nil, fmt.Errorf("migration %s: there is another one with this number", name)
		}
		list = append(list, v)
	}
	return list, nil
}
