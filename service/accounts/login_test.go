package accounts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/account/session"
	"plenary/service/account/throttle"
)

func TestLogIn_acceptsAddressAndUsernameInEverySpelling(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("Amina@example.org", "Amina")
		for _, identifier := range []string{"Amina@example.org", "amina@EXAMPLE.org", " amina@example.org ", "amina", "AMINA"} {
			s, err := w.logIn(identifier, goodPassword)
			if err != nil {
				t.Errorf("%q: %v", identifier, err)
				continue
			}
			if s.Account.Email != "Amina@example.org" || s.Account.Username != "Amina" || len(s.Account.Roles) != 1 {
				t.Errorf("%q: %+v", identifier, s.Account)
			}
			if p, err := w.Authenticate(t.Context(), s.Access); err != nil || p.AccountID != s.Account.ID {
				t.Errorf("%q: the access token gives %+v, %v", identifier, p, err)
			}
		}
	})
}

// One table for what a log-in answers, and that unknown names are like known ones.
func TestLogIn_answersAlikeForUnknownNames(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		w.signUp(signUpOf("waiting@example.org", "waiting"))
		taken := signUpOf("amina@example.org", "impostor")
		taken.Password = otherPassword
		w.signUp(taken)
		for _, c := range []struct {
			name, identifier, password string
			want                       api.Code
		}{
			{"wrong password", "amina@example.org", "x", api.CodeCredentials},
			{"unknown address", "nobody@example.org", "x", api.CodeCredentials},
			{"unknown username", "nobody", "x", api.CodeCredentials},
			{"no identifier at all", "@@@", "x", api.CodeCredentials},
			{"waiting, right password", "waiting@example.org", goodPassword, api.CodeNotActive},
			{"waiting by username", "waiting", goodPassword, api.CodeNotActive},
			{"waiting, wrong password", "waiting@example.org", "x", api.CodeCredentials},
			{"taken address, password of the sign-up", "amina@example.org", otherPassword, api.CodeNotActive},
			{"taken address, username of the sign-up", "impostor", otherPassword, api.CodeNotActive},
			{"password that none can be", "amina@example.org", strings.Repeat("x", 129), api.CodeInvalid},
		} {
			t.Run(c.name, func(t *testing.T) {
				_, err := w.logIn(c.identifier, c.password)
				wantCode(t, err, c.want)
			})
		}
	})
}

func TestLogIn_deactivatesAfterRepeatedFailures(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		living := w.mustLogIn("amina", goodPassword)
		for _, identifier := range []string{"amina@example.org", "nobody@example.org"} {
			for range w.Limits().IdentifierFailures {
				wantCode(t, w.fail(identifier), api.CodeCredentials)
			}
			for _, password := range []string{"x", goodPassword} {
				_, err := w.logIn(identifier, password)
				wantCode(t, err, api.CodeDeactivated)
			}
		}
		if _, err := w.Refresh(t.Context(), api.Refresh{Refresh: living.Refresh}); err != nil {
			t.Errorf("the living session ended: %v", err)
		}
		if _, err := w.logIn("amina", goodPassword); err != nil {
			t.Errorf("the other identifier, with the right password: %v", err)
		}
		w.pass(w.FailureWindow())
		w.mustLogIn("amina@example.org", goodPassword)
	})
}

func TestLogIn_countsSpellingsAsOneIdentifier(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		spellings := []string{"amina@example.org", "AMINA@example.org", "amina@Example.ORG", " Amina@example.org"}
		for i := range w.Limits().IdentifierFailures {
			wantCode(t, w.fail(spellings[i%len(spellings)]), api.CodeCredentials)
		}
		_, err := w.logIn("amina@example.org", goodPassword)
		wantCode(t, err, api.CodeDeactivated)
	})
}

func TestLogIn_refusesInGeneralWordsBeyondTheAccountsBudget(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.change(func(p *api.Policies) { p.Limits.AccountFailures = 12 })
		w.register("amina@example.org", "amina")
		for i := range 12 {
			identifier := "amina"
			if i < 6 {
				identifier = "amina@example.org"
			}
			wantCode(t, w.fail(identifier), api.CodeCredentials)
		}
		w.pass(throttle.WidestWait)
		_, err := w.logIn("amina", goodPassword)
		wantCode(t, err, api.CodeCredentials)
		_, err = w.logIn("amina@example.org", goodPassword)
		wantCode(t, err, api.CodeCredentials)
	})
}

func TestLogIn_givesAKnownDeviceItsOwnBudget(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		device := w.mustLogIn("amina", goodPassword).Device
		for range w.Limits().IdentifierFailures + 1 {
			if err := w.fail("amina"); err == nil {
				t.Fatal("logged in")
			}
		}
		known := api.LogIn{Identifier: "amina", Password: goodPassword, Device: device}
		s, err := w.LogIn(t.Context(), known)
		if err != nil || s.Device != device {
			t.Fatalf("on the known device: %q, %v", s.Device, err)
		}
		for range w.Limits().DeviceFailures {
			known.Password = "x"
			w.pass(throttle.WidestWait)
			_, err := w.LogIn(t.Context(), known)
			wantCode(t, err, api.CodeCredentials)
		}
		known.Password = goodPassword
		_, err = w.LogIn(t.Context(), known)
		wantCode(t, err, api.CodeDeactivated)
		// Somebody else's device is none.
		w.register("boris@example.org", "boris")
		_, err = w.LogIn(t.Context(), api.LogIn{Identifier: "amina", Password: goodPassword, Device: w.mustLogIn("boris", goodPassword).Device})
		if code(t, err) == "" {
			t.Error("a device of another account had a budget for this one")
		}
	})
}

func TestLogIn_keepsTenDevices(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		for range session.MaxDevices + 3 {
			w.pass(time.Second)
			w.mustLogIn("amina", goodPassword)
		}
		if n := w.rows(`SELECT COUNT(*) FROM devices`); n != session.MaxDevices {
			t.Errorf("%d devices", n)
		}
	})
}

func TestLogIn_limitsANetwork(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.change(func(p *api.Policies) {
			p.Limits.NetworkFailures = 5
			p.Networks = []api.NetworkBudget{{Network: "198.51.100.0/24", Failures: 50, Requests: 50}}
		})
		w.register("amina@example.org", "amina")
		tryFrom := func(address, identifier, password string) error {
			_, err := w.LogIn(from(t.Context(), address), api.LogIn{Identifier: identifier, Password: password})
			return err
		}
		for _, address := range []string{"203.0.113.7", "2001:db8::1"} {
			for i := range 5 {
				wantCode(t, tryFrom(address, fmt.Sprintf("nobody%s%d", address[:3], i), "x"), api.CodeCredentials)
			}
		}
		wantCode(t, tryFrom("203.0.113.7", "amina", goodPassword), api.CodeTooMany)
		wantCode(t, tryFrom("2001:db8::ffff", "amina", goodPassword), api.CodeTooMany)
		wantCode(t, tryFrom("2001:db8:0:1::1", "amina", goodPassword), "")
		for i := range 20 {
			wantCode(t, tryFrom("198.51.100.9", fmt.Sprint("somebody", i), "x"), api.CodeCredentials)
		}
		wantCode(t, tryFrom("198.51.100.9", "amina", goodPassword), "")
		w.pass(time.Hour)
		wantCode(t, tryFrom("203.0.113.7", "amina", goodPassword), "")
	})
}

func TestLogIn_500parallelGuessesGetNoMoreThanTheLimit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		got := count(t, 500, func(int) error {
			_, err := w.logIn("amina", "x")
			return err
		})
		// How many before the first growing wait is chance; how many in all is not.
		answered := got[api.CodeCredentials]
		for code(t, w.fail("amina")) == api.CodeCredentials {
			answered++
		}
		if got[api.CodeCredentials] <= throttle.FreeFailures || answered != w.Limits().IdentifierFailures {
			t.Errorf("%d guesses were answered, want %d: %v at once", answered, w.Limits().IdentifierFailures, got)
		}
	})
}

func TestLogIn_20parallelRightOnesAllSucceed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		got := count(t, 20, func(int) error {
			_, err := w.logIn("amina", goodPassword)
			return err
		})
		if got[""] != 20 {
			t.Errorf("got %v", got)
		}
		if n := w.rows(`SELECT COUNT(*) FROM limits WHERE in_flight <> 0 OR in_flight_before <> 0`); n != 0 {
			t.Errorf("%d counters have slots in flight", n)
		}
	})
}

func TestLogIn_hashesAnewAtTheCostThatIsSet(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		dearer := newWorld(t, w.DB)
		dearer.Accounts = New(account.Deps{
			DB: w.DB, Key: w.Key, Mail: w.Mail, Now: w.Now, Organization: w.Organization,
			Hashing: credential.Hashing{MemoryKiB: 128, Time: 2, Threads: 1},
		})
		dearer.mustLogIn("amina", goodPassword)
		if n := w.rows(`SELECT COUNT(*) FROM credentials WHERE password LIKE '$argon2id$v=19$m=128,t=2,p=1$%'`); n != 1 {
			t.Error("the hash was not renewed")
		}
		dearer.mustLogIn("amina", goodPassword)
	})
}

// What strangers tried under a name while it was nobody's is no failure of whom
// it belongs to afterwards.
func TestLogIn_startsAnewWithANewName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		guess := func(name string) {
			for range w.Limits().IdentifierFailures {
				w.pass(throttle.WidestWait)
				wantCode(t, w.fail(name), api.CodeCredentials)
			}
			wantCode(t, w.fail(name), api.CodeDeactivated)
		}
		guess("amina")
		guess("amina@example.org")
		w.register("amina@example.org", "amina")
		p := w.by(w.mustLogIn("amina", goodPassword))
		w.mustLogIn("amina@example.org", goodPassword)
		guess("okafor")
		if _, err := w.ChangeUsername(t.Context(), p, api.ChangeUsername{Username: "Okafor"}); err != nil {
			t.Fatal(err)
		}
		w.mustLogIn("okafor", goodPassword)
	})
}
