package accounts

import (
	"fmt"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
)

// by is the principal of a session.
func (w *world) by(s api.Session) caller.Caller {
	w.t.Helper()
	p, err := w.Authenticate(w.t.Context(), s.Access)
	if err != nil {
		w.t.Fatalf("authenticate: %v", err)
	}
	return p
}

func (w *world) prove(p caller.Caller, password, secondFactor string) error {
	return w.Reauthenticate(w.t.Context(), p, api.Reauthenticate{Password: password, SecondFactor: secondFactor})
}

// noted counts the entries of an event in the audit log.
func (w *world) noted(event audit.Event) int {
	w.t.Helper()
	return w.rows(`SELECT COUNT(*) FROM audit WHERE event = $1`, string(event))
}

// told counts the e-mails of a template.
func (w *world) told(template string) int {
	w.t.Helper()
	return w.rows(`SELECT COUNT(*) FROM mails WHERE template = $1`, template)
}

func TestProve_countsForFiveMinutesInItsSession(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		here, there := w.mustLogIn("amina", goodPassword), w.mustLogIn("amina", goodPassword)
		if p := w.by(here); !p.ProvedUntil.IsZero() {
			t.Errorf("a log-in counts as a fresh proof until %v", p.ProvedUntil)
		}
		wantCode(t, w.prove(w.by(here), "x", ""), api.CodeCredentials)
		if p := w.by(here); !p.ProvedUntil.IsZero() {
			t.Error("a wrong password is a proof")
		}
		wantCode(t, w.prove(w.by(here), goodPassword, ""), "")
		if p := w.by(here); !p.ProvedUntil.Equal(w.Now().Add(api.ProofLife)) {
			t.Errorf("proved until %v", p.ProvedUntil)
		}
		if p := w.by(there); !p.ProvedUntil.IsZero() {
			t.Error("the proof counts in another session")
		}
		if w.noted(audit.ProofGiven) != 1 || w.noted(audit.LogInFailed) != 1 {
			t.Error("the audit log lacks a proof or a failure")
		}
		p := w.by(here)
		wantCode(t, w.LogOut(t.Context(), p), "")
		wantCode(t, w.prove(p, goodPassword, ""), api.CodeUnauthenticated)
	})
}

// ways are those on which somebody with a session can guess the password.
var ways = []struct {
	name  string
	guess func(w *world, p caller.Caller, device, password string) error
}{
	{"log-in", func(w *world, _ caller.Caller, device, password string) error {
		_, err := w.LogIn(w.t.Context(), api.LogIn{Identifier: "AMINA", Password: password, Device: device})
		return err
	}},
	{"proof", func(w *world, p caller.Caller, _, password string) error { return w.prove(p, password, "") }},
	{"change of password", func(w *world, p caller.Caller, _, password string) error {
		_, err := w.ChangePassword(w.t.Context(), p, api.ChangePassword{Current: password, New: otherPassword})
		return err
	}},
}

// Whichever way somebody guesses on, the counters are the same: those of the
// known device, or, where there is none, those of the name and the account.
func TestGuesses_countTogetherOnAllWays(t *testing.T) {
	for _, known := range []bool{true, false} {
		for _, way := range ways {
			t.Run(fmt.Sprintf("%s, known device %v", way.name, known), func(t *testing.T) {
				onSQLite(t, func(t *testing.T, w *world) {
					w.register("amina@example.org", "amina")
					s := w.mustLogIn("amina", goodPassword)
					p, device := w.by(s), s.Device
					if !known {
						wantCode(t, w.ForgetDevice(t.Context(), p, api.ForgetDevice{Device: device}), "")
					}
					for range w.Limits().IdentifierFailures {
						w.pass(throttle.WidestWait)
						wantCode(t, way.guess(w, p, device, "x"), api.CodeCredentials)
					}
					w.pass(throttle.WidestWait)
					for _, again := range ways {
						wantCode(t, again.guess(w, p, device, goodPassword), api.CodeDeactivated)
					}
				})
			})
		}
	}
}

// Strangers who guess, also behind the same network address, close neither the
// log-in on a known device nor the proof in a session that began there.
func TestGuesses_ofStrangersLeaveKnownDevicesAlone(t *testing.T) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				w.change(func(p *api.Policies) { p.Limits.NetworkFailures = 30 })
				w.register("amina@example.org", "amina")
				s := w.mustLogIn("amina", goodPassword)
				for i := range w.Limits().NetworkFailures {
					w.pass(throttle.WidestWait)
					names := []string{"amina", "amina@example.org", fmt.Sprint("nobody", i)}
					_, err := w.logIn(names[i%len(names)], "x")
					if i < w.Limits().IdentifierFailures {
						wantCode(t, err, api.CodeCredentials)
					}
				}
				if _, err := w.logIn("amina", goodPassword); err == nil {
					t.Error("logged in elsewhere")
				}
				wantCode(t, way.guess(w, w.by(w.refresh(s.Refresh)), s.Device, goodPassword), "")
			})
		})
	}
}

func TestProve_50parallelGuessesGetNoMoreThanTheLimit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		s := w.mustLogIn("amina", goodPassword)
		p := w.by(s)
		got := count(t, 50, func(i int) error { return ways[i%len(ways)].guess(w, p, s.Device, "x") })
		if n := got[api.CodeCredentials]; n > w.Limits().DeviceFailures || n == 0 {
			t.Errorf("got %v", got)
		}
	})
}

func TestChangePassword(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		here, there := w.mustLogIn("amina", goodPassword), w.mustLogIn("amina", goodPassword)
		flow, m := w.recover("amina")
		p := w.by(here)
		copied := w.refresh(here.Refresh) // what somebody has copied of this session
		var now api.Session
		change := func(current, next string) (err error) {
			now, err = w.ChangePassword(t.Context(), p, api.ChangePassword{Current: current, New: next})
			return err
		}
		for _, next := range []string{"weak", "Amina.Okafor1", "Telecom-Example9", goodPassword} {
			wantCode(t, change(goodPassword, next), api.CodePasswordRefused)
		}
		if w.noted(audit.LogInFailed) != 0 {
			t.Error("a refused password cost a try")
		}
		wantCode(t, change("x", otherPassword), api.CodeCredentials)
		wantCode(t, change(goodPassword, otherPassword), "")
		if m := w.lastMail(mail.PasswordChanged); m.To != "amina@example.org" {
			t.Errorf("told %s", m.To)
		}
		if again, err := w.Authenticate(t.Context(), now.Access); err != nil || again.SessionID != p.SessionID || now.Account.ID != p.AccountID {
			t.Errorf("the session that asked does not go on: %+v, %v", again, err)
		}
		for name, access := range map[string]string{"the other session": there.Access, "a copy": copied.Access, "an older copy": here.Access} {
			if _, err := w.Authenticate(t.Context(), access); code(t, err) != api.CodeUnauthenticated {
				t.Errorf("%s lives: %v", name, err)
			}
		}
		for name, refresh := range map[string]string{"the other session": there.Refresh, "a copy": copied.Refresh, "an older copy": here.Refresh} {
			if _, err := w.Refresh(t.Context(), api.Refresh{Refresh: refresh}); code(t, err) != api.CodeSessionEnded {
				t.Errorf("%s goes on: %v", name, err)
			}
		}
		w.refresh(now.Refresh)
		if n := w.rows(`SELECT COUNT(*) FROM devices`); n != 0 {
			t.Errorf("%d devices are still known", n)
		}
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: goodPassword}), api.CodeCodeExpired)
		_, err := w.logIn("amina", goodPassword)
		wantCode(t, err, api.CodeCredentials)
		w.mustLogIn("amina", otherPassword)
	})
}

func TestChangePassword_oneOf50Wins(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.change(func(p *api.Policies) { p.Limits.IdentifierFailures, p.Limits.AccountFailures = 100, 100 })
		w.register("amina@example.org", "amina")
		p := w.by(w.mustLogIn("amina", goodPassword))
		got := count(t, 50, func(int) error {
			_, err := w.ChangePassword(t.Context(), p, api.ChangePassword{Current: goodPassword, New: otherPassword})
			return err
		})
		if got[""] != 1 {
			t.Errorf("got %v", got)
		}
	})
}

func TestGrowingWaits_areTheSameForNamesThatDoNotExist(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		for _, identifier := range []string{"amina", "nobody", "amina@example.org", "nobody@example.org"} {
			for failure := 1; failure < w.Limits().IdentifierFailures; failure++ {
				_, err := w.logIn(identifier, "x")
				wantCode(t, err, api.CodeCredentials)
				want := time.Duration(0)
				if failure > throttle.FreeFailures {
					want = min(throttle.ShortestWait<<(failure-throttle.FreeFailures-1), throttle.WidestWait)
				}
				if want == 0 {
					continue
				}
				_, err = w.logIn(identifier, goodPassword)
				if wait := retryAfter(t, err); wait != want {
					t.Errorf("%s, failure %d: wait %v, want %v", identifier, failure, wait, want)
				}
				w.pass(want)
			}
		}
		s := w.mustLogIn("amina", goodPassword) // forgets failures and waits
		for range throttle.FreeFailures {
			wantCode(t, w.prove(w.by(s), "x", ""), api.CodeCredentials)
		}
		wantCode(t, w.prove(w.by(s), goodPassword, ""), "")
	})
}

// retryAfter is how long a refused try is to wait.
func retryAfter(t *testing.T, err error) time.Duration {
	t.Helper()
	wantCode(t, err, api.CodeTooMany)
	p, ok := err.(*api.Problem)
	if !ok {
		return 0
	}
	return p.RetryAfter
}

// security.md, Limits: delegates share an address, and all want in before a meeting.
func TestLogIn_1000peopleBehindOneAddressWithinTheHour(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		in := w.register("amina@example.org", "amina")
		w.copyAccount(in.Username, 1000)
		ctx := from(t.Context(), "203.0.113.7")
		logIn := func(i int, password string) error {
			_, err := w.LogIn(ctx, api.LogIn{Identifier: copyName(i), Password: password})
			return err
		}
		// Some dozens at once: a slow machine refuses those who would wait too long for the
		// database, whatever their network.
		at := make(chan struct{}, 50)
		got := count(t, 1000, func(i int) error {
			at <- struct{}{}
			defer func() { <-at }()
			if i%2 == 0 { // half of them mistype it first
				if err := logIn(i, "x"); code(t, err) != api.CodeCredentials {
					return err
				}
			}
			return logIn(i, in.Password)
		})
		if got[""] != 1000 {
			t.Errorf("got %v", got)
		}
	})
}

func TestLogIn_ofAMigratedAccountIsAWrongPassword(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		w.sql(`UPDATE credentials SET password = ''`)
		for _, password := range []string{"x", goodPassword} {
			_, err := w.logIn("amina", password)
			wantCode(t, err, api.CodeCredentials)
		}
		flow, m := w.recover("amina")
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword}), "")
		w.mustLogIn("amina", otherPassword)
	})
}
