package accounts

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"plenary/api"
	"plenary/service/account/staff"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
)

// app is an authenticator app with the secret of an account.
type app struct {
	w      *world
	secret string
}

func (a app) at(when time.Time) string {
	a.w.t.Helper()
	code, err := totp.GenerateCode(a.secret, when)
	if err != nil {
		a.w.t.Fatal(err)
	}
	return code
}

func (a app) code() string { return a.at(a.w.Now()) }

// next waits for a code that was not used yet.
func (a app) next() string {
	a.w.pass(time.Minute)
	return a.code()
}

// twoSteps turns two-step log-in on.
func (w *world) twoSteps(p caller.Caller) (app, []string) {
	w.t.Helper()
	setup, err := w.SetUpSecondFactor(w.t.Context(), p)
	if err != nil {
		w.t.Fatalf("set up: %v", err)
	}
	a := app{w, setup.Secret}
	codes, err := w.ConfirmSecondFactor(w.t.Context(), p, api.ConfirmSecondFactor{Code: a.code()})
	if err != nil {
		w.t.Fatalf("confirm: %v", err)
	}
	return a, codes.Codes
}

func (w *world) logInTwice(identifier, password, second string) error {
	_, err := w.LogIn(w.t.Context(), api.LogIn{Identifier: identifier, Password: password, SecondFactor: second})
	return err
}

func TestSecondFactor_setUpConfirmRemove(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.Name = func() string { return "Example: Organization" }
		w.register("amina@example.org", "amina")
		p := w.by(w.mustLogIn("amina", goodPassword))
		confirm := func(code string) error {
			_, err := w.ConfirmSecondFactor(t.Context(), p, api.ConfirmSecondFactor{Code: code})
			return err
		}
		wantCode(t, confirm("123456"), api.CodeWrongState)
		first, err := w.SetUpSecondFactor(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		second, err := w.SetUpSecondFactor(t.Context(), p) // the window was closed and opened again
		if err != nil || first.Secret == second.Secret {
			t.Fatalf("the same secret twice, or %v", err)
		}
		key, err := otp.NewKeyFromURL(second.URI)
		if err != nil || key.Secret() != second.Secret || key.Issuer() != "Example  Organization" || key.AccountName() != "amina" || key.Period() != 30 {
			t.Errorf("%s: %v", second.URI, err)
		}
		wantCode(t, confirm(app{w, first.Secret}.code()), api.CodeSecondFactorWrong)
		wantCode(t, w.logInTwice("amina", goodPassword, ""), "") // not on yet
		a := app{w, second.Secret}
		codes, err := w.ConfirmSecondFactor(t.Context(), p, api.ConfirmSecondFactor{Code: " " + a.code()[:3] + " " + a.code()[3:]})
		if err != nil || len(codes.Codes) != 10 {
			t.Fatalf("%d codes, %v", len(codes.Codes), err)
		}
		if m := w.lastMail(mail.SecondFactorOn); m.To != "amina@example.org" {
			t.Errorf("told %s", m.To)
		}
		_, err = w.SetUpSecondFactor(t.Context(), p)
		wantCode(t, err, api.CodeWrongState)
		if f, err := w.SecondFactor(t.Context(), p); err != nil || !f.On || !f.Since.Equal(w.Now()) || f.RecoveryCodes != 10 || f.Required {
			t.Errorf("got %+v, %v", f, err)
		}
		if n := w.rows(`SELECT COUNT(*) FROM second_factors WHERE secret = $1`, []byte(second.Secret)); n != 0 {
			t.Error("the secret stands in the database as it is")
		}
		again, err := w.NewRecoveryCodes(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		wantCode(t, w.logInTwice("amina", goodPassword, codes.Codes[0]), api.CodeSecondFactorWrong)
		wantCode(t, w.logInTwice("amina", goodPassword, strings.ToLower(again.Codes[0])), "")
		for range 2 {
			wantCode(t, w.RemoveSecondFactor(t.Context(), p), "")
		}
		if n := w.told(mail.SecondFactorOff); n != 1 {
			t.Errorf("told %d times that it is off", n)
		}
		wantCode(t, w.logInTwice("amina", goodPassword, ""), "")
		_, err = w.NewRecoveryCodes(t.Context(), p)
		wantCode(t, err, api.CodeWrongState)
		w.change(func(p *api.Policies) { p.SecondFactor = api.SecondFactorOff })
		_, err = w.SetUpSecondFactor(t.Context(), p)
		wantCode(t, err, api.CodeForbidden)
	})
}

func TestLogIn_asksForTheSecondFactor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		p := w.by(w.mustLogIn("amina", goodPassword))
		a, codes := w.twoSteps(p)
		confirmed := a.code()
		wantCode(t, w.logInTwice("amina", "x", confirmed), api.CodeCredentials)
		for range w.Limits().IdentifierFailures { // costs nothing
			wantCode(t, w.logInTwice("amina", goodPassword, ""), api.CodeSecondFactorNeeded)
		}
		wantCode(t, w.logInTwice("amina", goodPassword, confirmed), api.CodeSecondFactorWrong) // used to confirm
		if n := w.failures(w.IdentifierBudget("amina")); n != 2 {
			t.Errorf("%d failures; the right password alone clears nothing", n)
		}
		wantCode(t, w.logInTwice("amina", goodPassword, a.next()), "")
		wantCode(t, w.logInTwice("amina", goodPassword, a.at(w.Now().Add(30*time.Second))), "")                      // a clock that is fast
		wantCode(t, w.logInTwice("amina", goodPassword, a.code()), api.CodeSecondFactorWrong)                        // older than one that was used
		wantCode(t, w.logInTwice("amina", goodPassword, a.at(w.Now().Add(-time.Minute))), api.CodeSecondFactorWrong) // too old
		wantCode(t, w.logInTwice("amina", goodPassword, codes[3]), "")                                               // forgets the failures
		wantCode(t, w.logInTwice("amina", goodPassword, codes[3]), api.CodeSecondFactorWrong)                        // works once
		if m := w.mails()[0]; m.Template != mail.NewDevice && m.Template != mail.RecoveryCodeUsed || w.told(mail.RecoveryCodeUsed) != 1 {
			t.Errorf("the newest e-mail is %s", m.Template)
		}
		if f, err := w.SecondFactor(t.Context(), p); err == nil && f.RecoveryCodes != 10-1 {
			t.Errorf("%d codes are left", f.RecoveryCodes)
		}
		if w.noted(audit.SecondFactorFailed) != 4 || w.noted(audit.RecoveryCodeUsed) != 1 {
			t.Errorf("%d failures in the audit log", w.noted(audit.SecondFactorFailed))
		}
		// Guesses of the second factor are limited like those of the password.
		for w.pass(throttle.WidestWait); ; w.pass(throttle.WidestWait) {
			if err := w.logInTwice("amina", goodPassword, "000000"); code(t, err) != api.CodeSecondFactorWrong {
				wantCode(t, err, api.CodeDeactivated)
				break
			}
		}
		w.change(func(p *api.Policies) { p.SecondFactor = api.SecondFactorOff })
		wantCode(t, w.logInTwice("amina@example.org", goodPassword, ""), "")
		w.sql(`INSERT INTO account_roles (account_id, role) VALUES ($1, $2)`, w.idOf("amina"), api.RoleMeetingManager)
		wantCode(t, w.logInTwice("amina@example.org", goodPassword, ""), api.CodeSecondFactorNeeded) // whoever has a role keeps it
	})
}

func TestSecondFactor_eachCodeWorksOnceAmong50(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.change(func(p *api.Policies) { p.Limits.IdentifierFailures, p.Limits.AccountFailures = 200, 200 })
		w.register("amina@example.org", "amina")
		p := w.by(w.mustLogIn("amina", goodPassword))
		a, codes := w.twoSteps(p)
		for _, second := range []string{a.next(), codes[0]} {
			got := count(t, 50, func(i int) error { return w.logInTwice("amina", goodPassword, second) })
			if got[""] != 1 {
				t.Errorf("%s: got %v", second, got)
			}
			w.pass(throttle.WidestWait)
		}
		if n := w.told(mail.RecoveryCodeUsed); n != 1 {
			t.Errorf("told %d times", n)
		}
	})
}

func TestReset_asksForTheSecondFactor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		a, codes := w.twoSteps(w.by(w.mustLogIn("amina", goodPassword)))
		flow, m := w.recover("amina")
		in := api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword}
		reset := func(password, second string) error {
			in.Password, in.SecondFactor = password, second
			return w.Reset(t.Context(), in)
		}
		wantCode(t, reset(otherPassword, ""), api.CodeSecondFactorNeeded)
		wantCode(t, reset("weak", a.next()), api.CodePasswordRefused) // burns neither code
		wantCode(t, reset(otherPassword, "000000"), api.CodeSecondFactorWrong)
		wantCode(t, reset(otherPassword, a.code()), "")
		wantCode(t, w.logInTwice("amina", otherPassword, a.next()), "")

		_, m = w.recover("amina")
		link := token(t, m)
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: link, Password: goodPassword}), api.CodeSecondFactorNeeded)
		got := count(t, 50, func(int) error {
			return w.ResetByLink(t.Context(), api.ResetByLink{Token: link, Password: goodPassword, SecondFactor: "11111-11111"})
		})
		if got[api.CodeSecondFactorWrong] != w.Limits().IdentifierFailures || got[api.CodeTooMany] != 50-w.Limits().IdentifierFailures {
			t.Errorf("got %v", got)
		}
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: link, Password: goodPassword, SecondFactor: codes[0]}), api.CodeTooMany)
	})
}

// What strangers guess at the log-in closes neither way back.
func TestReset_isOpenWhileTheAccountIsLocked(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		a, _ := w.twoSteps(w.by(w.mustLogIn("amina", goodPassword)))
		for _, identifier := range []string{"amina", "amina@example.org"} {
			for range w.Limits().IdentifierFailures {
				wantCode(t, w.fail(identifier), api.CodeCredentials)
			}
		}
		flow, m := w.recover("amina")
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword, SecondFactor: a.code()}), "")
		wantCode(t, w.logInTwice("amina", otherPassword, a.next()), "")
	})
}

func TestRoles_areInForceOnlyWithTheSecondFactorWhereThePolicySaysSo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if _, err := w.Create(t.Context(), staff.NewAccount{
			Username: "boris", Email: "boris@example.org", Password: goodPassword, FirstName: "Boris",
			Roles: []string{api.RoleAdministrator}, Organization: itu,
		}); err != nil {
			t.Fatal(err)
		}
		s := w.mustLogIn("boris", goodPassword)
		look := func(wantRole bool, needs int) {
			t.Helper()
			p := w.by(s)
			account, err := w.Account(t.Context(), p.AccountID)
			if err != nil || p.Has(api.RoleAdministrator) != wantRole || (len(account.Roles) == 2) != wantRole || len(account.NeedsSecondFactor) != needs {
				t.Errorf("%v, %+v, %v", p.Roles, account, err)
			}
		}
		w.change(func(p *api.Policies) { p.SecondFactor = api.SecondFactorFree })
		look(true, 0)
		w.change(func(p *api.Policies) { p.SecondFactor = api.SecondFactorStaff })
		look(false, 1)
		if f, err := w.SecondFactor(t.Context(), w.by(s)); err != nil || !f.Required {
			t.Errorf("got %+v, %v", f, err)
		}
		w.twoSteps(w.by(s))
		look(true, 0)
		wantCode(t, w.RemoveSecondFactor(t.Context(), w.by(s)), "")
		look(false, 1)
	})
}

// A phone whose clock is off: at set-up it is told in which direction, and what is taken
// stays the same; at log-in nothing is told.
func TestSecondFactor_tellsAtSetUpThatTheClockIsOff(t *testing.T) {
	for off, want := range map[time.Duration][]api.FieldError{
		10 * time.Minute:  {{Pointer: "/code", Code: api.FieldClockAhead}},
		2 * time.Minute:   {{Pointer: "/code", Code: api.FieldClockAhead}},
		-2 * time.Minute:  {{Pointer: "/code", Code: api.FieldClockBehind}},
		-59 * time.Minute: {{Pointer: "/code", Code: api.FieldClockBehind}},
		3 * time.Hour:     nil,
		-3 * time.Hour:    nil,
	} {
		t.Run(off.String(), func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				w.register("amina@example.org", "amina")
				p := w.by(w.mustLogIn("amina", goodPassword))
				a := app{w: w}
				for a.secret == "" || !a.alone(off) { // hardly ever more than once
					setup, err := w.SetUpSecondFactor(t.Context(), p)
					if err != nil {
						t.Fatal(err)
					}
					a.secret = setup.Secret
				}
				_, err := w.ConfirmSecondFactor(t.Context(), p, api.ConfirmSecondFactor{Code: a.at(w.Now().Add(off))})
				wantCode(t, err, api.CodeSecondFactorWrong)
				if problem, _ := errors.AsType[*api.Problem](err); !slices.Equal(problem.Errors, want) {
					t.Errorf("told %+v, want %+v", problem.Errors, want)
				}
				_, err = w.ConfirmSecondFactor(t.Context(), p, api.ConfirmSecondFactor{Code: a.code()})
				wantCode(t, err, "")
				w.pass(time.Hour)
				err = w.logInTwice("amina", goodPassword, a.at(w.Now().Add(off)))
				wantCode(t, err, api.CodeSecondFactorWrong)
				if problem, _ := errors.AsType[*api.Problem](err); len(problem.Errors) != 0 {
					t.Errorf("at log-in told %+v", problem.Errors)
				}
			})
		})
	}
}

// alone tells whether the code of a time that is off by so much is that of no other time
// up to an hour from now: by chance it can be.
func (a app) alone(off time.Duration) bool {
	code := a.at(a.w.Now().Add(off))
	for d := -61 * time.Minute; d <= 61*time.Minute; d += 30 * time.Second {
		if (d-off).Abs() > 30*time.Second && a.at(a.w.Now().Add(d)) == code {
			return false
		}
	}
	return true
}
