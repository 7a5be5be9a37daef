package throttle

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

var start = time.Date(2026, 5, 10, 8, 0, 0, 0, time.UTC)

// world is a limiter whose clock and pauses a test holds.
type world struct {
	*Limiter
	t   *testing.T
	mu  sync.Mutex
	now time.Time
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := &world{t: t, now: start}
		w.Limiter = &Limiter{DB: db, Key: secret.Generate(), Now: func() time.Time {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.now
		}}
		test(t, w)
	})
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// take takes a slot of the budget of a name.
func (w *world) take(budgets ...Budget) []Budget {
	w.t.Helper()
	if err := w.Reserve(w.t.Context(), budgets); err != nil {
		w.t.Fatal(err)
	}
	return budgets
}

func (w *world) give(budgets []Budget, failed bool) {
	w.t.Helper()
	if err := w.GiveBack(w.t.Context(), budgets, failed); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) write(fn func(*store.Tx) error) error {
	return w.DB.UpdateCommitted(w.t.Context(), fn)
}

func asFull(err error) (*Full, bool) { return errors.AsType[*Full](err) }

func (w *world) spend(b ...Budget) error {
	return w.write(func(tx *store.Tx) error { return w.Spend(tx, b...) })
}

func (w *world) number(query string, args ...any) (n int) {
	w.t.Helper()
	err := w.DB.View(w.t.Context(), func(tx *store.Tx) error {
		tx.Get(query, args...).Into(&n)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) inFlight() int {
	return w.number(`SELECT COALESCE(SUM(in_flight + in_flight_before), 0) FROM limits`)
}

// impatient makes whoever waits give up at the first pause.
var errPaused = errors.New("it would wait")

func (w *world) impatient() {
	w.Pause = func(context.Context, time.Duration) error { return errPaused }
}

func (w *world) three() Budget { return w.Budget("test", 3, time.Hour, []byte("x")) }

func TestReserve_countsFailuresAndTriesInFlight(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first, second, third := w.take(w.three()), w.take(w.three()), w.take(w.three())
		// All are in flight: the next one waits until one comes back.
		w.Pause = func(context.Context, time.Duration) error {
			w.give(first, false)
			return nil
		}
		fourth := w.take(w.three())
		w.give(fourth, true)
		w.give(second, true)
		w.give(third, true)
		full, ok := asFull(w.Reserve(t.Context(), []Budget{w.three()}))
		if !ok || !full.Spent || !full.Until.Equal(start.Add(time.Hour)) || full.Wait(w.Now()) != time.Hour {
			t.Errorf("got %+v", full)
		}
		w.pass(time.Hour)
		late := w.take(w.three())
		w.pass(time.Hour)
		for range 3 {
			w.give(w.take(w.three()), false)
		}
		w.give(late, true) // of a window that is over: counts nowhere
		if n := w.number(`SELECT failures FROM limits`); n != 0 || w.inFlight() != 0 {
			t.Errorf("%d failures, %d in flight", n, w.inFlight())
		}
	})
}

func TestReserve_waitsForFiveSecondsInAll(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 3 {
			w.take(w.three())
		}
		var waited time.Duration
		w.Pause = func(_ context.Context, d time.Duration) error {
			waited += d
			return nil
		}
		full, ok := asFull(w.Reserve(t.Context(), []Budget{w.three()}))
		if !ok || full.Spent || full.BackingOff || full.Wait(w.Now()) != LongestWait {
			t.Errorf("got %+v", full)
		}
		if waited < LongestWait || waited > LongestWait+2*longestPause {
			t.Errorf("it waited for %v", waited)
		}
	})
}

// crowd has n tries wait for a slot of a budget that others hold, and gives the error of
// each. The first of them looks again at each go.
func (w *world) crowd(n int) (look chan<- struct{}, errs <-chan error) {
	w.t.Helper()
	looks, answers, looking := make(chan struct{}), make(chan error, n), make(chan struct{})
	began := sync.OnceFunc(func() { close(looking) })
	w.Pause = func(context.Context, time.Duration) error {
		began()
		<-looks
		return nil
	}
	try := func() {
		budgets := []Budget{w.three()}
		err := w.Reserve(w.t.Context(), budgets)
		if err == nil {
			err = w.GiveBack(w.t.Context(), budgets, false)
		}
		answers <- err
	}
	go try()
	<-looking
	for range n - 1 {
		go try()
	}
	for w.waiting() < n {
		time.Sleep(time.Millisecond)
	}
	return looks, answers
}

// waiting counts those who wait in lines.
func (w *world) waiting() (n int) {
	w.lines.mu.Lock()
	defer w.lines.mu.Unlock()
	for _, l := range w.lines.named {
		n += l.users
	}
	return n
}

// However many wait for a slot, they ask no more often than one, and all get theirs.
func TestReserve_ofManyWhoWaitOneAsks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.longest = time.Hour
		held := [][]Budget{w.take(w.three()), w.take(w.three()), w.take(w.three())}
		const many = 200
		look, errs := w.crowd(many)
		before := w.DB.Statements()
		look <- struct{}{}
		look <- struct{}{} // it has looked once, in vain
		if asked := w.DB.Statements() - before; asked > 20 {
			t.Errorf("%d statements for one look of %d who wait", asked, many)
		}
		for _, h := range held {
			w.give(h, false)
		}
		close(look)
		for range many {
			if err := <-errs; err != nil {
				t.Errorf("one who waited: %v", err)
			}
		}
		if n := w.waiting(); n != 0 || w.inFlight() != 0 {
			t.Errorf("%d wait, %d slots in flight", n, w.inFlight())
		}
	})
}

// When nothing is left, all who wait hear of it at once, and cost no more than the first.
func TestReserve_manyWhoWaitAreRefusedTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.longest = time.Hour
		held := [][]Budget{w.take(w.three()), w.take(w.three()), w.take(w.three())}
		const many = 200
		look, errs := w.crowd(many)
		for _, h := range held {
			w.give(h, true)
		}
		before := w.DB.Statements()
		close(look)
		for range many {
			if full, ok := asFull(<-errs); !ok || !full.Spent {
				t.Errorf("one who waited: %v", full)
			}
		}
		if asked := w.DB.Statements() - before; asked > 30 {
			t.Errorf("%d statements to refuse %d", asked, many)
		}
		w.pass(time.Hour)
		w.give(w.take(w.three()), false) // the next window
		if n := w.waiting(); n != 0 {
			t.Errorf("%d wait", n)
		}
	})
}

// Who waits in line gives up with its context, and after LongestWait.
func TestReserve_manyWhoWaitInLineGiveUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 3 {
			w.take(w.three())
		}
		look, errs := w.crowd(1)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- w.Reserve(ctx, []Budget{w.three()}) }()
		for w.waiting() < 2 {
			time.Sleep(time.Millisecond)
		}
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if full, ok := asFull(w.Reserve(t.Context(), []Budget{w.three()})); !ok || full.Spent || full.Wait(w.Now()) != LongestWait {
			t.Errorf("got %+v", full)
		}
		close(look)
		if full, ok := asFull(<-errs); !ok || full.Spent {
			t.Errorf("the first: %+v", full)
		}
		if n := w.waiting(); n != 0 {
			t.Errorf("%d wait", n)
		}
	})
}

func TestReserve_givesUpWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 3 {
			w.take(w.three())
		}
		ctx, cancel := context.WithCancel(t.Context())
		w.Pause = func(ctx context.Context, d time.Duration) error {
			cancel()
			return sleep(ctx, time.Hour)
		}
		if err := w.Reserve(ctx, []Budget{w.three()}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestReserve_takesAllOrNone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		wide, narrow := w.Budget("wide", 100, time.Hour, []byte("x")), w.Budget("narrow", 1, time.Hour, []byte("x"))
		if err := w.spend(narrow); err != nil {
			t.Fatal(err)
		}
		full, ok := asFull(w.Reserve(t.Context(), []Budget{wide, narrow}))
		if !ok || full.Kind != "narrow" || !full.Spent {
			t.Errorf("got %+v", full)
		}
		if n := w.inFlight(); n != 0 {
			t.Errorf("%d slots are in flight", n)
		}
	})
}

// The slots of a node that was killed come back within two leases, also while others
// use the counter all the time.
func TestReserve_takesTheSlotsOfADeadNodeBackWhileTheCounterIsBusy(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.impatient()
		for range 2 {
			w.take(w.three()) // and never given back
		}
		living := w.take(w.three())
		if err := w.Reserve(t.Context(), []Budget{w.three()}); !errors.Is(err, errPaused) {
			t.Fatalf("a fourth slot of three: %v", err)
		}
		w.give(living, false)
		for range 8 {
			w.pass(Lease / 4)
			w.give(w.take(w.three()), false)
		}
		w.take(w.three())
		w.take(w.three())
		w.take(w.three())
		if n := w.inFlight(); n != 3 {
			t.Errorf("%d slots in flight", n)
		}
	})
}

// A slot is in use for a whole lease, whenever in it it was taken, and given back
// from the one before.
func TestRelease_givesBackASlotOfTheLeaseBefore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.impatient()
		w.pass(Lease - time.Microsecond)
		old := w.take(w.three())
		w.pass(time.Microsecond)
		w.take(w.three())
		w.take(w.three())
		if err := w.Reserve(t.Context(), []Budget{w.three()}); !errors.Is(err, errPaused) {
			t.Fatalf("the slot of before is not counted: %v", err)
		}
		w.give(old, false)
		w.take(w.three())
		w.pass(2 * Lease)
		w.give(old, false) // of a lease that nobody knows of any more
		w.take(w.three())
		if n := w.inFlight(); n != 1 {
			t.Errorf("%d slots in flight", n)
		}
	})
}

func TestRelease_growingWaitsAndNotice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := func() Budget {
			b := w.Budget("name", 10, 24*time.Hour, []byte("x"))
			b.BacksOff, b.Notifies = true, true
			return b
		}
		for failure := 1; failure <= 10; failure++ {
			slots := w.take(b())
			var usedUp bool
			if err := w.write(func(tx *store.Tx) error {
				usedUp = w.Release(tx, slots, true)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if usedUp != (failure == 10) {
				t.Errorf("failure %d: used up %v", failure, usedUp)
			}
			if failure <= FreeFailures {
				w.give(w.take(b()), false)
				continue
			}
			full, ok := asFull(w.Reserve(t.Context(), []Budget{b()}))
			switch {
			case failure == 10:
				if !ok || !full.Spent || full.BackingOff {
					t.Errorf("failure %d: %+v", failure, full)
				}
				return
			}
			want := min(ShortestWait<<(failure-FreeFailures-1), WidestWait)
			if !ok || !full.BackingOff || full.Until.Sub(w.Now()) != want {
				t.Errorf("failure %d: %+v, want %v", failure, full, want)
			}
			w.pass(want)
		}
	})
}

func TestSucceed_forgetsFailuresButThoseThatManyShare(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		own, shared := w.three(), w.Budget("network", 3, time.Hour, []byte("x"))
		shared.Shared = true
		w.give(w.take(shared, own), true)
		slots := w.take(own, shared)
		if err := w.write(func(tx *store.Tx) error {
			w.Succeed(tx, slots)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		var counts []int
		if err := w.write(func(tx *store.Tx) error {
			counts = w.Failures(tx, own, shared)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(counts) != "[0 1]" || w.inFlight() != 0 {
			t.Errorf("failures %v, %d in flight", counts, w.inFlight())
		}
	})
}

func TestSpend_isAllOrNone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		wide, narrow := w.Budget("wide", 100, time.Hour, []byte("x")), w.Budget("narrow", 2, time.Hour, []byte("x"))
		for range 2 {
			if err := w.spend(wide, narrow); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if full, ok := asFull(w.spend(wide, narrow)); !ok || full.Kind != "narrow" {
				t.Errorf("got %+v", full)
			}
			if _, ok := asFull(w.RefuseSpent(t.Context(), wide, narrow)); !ok {
				t.Error("it is not known before")
			}
		}
		if n := w.number(`SELECT SUM(failures) FROM limits`); n != 4 {
			t.Errorf("%d were spent", n)
		}
		w.pass(time.Hour)
		if err := errors.Join(w.RefuseSpent(t.Context(), narrow), w.spend(wide, narrow)); err != nil {
			t.Error(err)
		}
	})
}

// Whoever takes the same counters in whatever order waits for nobody for ever.
func TestReserve_inOneOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				for n := range 20 {
					one, other := w.Budget("a", 1000, time.Hour, []byte("x")), w.Budget("b", 1000, time.Hour, []byte("x"))
					one.Shared = true
					budgets := []Budget{one, other}
					if (i+n)%2 == 0 {
						budgets = []Budget{other, one}
					}
					if err := w.Reserve(t.Context(), budgets); err != nil {
						t.Error(err)
						return
					}
					if err := w.GiveBack(t.Context(), budgets, n%2 == 0); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if n := w.number(`SELECT SUM(failures) FROM limits`); n != 2*16*10 || w.inFlight() != 0 {
			t.Errorf("%d failures, %d in flight", n, w.inFlight())
		}
	})
}

func TestForget(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.give(w.take(w.three()), true)
		if err := w.write(func(tx *store.Tx) error {
			Forget(tx, w.three(), w.Budget("other", 1, time.Hour, nil))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if n := w.number(`SELECT failures FROM limits`); n != 0 {
			t.Errorf("%d failures", n)
		}
	})
}
