package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"plenary/platform/files"
	"plenary/service"
	"plenary/service/node"
	"plenary/service/store"
)

const backupAbout = `Writes a copy of the service's SQLite database to FILE, also while the service
runs: one state of it, complete and checked. FILE must not exist yet; without FILE
it is DIR/backup-DATE-TIME.db. The key is not in it: keep DIR/plenaryd.key and
DIR/plenaryd.json too, the key apart from the copies.

For PostgreSQL, use what you use for other databases (pg_dump, or the copies of a
whole cluster with pg_basebackup and its log).`

// postgresAdvice is what to do where plenaryd does nothing.
const postgresAdvice = `the database is PostgreSQL, which has its own tools:
  back up:  pg_dump --format=custom --file=plenary.dump "DATABASE"
  restore:  stop all nodes, then pg_restore --clean --if-exists --dbname="DATABASE" plenary.dump
  then:     plenaryd restore --data DIR
Keep plenaryd.key apart from the copies`

func runBackup(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "backup", "backup [FILE] --data DIR", backupAbout)
	data := f.String("data", "", "`DIR` with the service's data")
	rest, err := parseSome(f, args, 0)
	if err != nil {
		return err
	}
	if *data == "" {
		return wrongUsage("--data DIR is missing")
	}
	if len(rest) > 1 {
		return wrongUsage("%q is too much", rest[1])
	}
	c, err := readConfig(*data)
	if err != nil {
		return err
	}
	path := filepath.Join(*data, "backup-"+time.Now().UTC().Format("20060102-150405")+".db")
	if len(rest) == 1 {
		path = rest[0]
	}
	switch err := store.BackUp(ctx, c.database(*data), path); {
	case errors.Is(err, store.ErrPostgres):
		return errors.New(postgresAdvice)
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s exists already, and nothing is written over it", path)
	case err != nil:
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "The copy is complete: %s, %d KiB.\n", path, (info.Size()+1023)/1024)
	fmt.Fprintf(p.stdout, "It is worth nothing without %s: keep that apart from the copies.\n", filepath.Join(*data, keyFile))
	return nil
}

const restoreAbout = `Puts a copy that plenaryd backup has written in the place of the service's SQLite
database, and verifies it: that it is whole, that it belongs to the key in DIR, and
its audit log. The service must not run. The database of before stays beside it,
as DIR/plenaryd.db.before-DATE-TIME.

With PostgreSQL, whose own tools restore it, it is run after them without FILE.

What people did after the copy was made is not in it; programs whose registrations
it does not know send them again by themselves.`

func runRestore(ctx context.Context, p process, args []string) error {
	f := newFlags(p, "restore", "restore [FILE] --data DIR", restoreAbout)
	data := f.String("data", "", "`DIR` with the service's data")
	rest, err := parseSome(f, args, 0)
	switch {
	case err != nil:
		return err
	case len(rest) > 1:
		return wrongUsage("%q is too much", rest[1])
	case *data == "":
		return wrongUsage("--data DIR is missing")
	}
	c, err := readConfig(*data)
	if err != nil {
		return err
	}
	database := c.database(*data)
	switch postgres := store.IsPostgres(database); {
	case postgres && len(rest) > 0:
		return errors.New(postgresAdvice)
	case postgres: // which is restored by now
		if err := nobodyRuns(ctx, *data, c); err != nil {
			return err
		}
		return verifyRestored(ctx, p, *data)
	case len(rest) == 0:
		return wrongUsage("something is missing")
	}
	// Before anything is changed: it is a copy of a service, and of this one's key.
	if err := store.Examine(ctx, rest[0]); err != nil {
		return err
	}
	if err := belongs(ctx, *data, c, rest[0]); err != nil {
		return err
	}
	if err := nobodyRuns(ctx, *data, c); err != nil {
		return err
	}
	kept := database + ".before-" + time.Now().UTC().Format("20060102-150405")
	if err := store.Restore(ctx, rest[0], database, kept); err != nil {
		return err
	}
	if _, err := os.Stat(kept); err == nil {
		fmt.Fprintf(p.stdout, "The database of before is %s.\n", kept)
	}
	return verifyRestored(ctx, p, *data)
}

// belongs tells whether a copy is that of a service with the key in dir. It looks at
// a copy of the copy, since SQLite writes beside what it opens.
func belongs(ctx context.Context, dir string, c config, file string) error {
	trial := filepath.Join(dir, databaseFile+".trial")
	defer func() {
		for _, more := range []string{"", "-wal", "-shm"} {
			_ = files.RemoveIfThere(trial + more) // a copy of a copy
		}
	}()
	if err := store.Restore(ctx, file, trial, trial); err != nil {
		return err
	}
	c.Database = trial
	s, err := openWith(ctx, dir, c)
	if errors.Is(err, service.ErrPending) {
		return nil // it is older: it can be opened after "plenaryd migrate"
	}
	if err != nil {
		return fmt.Errorf("%s cannot be restored here: %w", file, err)
	}
	return s.Close()
}

// nobodyRuns refuses while a service uses the database, as far as there is one that
// can be read.
func nobodyRuns(ctx context.Context, dir string, c config) error {
	if _, err := os.Stat(c.database(dir)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	running, err := service.Running(ctx, c.database(dir))
	if err != nil || len(running) == 0 {
		return nil // it cannot be read: that is why it is restored
	}
	return fmt.Errorf("the service runs: %s. Stop it first; if it was killed, wait %d seconds", node.Names(running), int(node.Life.Seconds()))
}

// verifyRestored opens the restored database as commands do, and verifies its audit
// log.
func verifyRestored(ctx context.Context, p process, dir string) error {
	s, err := openService(ctx, dir, "")
	if errors.Is(err, service.ErrPending) {
		fmt.Fprintf(p.stdout, "Restored. It is from an older version: plenaryd migrate --data %s\n", shellWord(runtime.GOOS, dir))
		return nil
	}
	if err != nil {
		return err
	}
	r, err := s.Audit().Verify(ctx)
	if err = errors.Join(err, s.Restored(ctx), s.Close()); err != nil {
		return err
	}
	if r.Break != nil {
		return fmt.Errorf("it is restored, but its audit log is not whole: %s", r.Break)
	}
	fmt.Fprintf(p.stdout, "Restored and verified: the audit log is whole, %d entries.\n", r.Position+int64(r.Waiting))
	fmt.Fprintf(p.stdout, "Next: plenaryd serve --data %s\n", shellWord(runtime.GOOS, dir))
	return nil
}

// joined is a list for people.
func joined(list []string) string { return strings.Join(list, ", ") }
