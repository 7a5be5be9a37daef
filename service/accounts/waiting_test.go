package accounts

import (
	"fmt"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/recovery"
	tokens "plenary/service/account/token"
	"plenary/service/mail"
)

// Who has forgotten the password before activating chooses another one, by the code or
// the link that goes to the address, and is in.
func TestRecovery_beforeTheActivation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, identifier := range map[string]string{"code": "amina", "link": "boris@example.org"} {
			username := strings.TrimSuffix(identifier, "@example.org")
			in := signUpOf(username+"@example.org", username)
			w.signUp(in)
			first := w.lastMail(mail.Activate)
			r, err := w.Recover(t.Context(), api.Recover{Flow: tokens.New(), Identifier: username})
			if err != nil || r.Address != account.Mask(in.Email) {
				t.Errorf("%s: shows %q, %v", name, r.Address, err)
			}
			flow := w.recoverQuietly(identifier)
			m := w.lastMail(mail.ResetWaiting)
			// The address is not verified: the e-mail says nothing that somebody typed.
			if m.To != in.Email || strings.Contains(m.Text, "Okafor") || strings.Contains(m.Text, "amina,") {
				t.Errorf("%s: to %s: %s", name, m.To, m.Text)
			}
			shown, err := w.ResetByLinkOf(t.Context(), api.Link{Token: token(t, m)})
			if want := (api.LinkedSignUp{Who: "Amina Okafor", Organization: itu.Name, Asked: w.Now()}); err != nil || shown != want {
				t.Errorf("%s: the page shows %+v, %v", name, shown, err)
			}
			reset := func(password string) error {
				if name == "link" {
					return w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: password})
				}
				return w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: password})
			}
			wantCode(t, reset("Amina.Okafor1"), api.CodePasswordRefused)
			wantCode(t, reset(otherPassword), "")
			if m := w.lastMail(mail.Active); m.To != in.Email {
				t.Errorf("%s: told %s", name, m.To)
			}
			wantCode(t, reset(goodPassword), api.CodeCodeExpired)
			_, err = w.logIn(username, in.Password)
			wantCode(t, err, api.CodeCredentials)
			w.mustLogIn(username, otherPassword)
			// What was e-mailed at sign-up is void.
			wantCode(t, w.ActivateByLink(t.Context(), api.ActivateByLink{Token: token(t, first), Password: in.Password}), api.CodeCodeExpired)
			state, err := w.SignUpState(t.Context(), api.Flow{Token: in.Flow})
			if err != nil || state.State != api.SignUpActive {
				t.Errorf("%s: state %v, %v", name, state, err)
			}
		}
		if n := w.rows(proofsOfNothing); n != 0 {
			t.Errorf("%d codes and links of nothing", n)
		}
	})
}

// Somebody else's address bears so many e-mails in an hour, of sign-ups and of their
// forgotten passwords together, by whatever name they are asked for.
func TestRecovery_ofSignUpsIsBorneByTheirAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const address = "somebody@example.org"
		for i := range w.Limits().Mails - 2 {
			w.signUp(signUpOf(address, fmt.Sprint("stranger", i)))
		}
		for i := range w.Limits().Mails - 2 {
			for _, identifier := range []string{fmt.Sprint("stranger", i), address} {
				w.recoverQuietly(identifier)
			}
		}
		if n := w.mailCount(); n != w.Limits().Mails {
			t.Errorf("%d e-mails", n)
		}
	})
}

// Whatever becomes of the sign-up ends its recovery.
func TestRecovery_ofASignUpEndsWithIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, end := range map[string]func(in api.SignUp, activation mail.Shown){
			"activated": func(in api.SignUp, m mail.Shown) {
				wantCode(t, w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: m.Secrets[mail.Code], Password: in.Password}), "")
			},
			"refused": func(_ api.SignUp, m mail.Shown) {
				wantCode(t, w.RefuseSignUp(t.Context(), api.Link{Token: token(t, m)}), "")
			},
			"too old": func(api.SignUp, mail.Shown) { w.pass(account.SignUpLife) },
			"the address is another account's": func(in api.SignUp, _ mail.Shown) {
				w.register("other-"+in.Username+"@example.org", "other-"+in.Username)
				p := w.who("other-" + in.Username)
				if _, err := w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: w.askEmail(p, in.Email)}); err != nil {
					t.Fatal(err)
				}
			},
		} {
			username := strings.ReplaceAll(strings.ReplaceAll(name, " ", "-"), "'", "")
			in := signUpOf(username+"@example.org", username)
			w.signUp(in)
			activation := w.lastMail(mail.Activate)
			flow := w.recoverQuietly(in.Email)
			m := w.lastMail(mail.ResetWaiting)
			end(in, activation)
			wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: otherPassword}), api.CodeCodeExpired)
			wantCode(t, w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword}), api.CodeCodeExpired)
		}
	})
}

// Who signed up for an address that has an account, and forgot that, gets the e-mail of
// the account; by that username nobody reaches a reset address.
func TestRecovery_ofASignUpForATakenAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss, target := w.administrator("boss"), w.person("target", "Tar", "Get", "Example")
		w.helpOut(boss, target)
		w.signUp(signUpOf("target@example.org", "second"))
		_, m := w.recover("second")
		if m.To != "target@example.org" {
			t.Errorf("the e-mail went to %s", m.To)
		}
		r, err := w.Recover(t.Context(), api.Recover{Flow: tokens.New(), Identifier: "second"})
		if err != nil || r.Address != account.Mask("target@example.org") {
			t.Errorf("it shows %q, %v", r.Address, err)
		}
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: otherPassword}), "")
		w.mustLogIn("target", otherPassword)
	})
}

// A stranger sees the same, whatever state the account of an address is in, and its
// owner gets what leads on.
func TestRecovery_leadsOnInEveryState(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("active@example.org", "active")
		deactivated := w.register("deactivated@example.org", "deactivated")
		if err := w.Deactivate(t.Context(), "deactivated"); err != nil {
			t.Fatal(err)
		}
		w.register("deleting@example.org", "deleting")
		if _, err := w.AskDeletion(t.Context(), w.who("deleting")); err != nil {
			t.Fatal(err)
		}
		w.signUp(signUpOf("waiting@example.org", "waiting"))
		w.register("imported@example.org", "imported")
		w.sql(`UPDATE credentials SET password = '' WHERE account_id = (SELECT id FROM accounts WHERE username_key = 'imported')`)
		for username, want := range map[string]string{
			"active": mail.Reset, "deactivated": mail.Deactivated, "deleting": mail.Reset,
			"waiting": mail.ResetWaiting, "imported": mail.Reset, "nobody": "",
		} {
			for _, identifier := range []string{username, username + "@example.org"} {
				before := w.mailCount()
				in := api.Recover{Flow: tokens.New(), Identifier: identifier}
				r, err := w.Recover(t.Context(), in)
				if err != nil || r.Flow != in.Flow || r.Question != nil || len(r.Options) != 2 || r.Address == "" {
					t.Errorf("%s: %+v, %v", identifier, r, err)
				}
				wantCode(t, w.SendRecovery(t.Context(), api.Flow{Token: in.Flow}), "")
				wantCode(t, w.checkCode(api.RecoveryCode{Flow: in.Flow, Code: "00000-00000"}), api.CodeCodeWrong)
				sent := w.mails()[:len(w.mails())-before]
				switch {
				case want == "" && len(sent) == 0:
				case want == "" || len(sent) != 1 || sent[0].Template != want || sent[0].To != username+"@example.org":
					t.Errorf("%s: sent %+v", identifier, sent)
				case want == mail.Reset || want == mail.ResetWaiting:
					wantCode(t, w.checkCode(api.RecoveryCode{Flow: in.Flow, Code: sent[0].Secrets[mail.Code]}), "")
				}
			}
			if want != mail.Reset && want != mail.ResetWaiting {
				continue
			}
			m := w.mails()[0]
			wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: token(t, m), Password: otherPassword}), "")
			w.mustLogIn(username, otherPassword)
		}
		_, err := w.logIn("deactivated", deactivated.Password)
		wantCode(t, err, api.CodeDeactivatedByStaff)
	})
}

// The e-mail of a reset says when and by what program it was asked for, and repeats no
// other text of whoever asked.
func TestSendRecovery_saysWhoAsked(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		for said, want := range map[string]string{
			"Plenary 1.2.3, Linux": "Plenary 1.2.3, Linux", "Plenary, macOS": "Plenary, macOS", "": "Plenary",
			"Call +41 00 000": "Plenary", "Plenary 1.0, Linux https://evil.example": "Plenary", "Plenary evil.example, Linux": "Plenary",
			"Plenary 1.0, Linux\n": "Plenary", "Plenary 12345, Windows": "Plenary",
		} {
			w.pass(2 * recovery.RecoveryLife)
			flow := tokens.New()
			if _, err := w.Recover(t.Context(), api.Recover{Flow: flow, Identifier: "amina", Machine: said}); err != nil {
				t.Fatal(err)
			}
			wantCode(t, w.SendRecovery(t.Context(), api.Flow{Token: flow}), "")
			m := w.lastMail(mail.Reset)
			if n := w.rows(`SELECT COUNT(*) FROM mails WHERE id = $1 AND params LIKE $2 AND params LIKE '%"When":"%2026%UTC"%'`,
				m.ID, `%"Machine":"`+want+`"%`); n != 1 {
				t.Errorf("%q: the e-mail does not say %q, or not when", said, want)
			}
			if !strings.Contains(m.Text, " UTC, with "+want+".") {
				t.Errorf("%q: %s", said, m.Text)
			}
		}
	})
}

// checkCode is CheckCode, whatever it tells.
func (w *world) checkCode(in api.RecoveryCode) error {
	_, err := w.CheckCode(w.t.Context(), in)
	return err
}
