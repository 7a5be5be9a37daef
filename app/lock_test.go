package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/app/keyringtest"
	"plenary/localdb"
)

const (
	testPIN  = "481516"
	wrongPIN = "481517"
)

// withLock starts the program with a session that can be locked, and work in it that exists
// here alone: an operation that waits.
func withLock(t *testing.T) (*machineUnderTest, *App) {
	t.Helper()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	if err := a.Session.SetLock(t.Context(), SetLock{New: testPIN, After: 15 * time.Minute}); err != nil {
		t.Fatal(err)
	}
	submit(t, a, "C-00000011")
	return m, a
}

// restart ends the program and starts it again.
func (m *machineUnderTest) restart(a *App) *App {
	m.t.Helper()
	if err := a.Close(); err != nil {
		m.t.Fatal(err)
	}
	return m.restore(m.startStill())
}

// killed starts the program with what a kill leaves.
func (m *machineUnderTest) killed() *App {
	m.t.Helper()
	dir := m.t.TempDir()
	if err := copyOpen(dir, m.dir); err != nil {
		m.t.Fatal(err)
	}
	m.dir = dir
	return m.restore(m.startStill())
}

func (m *machineUnderTest) restore(a *App) *App {
	m.t.Helper()
	if _, err := a.Session.Restore(m.t.Context()); err != nil && !errors.Is(err, ErrLocked) && !errors.Is(err, ErrNoSession) {
		m.t.Fatal(err)
	}
	return a
}

func lockNow(t *testing.T, a *App) {
	t.Helper()
	if err := a.Session.Lock(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// unlockWith tries PINs one after the other, and gives the kind of the last error.
func unlockWith(t *testing.T, a *App, pins ...string) string {
	t.Helper()
	var err error
	for _, pin := range pins {
		_, err = a.Session.Unlock(t.Context(), pin)
	}
	return Explain(err).Kind
}

func byPassword(t *testing.T, a *App, password string) string {
	t.Helper()
	_, err := a.Session.UnlockByPassword(t.Context(), password, "")
	return Explain(err).Kind
}

func times(n int, pin string) (pins []string) {
	for range n {
		pins = append(pins, pin)
	}
	return pins
}

// TestLock_states is what can happen to a session that can be locked, and to one that is.
func TestLock_states(t *testing.T) {
	t.Parallel()
	type event func(t *testing.T, m *machineUnderTest, a *App) (after *App, kind string)
	act := func(do func(t *testing.T, m *machineUnderTest, a *App) string) event {
		return func(t *testing.T, m *machineUnderTest, a *App) (*App, string) { return a, do(t, m, a) }
	}
	pins := func(pins ...string) event {
		return act(func(t *testing.T, _ *machineUnderTest, a *App) string { return unlockWith(t, a, pins...) })
	}
	restart := func(t *testing.T, m *machineUnderTest, a *App) (*App, string) { return m.restart(a), "" }
	kill := func(_ *testing.T, m *machineUnderTest, _ *App) (*App, string) { return m.killed(), "" }
	lock := act(func(t *testing.T, _ *machineUnderTest, a *App) string {
		return Explain(a.Session.Lock(t.Context())).Kind
	})
	logOut := act(func(t *testing.T, _ *machineUnderTest, a *App) string {
		return Explain(a.Session.LogOut(t.Context(), UnsentKeep)).Kind
	})
	ended := act(func(_ *testing.T, m *machineUnderTest, a *App) string { m.endedByService(a); return "" })
	endedAfar := act(func(_ *testing.T, m *machineUnderTest, _ *App) string {
		m.service.locked(func() { m.service.ended = true })
		return ""
	})
	offline := act(func(_ *testing.T, m *machineUnderTest, _ *App) string { m.server.Close(); return "" })
	noKeyring := act(func(_ *testing.T, m *machineUnderTest, _ *App) string { m.ring.Fail(ErrKeyringMissing); return "" })
	emptied := act(func(_ *testing.T, m *machineUnderTest, _ *App) string {
		for item := range m.ring.Items() {
			m.ring.Put(item, "")
		}
		return ""
	})
	password := func(password string) event {
		return act(func(t *testing.T, _ *machineUnderTest, a *App) string { return byPassword(t, a, password) })
	}
	for name, c := range map[string]struct {
		events []event
		kind   string // of the last event's error
		phase  Phase
		left   int // tries
	}{
		"unlocked, a lock":                              {[]event{lock}, "", Locked, 10},
		"unlocked, a PIN":                               {[]event{pins(wrongPIN)}, "", LoggedIn, 10},
		"unlocked, a log-out":                           {[]event{logOut}, "", LoggedOut, 0},
		"unlocked, the service ends it":                 {[]event{ended}, "", Ended, 10},
		"unlocked, an end of the program":               {[]event{restart}, "", Locked, 10},
		"unlocked, a kill":                              {[]event{kill}, "", Locked, 10},
		"unlocked, no keyring and a lock":               {[]event{noKeyring, lock}, "", Locked, 10},
		"locked, a lock":                                {[]event{lock, lock}, "", Locked, 10},
		"locked, the PIN":                               {[]event{lock, pins(testPIN)}, "", LoggedIn, 10},
		"locked, a wrong PIN":                           {[]event{lock, pins(wrongPIN)}, KindWrongPIN, Locked, 9},
		"locked, no PIN":                                {[]event{lock, pins("")}, KindWrongPIN, Locked, 9},
		"locked, nine wrong PINs":                       {[]event{lock, pins(times(9, wrongPIN)...)}, KindWrongPIN, Locked, 1},
		"locked, nine wrong PINs and the right one":     {[]event{lock, pins(append(times(9, wrongPIN), testPIN)...)}, "", LoggedIn, 10},
		"locked, ten wrong PINs":                        {[]event{lock, pins(times(10, wrongPIN)...)}, KindLockedOut, LoggedOut, 0},
		"locked, ten wrong PINs and the right one":      {[]event{lock, pins(append(times(10, wrongPIN), testPIN)...)}, KindNoSession, LoggedOut, 0},
		"locked, ten wrong PINs over two starts":        {[]event{lock, pins(times(5, wrongPIN)...), restart, pins(times(5, wrongPIN)...)}, KindLockedOut, LoggedOut, 0},
		"locked, ten wrong PINs, a kill after each two": {[]event{lock, pins(wrongPIN, wrongPIN), kill, pins(wrongPIN, wrongPIN), kill, pins(wrongPIN, wrongPIN), kill, pins(times(4, wrongPIN)...)}, KindLockedOut, LoggedOut, 0},
		"locked, a log-out":                             {[]event{lock, logOut}, "", LoggedOut, 0},
		"locked, an end of the program":                 {[]event{lock, restart}, "", Locked, 10},
		"locked, a kill":                                {[]event{lock, kill}, "", Locked, 10},
		"locked, a kill and the PIN":                    {[]event{lock, kill, pins(testPIN)}, "", LoggedIn, 10},
		"locked, offline, the PIN":                      {[]event{lock, offline, pins(testPIN)}, "", LoggedIn, 10},
		"locked, offline, the password":                 {[]event{lock, offline, password("password")}, KindUnreachable, Locked, 10},
		"locked, the password":                          {[]event{lock, pins(wrongPIN), password("password")}, "", LoggedIn, 10},
		"locked, a wrong password":                      {[]event{lock, pins(wrongPIN), password("wrong")}, string(api.CodeCredentials), Locked, 9},
		"locked, no keyring, the PIN":                   {[]event{lock, noKeyring, pins(testPIN)}, KindKeyringMissing, Locked, 10},
		"locked, no keyring, the password":              {[]event{lock, noKeyring, password("password")}, KindKeyringMissing, Locked, 10},
		"locked, an emptied keyring, the PIN":           {[]event{lock, emptied, pins(testPIN)}, KindNoSession, LoggedOut, 0},
		"locked, the service ends it, the PIN":          {[]event{ended, lock, pins(testPIN)}, "", Ended, 10},
		"locked, the service has ended it, password":    {[]event{lock, endedAfar, password("password")}, "", LoggedIn, 10},
		"locked, ended here and there, password":        {[]event{ended, lock, password("password")}, "", LoggedIn, 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, a := withLock(t)
			kind := ""
			for _, e := range c.events {
				a, kind = e(t, m, a)
			}
			state := a.Session.State()
			if kind != c.kind || state.Phase != c.phase || state.Lock.Left != c.left || state.Lock.On != (c.left > 0) {
				t.Fatalf("%q, phase %d, %+v", kind, state.Phase, state.Lock)
			}
			if open := a.Session.open() != nil; open != (c.phase == LoggedIn || c.phase == Ended) {
				t.Errorf("the store is open: %v", open)
			}
			if c.phase == LoggedIn || c.phase == Ended {
				if work, err := a.Session.LocalWork(t.Context()); work != (LocalWork{Waiting: 1}) || err != nil {
					t.Errorf("found %+v, %v", work, err)
				}
			}
			if c.phase == Locked {
				if who := state.Account; who.ID != faultyAccount || who.Username != "someone" || who.Email != "" {
					t.Errorf("the lock screen is for %+v", who)
				}
				if status := a.Sync.Status(); status.Waiting != 0 || len(a.Registrations.List()) != 0 {
					t.Errorf("a locked session tells %+v, %v", status, a.Registrations.List())
				}
			}
		})
	}
}

// TestLock_leavesNothingInMemory looks at whatever holds keys, tokens and contents.
func TestLock_leavesNothingInMemory(t *testing.T) {
	t.Parallel()
	m, a := withLock(t)
	if err := use(t, a); err != nil { // so that there is an access token
		t.Fatal(err)
	}
	v, key := a.Session.open(), m.item("key")
	if v.access == "" || v.refresh == "" || v.saved == nil || key == "" {
		t.Fatal("nothing that could be forgotten")
	}
	profile := v.saved
	lockNow(t, a)
	if v.access != "" || v.refresh != "" {
		t.Error("a token is in the memory")
	}
	if v.saved != nil || !bytes.Equal(profile, make([]byte, len(profile))) {
		t.Error("the profile is in the memory")
	}
	if v.key != (localdb.Key{}) {
		t.Error("the store's key is in the memory")
	}
	if _, err := v.store.Pending(); !errors.Is(err, localdb.ErrClosed) {
		t.Errorf("the store is open: %v", err)
	}
	r := a.Registrations
	if r.vault != nil || len(r.known) != 0 || len(r.drafts.written) != 0 || len(r.drafts.dirty) != 0 || len(r.shown.list) != 0 {
		t.Error("registrations are in the memory")
	}
	if err := use(t, a); !errors.Is(err, ErrNoSession) {
		t.Errorf("the service can be asked: %v", err)
	}
	if before := m.service.count("POST /v1/operations"); a.Sync.round(t.Context()) != nil || m.service.count("POST /v1/operations") != before {
		t.Error("a locked session is synchronized")
	}
}

// What was not sent outlives ten wrong PINs, and the next log-in of the same person finds it.
func TestLock_tenWrongPINsKeepUnsentWork(t *testing.T) {
	t.Parallel()
	for name, again := range map[string]func(m *machineUnderTest, a *App) *App{
		"in the same run": func(_ *machineUnderTest, a *App) *App { return a },
		"in another":      func(m *machineUnderTest, a *App) *App { return m.restart(a) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, a := withLock(t)
			if err := a.Registrations.SaveDraft(t.Context(), api.Register{Meeting: "C-00000012"}); err != nil {
				t.Fatal(err)
			}
			lockNow(t, a)
			if kind := unlockWith(t, a, times(10, wrongPIN)...); kind != KindLockedOut {
				t.Fatal(kind)
			}
			if m.item("refresh") != "" || m.ring.Items()[currentItem(m.service.info)] != "" {
				t.Errorf("a session is left in the keyring: %v", m.ring.Items())
			}
			a = again(m, a)
			if !a.Session.WorkIsKept() {
				t.Error("the log-in screen does not know of the work")
			}
			m.logIn(a, true)
			if work, err := a.Session.LocalWork(t.Context()); work != (LocalWork{Waiting: 1, Drafts: 1}) || err != nil {
				t.Errorf("found %+v, %v", work, err)
			}
			if a.Session.State().Lock.On {
				t.Error("the PIN that was guessed at is still there")
			}
		})
	}
}

// Whoever copies the data folder has nothing to try a PIN on.
func TestLock_aCopiedFolderCannotBeTried(t *testing.T) {
	t.Parallel()
	m, a := withLock(t)
	pin := a.Session.pin
	lockNow(t, a)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	secret := []string{testPIN}
	for _, b := range [][]byte{pin.Params.Salt, pin.Key} {
		text, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		secret = append(secret, string(b), strings.Trim(string(text), `"`))
	}
	err := filepath.WalkDir(m.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, s := range secret {
			if bytes.Contains(b, []byte(s)) {
				t.Errorf("%s has something of the lock", filepath.Base(path))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	m.ring = keyringtest.New()
	a = m.killed()
	if kind := unlockWith(t, a, testPIN); kind != KindNoSession {
		t.Errorf("the PIN on a copy: %q", kind)
	}
}

// A right PIN, or password, of which somebody has thought better leaves the session locked.
func TestUnlock_cancelledStaysLocked(t *testing.T) {
	t.Parallel()
	for name, unlock := range map[string]func(ctx context.Context, s *Session) error{
		"the PIN": func(ctx context.Context, s *Session) error {
			_, err := s.Unlock(ctx, testPIN)
			return err
		},
		"the password": func(ctx context.Context, s *Session) error {
			_, err := s.UnlockByPassword(ctx, "password", "")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, a := withLock(t)
			lockNow(t, a)
			ctx, cancel := context.WithCancel(t.Context())
			defer a.Session.Subscribe(func(state SessionState) {
				if state.Phase == LoggedIn {
					cancel()
				}
			})()
			if err := unlock(ctx, a.Session); !errors.Is(err, context.Canceled) || a.Session.State().Phase != Locked || a.Session.open() != nil {
				t.Errorf("%v, %+v", err, a.Session.State())
			}
		})
	}
}

// A try is in the keyring before the PIN is compared: what does not count compares nothing.
func TestUnlock_countsBeforeItCompares(t *testing.T) {
	t.Parallel()
	m, a := withLock(t)
	lockNow(t, a)
	if unlockWith(t, a, times(9, wrongPIN)...) != KindWrongPIN {
		t.Fatal("nine tries do not work")
	}
	id := m.service.info
	full := m.ring.Items()[currentItem(id)]
	unlockWith(t, a, wrongPIN)
	// A kill after the last count and before its end: no other try.
	m.ring.Put(currentItem(id), strings.Replace(full, `"failed":9`, `"failed":10`, 1))
	m.ring.Put(refreshItem(id, faultyAccount), token("refresh1"))
	a = m.killed()
	if kind := unlockWith(t, a, testPIN); kind != KindLockedOut || a.Session.State().Phase != LoggedOut {
		t.Errorf("%q, %+v", kind, a.Session.State())
	}
}

// While the password has just unlocked, the PIN that was forgotten is not asked for.
func TestSetLock_asksForThePresentPIN(t *testing.T) {
	t.Parallel()
	_, a := withLock(t)
	ctx := t.Context()
	set := func(in SetLock) string { return Explain(a.Session.SetLock(ctx, in)).Kind }
	if got := set(SetLock{PIN: wrongPIN, New: "271828"}); got != KindWrongPIN || a.Session.State().Lock.Left != 9 {
		t.Errorf("another PIN without the present one: %q, %+v", got, a.Session.State().Lock)
	}
	if got := Explain(a.Session.RemoveLock(ctx, wrongPIN)).Kind; got != KindWrongPIN || !a.Session.State().Lock.On {
		t.Errorf("no lock without the PIN: %q", got)
	}
	if got := set(SetLock{PIN: testPIN, After: time.Hour}); got != "" || a.Session.State().Lock != (LockState{Can: true, On: true, After: time.Hour, Left: 10}) {
		t.Errorf("another time: %q, %+v", got, a.Session.State().Lock)
	}
	if got := set(SetLock{PIN: testPIN, New: "271828"}); got != "" {
		t.Errorf("another PIN: %q", got)
	}
	lockNow(t, a)
	if got := unlockWith(t, a, testPIN); got != KindWrongPIN {
		t.Errorf("the PIN of before: %q", got)
	}
	if got := byPassword(t, a, "password"); got != "" || !a.Session.State().Lock.Free {
		t.Errorf("the password: %q, %+v", got, a.Session.State().Lock)
	}
	if got := set(SetLock{New: testPIN}); got != "" || a.Session.State().Lock.Free {
		t.Errorf("another PIN in place of one that was forgotten: %q, %+v", got, a.Session.State().Lock)
	}
	if got := Explain(a.Session.RemoveLock(ctx, testPIN)).Kind; got != "" || a.Session.State().Lock.On {
		t.Errorf("no lock any more: %q, %+v", got, a.Session.State().Lock)
	}
	if got := Explain(a.Session.Lock(ctx)).Kind; got != KindNoPIN {
		t.Errorf("a lock without a PIN: %q", got)
	}
}

// Ten wrong PINs in Settings end the session as well: they are as good as any.
func TestSetLock_tenWrongPINsEndTheSession(t *testing.T) {
	t.Parallel()
	m, a := withLock(t)
	var err error
	for range 10 {
		err = a.Session.RemoveLock(t.Context(), wrongPIN)
	}
	if !errors.Is(err, ErrLockedOut) || a.Session.State().Phase != LoggedOut {
		t.Fatalf("%v, %+v", err, a.Session.State())
	}
	m.logIn(a, true)
	if work, err := a.Session.LocalWork(t.Context()); work != (LocalWork{Waiting: 1}) || err != nil {
		t.Errorf("found %+v, %v", work, err)
	}
}

// A log-in after the service has ended a session leaves the PIN as it is; one that is not
// kept, or finds no store, has none.
func TestLogIn_andTheLock(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(t *testing.T, m *machineUnderTest, a *App)
		keep   bool
		on     bool
	}{
		"after an end by the service": {func(_ *testing.T, m *machineUnderTest, a *App) { m.endedByService(a) }, true, true},
		"not kept":                    {func(_ *testing.T, m *machineUnderTest, a *App) { m.endedByService(a) }, false, false},
		"after a log-out": {func(t *testing.T, _ *machineUnderTest, a *App) {
			if err := a.Session.LogOut(t.Context(), UnsentDiscard); err != nil {
				t.Fatal(err)
			}
		}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, a := withLock(t)
			c.before(t, m, a)
			m.logIn(a, c.keep)
			if lock := a.Session.State().Lock; lock.On != c.on || lock.Can != c.keep {
				t.Errorf("%+v", lock)
			}
		})
	}
}

// Without the system's keyring there is nothing that a locked session could go on in.
func TestSetLock_needsASessionInTheKeyring(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(t *testing.T, m *machineUnderTest, a *App){
		"not kept": func(_ *testing.T, m *machineUnderTest, a *App) { m.logIn(a, false) },
		"a passphrase": func(t *testing.T, m *machineUnderTest, a *App) {
			if err := a.Session.UsePassphrase(t.Context(), "a passphrase"); err != nil {
				t.Fatal(err)
			}
			m.logIn(a, true)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			a := m.startStill()
			begin(t, m, a)
			err := a.Session.SetLock(t.Context(), SetLock{New: testPIN})
			if !errors.Is(err, ErrNoLock) || a.Session.State().Lock != (LockState{}) {
				t.Errorf("%v, %+v", err, a.Session.State().Lock)
			}
		})
	}
}

// A log-out of a locked session in which nothing exists here alone leaves nothing.
func TestLogOut_lockedWithoutWorkLeavesNothing(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	m.logIn(a, true)
	if err := a.Session.SetLock(t.Context(), SetLock{New: testPIN}); err != nil {
		t.Fatal(err)
	}
	lockNow(t, a)
	if err := a.Session.LogOut(t.Context(), UnsentSend); err != nil {
		t.Fatal(err)
	}
	if items := m.ring.Items(); len(items) != 0 {
		t.Errorf("left in the keyring: %v", items)
	}
	if _, err := os.Stat(m.store()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the store is left: %v", err)
	}
	if a.Session.State().Listed || m.service.count("DELETE /v1/session") != 1 {
		t.Error("the service was not told")
	}
}

// Drafts that the disk does not take before a lock stay in the memory, and are there again
// afterwards; nothing loses them unasked.
func TestLock_keepsDraftsThatTheDiskDoesNotTake(t *testing.T) {
	t.Parallel()
	m, a := withLock(t)
	ctx := t.Context()
	in := api.Register{Meeting: "C-00000012", JobTitle: "Engineer"}
	locked := func() {
		t.Helper()
		m.disk.Fill(true)
		if err := a.Registrations.SaveDraft(ctx, in); err != nil {
			t.Fatal(err)
		}
		lockNow(t, a)
		m.disk.Fill(false)
		if work, err := a.Session.LocalWork(ctx); work != (LocalWork{Drafts: 1}) || err != nil || a.Session.State().Outlives {
			t.Fatalf("the end of the program does not ask about it: %+v, %v", work, err)
		}
	}
	locked()
	if unlockWith(t, a, testPIN) != "" {
		t.Fatal("it does not unlock")
	}
	if got, ok := a.Registrations.Draft(in.Meeting); !ok || got.JobTitle != in.JobTitle {
		t.Errorf("after the lock: %+v", got)
	}
	if err := a.Registrations.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	in.JobTitle = "Director"
	locked()
	if err := a.Session.LogOut(ctx, UnsentKeep); !errors.Is(err, ErrUnsent) {
		t.Errorf("a log-out that would lose it: %v", err)
	}
	if err := a.Session.LogOut(ctx, UnsentDiscard); err != nil {
		t.Fatal(err)
	}
	m.service.locked(func() { m.service.account = "1d4a6f3e-8f1b-4a55-8f7e-2f6f2a0e6b21" })
	m.logIn(a, true)
	if _, ok := a.Registrations.Draft(in.Meeting); ok {
		t.Error("somebody else has the draft")
	}
}

func TestPINLock_isOfOneAccount(t *testing.T) {
	t.Parallel()
	key := localdb.NewKey()
	l, err := newPINLock(faultyAccount, testPIN, key)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := l.open(faultyAccount, testPIN); got != key || err != nil {
		t.Errorf("the PIN gives another key: %v", err)
	}
	if _, err := l.open("another", testPIN); !errors.Is(err, ErrWrongPIN) {
		t.Errorf("another account: %v", err)
	}
	l.Params.Memory = 1 << 30
	if _, err := l.open(faultyAccount, testPIN); !errors.Is(err, ErrDamaged) {
		t.Errorf("parameters out of bounds: %v", err)
	}
}

// The item of the keyring keeps below the limit of Windows, whatever the names are.
func TestPINLock_isSmall(t *testing.T) {
	t.Parallel()
	l, err := newPINLock(faultyAccount, testPIN, localdb.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	name := strings.Repeat("王", 200)
	l.of(api.Account{FirstName: name, FamilyName: name, Username: name})
	l.After, l.Failed = 60, 9
	cur := current{Account: faultyAccount, Address: "https://" + strings.Repeat("a", 253) + ":65535", Lock: l}
	if n := len(cur.encode()); n > maxSecretSize {
		t.Errorf("%d bytes", n)
	}
}
