package app

import (
	"errors"
	"path/filepath"
	"testing"
)

// found is what FoundWork says at the next log-in, and that it says nothing more after.
func (m *machineUnderTest) found(a *App, want LocalWork) {
	m.t.Helper()
	m.logIn(a, false)
	for _, want := range []LocalWork{want, {}} {
		if got, err := a.Session.FoundWork(m.t.Context()); err != nil || got != want {
			m.t.Errorf("found %+v, %v, want %+v", got, err, want)
		}
	}
}

func TestFoundWork_isWhatTheSystemsEndHasLeft(t *testing.T) {
	forEachWork(t, func(t *testing.T, m *machineUnderTest, a *App, want, _ LocalWork) {
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		m.found(m.startStill(), want)
	})
}

func TestFoundWork_isWhatACrashHasLeft(t *testing.T) {
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
		m.found(m.startStill(), want)
	})
}

// Whoever leaves work knowingly is not told of it, but once more when something else
// ends the program that comes next.
func TestFoundWork_isNothingThatWasLeftKnowingly(t *testing.T) {
	for name, leave := range map[string]func(a *App) error{
		"at the end of the program": func(a *App) error { return errors.Join(a.Session.KeepWork(t.Context()), a.Close()) },
		"at log-out":                func(a *App) error { return errors.Join(a.Session.LogOut(t.Context(), UnsentKeep), a.Close()) },
	} {
		t.Run(name, func(t *testing.T) {
			forEachWork(t, func(t *testing.T, m *machineUnderTest, a *App, want, _ LocalWork) {
				if _, err := a.Session.LocalWork(t.Context()); err != nil {
					t.Fatal(err)
				}
				if err := leave(a); err != nil {
					t.Fatal(err)
				}
				a = m.startStill()
				m.found(a, LocalWork{})
				if err := a.Close(); err != nil {
					t.Fatal(err)
				}
				m.found(m.startStill(), want)
			})
		})
	}
}

func TestWorkIsKept_untilItsPersonLogsIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		keep bool
		left func(t *testing.T, m *machineUnderTest, a *App) *App
		want bool
	}{
		"kept at log-out": {true, func(t *testing.T, m *machineUnderTest, a *App) *App {
			if err := a.Session.LogOut(t.Context(), UnsentKeep); err != nil {
				t.Fatal(err)
			}
			return a
		}, true},
		"kept at log-out, not kept": {false, func(t *testing.T, m *machineUnderTest, a *App) *App {
			if err := errors.Join(a.Session.LogOut(t.Context(), UnsentKeep), a.Close()); err != nil {
				t.Fatal(err)
			}
			return m.startStill()
		}, true},
		"discarded": {true, func(t *testing.T, m *machineUnderTest, a *App) *App {
			if err := a.Session.LogOut(t.Context(), UnsentDiscard); err != nil {
				t.Fatal(err)
			}
			return a
		}, false},
		"left by the system's end": {false, func(t *testing.T, m *machineUnderTest, a *App) *App {
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			return m.startStill()
		}, true},
		"left by a crash": {false, func(t *testing.T, m *machineUnderTest, _ *App) *App {
			crashed := filepath.Join(t.TempDir(), "crashed")
			if err := copyOpen(crashed, m.dir); err != nil {
				t.Fatal(err)
			}
			m.dir = crashed
			a := m.startStill()
			if _, err := a.Info(t.Context()); err != nil {
				t.Fatal(err)
			}
			return a
		}, true},
		"in a session that cannot be restored": {true, func(t *testing.T, m *machineUnderTest, a *App) *App {
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			m.ring.Fail(ErrKeyringLocked)
			again := m.startStill()
			if _, err := again.Session.Restore(t.Context()); !errors.Is(err, ErrKeyringLocked) {
				t.Fatal(err)
			}
			return again
		}, true},
		"in a session that the service has ended": {true, func(_ *testing.T, _ *machineUnderTest, a *App) *App {
			a.Session.set(a.Session.open(), Ended)
			return a
		}, true},
		"sent after the next log-in": {true, func(t *testing.T, m *machineUnderTest, a *App) *App {
			if err := a.Session.LogOut(t.Context(), UnsentKeep); err != nil {
				t.Fatal(err)
			}
			m.logIn(a, true)
			if err := errors.Join(a.Session.Send(t.Context()), a.Close()); err != nil {
				t.Fatal(err)
			}
			return m.startStill()
		}, false},
		"set aside, since its key is lost": {true, func(t *testing.T, m *machineUnderTest, a *App) *App {
			if err := a.Session.LogOut(t.Context(), UnsentKeep); err != nil {
				t.Fatal(err)
			}
			m.ring.Put(keyItem(m.service.info, faultyAccount), "")
			if err := a.Session.SetAside(t.Context()); err != nil {
				t.Fatal(err)
			}
			return a
		}, false},
		"for a service that was replaced": {true, func(t *testing.T, m *machineUnderTest, a *App) *App {
			if err := errors.Join(a.Session.LogOut(t.Context(), UnsentKeep), a.Replace(), a.Close()); err != nil {
				t.Fatal(err)
			}
			m.service.info = "0b4a6f3e-8f1b-4a55-8f7e-2f6f2a0e6b22"
			a = m.startStill()
			if _, err := a.Info(t.Context()); err != nil {
				t.Fatal(err)
			}
			return a
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			m.service.identity, m.service.address = newIdentity(t), m.server.URL
			if got := c.left(t, m, m.withWork(c.keep)).Session.WorkIsKept(); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
