package app

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"plenary/api"
)

// works are the kinds of work that exist on the machine alone, and how a session gets to it.
var works = map[string]struct {
	do   func(t *testing.T, m *machineUnderTest, a *App)
	want LocalWork
	// left is what is there still after the service took what it takes.
	left LocalWork
}{
	"an operation that waits": {
		func(t *testing.T, _ *machineUnderTest, a *App) { submit(t, a, "C-00000011") },
		LocalWork{Waiting: 1},
		LocalWork{},
	},
	"an operation that will be refused": {
		func(t *testing.T, _ *machineUnderTest, a *App) { submit(t, a, "C-00000009") },
		LocalWork{Waiting: 1},
		LocalWork{Refused: 1},
	},
	"an operation that was refused, and its draft": {
		func(t *testing.T, _ *machineUnderTest, a *App) {
			submit(t, a, "C-00000009")
			if err := a.Sync.deliver(t.Context(), a.Session.open()); err != nil {
				t.Fatal(err)
			}
		},
		LocalWork{Refused: 1},
		LocalWork{Refused: 1},
	},
	"a draft that was not written yet": {
		func(t *testing.T, _ *machineUnderTest, a *App) {
			if err := a.Registrations.SaveDraft(t.Context(), api.Register{Meeting: "C-00000011"}); err != nil {
				t.Fatal(err)
			}
		},
		LocalWork{Drafts: 1},
		LocalWork{Drafts: 1},
	},
	"a draft of a change": {
		func(t *testing.T, _ *machineUnderTest, a *App) {
			if err := a.Registrations.SaveChange(t.Context(), api.Change{Registration: "R-1", Register: api.Register{Meeting: "C-00000011"}}); err != nil {
				t.Fatal(err)
			}
		},
		LocalWork{Drafts: 1},
		LocalWork{Drafts: 1},
	},
	"a draft of somebody else's registration": {
		func(t *testing.T, _ *machineUnderTest, a *App) {
			in := api.RegisterFor{Register: api.Register{Meeting: "C-00000011"}, FamilyName: "Ng"}
			if err := a.Registrations.saveDraft(t.Context(), delegateDraft(in, "")); err != nil {
				t.Fatal(err)
			}
		},
		LocalWork{Delegates: 1},
		LocalWork{Delegates: 1},
	},
	"a draft of a guest": {
		func(t *testing.T, _ *machineUnderTest, a *App) {
			if err := a.Service.SaveGuestDraft(t.Context(), guestFor("C-00000011", "Ng")); err != nil {
				t.Fatal(err)
			}
		},
		LocalWork{Guests: 1},
		LocalWork{Guests: 1},
	},
}

func submit(t *testing.T, a *App, meeting string) {
	t.Helper()
	if err := a.Registrations.Submit(t.Context(), api.Register{Meeting: meeting}); err != nil {
		t.Fatal(err)
	}
}

// forEachWork runs a test for each kind of work, in a session that is kept and in one
// that is not.
func forEachWork(t *testing.T, test func(t *testing.T, m *machineUnderTest, a *App, want, left LocalWork)) {
	for name, w := range works {
		for kept, keep := range map[string]bool{"kept": true, "not kept": false} {
			t.Run(name+", "+kept, func(t *testing.T) {
				t.Parallel()
				m := newMachine(t)
				a := m.startStill()
				m.logIn(a, keep)
				w.do(t, m, a)
				test(t, m, a, w.want, w.left)
			})
		}
	}
}

// withWork starts the program with a registration that waits in a session. Unless that
// is kept, its work is now, as it is some seconds after it was done.
func (m *machineUnderTest) withWork(keep bool) *App {
	m.t.Helper()
	a := m.startStill()
	m.logIn(a, keep)
	submit(m.t, a, "C-00000011")
	if err := a.Session.KeepWork(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
	return a
}

// findsIt says whether the next log-in finds the work.
func (m *machineUnderTest) findsIt(a *App, want LocalWork) {
	m.t.Helper()
	m.logIn(a, false)
	got, err := a.Session.LocalWork(m.t.Context())
	if err != nil || got != want {
		m.t.Errorf("found %+v, %v, want %+v", got, err, want)
	}
}

// leftNothing says whether nothing of the account is on the machine any more.
func (m *machineUnderTest) leftNothing() {
	m.t.Helper()
	if left, err := filepath.Glob(m.store() + "*"); err != nil || len(left) > 0 {
		m.t.Errorf("left on the disk: %v, %v", left, err)
	}
	for _, item := range []string{"key", "refresh"} {
		if m.item(item) != "" {
			m.t.Errorf("left in the keyring: %s", item)
		}
	}
}

func TestLocalWork_countsWhatExistsHereAlone(t *testing.T) {
	forEachWork(t, func(t *testing.T, _ *machineUnderTest, a *App, want, _ LocalWork) {
		if got, err := a.Session.LocalWork(t.Context()); err != nil || got != want {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	})
}

func TestLogOut_sendsAndGoesOnlyWhenNothingIsLeft(t *testing.T) {
	forEachWork(t, func(t *testing.T, m *machineUnderTest, a *App, _, left LocalWork) {
		err := a.Session.LogOut(t.Context(), UnsentSend)
		if errors.Is(err, ErrUnsent) != left.Any() || err != nil && !errors.Is(err, ErrUnsent) {
			t.Fatalf("got %v, left is %+v", err, left)
		}
		if err == nil {
			m.leftNothing()
			return
		}
		if got, err := a.Session.LocalWork(t.Context()); err != nil || got != left || a.Session.State().Phase != LoggedIn {
			t.Errorf("left %+v, %v, want %+v, and to be logged in", got, err, left)
		}
	})
}

func TestLogOut_keepsWorkForTheNextLogIn(t *testing.T) {
	forEachWork(t, func(t *testing.T, m *machineUnderTest, a *App, want, _ LocalWork) {
		if err := a.Session.LogOut(t.Context(), UnsentKeep); err != nil {
			t.Fatal(err)
		}
		if m.item("refresh") != "" {
			t.Error("a token is left")
		}
		m.findsIt(a, want)
	})
}

func TestLogOut_discardsWork(t *testing.T) {
	forEachWork(t, func(t *testing.T, m *machineUnderTest, a *App, _, _ LocalWork) {
		if err := a.Session.LogOut(t.Context(), UnsentDiscard); err != nil {
			t.Fatal(err)
		}
		m.leftNothing()
		m.findsIt(a, LocalWork{})
	})
}

func TestClose_keepsWorkSinceNobodyCanBeAsked(t *testing.T) {
	forEachWork(t, func(t *testing.T, m *machineUnderTest, a *App, want, _ LocalWork) {
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		m.findsIt(m.startStill(), want)
	})
}

// A system that shuts down may not wait for what hangs.
func TestClose_writesDraftsBeforeItWaitsForAnything(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	hangs := make(chan struct{})
	a.core.spawn(func() { <-hangs })
	if err := a.Registrations.SaveDraft(t.Context(), api.Register{Meeting: "C-00000011"}); err != nil {
		t.Fatal(err)
	}
	store, closed := a.Session.open().store, make(chan error)
	go func() { closed <- a.Close() }()
	wait(t, "what is closed to wait", func() bool { return a.core.ctx.Err() != nil })
	if drafts, err := store.Drafts(); err != nil || len(drafts) != 1 {
		t.Errorf("written meanwhile: %q, %v", drafts, err)
	}
	close(hangs)
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

func TestCrash_leavesWorkForTheNextLogIn(t *testing.T) {
	forEachWork(t, func(t *testing.T, m *machineUnderTest, a *App, want, _ LocalWork) {
		if _, err := a.Session.LocalWork(t.Context()); err != nil { // a draft is on the disk
			t.Fatal(err)
		}
		wait(t, "the key to be kept", func() bool { return a.Session.State().Outlives })
		crashed := filepath.Join(t.TempDir(), "crashed")
		if err := copyOpen(crashed, m.dir); err != nil {
			t.Fatal(err)
		}
		m.dir = crashed
		m.findsIt(m.startStill(), want)
	})
}

func TestLogIn_ofSomebodyElseLeavesWorkWhereItIs(t *testing.T) {
	forEachWork(t, func(t *testing.T, m *machineUnderTest, a *App, want, _ LocalWork) {
		give, err := a.Session.turn.take(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		err = a.Session.makeRoom(t.Context(), a.Session.open(), "another account")
		give()
		if err != nil {
			t.Fatal(err)
		}
		m.findsIt(a, want)
	})
}

func TestWork_afterWhichNothingIsLeftLeavesNothing(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, false)
	submit(t, a, "C-00000011")
	wait(t, "the key to be kept", func() bool { return a.Session.State().Outlives })
	if err := a.Sync.deliver(t.Context(), a.Session.open()); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	m.leftNothing()
}

func TestLogOut_withoutKeyringCannotKeepWork(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, false)
	m.ring.Fail(ErrKeyringMissing)
	submit(t, a, "C-00000011")
	if err := a.Session.LogOut(t.Context(), UnsentKeep); !errors.Is(err, ErrUnsent) || !errors.Is(err, ErrKeyringMissing) {
		t.Errorf("keep: %v", err)
	}
	if got, err := a.Session.LocalWork(t.Context()); err != nil || got.Waiting != 1 {
		t.Errorf("left %+v, %v", got, err)
	}
	if err := a.Session.LogOut(t.Context(), UnsentDiscard); err != nil {
		t.Errorf("discard: %v", err)
	}
}

// A store with work whose folder could not be moved, as a scanner on Windows can bring
// about, waits in the program that runs: the next log-in must not take its place.
func TestLogIn_findsWorkThatCouldNotBeAdopted(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.withWork(false)
	key := m.item("key")
	left := filepath.Join(t.TempDir(), "left")
	if err := copyOpen(left, m.store()+temporarySuffix); err != nil {
		t.Fatal(err)
	}
	if err := a.Session.LogOut(t.Context(), UnsentDiscard); err != nil {
		t.Fatal(err)
	}
	m.ring.Put(keyItem(m.service.info, faultyAccount), key)
	if err := copyOpen(m.store()+temporarySuffix, left); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(m.store()+temporarySuffix+workSuffix, nil); err != nil {
		t.Fatal(err)
	}
	m.findsIt(a, LocalWork{Waiting: 1})
}

// What was discarded, or had nothing in it any more, is not taken for data without a key
// after a crash between the end of its key and that of its folder.
func TestLogOut_aCrashInTheMiddleLeavesNoDataWithoutKey(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.withWork(false)
	crashed := filepath.Join(t.TempDir(), "crashed")
	if err := copyOpen(crashed, m.dir); err != nil {
		t.Fatal(err)
	}
	if err := a.Session.LogOut(t.Context(), UnsentDiscard); err != nil {
		t.Fatal(err)
	}
	m.dir = crashed // as the disk was, but that the log-out had been noted
	if err := writeFile(m.store()+erasingSuffix, nil); err != nil {
		t.Fatal(err)
	}
	b := m.startStill()
	m.logIn(b, true)
	if work, err := b.Session.LocalWork(t.Context()); err != nil || work.Any() {
		t.Errorf("found %+v, %v", work, err)
	}
}

// A crash before the log-out got to the key: the data is there again, and from then on a
// key that is lost is no log-out.
func TestRestore_forgetsALogOutThatDidNotGetToTheKey(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	if err := m.withWork(true).Close(); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(m.store()+erasingSuffix, nil); err != nil {
		t.Fatal(err)
	}
	a := m.startStill()
	if _, err := a.Session.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	m.ring.Put(keyItem(m.service.info, faultyAccount), "")
	if _, err := m.startStill().Session.Restore(t.Context()); !errors.Is(err, ErrKeyLost) || !hasStore(m.store()) {
		t.Errorf("without its key: %v", err)
	}
}

// The person left the program for good, and it ended before the log-out did.
func TestClose_discardsWhatWasToBeDiscarded(t *testing.T) {
	t.Parallel()
	for name, keep := range map[string]bool{"kept": true, "not kept": false} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			a := m.withWork(keep)
			a.Session.Discard()
			m.logOutInVain(a)
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			m.leftNothing()
		})
	}
}

// A log-out that fails discards nothing: the person goes on working.
func TestClose_keepsTheWorkOfALogOutThatFailed(t *testing.T) {
	t.Parallel()
	for name, keep := range map[string]bool{"kept": true, "not kept": false} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			a := m.withWork(keep)
			m.logOutInVain(a)
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			m.findsIt(m.startStill(), LocalWork{Waiting: 1})
		})
	}
}

// logOutInVain discards in a log-out that is given up while the keyring hangs.
func (m *machineUnderTest) logOutInVain(a *App) {
	m.t.Helper()
	ctx, cancel := context.WithCancel(m.t.Context())
	defer cancel()
	m.service.locked(func() {
		m.service.hook = func(path string) {
			if path == "DELETE /v1/session" {
				m.service.locked(func() { m.service.portal = true }) // else the answer may still arrive
				cancel()
			}
		}
	})
	defer m.service.locked(func() { m.service.portal, m.service.hook = false, nil })
	release := m.ring.Hang()
	defer release()
	if v := a.Session.open(); !v.kept {
		v.keptWork = true // so that the log-out asks the keyring
	}
	if err := a.Session.LogOut(ctx, UnsentDiscard); err == nil {
		m.t.Fatal("it came to its end")
	}
}
