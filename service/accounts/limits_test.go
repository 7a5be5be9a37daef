package accounts

import (
	"context"
	"errors"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/store"
)

func TestReserve_countsFailuresAndTriesInFlight(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := func() []budget { return []budget{w.budget("test", 3, time.Hour, []byte("x"))} }
		take := func() []budget {
			t.Helper()
			slot := b()
			if err := w.reserve(t.Context(), slot); err != nil {
				t.Fatal(err)
			}
			return slot
		}
		giveBack := func(slot []budget, failed bool) {
			t.Helper()
			if err := w.giveBack(t.Context(), slot, failed); err != nil {
				t.Fatal(err)
			}
		}
		first, second, third := take(), take(), take()
		// All are in flight: the next one waits until one comes back.
		fourth := make(chan error)
		waiting := b()
		go func() { fourth <- w.reserve(t.Context(), waiting) }()
		giveBack(first, false)
		if err := <-fourth; err != nil {
			t.Fatal(err)
		}
		giveBack(waiting, true)
		giveBack(second, true)
		giveBack(third, true)
		full, ok := errors.AsType[*errFull](w.reserve(t.Context(), b()))
		if !ok || !full.spent || !full.until.Equal(start.Add(time.Hour)) {
			t.Errorf("got %+v", full)
		}
		// Another node died with a slot: it counts until the window ends.
		w.pass(time.Hour)
		late := take()
		w.pass(time.Hour)
		for range 3 {
			giveBack(take(), false)
		}
		giveBack(late, true) // of a window that is over: counts nowhere
		if n := w.rows(`SELECT failures + flight FROM limits`); n != 0 {
			t.Errorf("%d slots are taken", n)
		}
	})
}

func TestReserve_takesAllOrNone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		wide, narrow := w.budget("wide", 100, time.Hour, []byte("x")), w.budget("narrow", 1, time.Hour, []byte("x"))
		if err := w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return w.spend(ctx, tx, narrow) }); err != nil {
			t.Fatal(err)
		}
		full, ok := errors.AsType[*errFull](w.reserve(t.Context(), []budget{wide, narrow}))
		if !ok || full.kind != "narrow" || !full.spent {
			t.Errorf("got %+v", full)
		}
		if n := w.rows(`SELECT COUNT(*) FROM limits`); n != 1 {
			t.Errorf("%d counters", n)
		}
	})
}

func TestReserve_givesUpWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := func() []budget { return []budget{w.budget("test", 1, time.Hour, []byte("x"))} }
		if err := w.reserve(t.Context(), b()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := w.reserve(ctx, b()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestReserve_takesTheSlotsOfADeadProcessBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := w.register("amina@example.org", "amina")
		// A node was killed in the middle of as many log-ins as there may be.
		if err := w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			b := w.identifierBudget("amina")
			for range w.limits().IdentifierFailures {
				if err := w.take(ctx, tx, &b); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		w.pass(slotLease)
		w.mustLogIn("amina", in.Password)
		if n := w.rows(`SELECT COALESCE(SUM(flight), 0) FROM limits`); n != 0 {
			t.Errorf("%d slots are still in flight", n)
		}
	})
}

func TestSpentBudgets_costNoHash(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		amina := w.register("amina@example.org", "amina")
		waiting := signUpOf("bela@example.org", "bela")
		w.signUp(waiting)
		flow := api.Flow{Token: newToken()}
		if _, err := w.Recover(t.Context(), api.Recover{Flow: flow.Token, Identifier: amina.Email}, home); err != nil {
			t.Fatal(err)
		}
		for err := error(nil); err == nil; {
			err = w.SendRecovery(t.Context(), flow, home)
		}
		for err := error(nil); err == nil; {
			err = w.ResendSignUp(t.Context(), api.Flow{Token: waiting.Flow}, home)
		}
		// Whoever hashes now waits for ever.
		for range cap(w.hasher.slots) {
			w.hasher.slots <- struct{}{}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		wantCode(t, w.SendRecovery(ctx, flow, home), api.CodeTooMany)
		wantCode(t, w.ResendSignUp(ctx, api.Flow{Token: waiting.Flow}, home), api.CodeTooMany)
		wantCode(t, w.SignUp(ctx, signUpOf("bela@example.org", "bela.two"), home), api.CodeTooMany)
	})
}

func TestTooMany_saysHowLongToWait(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		for name, c := range map[string]struct {
			full errFull
			want time.Duration
		}{
			"used up":               {errFull{spent: true, until: start.Add(time.Hour)}, time.Hour},
			"used up, nearly over":  {errFull{spent: true, until: start.Add(time.Millisecond)}, time.Second},
			"a growing wait":        {errFull{waits: true, until: start.Add(8 * time.Second)}, 8 * time.Second},
			"others hold the slots": {errFull{until: start.Add(24 * time.Hour)}, longestWait},
		} {
			if got := retryAfter(t, w.explainFull(&c.full)); got != c.want {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
	})
}
