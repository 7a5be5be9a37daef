package app

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"plenary/api"
	"plenary/app/keyringtest"
	"plenary/localdb"
	"plenary/localdb/localdbtest"
)

// machineUnderTest is a data folder and a keyring, against a faulty service.
type machineUnderTest struct {
	t       *testing.T
	service *faultyService
	server  *httptest.Server
	dir     string
	ring    *keyringtest.Fake
	disk    localdbtest.FakeDisk
}

func newMachine(t *testing.T) *machineUnderTest {
	t.Helper()
	m := &machineUnderTest{t: t, service: newFaultyService(), dir: t.TempDir(), ring: keyringtest.New()}
	m.server = httptest.NewServer(m.service)
	t.Cleanup(m.server.Close)
	return m
}

// start starts the program.
func (m *machineUnderTest) start() *App { return m.startBy(Open) }

// startStill starts it without anything in the background, for tests that count.
func (m *machineUnderTest) startStill() *App { return m.startBy(open) }

func (m *machineUnderTest) startBy(open func(context.Context, Config) (*App, error)) *App {
	m.t.Helper()
	a, err := open(m.t.Context(), Config{
		Dir: m.dir, Service: m.server.URL, Keyring: m.ring, Timeout: 5 * time.Second, OpenSegment: m.disk.Open,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { a.Close() })
	return a
}

func (m *machineUnderTest) logIn(a *App, keep bool) {
	m.t.Helper()
	if _, err := a.Session.LogIn(m.t.Context(), LogIn{Identifier: "someone", Password: "password", Keep: keep}); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machineUnderTest) item(name string) string {
	return m.ring.Items()[m.service.info+"/"+faultyAccount+"/"+name]
}

func (m *machineUnderTest) store() string { return filepath.Join(m.dir, m.service.info, faultyAccount) }

// wait waits until ok, and fails the test after a minute.
func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline.C:
			t.Fatalf("waited in vain for: %s", what)
		case <-tick.C:
		}
	}
}

// expire makes the access token useless, so that the next call refreshes.
func expire(a *App) {
	v := a.Session.open()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.access = ""
}

func use(t *testing.T, a *App) error {
	t.Helper()
	_, _, _, err := a.Service.Registrations(t.Context(), "")
	return err
}

func TestRefresh_isDoneOnceForAll(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	expire(a)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := use(t, a); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := m.service.count("POST /v1/session/refresh"); n != 1 {
		t.Errorf("refreshed %d times", n)
	}
}

func TestRefresh_followsARefusedAccessToken(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	m.service.locked(func() { m.service.deny = 1 })
	if err := use(t, a); err != nil {
		t.Error(err)
	}
}

func TestRefresh_savesTheSuccessorBeforeItIsUsed(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	var saved atomic.Value
	m.service.locked(func() {
		m.service.hook = func(path string) {
			if path == "GET /v1/registrations" {
				saved.Store(m.item("refresh"))
			}
		}
	})
	expire(a)
	if err := use(t, a); err != nil {
		t.Fatal(err)
	}
	if saved.Load() != token("refresh2") {
		t.Errorf("saved was %q", saved.Load())
	}
}

func TestRefresh_faults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault func(*machineUnderTest)
		kind  string // of the first try
		cure  func(*machineUnderTest)
		saved string // in the keyring in the end
	}{
		"the answer is lost": {
			func(m *machineUnderTest) { m.service.locked(func() { m.service.lost = 1 }) },
			KindUnreachable, func(*machineUnderTest) {}, token("refresh2"),
		},
		"the keyring is locked when the answer comes": {
			func(m *machineUnderTest) { m.ring.Fail(ErrKeyringLocked) },
			KindKeyringLocked, func(m *machineUnderTest) { m.ring.Fail(nil) }, token("refresh2"),
		},
		"another program has used the token": {
			func(m *machineUnderTest) {
				m.service.locked(func() {
					m.service.tokens[token("refresh1")] = token("refresh2")
					m.service.tokens[token("refresh2")] = token("refresh3")
					m.service.tokens[token("refresh3")] = ""
				})
				m.ring.Put(m.service.info+"/"+faultyAccount+"/refresh", token("refresh3"))
			},
			"", func(*machineUnderTest) {}, token("refresh4"),
		},
		"another program has used the token and not saved": {
			func(m *machineUnderTest) {
				m.service.locked(func() {
					m.service.tokens[token("refresh1")] = token("refresh2")
					m.service.tokens[token("refresh2")] = token("refresh3")
				})
			},
			string(api.CodeRefreshRace),
			func(m *machineUnderTest) { m.service.locked(func() { delete(m.service.tokens, token("refresh2")) }) },
			token("refresh2"),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			a := m.startStill()
			m.logIn(a, true)
			tt.fault(m)
			expire(a)
			if err := use(t, a); Explain(err).Kind != tt.kind {
				t.Errorf("first try: %v", err)
			}
			tt.cure(m)
			if err := use(t, a); err != nil {
				t.Errorf("second try: %v", err)
			}
			if got := m.item("refresh"); got != tt.saved {
				t.Errorf("saved is %q", got)
			}
			if a.Session.State().Phase != LoggedIn {
				t.Error("the session is gone")
			}
		})
	}
}

func TestEnd_byTheServiceKeepsWhatWaits(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	m.service.locked(func() { m.service.ended = true })
	expire(a)
	if err := use(t, a); Explain(err).Kind != string(api.CodeSessionEnded) {
		t.Fatalf("got %v", err)
	}
	if a.Session.State().Phase != Ended {
		t.Fatal("the session has not ended")
	}
	wait(t, "the token to be gone", func() bool { return m.item("refresh") == "" })
	if err := a.Registrations.Submit(t.Context(), api.Register{Meeting: "C-00000011"}); err != nil {
		t.Errorf("register while ended: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a = m.start()
	if who, err := a.Session.Restore(t.Context()); err != nil || who.Username != "someone" || a.Session.State().Phase != Ended {
		t.Fatalf("restore: %+v, %v, %+v", who, err, a.Session.State())
	}
	if work, err := a.Session.LocalWork(t.Context()); err != nil || work.Waiting != 1 {
		t.Errorf("%+v, %v", work, err)
	}
	m.logIn(a, true)
	wait(t, "the delivery", func() bool { one, _ := a.Registrations.Get("C-00000011"); return one.State == api.Confirmed })
}

func TestRegistrations_areFetchedOnlyWhenTheyChanged(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	v := a.Session.open()
	round := func() int {
		t.Helper()
		if err := errors.Join(a.Sync.deliver(t.Context(), v), a.Registrations.refresh(t.Context(), v)); err != nil {
			t.Fatal(err)
		}
		var unchanged int
		m.service.locked(func() { unchanged = m.service.unchanged })
		return unchanged
	}
	round()
	before := round()
	if err := a.Registrations.Submit(t.Context(), api.Register{Meeting: "C-00000011"}); err != nil {
		t.Fatal(err)
	}
	if n := round(); n != before {
		t.Errorf("a registration more is taken for no change: %d, before %d", n, before)
	}
	if n := round(); n != before+1 {
		t.Errorf("the same list is fetched again: %d, before %d", n, before)
	}
	if one, _ := a.Registrations.Get("C-00000011"); one.State != api.Confirmed {
		t.Errorf("%+v", one)
	}
}

// That somebody is appointed is known with the next round, and costs nothing until then.
func TestAccount_isAskedForWhenWhatThePersonMayDoHasChanged(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	round := func() (asked int) {
		t.Helper()
		if err := a.Registrations.refresh(t.Context(), a.Session.open()); err != nil {
			t.Fatal(err)
		}
		return m.service.count("GET /v1/account")
	}
	var tells atomic.Int32
	a.Registrations.Subscribe(func() { tells.Add(1) })
	if a.Registrations.Told() {
		t.Error("it is told before the service was asked")
	}
	for range 3 {
		if asked := round(); asked != 0 || !a.Registrations.Told() || tells.Load() != 1 {
			t.Errorf("asked %d times without a change; told: %v, %d times", asked, a.Registrations.Told(), tells.Load())
		}
	}
	m.service.locked(func() { m.service.appointed = api.FocalPoint })
	for range 2 {
		if asked := round(); asked != 1 || a.Session.State().Account.Appointed != api.FocalPoint {
			t.Errorf("asked %d times, appointed %q", asked, a.Session.State().Account.Appointed)
		}
	}
}

func TestLogIn_asksTheKeyringBeforeThePasswordLeaves(t *testing.T) {
	t.Parallel()
	for kind, fault := range map[string]error{
		KindKeyringMissing: errors.New("dial unix: missing address"),
		KindKeyringLocked:  ErrKeyringLocked,
	} {
		t.Run(kind, func(t *testing.T) {
			m := newMachine(t)
			m.ring.Fail(fault)
			a := m.startStill()
			_, err := a.Session.LogIn(t.Context(), LogIn{Identifier: "someone", Password: "password", Keep: true})
			if Explain(err).Kind != kind {
				t.Errorf("got %v", err)
			}
			if n := m.service.count("POST /v1/session"); n != 0 {
				t.Errorf("logged in %d times", n)
			}
			m.logIn(a, false) // the way that is left
		})
	}
}

func TestLogIn_canBeCanceledWhileTheKeyringHangs(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	release := m.ring.Hang()
	defer release()
	var waits waits
	defer a.Session.SubscribeKeyring(waits.tell)()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := a.Session.LogIn(ctx, LogIn{Identifier: "someone", Password: "password", Keep: true})
		done <- err
	}()
	wait(t, "being told of the keyring", func() bool { return len(waits.all()) == 1 })
	cancel()
	if err := <-done; Explain(err).Kind != KindKeyringHangs {
		t.Errorf("got %v", err)
	}
	m.logIn(a, false)
	if a.Session.State().Phase != LoggedIn {
		t.Error("not logged in")
	}
}

func TestPassphrase_standsForTheKeyring(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.ring.Fail(errors.New("dial unix: missing address"))
	a := m.start()
	if a.Session.State().Sealed {
		t.Error("a keyring counts as a passphrase")
	}
	if err := a.Session.UsePassphrase(t.Context(), "a good passphrase"); err != nil {
		t.Fatal(err)
	}
	m.logIn(a, true)
	if !a.Session.State().Sealed {
		t.Error("the passphrase counts as the keyring")
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a = m.start()
	if _, err := a.Session.Restore(t.Context()); Explain(err).Kind != KindPassphraseNeeded {
		t.Errorf("without: %v", err)
	}
	if err := a.Session.UsePassphrase(t.Context(), "another"); Explain(err).Kind != KindWrongPassphrase {
		t.Errorf("wrong: %v", err)
	}
	if err := a.Session.UsePassphrase(t.Context(), "a good passphrase"); err != nil {
		t.Fatal(err)
	}
	if who, err := a.Session.Restore(t.Context()); err != nil || who.ID != faultyAccount {
		t.Errorf("restore: %+v, %v", who, err)
	}
	if err := a.Session.LogOut(t.Context(), UnsentDiscard); err != nil {
		t.Error(err)
	}
}

func TestKeyLost_neverMakesANewKeyOverData(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	if err := a.Registrations.SaveDraft(t.Context(), api.Register{Meeting: "C-00000011"}); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	m.ring.Put(m.service.info+"/"+faultyAccount+"/key", "")
	a = m.start()
	if _, err := a.Session.Restore(t.Context()); Explain(err).Kind != KindWrongKey {
		t.Errorf("restore: %v", err)
	}
	if _, err := a.Session.LogIn(t.Context(), LogIn{Identifier: "someone", Password: "password", Keep: true}); Explain(err).Kind != KindWrongKey {
		t.Errorf("log in: %v", err)
	}
	if m.item("key") != "" {
		t.Error("a new key was made")
	}
	if n := m.service.count("DELETE /v1/session"); n != 1 {
		t.Errorf("the unused session was ended %d times", n)
	}

	// "The keyring cannot be reached" is not "there is no key".
	m.ring.Fail(errors.New("dial unix: missing address"))
	if err := a.Session.SetAside(t.Context()); Explain(err).Kind != KindKeyringMissing || !hasStore(m.store()) {
		t.Errorf("set aside without keyring: %v", err)
	}
	m.ring.Fail(nil)
	if err := a.Session.SetAside(t.Context()); err != nil {
		t.Fatal(err)
	}
	aside, err := filepath.Glob(m.store() + "." + unreadable + "-*")
	if err != nil || len(aside) != 1 || !hasStore(aside[0]) {
		t.Errorf("set aside: %v, %v", aside, err)
	}
	m.logIn(a, true)
}

func TestRestore_asksNoKeyringWhereNobodyWas(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.start()
	if _, err := a.Session.Restore(t.Context()); !errors.Is(err, ErrNoSession) {
		t.Errorf("got %v", err)
	}
	if m.ring.Calls() != 0 {
		t.Errorf("asked %d times", m.ring.Calls())
	}
}

func TestRestore_doesNotShowATokenToAnotherAddress(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	item := m.service.info + "/current"
	m.ring.Put(item, strings.Replace(m.ring.Items()[item], m.server.URL, "https://plenary.example.int", 1))
	a = m.start()
	if _, err := a.Session.Restore(t.Context()); !errors.Is(err, ErrNoSession) {
		t.Errorf("got %v", err)
	}
	if n := m.service.count("POST /v1/session/refresh"); n != 0 {
		t.Errorf("refreshed %d times", n)
	}
}

func TestLogIn_notKeptIsErasedAfterACrashToo(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.logIn(m.start(), false)
	left := m.store() + temporarySuffix
	if !hasStore(left) {
		t.Fatal("where is the store?")
	}
	crashed := filepath.Join(t.TempDir(), "crashed")
	if err := copyOpen(crashed, m.dir); err != nil {
		t.Fatal(err)
	}
	m.dir = crashed
	m.start()
	if hasStore(m.store() + temporarySuffix) {
		t.Error("still there")
	}
}

func TestOtherService_getsNothing(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.start()
	m.logIn(a, true)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	calls := m.service.count("POST /v1/operations") + m.service.count("GET /v1/registrations")
	m.service.locked(func() { m.service.info = "11111111-6d2c-4f57-9d7c-6d7a8a0b9c11" })
	a = m.start()
	if _, err := a.Session.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.Registrations.Submit(t.Context(), api.Register{Meeting: "C-00000011"}); err != nil {
		t.Fatal(err)
	}
	wait(t, "the difference to be noticed", func() bool { return a.Sync.Status().Kind == KindOtherService })
	if n := m.service.count("POST /v1/operations") + m.service.count("GET /v1/registrations"); n != calls {
		t.Error("something personal was sent")
	}
}

func TestLogOut_isNotUndoneByARefreshThatComesLate(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	answer := make(chan struct{})
	m.service.locked(func() {
		m.service.hook = func(path string) {
			if path == "POST /v1/session/refresh" {
				<-answer
			}
		}
	})
	expire(a)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	v := a.Session.open()
	go func() {
		_, err := a.Session.token(ctx, v, "")
		done <- err
	}()
	wait(t, "the refresh", func() bool { return m.service.count("POST /v1/session/refresh") == 1 })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	v.mu.Lock()
	v.access, v.expires = token("access"), time.Now().Add(time.Hour) // so that log-out does not wait for it
	v.mu.Unlock()
	if err := a.Session.LogOut(t.Context(), UnsentDiscard); err != nil {
		t.Fatal(err)
	}
	close(answer)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	for item := range m.ring.Items() {
		t.Errorf("left in the keyring: %s", item)
	}
}

// A store that cannot be moved away is what a scanner does on Windows; here a
// store that is in use has the name that it would get.
func TestLogOut_whatCouldNotBeErasedIsNotTakenForDataWithoutKey(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	inTheWay, err := localdb.Open(m.store()+temporarySuffix, localdb.NewKey(), localdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Session.LogOut(t.Context(), UnsentDiscard); !errors.Is(err, localdb.ErrInUse) {
		t.Fatalf("logged out: %v", err)
	}
	if err := inTheWay.Close(); err != nil {
		t.Fatal(err)
	}
	if !hasStore(m.store()) {
		t.Fatal("it was erased")
	}
	m.logIn(a, true)
	if left, err := filepath.Glob(m.store() + "*"); err != nil || len(left) != 2 { // the new one, and what was in the way
		t.Errorf("left: %v, %v", left, err)
	}
	// From here on, a key that is lost is no log-out.
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	m.ring.Put(keyItem(m.service.info, filepath.Base(m.store())), "")
	a = m.startStill()
	if _, err := a.Session.Restore(t.Context()); !errors.Is(err, ErrKeyLost) || !hasStore(m.store()) {
		t.Errorf("without its key: %v", err)
	}
}

func TestLogOut_goesOnWhereTheKeyringFailsAndTheServiceKnows(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		offline bool
		phase   Phase
	}{
		"told the service":               {false, LoggedOut},
		"not told: it is all or nothing": {true, LoggedIn},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			a := m.startStill()
			m.logIn(a, true)
			m.service.locked(func() { m.service.portal = tt.offline })
			m.ring.Fail(ErrKeyringLocked)
			err := a.Session.LogOut(t.Context(), UnsentDiscard)
			if (err != nil) != tt.offline {
				t.Errorf("got %v", err)
			}
			if got := a.Session.State().Phase; got != tt.phase {
				t.Errorf("phase is %v", got)
			}
			m.ring.Fail(nil)
			if err := a.Session.LogOut(t.Context(), UnsentDiscard); err != nil {
				t.Errorf("again: %v", err)
			}
		})
	}
}

// "Cancel" may come as late as it can.
func TestLogIn_thatWasCancelledIsTakenBack(t *testing.T) {
	t.Parallel()
	for name, keep := range map[string]bool{"kept": true, "not kept": false} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			a := m.startStill()
			ctx, cancel := context.WithCancel(t.Context())
			defer a.Session.Subscribe(func(state SessionState) {
				if state.Phase == LoggedIn {
					cancel()
				}
			})()
			_, err := a.Session.LogIn(ctx, LogIn{Identifier: "someone", Password: "password", Keep: keep})
			if !errors.Is(err, context.Canceled) || a.Session.State().Phase != LoggedOut {
				t.Errorf("%v, and the session is %+v", err, a.Session.State())
			}
			m.leftNothing()
		})
	}
}

// What cannot be written by its person again is in the journal; the profile is in the cache.
func TestRestore_withoutProfileAndNetwork(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	if err := a.Registrations.SaveDraft(t.Context(), api.Register{Meeting: "C-00000011"}); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	caches, err := filepath.Glob(filepath.Join(m.store(), "cache-*"))
	if err != nil || len(caches) == 0 {
		t.Fatalf("%v, %v", caches, err)
	}
	for _, path := range caches {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
	m.service.locked(func() { m.service.portal = true })
	a = m.start()
	who, err := a.Session.Restore(t.Context())
	if one, ok := a.Registrations.Get("C-00000011"); err != nil || who.ID != faultyAccount || a.Session.State().Phase != LoggedIn || !ok || one.State != StateDraft {
		t.Fatalf("restored: %+v, %v, %+v", who, err, one)
	}
	m.service.locked(func() { m.service.portal = false })
	a.Sync.Now()
	wait(t, "the profile", func() bool { return a.Session.State().Account.Username == "someone" })
}
