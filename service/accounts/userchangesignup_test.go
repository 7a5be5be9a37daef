package accounts

import (
	"context"
	"slices"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store/storetest"
)

func (w *world) changeSignUp(p caller.Caller, id, kind, email string) error {
	_, err := w.ChangeUser(w.t.Context(), p, id, api.ChangeUser{Kind: kind, Reason: why, Email: email})
	return err
}

func TestCorrectEmail_ofASignUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		in := signUpOf("amina@exmaple.org", "amina")
		w.signUp(in)
		id := w.idOf("amina")
		old := w.lastMail(mail.Activate)
		recovery := w.recoverQuietly("amina")
		reset := w.lastMail(mail.ResetWaiting)
		w.pass(account.SignUpLife / 2)
		wantCode(t, w.changeSignUp(boss, id, api.KindCorrectEmail, " Amina@Example.org "), "")

		m := w.lastMail(mail.Activate)
		if m.To != "Amina@example.org" {
			t.Errorf("the activation e-mail went to %s", m.To)
		}
		if u, err := w.User(t.Context(), boss, id); err != nil || u.Email != "Amina@example.org" || u.State != api.UserUnverified {
			t.Errorf("%+v, %v", u, err)
		} else if h := u.History; len(h) != 2 || h[0].Event != string(audit.SignUpCorrected) ||
			h[0].Reason != why || !slices.Equal(h[0].Details, []audit.Detail{audit.Fact(api.DetailAddress, account.Mask("Amina@example.org"))}) {
			t.Errorf("history: %+v", h)
		}
		if got := w.found("example.org", false); len(got) != 2 { // and boss
			t.Errorf("found by the new address: %q", got)
		}
		if tables := w.holds("exmaple"); len(tables) != 0 {
			t.Errorf("the address of before is in %q", tables)
		}

		// What went to the address of before lets nobody in.
		wantCode(t, w.ActivateByLink(t.Context(), api.ActivateByLink{Token: token(t, old), Password: in.Password}), api.CodeCodeExpired)
		wantCode(t, w.RefuseSignUp(t.Context(), api.Link{Token: token(t, old)}), api.CodeCodeExpired)
		wantCode(t, w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: old.Secrets[mail.Code], Password: in.Password}), api.CodeCodeWrong)
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, reset), Password: otherPassword}), api.CodeCodeExpired)
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: recovery, Code: reset.Secrets[mail.Code], Password: otherPassword}), api.CodeCodeExpired)

		// A repetition is the same sign-up still, which has a day from now on.
		w.signUp(in)
		w.pass(account.SignUpLife - 1)
		wantCode(t, w.ActivateByLink(t.Context(), api.ActivateByLink{Token: token(t, m), Password: in.Password}), "")
		w.mustLogIn("amina@example.org", in.Password)
		_, err := w.logIn("amina@exmaple.org", in.Password)
		wantCode(t, err, api.CodeCredentials)
		wantCode(t, w.changeSignUp(boss, id, api.KindCorrectEmail, "third@example.org"), api.CodeWrongState)
	})
}

func TestCorrectEmail_refuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		stranger := caller.Caller{AccountID: w.person("stranger", "Stran", "Ger", "Example", api.RoleMeetingManager)}
		w.signUp(signUpOf("amina@example.org", "amina"))
		id, before := w.idOf("amina"), len(w.mails())
		for name, c := range map[string]struct {
			p     caller.Caller
			id    string
			email string
			want  api.Code
		}{
			"somebody who is no administrator": {stranger, id, "new@example.org", api.CodeForbidden},
			"no address":                       {boss, id, "new", api.CodeInvalid},
			"an address with an account":       {boss, id, "Stranger@example.org", api.CodeInvalid},
			"an account":                       {boss, stranger.AccountID, "new@example.org", api.CodeWrongState},
			"nobody":                           {boss, "00000000-0000-7000-8000-000000000000", "new@example.org", api.CodeNotFound},
			"the same address":                 {boss, id, "amina@example.org", ""},
		} {
			if got := code(t, w.changeSignUp(c.p, c.id, api.KindCorrectEmail, c.email)); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		if n := len(w.mails()); n != before {
			t.Errorf("%d e-mails more", n-before)
		}
		if n := w.noted(audit.SignUpCorrected); n != 0 {
			t.Errorf("%d entries", n)
		}
		// An address bears so many e-mails in an hour, whoever sends them.
		for i := range 4 * w.Limits().Mails {
			email := []string{"new@example.org", "New@example.org"}[i%2]
			if err := w.changeSignUp(boss, id, api.KindCorrectEmail, email); err != nil && !api.HasCode(err, api.CodeTooMany) {
				t.Fatal(err)
			}
		}
		if n := w.noted(audit.SignUpCorrected); n != w.Limits().Mails {
			t.Errorf("%d corrections sent an e-mail", n)
		}
	})
}

// The window of the person who signed up goes on with the code that was sent to the
// right address.
func TestCorrectEmail_theSameFlowGoesOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@exmaple.org", "amina")
		w.signUp(in)
		wantCode(t, w.changeSignUp(w.administrator("boss"), w.idOf("amina"), api.KindCorrectEmail, "amina@example.org"), "")
		w.pass(time.Minute)
		wantCode(t, w.ResendSignUp(t.Context(), api.Flow{Token: in.Flow}), "")
		m := w.lastMail(mail.Activate)
		if m.To != "amina@example.org" {
			t.Errorf("sent again to %s", m.To)
		}
		wantCode(t, w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: m.Secrets[mail.Code], Password: in.Password}), "")
	})
}

func TestEndSignUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		in := signUpOf("amina@somewhere.org", "amina")
		w.signUp(in)
		id := w.idOf("amina")
		m := w.lastMail(mail.Activate)
		wantCode(t, w.changeSignUp(caller.Caller{AccountID: w.person("stranger", "Stran", "Ger", "Example")}, id, api.KindEndSignUp, ""), api.CodeForbidden)
		wantCode(t, w.changeSignUp(boss, id, api.KindEndSignUp, ""), "")
		_, err := w.User(t.Context(), boss, id)
		wantCode(t, err, api.CodeNotFound)
		wantCode(t, w.changeSignUp(boss, id, api.KindEndSignUp, ""), api.CodeNotFound)
		if s, err := w.SignUpState(t.Context(), api.Flow{Token: in.Flow}); err != nil || s.State != api.SignUpEnded {
			t.Errorf("%+v, %v", s, err)
		}
		wantCode(t, w.ActivateByLink(t.Context(), api.ActivateByLink{Token: token(t, m), Password: in.Password}), api.CodeCodeExpired)
		wantCode(t, w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: m.Secrets[mail.Code], Password: in.Password}), api.CodeCodeExpired)
		if tables := w.holds("somewhere.org"); len(tables) != 0 {
			t.Errorf("the address is in %q", tables)
		}
		if n := w.noted(audit.SignUpEnded); n != 1 {
			t.Errorf("%d entries", n)
		}
		// Address and username are free.
		again := signUpOf("amina@somewhere.org", "amina")
		w.signUp(again)
		wantCode(t, w.Activate(t.Context(), api.Activate{Flow: again.Flow, Code: w.lastMail(mail.Activate).Secrets[mail.Code], Password: again.Password}), "")
		w.mustLogIn("amina", again.Password)
		// In time nothing is left of it, the reason included.
		w.pass(2 * account.SignUpLife)
		w.housekeep()
		if n := w.rows(`SELECT COUNT(*) FROM reasons WHERE account_id = $1`, id); n != 0 {
			t.Errorf("%d reasons are left", n)
		}
	})
}

// The owner activates, by code or link, while staff's change has done all that it does and
// is about to be committed: the proof is of the address of before, and gives no account.
func TestSignUp_activatedAtOnceWithStaffsChange(t *testing.T) {
	for kind, email := range map[string]string{api.KindCorrectEmail: "new@example.org", api.KindEndSignUp: ""} {
		for _, by := range []string{"code", "link"} {
			t.Run(kind+", "+by, func(t *testing.T) {
				each(t, func(t *testing.T, w *world) {
					boss := w.administrator("boss")
					in := signUpOf("amina@example.org", "amina")
					w.signUp(in)
					id, m := w.idOf("amina"), w.lastMail(mail.Activate)
					var changed, activated error
					storetest.Pair(t, w.DB, 1, func(ctx context.Context) {
						_, changed = w.ChangeUser(ctx, boss, id, api.ChangeUser{Kind: kind, Reason: why, Email: email})
					}, func(ctx context.Context) {
						if by == "code" {
							activated = w.Activate(ctx, api.Activate{Flow: in.Flow, Code: m.Secrets[mail.Code], Password: in.Password})
						} else {
							activated = w.ActivateByLink(ctx, api.ActivateByLink{Token: token(t, m), Password: in.Password})
						}
					})
					wantCode(t, changed, "")
					// On SQLite the code is looked at when another one has taken its place already.
					if got := code(t, activated); got != api.CodeCodeExpired && got != api.CodeCodeWrong {
						t.Errorf("activated: got %q", got)
					}
					if n := w.rows(`SELECT COUNT(*) FROM accounts WHERE username = 'amina'`); n != 0 {
						t.Errorf("%d accounts", n)
					}
				})
			})
		}
	}
}

// The owner activates while staff corrects or ends: one of them comes first, and the
// other one finds what that has done.
func TestSignUp_activatedAtOnceInWhateverOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		for round := range 6 {
			kind, email := api.KindCorrectEmail, "new"+string(rune('a'+round))+"@example.org"
			if round%2 == 1 {
				kind, email = api.KindEndSignUp, ""
			}
			name := "amina" + string(rune('a'+round))
			in := signUpOf(name+"@example.org", name)
			w.signUp(in)
			id, m := w.idOf(name), w.lastMail(mail.Activate)
			var results [2]api.Code
			count(t, 2, func(i int) (err error) {
				if i == 0 {
					err = w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: m.Secrets[mail.Code], Password: in.Password})
				} else {
					err = w.changeSignUp(boss, id, kind, email)
				}
				results[i] = code(t, err)
				return err
			})
			var address string
			u, err := w.User(t.Context(), boss, id)
			if err == nil {
				address = u.Email
			}
			switch {
			case results[0] == "" && results[1] == api.CodeWrongState && address == in.Email && u.State == api.UserActive:
			case results[0] != "" && results[1] == "" && address == email && u.State != api.UserActive:
			default:
				t.Errorf("%s: activate %q, change %q, now %q %s", kind, results[0], results[1], address, u.State)
			}
		}
	})
}
