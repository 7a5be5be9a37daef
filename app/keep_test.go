package app

import (
	"path/filepath"
	"slices"
	"testing"

	"plenary/api"
)

// endedByService has the service end the session.
func (m *machineUnderTest) endedByService(a *App) {
	m.t.Helper()
	m.service.locked(func() { m.service.ended = true })
	expire(a)
	if err := use(m.t, a); Explain(err).Kind != string(api.CodeSessionEnded) || a.Session.State().Phase != Ended {
		m.t.Fatalf("%v, and the session is %+v", err, a.Session.State())
	}
}

// isKept reports whether the session, and work in it, is there after the next start.
func (m *machineUnderTest) isKept(a *App, want LocalWork) {
	m.t.Helper()
	check := func(when string) {
		m.t.Helper()
		if state := a.Session.State(); state.Phase != LoggedIn || !state.Kept {
			m.t.Errorf("%s: %+v", when, state)
		}
		if work, err := a.Session.LocalWork(m.t.Context()); work != want || err != nil {
			m.t.Errorf("%s: %+v, %v, want %+v", when, work, err, want)
		}
	}
	check("at once")
	if err := a.Close(); err != nil {
		m.t.Fatal(err)
	}
	a = m.startStill()
	if _, err := a.Session.Restore(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
	check("after the next start")
}

// A session that was not kept is kept once the person wants that, with the work in it.
func TestLogIn_againKeepsASessionThatWasNotKept(t *testing.T) {
	nothing := func(*testing.T, *machineUnderTest, *App) {}
	all := map[string]func(*testing.T, *machineUnderTest, *App){"nothing": nothing}
	want := map[string]LocalWork{}
	for name, w := range works {
		all[name], want[name] = w.do, w.want
	}
	for name, do := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			a := m.startStill()
			m.logIn(a, false)
			do(t, m, a)
			m.endedByService(a)
			m.logIn(a, true)
			if m.item("key") == "" || m.item("refresh") == "" {
				t.Error("the keyring has no session")
			}
			m.isKept(a, want[name])
			there := []string{m.store()}
			if want[name].Any() {
				there = append(there, m.store()+workSuffix)
			}
			if left, err := filepath.Glob(m.store() + "*"); err != nil || !slices.Equal(left, there) {
				t.Errorf("left: %v, %v", left, err)
			}
		})
	}
}

// Work in a session that was not kept and an earlier store cannot both be the account's
// own. The person hears of that store, as at any other log-in, and may set it aside.
func TestLogIn_againWithAnEarlierStoreInTheWay(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.withWork(true)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	key := m.item("key")
	m.ring.Put(keyItem(m.service.info, faultyAccount), "")
	a = m.startStill()
	m.logIn(a, false)
	submit(t, a, "C-00000012")
	m.endedByService(a)

	again := func(kind string) {
		t.Helper()
		_, err := a.Session.LogIn(t.Context(), LogIn{Identifier: "someone", Password: "password", Keep: true})
		if Explain(err).Kind != kind {
			t.Errorf("got %v", err)
		}
		if work, err := a.Session.LocalWork(t.Context()); work != (LocalWork{Waiting: 1}) || err != nil {
			t.Errorf("%+v, %v", work, err)
		}
	}
	again(KindWrongKey)
	m.ring.Put(keyItem(m.service.info, faultyAccount), key) // it can be read now, and holds other work
	again(KindUnsent)
	m.ring.Put(keyItem(m.service.info, faultyAccount), "")
	if err := a.Session.SetAside(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.logIn(a, true)
	m.isKept(a, LocalWork{Waiting: 1})
}
