package app

import (
	"crypto/ed25519"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/client"
)

func TestOpen_repairsWhatCanBeFetchedAgain(t *testing.T) {
	t.Parallel()
	tests := map[string]func(t *testing.T, dir, id string) error{
		"the public key is lost": func(_ *testing.T, dir, id string) error { return os.Remove(filepath.Join(dir, id, "public.key")) },
		"the public key is damaged": func(_ *testing.T, dir, id string) error {
			return os.WriteFile(filepath.Join(dir, id, "public.key"), []byte("x"), 0o600)
		},
		"the public store is lost": func(_ *testing.T, dir, id string) error { return os.RemoveAll(filepath.Join(dir, id, "public")) },
		"the public store is cut": func(t *testing.T, dir, id string) error {
			paths, err := filepath.Glob(filepath.Join(dir, id, "public", "*", "*"))
			for _, p := range paths {
				err = errors.Join(err, os.Truncate(p, 7))
			}
			return err
		},
		"the list of services is lost": func(_ *testing.T, dir, id string) error { return os.Remove(filepath.Join(dir, servicesName)) },
		"the list of services is damaged": func(_ *testing.T, dir, id string) error {
			return os.WriteFile(filepath.Join(dir, servicesName), []byte("{"), 0o600)
		},
		"the list of services leads out of the folder": func(_ *testing.T, dir, id string) error {
			return os.WriteFile(filepath.Join(dir, servicesName), []byte(`{"http://127.0.0.1":"../.."}`), 0o600)
		},
	}
	for name, damage := range tests {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			a := m.start()
			m.logIn(a, true)
			if err := a.Registrations.SaveDraft(t.Context(), api.Register{Meeting: "M-1"}); err != nil {
				t.Fatal(err)
			}
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			if err := damage(t, m.dir, m.service.info); err != nil {
				t.Fatal(err)
			}
			a = m.start()
			if who, err := a.Session.Restore(t.Context()); err != nil || who.ID != faultyAccount {
				t.Errorf("restore: %+v, %v", who, err)
			}
			if _, ok := a.Registrations.Draft("M-1"); !ok {
				t.Error("the draft is lost")
			}
			if info, err := a.Info(t.Context()); err != nil || info.ServiceID != m.service.info {
				t.Errorf("info: %+v, %v", info, err)
			}
		})
	}
}

func TestOpen_saysWhatCannotBeRepaired(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.start()
	m.logIn(a, true)
	open := func() error {
		b, err := Open(t.Context(), Config{Dir: m.dir, Service: m.server.URL, Keyring: m.ring})
		if err == nil {
			b.Close()
		}
		return err
	}
	if err := open(); Explain(err).Kind != KindInUse {
		t.Errorf("open twice: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := open(); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if _, err := Open(t.Context(), Config{Dir: m.dir, Service: "http://example.int"}); !errors.Is(err, client.ErrAddress) {
		t.Errorf("address: %v", err)
	}
}

func TestServiceIDs_thatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", "../../etc", "6F1F5A5E-6D2C-4F57-9D7C-6D7A8A0B9C11", "urn:uuid:6f1f5a5e-6d2c-4f57-9d7c-6d7a8a0b9c11"} {
		m := newMachine(t)
		m.service.info = id
		a := m.start()
		if _, err := a.Info(t.Context()); Explain(err).Kind != KindBrokenAnswer {
			t.Errorf("%q: %v", id, err)
		}
	}
}

// What the service says of itself counts in the same run, and is told once.
func TestInfo_isAskedAnewAndTold(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.startStill()
	var told []string
	defer a.SubscribeInfo(func(info api.ServiceInfo) { told = append(told, info.Organization) })()
	for _, name := range []string{"first.example.int", "second.example.int", "second.example.int"} {
		m.service.name = name
		a.core.place.confirmed = time.Time{} // an hour ago
		if err := a.core.place.confirm(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	defer m.startStill().SubscribeInfo(func(info api.ServiceInfo) { told = append(told, "at once "+info.Organization) })()
	if want := []string{"first.example.int", "second.example.int", "at once second.example.int"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

// oldAddress is where a service was that has moved.
const oldAddress = "https://plenary.example.int"

// movesFrom makes it look as if the service of m had been met at the old address, where
// somebody had logged in and begun a draft.
func (m *machineUnderTest) movesFrom() {
	m.t.Helper()
	a := m.startStill()
	m.logIn(a, true)
	if err := a.Registrations.SaveDraft(m.t.Context(), api.Register{Meeting: "M-1"}); err != nil {
		m.t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		m.t.Fatal(err)
	}
	known, err := loadServices(m.dir)
	if err != nil {
		m.t.Fatal(err)
	}
	if err := known.remember(m.dir, oldAddress, known[m.server.URL]); err != nil {
		m.t.Fatal(err)
	}
	was := current{Account: faultyAccount, Address: oldAddress}
	if err := m.ring.Set(keyringService, currentItem(m.service.info), was.encode()); err != nil {
		m.t.Fatal(err)
	}
}

// newIdentity is a key with which a service proves who it is.
func newIdentity(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// A service that has moved, and proves that it is the same, goes on with its session and
// all that is here. One that does not is sent nothing.
func TestService_thatMovesHasToProveThatItIsTheSame(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before  func(*faultyService) // at the old address
		after   func(t *testing.T, s *faultyService)
		refused bool
	}{
		"proved":                        {after: func(*testing.T, *faultyService) {}},
		"with the key of another one":   {after: func(t *testing.T, s *faultyService) { s.identity = newIdentity(t) }, refused: true},
		"it signs another address only": {after: func(_ *testing.T, s *faultyService) { s.address = oldAddress }, refused: true},
		"it does not know how":          {after: func(_ *testing.T, s *faultyService) { s.identity = nil }, refused: true},
		"no key was told before":        {before: func(s *faultyService) { s.identity = nil }, after: func(t *testing.T, s *faultyService) { s.identity = newIdentity(t) }, refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			m.service.identity, m.service.address = newIdentity(t), m.server.URL
			if c.before != nil {
				c.before(m.service)
			}
			m.movesFrom()
			c.after(t, m.service)
			m.service.calls = map[string]int{}
			a := m.startStill()
			who, err := a.Session.Restore(t.Context())
			if c.refused {
				if Explain(err).Kind != KindUnproven || a.Moved() != "" {
					t.Errorf("got %v, moved from %q", err, a.Moved())
				}
				if _, err := a.Session.LogIn(t.Context(), LogIn{Identifier: "someone", Password: "password"}); Explain(err).Kind != KindUnproven {
					t.Errorf("log in: %v", err)
				}
				for call := range m.service.calls {
					if call != "GET /v1/service" && call != "POST /v1/service/proof" {
						t.Errorf("it was sent %s", call)
					}
				}
				return
			}
			if err != nil || who.ID != faultyAccount || a.Moved() != oldAddress {
				t.Fatalf("got %+v, %v, moved from %q", who, err, a.Moved())
			}
			if _, ok := a.Registrations.Draft("M-1"); !ok {
				t.Error("the draft is lost")
			}
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			m.server.Close() // from now on it is known without a network
			a = m.startStill()
			if who, err := a.Session.Restore(t.Context()); err != nil || who.ID != faultyAccount || a.Moved() != "" {
				t.Errorf("the next start: %+v, %v, moved from %q", who, err, a.Moved())
			}
		})
	}
}

// A service that was set up anew is a stranger at the same address: it is used only by
// choice, and does not get what was the other one's. That one, when it comes back, does.
func TestService_thatWasSetUpAnewIsAStranger(t *testing.T) {
	t.Parallel()
	const other = "0b4a6f3e-8f1b-4a55-8f7e-2f6f2a0e6b22"
	m := newMachine(t)
	m.service.identity, m.service.address = newIdentity(t), m.server.URL
	a := m.startStill()
	m.logIn(a, true)
	if err := a.Registrations.SaveDraft(t.Context(), api.Register{Meeting: "M-1"}); err != nil {
		t.Fatal(err)
	}
	anew := func(id string) {
		t.Helper()
		a.core.place.confirmed = time.Time{} // an hour ago
		was := m.service.info
		m.service.info = id
		if err := a.core.place.confirm(t.Context()); Explain(err).Kind != KindOtherService {
			t.Fatalf("%s in place of %s: %v", id, was, err)
		}
		if err := errors.Join(a.Replace(), a.Close()); err != nil {
			t.Fatal(err)
		}
		a = m.startStill()
	}
	anew(other)
	if _, err := a.Session.Restore(t.Context()); !errors.Is(err, ErrNoSession) {
		t.Errorf("a session of the service before: %v", err)
	}
	m.logIn(a, true)
	if _, ok := a.Registrations.Draft("M-1"); ok {
		t.Error("it was given the draft of the service before")
	}
	anew(faultyServiceID)
	if who, err := a.Session.Restore(t.Context()); err != nil || who.ID != faultyAccount {
		t.Errorf("the service of before, at its address: %+v, %v", who, err)
	}
	if _, ok := a.Registrations.Draft("M-1"); !ok {
		t.Error("its draft is lost")
	}
	// Whoever says to be the one that was replaced has to prove it, there and elsewhere.
	anew(other)
	m.service.info, m.service.identity = faultyServiceID, newIdentity(t)
	if err := a.core.place.confirm(t.Context()); Explain(err).Kind != KindUnproven {
		t.Errorf("without the key of the one that was replaced: %v", err)
	}
	known, err := loadServices(m.dir)
	if err != nil {
		t.Fatal(err)
	}
	s, ok := known.elsewhere(oldAddress, faultyServiceID)
	if !ok || s.Key == "" || s.From != m.server.URL {
		t.Errorf("of the one that was replaced is known %+v, %v", s, ok)
	}
}

// A service may be set up anew while the program runs. What it answers is not believed,
// and once contact was lost it gets nothing that is the other one's.
func TestService_thatWasSetUpAnewMeanwhileIsAStrangerAtOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		secret string // the call that must not be made
		do     func(t *testing.T, a *App) error
	}{
		"a round of the sync": {"GET /v1/registrations", func(t *testing.T, a *App) error { return a.Sync.round(t.Context()) }},
		"what waits to be sent": {"POST /v1/operations", func(t *testing.T, a *App) error {
			submit(t, a, "C-00000011")
			return a.Sync.deliver(t.Context(), a.Session.open())
		}},
		"a refresh": {"POST /v1/session/refresh", func(t *testing.T, a *App) error {
			v := a.Session.open()
			v.mu.Lock()
			v.access = ""
			v.mu.Unlock()
			return a.Registrations.refresh(t.Context(), v)
		}},
		"a log-in": {"POST /v1/session", func(t *testing.T, a *App) error {
			_, err := a.Session.LogIn(t.Context(), LogIn{Identifier: "someone", Password: "password"})
			return err
		}},
		"a proof": {"POST /v1/session/proof", func(t *testing.T, a *App) error { return a.Service.Prove(t.Context(), "password", "") }},
		"a sign-up": {"POST /v1/account/sign-up", func(t *testing.T, a *App) error {
			_, err := a.Account.SignUp(t.Context(), api.SignUp{Password: "password"})
			return err
		}},
	} {
		for when, lost := range map[string]bool{"at once": false, "after contact was lost": true} {
			t.Run(name+", "+when, func(t *testing.T) {
				t.Parallel()
				m := newMachine(t)
				a := m.startStill()
				m.logIn(a, true)
				m.service.portal = lost
				if err := a.Meetings.Refresh(t.Context()); (err != nil) != lost {
					t.Fatalf("contact lost: %v", err)
				}
				m.service.portal, m.service.info, m.service.ended = false, "0b4a6f3e-8f1b-4a55-8f7e-2f6f2a0e6b22", true
				clear(m.service.calls)
				if err := c.do(t, a); !errors.Is(err, ErrOtherService) {
					t.Errorf("got %v", err)
				}
				if n := m.service.calls[c.secret]; lost && n > 0 {
					t.Errorf("%s was called %d times", c.secret, n)
				}
				if phase := a.Session.State().Phase; phase != LoggedIn {
					t.Errorf("phase is %d: a stranger has ended the session", phase)
				}
			})
		}
	}
}

func TestAccountIDs_thatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method+r.URL.Path == "POST/v1/session" {
			s := m.service.session(token("refresh1"))
			s.Account.ID = "../../../somewhere"
			reply(w, s)
			return
		}
		m.service.ServeHTTP(w, r)
	}))
	t.Cleanup(evil.Close)
	m.server = evil
	for _, keep := range []bool{true, false} {
		a := m.start()
		if _, err := a.Session.LogIn(t.Context(), LogIn{Identifier: "someone", Password: "password", Keep: keep}); Explain(err).Kind != KindBrokenAnswer {
			t.Errorf("keep %v: %v", keep, err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFiles_areForTheirOwnerOnly(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.start()
	m.logIn(a, true)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(m.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || path == m.dir {
			return err
		}
		info, err := d.Info()
		if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 && !strings.Contains(path, "cache-") {
			t.Errorf("%s has mode %v", d.Name(), info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
