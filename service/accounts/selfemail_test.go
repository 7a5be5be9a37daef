package accounts

import (
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/account/proof"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

// askEmail asks for a new address and gives the code that went there.
func (w *world) askEmail(p caller.Caller, email string) string {
	w.t.Helper()
	if err := w.ChangeEmail(w.t.Context(), p, api.ChangeEmail{Email: email}); err != nil {
		w.t.Fatalf("ask for %s: %v", email, err)
	}
	m := w.lastMail(mail.EmailCode)
	if m.To != email {
		w.t.Fatalf("the code went to %s", m.To)
	}
	return m.Secrets[mail.Code]
}

func TestChangeEmail_verifiesTellsAndEnds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		other := w.mustLogIn("amina", goodPassword)
		p := w.who("amina")
		w.signUp(signUpOf("new@example.net", "squatter"))
		flow, reset := w.recover("amina")
		typed := w.askEmail(p, "new@example.net")
		if m := w.mails()[1]; m.Template != mail.EmailChangeAsked || m.To != "amina@example.org" || !strings.Contains(m.Text, account.Mask("new@example.net")) {
			t.Errorf("the address of now was told %s at %s: %s", m.Template, m.To, m.Text)
		}
		if a := w.mustAccount(p); a.PendingEmail != "new@example.net" || a.Email != "amina@example.org" {
			t.Errorf("meanwhile: %+v", a)
		}
		a, err := w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: strings.ToLower(typed)})
		if err != nil || a.Email != "new@example.net" || a.PendingEmail != "" {
			t.Fatalf("got %+v, %v", a, err)
		}
		if m := w.lastMail(mail.EmailChanged); m.To != "amina@example.org" || !strings.Contains(m.Text, "n••••••@••••••.net") || strings.Contains(m.Text, "new@") {
			t.Errorf("the e-mail: %s %s", m.To, m.Text)
		}
		if _, err := w.Authenticate(t.Context(), other.Access); code(t, err) != api.CodeUnauthenticated {
			t.Errorf("the other session: %v", err)
		}
		if list, err := w.Sessions(t.Context(), p, ""); err != nil || len(list.Sessions) != 1 {
			t.Errorf("sessions: %+v, %v", list, err)
		}
		err = w.Reset(t.Context(), api.Reset{Flow: flow, Code: reset.Secrets[mail.Code], Password: otherPassword})
		wantCode(t, err, api.CodeCodeExpired)
		// What somebody else has begun for the address leads nowhere.
		if n := w.rows(`SELECT COUNT(*) FROM sign_ups WHERE state = $1`, api.SignUpWaiting); n != 0 {
			t.Errorf("%d sign-ups wait", n)
		}
		w.mustLogIn("new@example.net", goodPassword)
		_, err = w.logIn("amina@example.org", goodPassword)
		wantCode(t, err, api.CodeCredentials)
		_, err = w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: typed})
		wantCode(t, err, api.CodeCodeExpired)
	})
}

func TestChangeEmail_answersTheSameForATakenAddress(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		w.register("boris@example.org", "boris")
		p := w.who("amina")
		wantCode(t, w.ChangeEmail(t.Context(), p, api.ChangeEmail{Email: "Boris@EXAMPLE.org"}), "")
		if m := w.lastMail(mail.AlreadyRegistered); m.To != "boris@example.org" {
			t.Errorf("it went to %s", m.To)
		}
		if a := w.mustAccount(p); a.PendingEmail != "Boris@example.org" {
			t.Errorf("it shows %q", a.PendingEmail)
		}
		for range proof.Tries {
			_, err := w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: "0000000000"})
			wantCode(t, err, api.CodeCodeWrong)
		}
		_, err := w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: "0000000000"})
		wantCode(t, err, api.CodeCodeExpired)
	})
}

func TestChangeEmail_refuses(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		p := w.who("amina")
		for _, bad := range []string{"amina@example.org", "", "x", "a@b", "a@example.org\r\nBcc: b@example.org", "a\x00@example.org"} {
			wantCode(t, w.ChangeEmail(t.Context(), p, api.ChangeEmail{Email: bad}), api.CodeInvalid)
		}
		_, err := w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: "0000000000"})
		wantCode(t, err, api.CodeCodeExpired)
		typed := w.askEmail(p, "new@example.net")
		_, err = w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: "?"})
		wantCode(t, err, api.CodeCodeWrong)
		w.pass(proof.CodeLife + time.Second)
		_, err = w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: typed})
		wantCode(t, err, api.CodeCodeExpired)
		if a := w.mustAccount(p); a.PendingEmail != "" || a.Email != "amina@example.org" {
			t.Errorf("got %+v", a)
		}
		// A new wish voids the code of the last one, and there are so many in an hour.
		first := w.askEmail(p, "new@example.net")
		w.askEmail(p, "newer@example.net")
		_, err = w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: first})
		wantCode(t, err, api.CodeCodeWrong)
		got := map[api.Code]int{}
		for _, to := range []string{"a1", "a2", "a3", "a4", "a5"} {
			got[code(t, w.ChangeEmail(t.Context(), p, api.ChangeEmail{Email: to + "@example.net"}))]++
		}
		if got[api.CodeTooMany] == 0 || got[""]+2 != w.Limits().Mails {
			t.Errorf("got %v", got)
		}
	})
}

func TestChangeEmail_leavesNothingWithoutItsMail(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		p := w.who("amina")
		w.broken(func() error { return w.ChangeEmail(t.Context(), p, api.ChangeEmail{Email: "new@example.net"}) })
		if n := w.rows(`SELECT COUNT(*) FROM email_changes`); n != 0 {
			t.Error("the change waits")
		}
		typed := w.askEmail(p, "new@example.net")
		confirm := func() error {
			_, err := w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: typed})
			return err
		}
		w.broken(confirm)
		if a := w.mustAccount(p); a.Email != "amina@example.org" {
			t.Error("the address was changed")
		}
		wantCode(t, confirm(), "")
	})
}

// Of many who want one address, and of those who sign up for it, one gets it;
// what a code has verified for the others leads nowhere.
func TestConfirmEmail_oneGetsTheAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.change(func(p *api.Policies) { p.Limits.Mails = 1000 })
		const people = 25
		var all []caller.Caller
		var codes []string
		for i := range people {
			name := "person" + string(rune('a'+i))
			w.register(name+"@example.org", name)
			all = append(all, w.who(name))
		}
		var signUps []api.SignUp
		for i := range people {
			codes = append(codes, w.askEmail(all[i], "one@example.net"))
			in := signUpOf("one@example.net", "late"+string(rune('a'+i)))
			w.signUp(in)
			signUps = append(signUps, in)
			codes = append(codes, w.lastMail(mail.Activate).Secrets[mail.Code])
		}
		got := count(t, 2*people, func(i int) error {
			if i%2 == 1 {
				in := signUps[i/2]
				return w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: codes[i], Password: in.Password})
			}
			_, err := w.ConfirmEmail(t.Context(), all[i/2], api.ConfirmEmail{Code: codes[i]})
			return err
		})
		if got[""] != 1 || got[api.CodeCodeExpired] != 2*people-1 {
			t.Errorf("got %v", got)
		}
		if n := w.rows(`SELECT COUNT(*) FROM accounts WHERE email_key = 'one@example.net'`); n != 1 {
			t.Errorf("%d accounts have it", n)
		}
	})
}

// Of many confirmations of one change at once, at least one succeeds, and the
// change happens once.
func TestConfirmEmail_inParallelHappensOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		p := w.who("amina")
		typed := w.askEmail(p, "new@example.net")
		got := count(t, 50, func(int) error {
			_, err := w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: typed})
			return err
		})
		if got[""] != 1 || got[api.CodeCodeExpired] != 49 {
			t.Errorf("got %v", got)
		}
		told := 0
		for _, m := range w.mails() {
			if m.Template == mail.EmailChanged {
				told++
			}
		}
		if told != 1 || w.mustAccount(p).Email != "new@example.net" {
			t.Errorf("told %d times, the address is %s", told, w.mustAccount(p).Email)
		}
	})
}

// Fifty parallel guesses have the five tries of a code.
func TestConfirmEmail_countsParallelGuesses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		p := w.who("amina")
		typed := w.askEmail(p, "new@example.net")
		got := count(t, 50, func(int) error {
			_, err := w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: "0000000000"})
			return err
		})
		if got[api.CodeCodeWrong] != proof.Tries || got[api.CodeCodeExpired] != 50-proof.Tries {
			t.Errorf("got %v", got)
		}
		_, err := w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: typed})
		wantCode(t, err, api.CodeCodeExpired)
	})
}

func TestAdoptEmail_takesTheUsedResetAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		w.register("boris@example.org", "boris")
		p := w.who("amina")
		set := func(email string, used time.Time) {
			t.Helper()
			w.sql(`DELETE FROM reset_addresses`)
			w.sql(`INSERT INTO reset_addresses (account_id, email, email_key, reason, set_by, set_at, expires_at, used_at)
				VALUES ($1, $2, $5, 'moved', 'staff', 1, $3, $4)`,
				p.AccountID, email, store.Micros(w.Now().Add(time.Hour)), store.Micros(used), rules.EmailKey(email))
		}
		wantCode(t, w.AdoptEmail(t.Context(), p), api.CodeNotFound)
		set("manager@example.net", time.Time{})
		wantCode(t, w.AdoptEmail(t.Context(), p), api.CodeNotFound)
		if a := w.mustAccount(p); a.ResetAddress != "" {
			t.Errorf("it shows %q", a.ResetAddress)
		}
		set("Boris@example.org", w.Now())
		if a := w.mustAccount(p); a.ResetAddress != "" {
			t.Errorf("it shows %q, which is taken", a.ResetAddress)
		}
		wantCode(t, w.AdoptEmail(t.Context(), p), api.CodeWrongState)
		set("manager@example.net", w.Now())
		if a := w.mustAccount(p); a.ResetAddress != "manager@example.net" {
			t.Errorf("it shows %q", a.ResetAddress)
		}
		wantCode(t, w.AdoptEmail(t.Context(), p), "")
		if a := w.mustAccount(p); a.Email != "manager@example.net" || a.ResetAddress != "" {
			t.Errorf("got %+v", a)
		}
		if m := w.lastMail(mail.EmailChanged); m.To != "amina@example.org" {
			t.Errorf("told at %s", m.To)
		}
		wantCode(t, w.AdoptEmail(t.Context(), p), api.CodeNotFound)
	})
}
