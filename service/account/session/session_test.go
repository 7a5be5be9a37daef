package session

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/policy"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

var start = time.Date(2026, 5, 10, 8, 0, 0, 0, time.UTC)

// world are the sessions of a service with a clock that a test moves.
type world struct {
	*Sessions
	t   testing.TB
	mu  sync.Mutex
	now time.Time
}

func newWorld(t testing.TB, db *store.DB) *world {
	w := &world{t: t, now: start}
	w.Sessions = w.with(db, secret.Generate())
	return w
}

// with are sessions in the world's time, with another key or another database.
func (w *world) with(db *store.DB, key *secret.Key) *Sessions {
	now := func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.now
	}
	return &Sessions{
		DB: db, Key: key, Log: audit.New(key, now), Now: now,
		Policy:   func() api.SessionPolicy { return policy.Default().Sessions },
		Networks: func() []api.NetworkBudget { return policy.Default().Networks },
	}
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, newWorld(t, db)) })
}

func (w *world) pass(by time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(by)
}

// update runs f in a transaction.
func (w *world) update(f func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.DB.Update(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) number(query string, args ...any) (n int) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		tx.Get(query, args...).Into(&n)
		return nil
	})
	return n
}

// account makes an account's row.
func (w *world) account(id string) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		tx.AddOwner(id)
		tx.Do(`INSERT INTO accounts (id, username, username_key, email, email_key, title, first_name, family_name, phone, language,
			country, membership, organization_id, organization_name, news, created_at, activated_at, search, sort_key)
			VALUES ($1, $1, $1, $1, $1, '', '', '', '', '', '', '', '', '', 0, 0, 0, '', $2)`, id, []byte(id))
		return nil
	})
}

// begin begins a kept session of an account on a new device.
func (w *world) begin(id string) (s api.Session) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		s = w.Begin(tx, id, Machine{Program: "Plenary"}, Remember(tx, w.Now(), id, "Plenary", "", nil, 0), true)
		return nil
	})
	return s
}

// code is the code that a client learns of an error, "" for none.
func code(t testing.TB, err error) api.Code {
	t.Helper()
	if err == nil {
		return ""
	}
	p, ok := errors.AsType[*api.Problem](err)
	if !ok {
		t.Fatalf("no problem but %v", err)
	}
	return p.Code
}

func (w *world) authenticate(access string) (Session, error) {
	return w.Authenticate(context.Background(), access, username(new(string)))
}

func (w *world) refresh(token string) (api.Session, error) {
	_, s, err := w.Refresh(context.Background(), token, username(new(string)))
	return s, err
}

// username reads of an owner what accounts are called.
func username(into *string) Owner {
	return Owner{Columns: `a.username`, Tables: `accounts a`, Into: []any{into}}
}

func TestBegin_givesTokensOfTheAccountsSession(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.account("amina")
		w.account("bela")
		w.begin("bela")
		s := w.begin("amina")
		var name string
		got, err := w.Authenticate(t.Context(), s.Access, username(&name))
		if err != nil || got.AccountID != "amina" || name != "amina" || !got.ProvedUntil.IsZero() {
			t.Errorf("got %+v, %q, %v", got, name, err)
		}
		var next api.Session
		for _, again := range []bool{false, true} {
			name = ""
			var owner string
			owner, next, err = w.Refresh(t.Context(), s.Refresh, username(&name))
			if err != nil || owner != "amina" || name != "amina" || next.Refresh == s.Refresh {
				t.Errorf("again %v: got %q, %q, %v", again, owner, name, err)
			}
		}
		var list api.Sessions
		w.update(func(tx *store.Tx) error {
			list = w.List(tx, "amina", got.ID, First)
			return w.Prove(tx, "amina", got.ID)
		})
		if len(list.Sessions) != 1 || !list.Sessions[0].Current || !list.Sessions[0].Kept || list.Next != "" {
			t.Errorf("the list is %+v", list)
		}
		if got, err = w.authenticate(next.Access); err != nil || !got.ProvedUntil.Equal(start.Add(api.ProofLife)) {
			t.Errorf("after a proof: %+v, %v", got, err)
		}
	})
}

// Renewed, a session goes on with new tokens, and those of before are void.
func TestRenew_voidsTheTokensOfBefore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.account("amina")
		s := w.begin("amina")
		got, err := w.authenticate(s.Access)
		if err != nil {
			t.Fatal(err)
		}
		var next api.Session
		w.update(func(tx *store.Tx) (err error) {
			next, err = w.Renew(tx, "amina", got.ID)
			return err
		})
		if _, err := w.authenticate(s.Access); code(t, err) != api.CodeUnauthenticated {
			t.Errorf("the access token of before: %v", err)
		}
		if _, err := w.refresh(s.Refresh); code(t, err) != api.CodeSessionEnded {
			t.Errorf("the refresh token of before: %v", err)
		}
		if again, err := w.authenticate(next.Access); err != nil || again.ID != got.ID {
			t.Errorf("the new access token: %+v, %v", again, err)
		}
		w.update(func(tx *store.Tx) error {
			if _, err := w.Renew(tx, "bela", got.ID); code(t, err) != api.CodeUnauthenticated {
				t.Errorf("somebody else's session: %v", err)
			}
			if err := w.Prove(tx, "bela", got.ID); code(t, err) != api.CodeUnauthenticated {
				t.Errorf("a proof in somebody else's session: %v", err)
			}
			if w.End(tx, "", "bela", got.ID) || !w.End(tx, "", "amina", got.ID) || w.End(tx, "", "amina", got.ID) {
				t.Error("it ended not once, or by somebody else")
			}
			return nil
		})
		if _, err := w.refresh(next.Refresh); code(t, err) != api.CodeSessionEnded {
			t.Errorf("after its end: %v", err)
		}
		if n := w.number(`SELECT COUNT(*) FROM audit WHERE event = $1 AND subject = 'amina'`, string(audit.SessionEnded)); n != 1 {
			t.Errorf("%d ends are in the audit log", n)
		}
	})
}

// Devices are those of one account, and the one that was not used for longest gives way.
func TestRemember_keepsTheDevicesThatWereUsedLast(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.account("amina")
		w.account("bela")
		var all []string
		for i := range MaxDevices + 2 {
			w.pass(time.Second)
			w.update(func(tx *store.Tx) error {
				all = append(all[:i], Remember(tx, w.Now(), "amina", "Plenary", "", nil, min(i, MaxDevices)))
				return nil
			})
		}
		w.update(func(tx *store.Tx) error {
			for i, device := range all {
				if known := KnownDevice(tx, device, "amina") != nil; known != (i >= 2) {
					t.Errorf("device %d is known: %v", i, known)
				}
			}
			newest := all[len(all)-1]
			if KnownDevice(tx, newest, "bela") != nil || Forget(tx, newest, "bela") {
				t.Error("it is a device of somebody else's too")
			}
			known := KnownDevice(tx, newest, "amina")
			if again := Remember(tx, w.Now(), "amina", "Plenary", newest, known, MaxDevices); again != newest {
				t.Error("a known device got another token")
			}
			if !Forget(tx, newest, "amina") || IsDevice(tx, known, "amina") || Forget(tx, "x", "amina") {
				t.Error("it was not forgotten, or something else was")
			}
			if again := Remember(tx, w.Now(), "amina", "Plenary", newest, known, MaxDevices-1); again == newest {
				t.Error("a forgotten device is known again")
			}
			return nil
		})
	})
}
