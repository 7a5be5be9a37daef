package app

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"plenary/api"
	"plenary/localdb"

	"github.com/google/go-cmp/cmp"
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
	r := newRegistrations(&core{log: quiet, now: time.Now}, &Session{})
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
	t.Parallel()
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
	t.Parallel()
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
		if err := r.Withdraw(ctx, "R-1", ""); err != nil {
			t.Fatal(err)
		}
	}
	if pending, err := r.vault.store.Pending(); len(pending) != 2 || err != nil {
		t.Errorf("waiting: %v, %v", pending, err)
	}
}

func TestSubmit_anewDismissesWhatWasRefused(t *testing.T) {
	t.Parallel()
	r := openBench(t, t.TempDir())
	ctx := t.Context()
	if err := r.Submit(ctx, api.Register{Meeting: "M-1", BadgeName: "x"}); err != nil {
		t.Fatal(err)
	}
	first, _ := r.Get("M-1")
	if err := r.vault.store.Refuse(first.Operation, "invalid", "ref"); err != nil {
		t.Fatal(err)
	}
	r.tell()
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
	t.Parallel()
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
	r := newRegistrations(&core{log: quiet, now: time.Now}, &Session{})
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
	t.Parallel()
	r := newRegistrations(&core{log: quiet, now: time.Now}, &Session{})
	ctx := t.Context()
	for name, err := range map[string]error{
		"submit":     r.Submit(ctx, api.Register{}),
		"withdraw":   r.Withdraw(ctx, "R-1", ""),
		"save draft": r.SaveDraft(ctx, api.Register{}),
		"dismiss":    r.Dismiss(ctx, "x"),
		"send":       r.Send(ctx),
	} {
		if !errors.Is(err, ErrNoSession) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(r.List()) != 0 {
		t.Error("something is listed")
	}
}

// The window's goroutine reads: it must not wait for what is being written. If it did,
// the disk would not be released.
func TestRegistrations_readersDoNotWaitForTheDisk(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	submit(t, a, "C-00000009")
	if err := a.Sync.deliver(t.Context(), a.Session.open()); err != nil {
		t.Fatal(err)
	}
	r := a.Registrations
	refused, ok := r.Get("C-00000009")
	if !ok || refused.State != StateNeedsAttention {
		t.Fatalf("got %+v", refused)
	}
	draft := api.Register{Meeting: "C-00000012", BadgeName: "Elena"}
	for _, change := range []struct {
		name string
		make func(context.Context) error
	}{
		{"a registration", func(ctx context.Context) error { return r.Submit(ctx, api.Register{Meeting: "C-00000011"}) }},
		{"a withdrawal", func(ctx context.Context) error { return r.Withdraw(ctx, "R-1", "") }},
		{"a draft", func(ctx context.Context) error { return errors.Join(r.SaveDraft(ctx, draft), r.Flush(ctx)) }},
		{"a registration taken back", func(ctx context.Context) error {
			waits, _ := r.Get("C-00000011")
			return r.TakeBack(ctx, waits.Operation)
		}},
		{"the end of a draft", func(ctx context.Context) error { return r.DeleteDraft(ctx, draft.Meeting) }},
		{"the end of a refusal", func(ctx context.Context) error { return r.Dismiss(ctx, refused.Operation) }},
	} {
		waiting, release := m.disk.Hang()
		made := make(chan error, 1)
		go func() { made <- change.make(t.Context()) }()
		<-waiting
		r.List()
		r.Get("C-00000011")
		r.Draft(draft.Meeting)
		if err := r.SaveDraft(t.Context(), api.Register{Meeting: "C-00000013"}); err != nil {
			t.Errorf("%s: %v", change.name, err)
		}
		a.Sync.Status()
		a.Session.State()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := r.flush(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: who gives up waiting gets %v", change.name, err)
		}
		release()
		if err := <-made; err != nil {
			t.Errorf("%s: %v", change.name, err)
		}
	}
}

// What is typed while an earlier draft is being written is not lost behind it.
func TestDraft_typedWhileAnEarlierOneIsWritten(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	r := a.Registrations
	save := func(name string) {
		if err := r.SaveDraft(t.Context(), api.Register{Meeting: "C-00000011", BadgeName: name}); err != nil {
			t.Fatal(err)
		}
	}
	waiting, release := m.disk.Hang()
	save("El")
	flushed := make(chan error, 1)
	go func() { flushed <- r.Flush(t.Context()) }()
	<-waiting
	save("Elena")
	release()
	if err := <-flushed; err != nil {
		t.Fatal(err)
	}
	if in, _ := r.Draft("C-00000011"); in.BadgeName != "Elena" {
		t.Errorf("reads %q", in.BadgeName)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a = m.startStill()
	if _, err := a.Session.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	if in, _ := a.Registrations.Draft("C-00000011"); in.BadgeName != "Elena" {
		t.Errorf("is written as %q", in.BadgeName)
	}
}

// Why an operation was refused is forgotten once the person has dealt with it, or once the
// service did it after all.
func TestRefusals_areForgottenWithTheirOperations(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := openBench(t, dir)
	store := r.vault.store
	enqueue := func() string {
		t.Helper()
		op, err := store.Enqueue(api.OpWithdraw, api.Withdraw{Registration: "R-1"})
		if err != nil {
			t.Fatal(err)
		}
		return op.ID
	}
	fields := []api.FieldError{{Pointer: "/badge_name", Code: "too-long"}}
	waits, dismissed, done := enqueue(), enqueue(), enqueue()
	r.seen(r.vault, nil, map[string][]api.FieldError{waits: fields, dismissed: fields, done: fields})
	if err := errors.Join(store.Refuse(dismissed, "invalid", "r"), store.Dismiss(dismissed), store.Settle(done)); err != nil {
		t.Fatal(err)
	}
	refused := enqueue()
	r.seen(r.vault, nil, map[string][]api.FieldError{refused: fields})
	want := map[string][]api.FieldError{waits: fields, refused: fields}
	if diff := cmp.Diff(want, r.refusals); diff != "" {
		t.Error(diff)
	}
	stored := map[string][]api.FieldError{}
	loadRows(store, refusalsSet, stored)
	if diff := cmp.Diff(want, stored); diff != "" {
		t.Errorf("in the store: %s", diff)
	}
}
