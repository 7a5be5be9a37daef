package job_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plenary/service/job"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// clock is the service's clock, which tests move.
type clock struct{ us atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.us.Store(store.Micros(time.Date(2026, 11, 28, 20, 0, 0, 0, time.UTC)))
	return c
}

func (c *clock) now() time.Time          { return store.Time(c.us.Load()) }
func (c *clock) forward(d time.Duration) { c.us.Add(d.Microseconds()) }

// text is a log that can be read while it is written.
type text struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *text) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *text) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// node is one of several on a database.
type node struct {
	*job.Runner
	t *testing.T
}

func newNode(t *testing.T, db *store.DB, c *clock, log *text, jobs []job.Job, copies ...job.Copy) node {
	return node{job.New(db, slog.New(slog.NewTextHandler(log, nil)), c.now, jobs, copies), t}
}

// round looks once, and waits for what that began.
func (n node) round() {
	n.Look(n.t.Context())
	n.Wait()
}

func change(t *testing.T, db *store.DB, query string, args ...any) {
	t.Helper()
	if err := db.Update(t.Context(), func(tx *store.Tx) error { tx.Do(query, args...); return nil }); err != nil {
		t.Fatal(err)
	}
}

func status(n node, name string) job.Status {
	for _, s := range n.Status() {
		if s.Name == name {
			return s
		}
	}
	return job.Status{}
}

func TestRunner_doesWorkOnOneNodeInItsTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c, ran := newClock(), 0
		jobs := []job.Job{{Name: "tidy", Every: time.Hour, Do: func(context.Context) error { ran++; return nil }}}
		nodes := []node{newNode(t, db, c, &text{}, jobs), newNode(t, db, c, &text{}, jobs)}
		expect := func(when string, want int) {
			t.Helper()
			for _, n := range nodes {
				n.round()
				n.round()
			}
			if ran != want {
				t.Errorf("%s: ran %d times, want %d", when, ran, want)
			}
		}
		expect("at the start", 1)
		c.forward(59 * time.Minute)
		expect("before its time", 1)
		c.forward(time.Minute)
		expect("at its time", 2)
		if s := status(nodes[0], "tidy"); !s.Done.Equal(c.now()) || s.Failed != 0 {
			t.Errorf("%+v", s)
		}
		done := int64(0)
		if err := db.Peek(t.Context(), func(tx *store.Tx) error {
			tx.Get(`SELECT done_at FROM jobs WHERE name = 'tidy'`).Into(&done)
			return nil
		}); err != nil || done != store.Micros(c.now()) {
			t.Errorf("done at %d, %v", done, err)
		}
	})
}

func TestRunner_worksWhenThereIsSomethingToDo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClock()
		var one, each atomic.Int64
		jobs := []job.Job{
			{Name: "one", If: `EXISTS (SELECT 1 FROM settings WHERE name = 'work')`, Do: func(context.Context) error { one.Add(1); return nil }},
			{Name: "each", EachNode: true, If: `EXISTS (SELECT 1 FROM probes WHERE at <= $1)`, Do: func(context.Context) error { each.Add(1); return nil }},
			{Name: "often", EachNode: true, Every: time.Minute, Do: func(context.Context) error { return nil }},
		}
		a, b := newNode(t, db, c, &text{}, jobs), newNode(t, db, c, &text{}, jobs)
		rounds := func() (int64, int64) {
			one.Store(0)
			each.Store(0)
			a.round()
			b.round()
			return one.Load(), each.Load()
		}
		if o, e := rounds(); o != 0 || e != 0 {
			t.Errorf("without work: %d, %d", o, e)
		}
		change(t, db, `INSERT INTO settings (name, value) VALUES ('work', '')`)
		change(t, db, `INSERT INTO probes (id, at) VALUES (7, $1)`, store.Micros(c.now().Add(time.Second)))
		if o, e := rounds(); o != 2 || e != 0 { // one after the other
			t.Errorf("with work for one: %d, %d", o, e)
		}
		c.forward(time.Second)
		if o, e := rounds(); o != 2 || e != 2 {
			t.Errorf("with work for each: %d, %d", o, e)
		}
	})
}

// While a node works, or after it has died in the middle, the others leave it alone
// until the lease is over.
func TestRunner_leavesLeasedWorkAloneAtOnceAndAfterAKill(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newClock()
		var ran atomic.Int64
		begun, end := make(chan struct{}, 1), make(chan struct{})
		slow := []job.Job{{Name: "slow", Every: time.Minute, Do: func(context.Context) error {
			ran.Add(1)
			begun <- struct{}{}
			<-end
			return nil
		}}}
		a, b := newNode(t, db, c, &text{}, slow), newNode(t, db, c, &text{}, slow)
		a.Look(t.Context())
		<-begun
		for range 3 {
			a.Look(t.Context())
			b.round()
		}
		if ran.Load() != 1 {
			t.Errorf("begun %d times at once", ran.Load())
		}
		close(end)
		a.Wait()
		change(t, db, `UPDATE jobs SET lease = 'of one that died', lease_until = $1, next_at = 0`, store.Micros(c.now().Add(10*time.Minute)))
		c.forward(2 * time.Minute)
		b.round()
		if ran.Load() != 1 {
			t.Error("the lease was not respected")
		}
		c.forward(8 * time.Minute)
		b.round()
		if ran.Load() != 2 {
			t.Error("the lease never ends")
		}
	})
}

// A failure and a panic are logged once and counted, never stop the service, and the
// work is done again at its next time.
func TestRunner_goesOnAfterFailuresAndPanics(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, eachNode := range []bool{false, true} {
			c, log := newClock(), &text{}
			var mode atomic.Value
			mode.Store("panic")
			ran := 0
			jobs := []job.Job{{Name: "poisoned", EachNode: eachNode, Every: time.Hour, Do: func(context.Context) error {
				ran++
				switch mode.Load() {
				case "panic":
					panic("amina@example.org")
				case "fail":
					return errors.New("it did not work")
				}
				return nil
			}}}
			change(t, db, `DELETE FROM jobs`)
			n := newNode(t, db, c, log, jobs)
			for range 3 {
				n.round()
				n.round() // not before its time
				c.forward(time.Minute)
			}
			if s := status(n, "poisoned"); ran != 3 || s.Panics != 3 || s.Failed != 3 || !s.Done.IsZero() {
				t.Errorf("after %d panics: %+v", ran, s)
			}
			said := log.String()
			if strings.Contains(said, "amina") || strings.Count(said, `msg="a job failed"`) != 1 || !strings.Contains(said, "job_test.go") {
				t.Errorf("the log:\n%s", said)
			}
			mode.Store("fail")
			n.round()
			mode.Store("work")
			c.forward(time.Minute)
			n.round()
			c.forward(time.Minute)
			n.round()
			if s := status(n, "poisoned"); ran != 5 || s.Panics != 3 || s.Failed != 4 || s.Done.IsZero() || !strings.Contains(log.String(), "works again") {
				t.Errorf("in the end, after %d: %+v", ran, s)
			}
		}
	})
}

// A database that takes no work for the moment is a warning, and no defect of a job.
func TestRunner_faultsOfTheDatabaseAreWarnings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for level, cause := range map[string]error{
			"WARN":  &store.Unavailable{Reason: store.Locked, Err: errors.New("another process has it")},
			"ERROR": errors.New("it did not work"),
		} {
			c, log := newClock(), &text{}
			change(t, db, `DELETE FROM jobs`)
			n := newNode(t, db, c, log, []job.Job{{Name: "hindered", Every: time.Hour, Do: func(context.Context) error {
				return fmt.Errorf("job: %w", cause)
			}}})
			n.round()
			if said := log.String(); !strings.Contains(said, `level=`+level+` msg="a job failed"`) {
				t.Errorf("of %v the log says:\n%s", cause, said)
			}
		}
	})
}

// What begins as trouble of the database and goes on as a defect is logged as both, and
// each of them once.
func TestRunner_saysWhenAFailureGetsWorse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c, log := newClock(), &text{}
		causes := []error{
			&store.Unavailable{Reason: store.Locked, Err: errors.New("another process has it")}, errors.New("it did not work"),
		}
		round := 0
		n := newNode(t, db, c, log, []job.Job{{Name: "hindered", Every: time.Second, Do: func(context.Context) error {
			round++
			return causes[min((round-1)/2, 1)]
		}}})
		for range 4 {
			n.round()
			c.forward(time.Hour)
		}
		said := log.String()
		if round != 4 || strings.Count(said, `level=WARN msg="a job failed"`) != 1 || strings.Count(said, `level=ERROR msg="a job failed"`) != 1 {
			t.Errorf("after %d runs the log says:\n%s", round, said)
		}
	})
}

func TestRunner_refreshesCopiesThatHaveChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c, log, read, fail := newClock(), &text{}, 0, false
		n := newNode(t, db, c, log, nil, job.Copy{Name: "policies", Of: `SELECT value FROM settings WHERE name = 'policies'`, Refresh: func(context.Context) error {
			read++
			if fail {
				return errors.New("not now")
			}
			return nil
		}})
		expect := func(when string, want int) {
			t.Helper()
			n.round()
			n.round()
			if read != want {
				t.Errorf("%s: read %d times, want %d", when, read, want)
			}
		}
		expect("at the start", 1)
		change(t, db, `INSERT INTO settings (name, value) VALUES ('policies', '1')`)
		expect("set", 2)
		change(t, db, `UPDATE settings SET value = '2' WHERE name = 'policies'`)
		fail = true
		expect("changed, and failing", 4) // tried again
		fail = false
		expect("changed", 5)
		if !strings.Contains(log.String(), "policies") {
			t.Error("the failure is not in the log")
		}
	})
}

// An idle node asks one thing a look, whatever it has to do.
func TestRunner_asksOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		never := func(context.Context) error { t.Error("it ran"); return nil }
		var jobs []job.Job
		for _, name := range []string{"a", "b", "c"} {
			jobs = append(jobs, job.Job{Name: name, If: `EXISTS (SELECT 1 FROM probes)`, Do: never}, job.Job{Name: name + name, EachNode: true, If: `1 = 0`, Do: never})
		}
		n := newNode(t, db, newClock(), &text{}, jobs, job.Copy{Name: "c", Of: `SELECT COUNT(*) FROM probes`, Refresh: func(context.Context) error { return nil }})
		n.round()
		before := db.Statements()
		for range 10 {
			n.round()
		}
		if asked := db.Statements() - before; asked != 10 {
			t.Errorf("%d statements in 10 looks", asked)
		}
	})
}

// What is under way when the service ends is told, waited for, and free for the next.
func TestRunner_endsWithItsContext(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		begun, ended := make(chan struct{}), atomic.Bool{}
		n := newNode(t, db, newClock(), &text{}, []job.Job{{Name: "long", Do: func(ctx context.Context) error {
			close(begun)
			<-ctx.Done()
			ended.Store(true)
			return ctx.Err()
		}}})
		over := make(chan struct{})
		go func() { n.Run(ctx); close(over) }()
		<-begun
		cancel()
		<-over
		if !ended.Load() {
			t.Error("it was not waited for")
		}
		if err := db.View(t.Context(), func(tx *store.Tx) error {
			if tx.Has(`SELECT 1 FROM jobs WHERE lease_until > 0`) {
				t.Error("it is leased still")
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
}
