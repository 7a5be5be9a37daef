package accounts

import (
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account/proof"
	"plenary/service/account/signup"
	tokens "plenary/service/account/token"
	"plenary/service/mail"
)

func TestActivate_byCode(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@example.org", "amina")
		w.signUp(in)
		m := w.lastMail(mail.Activate)
		good := api.Activate{Flow: in.Flow, Code: " " + strings.ToLower(strings.ReplaceAll(m.Secrets[mail.Code], "-", " ")), Password: in.Password}
		for _, c := range []struct {
			name string
			in   api.Activate
			want api.Code
		}{
			{"no code", api.Activate{Flow: in.Flow, Code: "x", Password: in.Password}, api.CodeCodeWrong},
			{"wrong code", api.Activate{Flow: in.Flow, Code: "00000-00000", Password: in.Password}, api.CodeCodeWrong},
			{"wrong password", api.Activate{Flow: in.Flow, Code: good.Code, Password: otherPassword}, api.CodeCredentials},
			{"other flow", api.Activate{Flow: tokens.New(), Code: good.Code, Password: in.Password}, api.CodeCodeExpired},
			{"all right", good, ""},
			{"again", good, ""},
			{"again, no code", api.Activate{Flow: in.Flow, Code: "x", Password: in.Password}, api.CodeCodeWrong},
			{"again, wrong code", api.Activate{Flow: in.Flow, Code: "00000-00000", Password: in.Password}, api.CodeCodeWrong},
			{"and again", good, ""}, // a right one costs no try
			{"again, wrong password", api.Activate{Flow: in.Flow, Code: good.Code, Password: otherPassword}, api.CodeCredentials},
			{"after five wrong ones", good, api.CodeCodeExpired},
		} {
			t.Run(c.name, func(t *testing.T) { wantCode(t, w.Activate(t.Context(), c.in), c.want) })
		}
		if m := w.lastMail(mail.Active); m.To != "amina@example.org" || !strings.Contains(m.Text, "amina") {
			t.Errorf("to %s: %s", m.To, m.Text)
		}
		state, err := w.SignUpState(t.Context(), api.Flow{Token: in.Flow})
		if err != nil || state.State != api.SignUpActive {
			t.Errorf("state %v, %v", state, err)
		}
		if n := w.rows(`SELECT COUNT(*) FROM sign_ups WHERE profile <> '' OR password <> ''`); n != 0 {
			t.Error("the sign-up still holds personal data")
		}
	})
}

func TestActivate_countsFiveTriesOfAnyNumberAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@example.org", "amina")
		w.signUp(in)
		got := count(t, 50, func(int) error {
			return w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: "00000-00000", Password: in.Password})
		})
		if got[api.CodeCodeWrong] != proof.Tries || got[api.CodeCodeExpired] != 50-proof.Tries {
			t.Errorf("got %v", got)
		}
		good := api.Activate{Flow: in.Flow, Code: w.lastMail(mail.Activate).Secrets[mail.Code], Password: in.Password}
		wantCode(t, w.Activate(t.Context(), good), api.CodeCodeExpired)
		if err := w.ResendActivation(t.Context(), api.ResendActivation{Identifier: "amina", Password: in.Password}); err != nil {
			t.Fatal(err)
		}
		wantCode(t, w.Activate(t.Context(), good), api.CodeCodeWrong) // the old code
		good.Code = w.lastMail(mail.Activate).Secrets[mail.Code]
		wantCode(t, w.Activate(t.Context(), good), "")
	})
}

func TestActivate_expires(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@example.org", "amina")
		w.signUp(in)
		m := w.lastMail(mail.Activate)
		good := api.Activate{Flow: in.Flow, Code: m.Secrets[mail.Code], Password: in.Password}
		w.pass(proof.CodeLife)
		wantCode(t, w.Activate(t.Context(), good), api.CodeCodeExpired)
		if _, err := w.ActivationByLink(t.Context(), api.Link{Token: token(t, m)}); err != nil {
			t.Errorf("the link lives for a day: %v", err)
		}
		w.pass(proof.Activate.Life() - proof.CodeLife)
		_, err := w.ActivationByLink(t.Context(), api.Link{Token: token(t, m)})
		wantCode(t, err, api.CodeCodeExpired)
		state, err := w.SignUpState(t.Context(), api.Flow{Token: in.Flow})
		if err != nil || state.State != api.SignUpEnded {
			t.Errorf("state %v, %v", state, err)
		}
		if err := w.Housekeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s := w.register("amina@example.org", "amina"); w.mustLogIn("amina", s.Password).Account.Username != "amina" {
			t.Error("the username was not released")
		}
	})
}

func TestActivateByLink_asksForThePassword(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@example.org", "amina")
		w.signUp(in)
		m := w.lastMail(mail.Activate)
		if !strings.HasPrefix(m.Secrets[mail.Link], "https://accounts.example.org/activate?lang=en#") {
			t.Errorf("link %s", m.Secrets[mail.Link])
		}
		link := token(t, m)
		shown, err := w.ActivationByLink(t.Context(), api.Link{Token: link})
		if want := (api.LinkedSignUp{Who: "Amina Okafor", Organization: itu.Name, Asked: start}); err != nil || shown != want {
			t.Errorf("got %+v, %v", shown, err)
		}
		wantCode(t, w.ActivateByLink(t.Context(), api.ActivateByLink{Token: link, Password: otherPassword}), api.CodeCredentials)
		wantCode(t, w.ActivateByLink(t.Context(), api.ActivateByLink{Token: tokens.New(), Password: in.Password}), api.CodeCodeExpired)
		got := count(t, 50, func(int) error {
			return w.ActivateByLink(t.Context(), api.ActivateByLink{Token: link, Password: in.Password})
		})
		if got[""] == 0 || got[""]+got[api.CodeCodeExpired] != 50 {
			t.Errorf("got %v", got)
		}
		if n := w.rows(`SELECT COUNT(*) FROM accounts`); n != 1 {
			t.Errorf("%d accounts", n)
		}
	})
}

func TestActivateByLink_limitsPasswords(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@example.org", "amina")
		w.signUp(in)
		link := token(t, w.lastMail(mail.Activate))
		got := count(t, 50, func(int) error { return w.ActivateByLink(t.Context(), api.ActivateByLink{Token: link, Password: "x"}) })
		if got[api.CodeCredentials] != signup.LinkTries || got[api.CodeTooMany] != 50-signup.LinkTries {
			t.Errorf("got %v", got)
		}
	})
}

func TestRefuseSignUp_erasesIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@example.org", "amina")
		w.signUp(in)
		m := w.lastMail(mail.Activate)
		wantCode(t, w.RefuseSignUp(t.Context(), api.Link{Token: token(t, m)}), "")
		wantCode(t, w.RefuseSignUp(t.Context(), api.Link{Token: token(t, m)}), api.CodeCodeExpired)
		wantCode(t, w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: m.Secrets[mail.Code], Password: in.Password}), api.CodeCodeExpired)
		_, err := w.logIn("amina", in.Password)
		wantCode(t, err, api.CodeCredentials)
		state, err := w.SignUpState(t.Context(), api.Flow{Token: in.Flow})
		if err != nil || state.State != api.SignUpEnded {
			t.Errorf("state %v, %v", state, err)
		}
		if n := w.rows(`SELECT COUNT(*) FROM usernames`) + w.rows(`SELECT COUNT(*) FROM sign_ups WHERE profile <> ''`); n != 0 {
			t.Error("something of it was kept")
		}
	})
}

// Somebody who signed up with another person's address first has nothing of it.
func TestActivate_endsOtherSignUpsForTheAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		grab := signUpOf("amina@example.org", "grab")
		grab.Password = otherPassword
		w.signUp(grab)
		grabbed := w.lastMail(mail.Activate)
		w.register("amina@example.org", "amina")
		wantCode(t, w.Activate(t.Context(), api.Activate{Flow: grab.Flow, Code: grabbed.Secrets[mail.Code], Password: grab.Password}), api.CodeCodeExpired)
		wantCode(t, w.ActivateByLink(t.Context(), api.ActivateByLink{Token: token(t, grabbed), Password: grab.Password}), api.CodeCodeExpired)
		_, err := w.logIn("grab", otherPassword)
		wantCode(t, err, api.CodeCredentials)
		if n := w.rows(`SELECT COUNT(*) FROM usernames`); n != 1 {
			t.Errorf("%d usernames are taken", n)
		}
	})
}

func TestResendActivation_looksTheSameForAll(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("active@example.org", "active")
		w.signUp(signUpOf("amina@example.org", "amina"))
		before := w.mailCount()
		for _, in := range []api.ResendActivation{
			{Identifier: "amina", Password: "x"},
			{Identifier: "nobody@example.org", Password: goodPassword},
			{Identifier: "active@example.org", Password: goodPassword},
		} {
			if err := w.ResendActivation(t.Context(), in); err != nil {
				t.Errorf("%s: %v", in.Identifier, err)
			}
		}
		if n := w.mailCount(); n != before {
			t.Errorf("%d e-mails too many", n-before)
		}
		for range w.Limits().Mails + 2 {
			w.pass(time.Second)
			if err := w.ResendActivation(t.Context(), api.ResendActivation{Identifier: "amina", Password: goodPassword}); err != nil {
				t.Error(err)
			}
		}
		if n := w.mailCount(); n != before+w.Limits().Mails-1 {
			t.Errorf("%d e-mails, allowed are %d", n, before+w.Limits().Mails-1)
		}
	})
}

func TestResendSignUp_looksTheSameForAFreeAndATakenAddress(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("active@example.org", "active")
		w.pass(time.Hour) // the allowance is new
		for _, email := range []string{"amina@example.org", "active@example.org"} {
			in := signUpOf(email, "someone")
			w.signUp(in)
			sent := 1 // the sign-up's own
			for range w.Limits().Mails + 1 {
				w.pass(time.Second)
				before := w.mailCount()
				err := w.ResendSignUp(t.Context(), api.Flow{Token: in.Flow})
				if sent == w.Limits().Mails {
					wantCode(t, err, api.CodeTooMany)
				} else {
					wantCode(t, err, "")
					sent++
				}
				if n, want := w.mailCount()-before, 1; err == nil && n != want {
					t.Errorf("%s: %d e-mails, want %d", email, n, want)
				}
			}
		}
		wantCode(t, w.ResendSignUp(t.Context(), api.Flow{Token: strings.Repeat("A", 43)}), "")
	})
}
