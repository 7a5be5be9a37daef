package app

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"plenary/api"
	"plenary/localdb"
)

func inStore(t *testing.T, a *App, meeting string) bool {
	t.Helper()
	_, err := a.Session.open().store.Draft(draftPrefix + meeting)
	if err != nil && !errors.Is(err, localdb.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

func TestDraft_isWrittenOnceTypingRests(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		r := openBench(t, dir)
		for i := range 20 { // characters, 20 ms apart
			if err := r.SaveDraft(t.Context(), api.Register{Meeting: "M-1", BadgeName: string(rune('a' + i))}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(20 * time.Millisecond)
		}
		if d, ok := r.Draft("M-1"); !ok || d.BadgeName != "t" {
			t.Errorf("read back %+v", d)
		}
		if n := written(t, r); n != 0 {
			t.Error("written while typing")
		}
		time.Sleep(draftPause)
		synctest.Wait()
		if n := written(t, r); n != 1 {
			t.Error("not written after the pause")
		}
	})
}

// openBench opens registrations with a store and nothing else.
func openBench(t *testing.T, dir string) *Registrations {
	t.Helper()
	store, err := localdb.Open(dir, localdb.NewKey(), localdb.Options{MinFree: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	r := newRegistrations(&core{log: quiet}, &Session{})
	r.queued = func() {}
	r.load(&vault{store: store, kept: true})
	return r
}

func written(t *testing.T, r *Registrations) int {
	t.Helper()
	names, err := r.vault.store.Drafts()
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

func TestDraft_isWrittenAtTheEnd(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *App) error{
		"flush":   func(t *testing.T, a *App) error { return a.Registrations.Flush(t.Context()) },
		"log-out": func(t *testing.T, a *App) error { return a.Session.LogOut(t.Context(), UnsentKeep) },
		"quit":    func(_ *testing.T, a *App) error { return a.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			a := m.start()
			m.logIn(a, true)
			if err := a.Registrations.SaveDraft(t.Context(), api.Register{Meeting: "M-1"}); err != nil {
				t.Fatal(err)
			}
			if err := end(t, a); err != nil {
				t.Fatal(err)
			}
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			a = m.start()
			m.logIn(a, true)
			if !inStore(t, a, "M-1") {
				t.Error("lost")
			}
		})
	}
}

func TestSubmit(t *testing.T) {
	r := openBench(t, t.TempDir())
	ctx := t.Context()
	in := api.Register{Meeting: "M-1", BadgeName: "x"}
	if err := r.SaveDraft(ctx, in); err != nil {
		t.Fatal(err)
	}
	for range 2 { // pressed twice
		if err := r.Submit(ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	if pending, err := r.vault.store.Pending(); len(pending) != 1 || err != nil {
		t.Errorf("waiting: %v, %v", pending, err)
	}
	if _, ok := r.Draft("M-1"); ok {
		t.Error("the draft is still there")
	}
	if err := r.Submit(ctx, api.Register{Meeting: "M-1", BadgeName: "y"}); Explain(err).Kind != string(api.CodeAlreadyRegistered) {
		t.Errorf("another one for the same meeting: %v", err)
	}
	for range 2 {
		if err := r.Withdraw(ctx, "R-1"); err != nil {
			t.Fatal(err)
		}
	}
	if pending, err := r.vault.store.Pending(); len(pending) != 2 || err != nil {
		t.Errorf("waiting: %v, %v", pending, err)
	}
}

func TestSubmit_anewDismissesWhatWasRefused(t *testing.T) {
	r := openBench(t, t.TempDir())
	ctx := t.Context()
	if err := r.Submit(ctx, api.Register{Meeting: "M-1", BadgeName: "x"}); err != nil {
		t.Fatal(err)
	}
	first, _ := r.Get("M-1")
	if err := r.vault.store.Refuse(first.Operation, "invalid", "ref"); err != nil {
		t.Fatal(err)
	}
	if m, _ := r.Get("M-1"); m.State != StateNeedsAttention || m.BadgeName != "x" {
		t.Errorf("got %+v", m)
	}
	if err := r.Submit(ctx, api.Register{Meeting: "M-1", BadgeName: "y"}); err != nil {
		t.Fatal(err)
	}
	if list := r.List(); len(list) != 1 || list[0].State != StateWaitingToSend || list[0].BadgeName != "y" {
		t.Errorf("got %+v", list)
	}
}

func TestFullDisk_isSaidAndLosesNothing(t *testing.T) {
	dir, key := t.TempDir(), localdb.NewKey()
	store, err := localdb.Open(dir, key, localdb.Options{MinFree: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if store, err = localdb.Open(dir, key, localdb.Options{MinFree: 1 << 62}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	r := newRegistrations(&core{log: quiet}, &Session{})
	r.queued = func() {}
	r.load(&vault{store: store, kept: true})
	ctx := t.Context()
	if err := r.SaveDraft(ctx, api.Register{Meeting: "M-1"}); err != nil {
		t.Fatal(err)
	}
	if err := r.Flush(ctx); Explain(err).Kind != KindDiskFull {
		t.Errorf("flush: %v", err)
	}
	for range 2 {
		if err := r.SaveDraft(ctx, api.Register{Meeting: "M-1"}); Explain(err).Kind != KindDiskFull {
			t.Errorf("save, as long as nothing is written: %v", err)
		}
	}
	if err := r.Submit(ctx, api.Register{Meeting: "M-1"}); Explain(err).Kind != KindDiskFull {
		t.Errorf("submit: %v", err)
	}
	if _, ok := r.Draft("M-1"); !ok {
		t.Error("what was typed is gone")
	}
}

func TestNobodyLoggedIn(t *testing.T) {
	r := newRegistrations(&core{log: quiet}, &Session{})
	ctx := t.Context()
	for name, err := range map[string]error{
		"submit":     r.Submit(ctx, api.Register{}),
		"withdraw":   r.Withdraw(ctx, "R-1"),
		"save draft": r.SaveDraft(ctx, api.Register{}),
		"dismiss":    r.Dismiss(ctx, "x"),
	} {
		if !errors.Is(err, ErrNoSession) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(r.List()) != 0 {
		t.Error("something is listed")
	}
}
