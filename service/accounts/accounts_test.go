package accounts

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"iter"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/account/throttle"
	tokens "plenary/service/account/token"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/policy"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// cheap is argon2id as fast as it can be: what is tested here is not its cost.
var cheap = credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1}

// A model is compared this often in a run of the tests; each run draws anew, and
// -rapid.checks=N looks longer.
func init() {
	if err := flag.Set("rapid.checks", "30"); err != nil {
		panic(err)
	}
}

const (
	goodPassword  = "Tr4vel-Lemur&Quartz"
	otherPassword = "Br1ght_Otter^Meadow"
)

var (
	itu   = api.Organization{ID: "itu1", Name: "Example Telecom", Country: "CH", Membership: "sector-member"}
	home  = netip.MustParseAddr("192.0.2.10")
	start = time.Date(2026, 5, 10, 8, 0, 0, 0, time.UTC)
)

// from is the context of a request from a network address.
func from(ctx context.Context, address string) context.Context {
	return audit.From(ctx, audit.Origin{Network: netip.MustParseAddr(address)})
}

// keptIdleTime and idleTime are how long sessions last unused, by default.
const (
	keptIdleTime = 90 * 24 * time.Hour
	idleTime     = 12 * time.Hour
)

// world is a service's accounts with a clock that a test moves.
type world struct {
	*Accounts
	t   *testing.T
	mu  sync.Mutex
	now time.Time
}

func newWorld(t *testing.T, db *store.DB) *world {
	w := &world{t: t, now: start}
	key := secret.Generate()
	clock := func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.now
	}
	w.Accounts = New(account.Deps{
		DB: db, Key: key, Mail: mail.NewOutbox(key, clock), Now: clock,
		Organization: func(id string) (api.Organization, bool) { return itu, id == itu.ID },
		Address:      func() string { return "https://accounts.example.org" }, Name: func() string { return "" }, Hashing: cheap,
	})
	return w
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, newWorld(t, db)) })
}

// onSQLite is for rules that stand in Go: on one database. What SQL does for them
// runs on the other one in the tests with each.
func onSQLite(t *testing.T, test func(t *testing.T, w *world)) {
	test(t, newWorld(t, storetest.SQLite(t)))
}

// sql changes the database past every rule.
func (w *world) sql(query string, args ...any) {
	w.t.Helper()
	if err := w.DB.Update(w.t.Context(), func(tx *store.Tx) error {
		tx.Do(query, args...)
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
}

// copyAccount makes n accounts with the password of one, named copyName(0) and on.
func (w *world) copyAccount(username string, n int) {
	w.t.Helper()
	if err := w.DB.Update(w.t.Context(), func(tx *store.Tx) error {
		var password string
		if !tx.Get(`SELECT c.password FROM accounts a JOIN credentials c ON c.account_id = a.id
			WHERE a.username = $1`, username).Into(&password) {
			return fmt.Errorf("there is no %s", username)
		}
		for i := range n {
			p := account.Person{
				Username: copyName(i), Email: copyName(i) + "@example.org", FirstName: "A", Language: "en", Country: "CH",
				Membership: itu.Membership, Directory: itu.ID, Name: itu.Name,
			}
			tx.AddOwner(copyName(i))
			w.Insert(tx, copyName(i), p, password, nil)
		}
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
}

func copyName(i int) string { return fmt.Sprint("delegate", i) }

// change changes the policies of now.
func (w *world) change(f func(*api.Policies)) {
	p := w.Policies.Now()
	f(&p)
	w.Policies = policy.New(p)
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func signUpOf(email, username string) api.SignUp {
	return api.SignUp{
		Flow: tokens.New(), FirstName: "Amina", FamilyName: "Okafor", Email: email, Language: "en", Username: username,
		Password: goodPassword, Membership: "sector-member", Country: "CH", OrganizationID: itu.ID,
		AcceptTerms: true, ReadPrivacy: true,
	}
}

func (w *world) signUp(in api.SignUp) {
	w.t.Helper()
	if err := w.SignUp(w.t.Context(), in); err != nil {
		w.t.Fatalf("sign up: %v", err)
	}
}

// register makes an active account the way a person does.
func (w *world) register(email, username string) api.SignUp {
	w.t.Helper()
	in := signUpOf(email, username)
	w.signUp(in)
	if err := w.Activate(w.t.Context(), api.Activate{Flow: in.Flow, Code: w.lastMail(mail.Activate).Secrets[mail.Code], Password: in.Password}); err != nil {
		w.t.Fatalf("activate: %v", err)
	}
	return in
}

// lastMail is the newest e-mail, which must be of the template.
func (w *world) lastMail(template string) mail.Shown {
	w.t.Helper()
	for m, err := range w.outgoing(w.t.Context()) {
		if err != nil {
			w.t.Fatal(err)
		}
		if m.Template != template {
			w.t.Fatalf("the newest e-mail is %s, want %s", m.Template, template)
		}
		return m
	}
	w.t.Fatalf("no e-mail, want %s", template)
	return mail.Shown{}
}

// mails are all e-mails, newest first.
func (w *world) mails() (all []mail.Shown) {
	w.t.Helper()
	for m, err := range w.outgoing(w.t.Context()) {
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

func (w *world) mailCount() int { return w.rows(`SELECT COUNT(*) FROM mails`) }

func (w *world) outgoing(ctx context.Context) iter.Seq2[mail.Shown, error] {
	return mail.Outgoing(ctx, w.DB, w.Key, mail.Info{Organization: "Example", ServiceDesk: "desk@example.org"})
}

// token is the one in an e-mail's link.
func token(t *testing.T, m mail.Shown) string {
	t.Helper()
	_, token, ok := strings.Cut(m.Secrets[mail.Link], "#")
	if !ok || len(token) != tokens.Length {
		t.Fatalf("the link is %q", m.Secrets[mail.Link])
	}
	return token
}

func (w *world) logIn(identifier, password string) (api.Session, error) {
	return w.LogIn(w.t.Context(), api.LogIn{Identifier: identifier, Password: password, Keep: true, Machine: "Plenary 1.0, Linux"})
}

func (w *world) mustLogIn(identifier, password string) api.Session {
	w.t.Helper()
	s, err := w.logIn(identifier, password)
	if err != nil {
		w.t.Fatalf("log in: %v", err)
	}
	return s
}

// fail tries a wrong password once every growing wait is over.
func (w *world) fail(identifier string) error {
	w.pass(throttle.WidestWait)
	_, err := w.logIn(identifier, "x")
	return err
}

// code is the code of a problem, "" for nil, and fails the test for other errors.
func code(t *testing.T, err error) api.Code {
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

func wantCode(t *testing.T, err error, want api.Code) {
	t.Helper()
	if got := code(t, err); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// count runs f n times at once and counts the codes that come back. Who waits for longer
// than the service lets anybody wait is told that it is busy, whatever the machine does
// meanwhile.
func count(t *testing.T, n int, f func(i int) error) map[api.Code]int {
	t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	got := map[api.Code]int{}
	for i := range n {
		wg.Go(func() {
			err := f(i)
			mu.Lock()
			defer mu.Unlock()
			if p, ok := errors.AsType[*api.Problem](err); ok {
				got[p.Code]++
			} else if errors.Is(err, context.DeadlineExceeded) { // also as *store.Unavailable
				got[api.CodeBusy]++
			} else if err != nil {
				t.Errorf("no problem but %v", err)
			} else {
				got[""]++
			}
		})
	}
	wg.Wait()
	return got
}

func (w *world) rows(query string, args ...any) int {
	w.t.Helper()
	var n int
	if err := w.DB.View(w.t.Context(), func(tx *store.Tx) error {
		if !tx.Get(query, args...).Into(&n) {
			return sql.ErrNoRows
		}
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// failures are those of a budget that count now.
func (w *world) failures(b throttle.Budget) (n int) {
	w.t.Helper()
	err := w.DB.View(w.t.Context(), func(tx *store.Tx) error {
		n = w.Throttle.Failures(tx, b)[0]
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}
