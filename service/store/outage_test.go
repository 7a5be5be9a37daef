package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/service/store"
	"plenary/service/store/storetest"
)

func openDSN(t *testing.T, dsn string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), dsn, testLog(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() }) // what is open may be broken
	return db
}

// put writes a setting, and tells how often its function ran.
func put(ctx context.Context, db *store.DB, name, value string) (ran int, err error) {
	err = db.Update(ctx, func(tx *store.Tx) error {
		ran++
		tx.WriteSetting(name, value)
		return nil
	})
	return ran, err
}

// refusedFor checks that work was refused for a reason.
func refusedFor(t *testing.T, what string, err error, reason store.Reason) {
	t.Helper()
	if u, ok := errors.AsType[*store.Unavailable](err); !ok || u.Reason != reason {
		t.Errorf("%s: %v, want %q", what, err, reason)
	}
}

// until waits until something is so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	deadline := time.After(20 * time.Second)
	for !so() {
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("not so: %s", what)
		}
	}
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// A server that stops and starts again is waited for; one that stays away is told.
func TestOutage_ofTheServerOnPostgres(t *testing.T) {
	server := storetest.NewServer(t)
	db := openDSN(t, server.DSN())
	if _, err := put(t.Context(), db, "before", "x"); err != nil {
		t.Fatal(err)
	}
	server.Stop()
	for name, work := range map[string]func(context.Context) error{
		"Update": func(ctx context.Context) error { _, err := put(ctx, db, "during", "x"); return err },
		"View": func(ctx context.Context) error {
			return db.View(ctx, func(tx *store.Tx) error { tx.Has(`SELECT 1`); return nil })
		},
		"Peek":  db.Ping,
		"Ready": db.Ready,
	} {
		refusedFor(t, name, work(within(t, 300*time.Millisecond)), store.Down)
	}
	var work sync.WaitGroup
	for i := range 20 {
		work.Go(func() {
			if i%2 == 0 {
				if _, err := put(t.Context(), db, fmt.Sprint("waits", i), "x"); err != nil {
					t.Errorf("%d: %v", i, err)
				}
			} else if err := db.Ping(t.Context()); err != nil {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	server.Start()
	work.Wait()
	if err := db.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if v, err := get(t, db, "waits0"); err != nil || v != "x" {
		t.Errorf("%q, %v", v, err)
	}
	if _, err := get(t, db, "during"); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("what was refused was done: %v", err)
	}
}

// Connections that are cut in the middle of transactions cost a repetition.
func TestOutage_cutConnectionsOnPostgres(t *testing.T) {
	server := storetest.NewServer(t)
	db := openDSN(t, server.DSN())
	ran := 0
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		if ran++; ran == 1 {
			server.CutConnections()
		}
		tx.WriteSetting("a", fmt.Sprint(ran))
		return nil
	})
	if v, e := get(t, db, "a"); err != nil || e != nil || v != "2" || ran != 2 {
		t.Errorf("%q after %d runs: %v, %v", v, ran, err, e)
	}
	ran = 0
	err = db.View(t.Context(), func(tx *store.Tx) error {
		if ran++; ran == 1 {
			server.CutConnections()
		}
		if got := tx.ReadSetting("a"); got != "2" && tx.Err() == nil {
			t.Errorf("read %q", got)
		}
		return nil
	})
	if err != nil || ran != 2 {
		t.Errorf("%d runs: %v", ran, err)
	}
}

// Where the end of a commit was lost, it is said so, or done again where that does
// no harm; what is not so is not said.
func TestOutage_lostCommitsOnPostgres(t *testing.T) {
	server := storetest.NewServer(t)
	line := server.NewLine()
	db := openDSN(t, line.DSN(server))
	for name, loss := range map[string]storetest.Loss{"the question": storetest.LoseCommit, "the answer": storetest.LoseAnswer} {
		line.LoseNext(loss)
		_, err := put(t.Context(), db, name, "x")
		if _, ok := errors.AsType[*store.OutcomeUnknown](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := get(t, db, name); (err == nil) != (loss == storetest.LoseAnswer) {
			t.Errorf("%s: %v", name, err)
		}
		line.LoseNext(loss)
		if ran, err := put(store.MayRepeat(t.Context()), db, name, "again"); err != nil || ran != 2 {
			t.Errorf("%s: %d runs, %v", name, ran, err)
		}
		if v, err := get(t, db, name); err != nil || v != "again" {
			t.Errorf("%s: %q, %v", name, v, err)
		}
	}
}

// Who waits for a row longer than there is time for is told, and waits no longer on
// the server either.
func TestOutage_heldRowsOnPostgres(t *testing.T) {
	server := storetest.NewServer(t)
	db := openDSN(t, server.DSN())
	db.SetConnections(6)
	if _, err := put(t.Context(), db, "held", "x"); err != nil {
		t.Fatal(err)
	}
	holds, free := make(chan struct{}), make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() {
		if err := db.Update(t.Context(), func(tx *store.Tx) error {
			tx.WriteSetting("held", "y")
			close(holds)
			<-free
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
	<-holds
	_, err := put(within(t, 300*time.Millisecond), db, "held", "z")
	refusedFor(t, "waiting for a row", err, store.Busy)
	until(t, "nobody waits on the server", func() bool { return server.Waiting() == 0 })

	// Those in one line leave connections for others, however many they are.
	for i := range 30 {
		work.Go(func() {
			_, err := put(store.InLine(within(t, 10*time.Second), "held"), db, "held", fmt.Sprint(i))
			if u, ok := errors.AsType[*store.Unavailable](err); err != nil && !ok {
				t.Errorf("%v, %v", err, u)
			}
		})
	}
	until(t, "four of the line wait on the server", func() bool { return server.Waiting() == 4 })
	if _, err := put(within(t, 5*time.Second), db, "other", "x"); err != nil {
		t.Errorf("other work: %v", err)
	}
	if n := server.Waiting(); n != 4 {
		t.Errorf("%d of the line have connections", n)
	}
	close(free)
	work.Wait()
}

// Whoever's time ends, at whatever moment of a transaction, is told so.
func TestOutage_timeThatEndsOnPostgres(t *testing.T) {
	server := storetest.NewServer(t)
	db := openDSN(t, server.DSN())
	if _, err := put(t.Context(), db, "busy", "x"); err != nil {
		t.Fatal(err)
	}
	write := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), rand.N(40*time.Millisecond))
		defer cancel()
		// READ COMMITTED: it stands on nothing that it reads.
		return db.UpdateCommitted(store.MayRepeat(ctx), func(tx *store.Tx) error {
			tx.Do(`UPDATE settings SET value = 'y' WHERE name = 'busy'`)
			tx.Do(`SELECT pg_sleep(0.002)`)
			return nil
		})
	}
	var work sync.WaitGroup
	for range 30 {
		work.Go(func() {
			for range 50 {
				err := write()
				_, refused := errors.AsType[*store.Unavailable](err)
				_, unknown := errors.AsType[*store.OutcomeUnknown](err)
				if err != nil && !refused && !unknown {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
}

// holdFile is this test binary as another process that holds a SQLite file.
const holdFile = "PLENARY_TEST_HOLD"

func TestMain(m *testing.M) {
	if path := os.Getenv(holdFile); path != "" {
		if err := hold(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// hold says when it holds the file, and does until its standard input ends.
func hold(path string) error {
	db, err := sql.Open("sqlite-keeping", path)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`BEGIN EXCLUSIVE`); err != nil {
		return err
	}
	fmt.Println("held")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// While another process holds the file, it is said so within the time there is, and
// to the many as fast as to one; afterwards all goes on.
func TestOutage_fileHeldByAnotherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plenary.db")
	db := openDSN(t, path)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	other := exec.Command(self)
	other.Env = append(os.Environ(), holdFile+"="+path)
	other.Stderr = t.Output()
	in, errIn := other.StdinPipe()
	out, errOut := other.StdoutPipe()
	if err := errors.Join(errIn, errOut, other.Start()); err != nil {
		t.Fatal(err)
	}
	if said, err := bufio.NewReader(out).ReadString('\n'); err != nil || said != "held\n" {
		t.Fatalf("%q, %v", said, err)
	}
	var work sync.WaitGroup
	for range 30 {
		work.Go(func() {
			_, err := put(within(t, 1500*time.Millisecond), db, "a", "1")
			refusedFor(t, "writing", err, store.Locked)
		})
	}
	work.Wait()
	refusedFor(t, "ready", db.Ready(within(t, 1500*time.Millisecond)), store.Locked)
	waits := make(chan error, 1)
	go func() { _, err := put(t.Context(), db, "a", "2"); waits <- err }()
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := other.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := <-waits; err != nil {
		t.Error(err)
	}
	if err := db.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// A disk without room takes nothing of what it has no room for, says so, and goes
// on when there is some.
func TestOutage_fullDisk(t *testing.T) {
	db := storetest.SQLite(t)
	limit := func(pages string) {
		t.Helper()
		if err := db.Update(t.Context(), func(tx *store.Tx) error { tx.Do(`PRAGMA max_page_count = ` + pages); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	var pages int
	if err := db.Update(t.Context(), func(tx *store.Tx) error { tx.Get(`PRAGMA page_count`).Into(&pages); return nil }); err != nil {
		t.Fatal(err)
	}
	limit(fmt.Sprint(pages + 20))
	large := strings.Repeat("x", 300_000)
	_, err := put(t.Context(), db, "large", large)
	refusedFor(t, "large", err, store.Full)
	refusedFor(t, "ready", db.Ready(t.Context()), store.Full)
	var work sync.WaitGroup
	for i := range 60 { // in groups with each other
		work.Go(func() {
			name, text := fmt.Sprint(i), "small"
			if i%3 == 0 {
				text = large
			}
			_, err := put(t.Context(), db, name, text)
			if i%3 == 0 {
				refusedFor(t, name, err, store.Full)
			} else if _, ok := errors.AsType[*store.Unavailable](err); err != nil && !ok {
				t.Errorf("%s: %v", name, err)
			}
			if _, kept := get(t, db, name); (kept == nil) != (err == nil) {
				t.Errorf("%s: kept %v, but %v", name, kept == nil, err)
			}
		})
	}
	work.Wait()
	limit("100000")
	if _, err := put(t.Context(), db, "large", large); err != nil {
		t.Error(err)
	}
	if err := db.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestRead_isTriedAgainAfterSerializationFailures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for name, read := range readers(db) {
			stop := storetest.InjectReadFaults(db, storetest.FaultsOf(storetest.FaultSerialization, storetest.FaultSerialization))
			ran := 0
			err := read(t.Context(), func(tx *store.Tx) error { ran++; tx.Has(`SELECT 1`); return nil })
			stop()
			if err != nil || ran != 3 {
				t.Errorf("%s: %d runs, %v", name, ran, err)
			}
		}
	})
}
