package accounts

import (
	"errors"
	"testing"

	"plenary/api"
	"plenary/service/mail"
)

// broken runs f while the outbox takes no e-mails, and wants trouble from it
// that is no refusal.
func (w *world) broken(f func() error) {
	w.t.Helper()
	w.sql(`ALTER TABLE mails RENAME TO mails_away`)
	err := f()
	w.sql(`ALTER TABLE mails_away RENAME TO mails`)
	if _, refused := errors.AsType[*api.Problem](err); err == nil || refused {
		w.t.Errorf("got %v", err)
	}
}

// A change whose e-mail cannot be queued does not happen, and can be tried again.
func TestChanges_leaveNothingWithoutTheirMail(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		in := signUpOf("amina@example.org", "amina")
		w.broken(func() error { return w.SignUp(t.Context(), in) })
		for _, table := range []string{"sign_ups", "usernames", "proofs", "limits WHERE failures <> 0 OR in_flight <> 0"} {
			if n := w.rows(`SELECT COUNT(*) FROM ` + table); n != 0 {
				t.Errorf("%d rows in %s", n, table)
			}
		}
		w.signUp(in)
		m := w.lastMail(mail.Activate)
		activate := func() error {
			return w.ActivateByLink(t.Context(), api.ActivateByLink{Token: token(t, m), Password: in.Password})
		}
		w.broken(activate)
		if n := w.rows(`SELECT COUNT(*) FROM accounts`); n != 0 {
			t.Error("the account was made")
		}
		wantCode(t, activate(), "")

		session := w.mustLogIn("amina", in.Password)
		flow, m := w.recover("amina")
		reset := func() error {
			return w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword})
		}
		w.broken(reset)
		if _, err := w.Authenticate(t.Context(), session.Access); err != nil {
			t.Errorf("the session ended: %v", err)
		}
		wantCode(t, reset(), "")
		w.mustLogIn("amina", otherPassword)
	})
}

// A log-in that fails in the middle gives its slots back.
func TestLogIn_givesItsSlotsBackAfterTrouble(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		for _, query := range []string{`ALTER TABLE devices RENAME TO devices_away`, `ALTER TABLE devices_away RENAME TO devices`} {
			w.sql(query)
			for range w.Limits().IdentifierFailures + 1 {
				_, err := w.logIn("amina", goodPassword)
				if p, refused := errors.AsType[*api.Problem](err); refused {
					t.Fatalf("refused: %v", p)
				}
			}
		}
		if n := w.rows(`SELECT COUNT(*) FROM limits WHERE in_flight <> 0 OR in_flight_before <> 0 OR failures <> 0`); n != 3 { // the network and the e-mail of the sign-up; the e-mails about new devices
			t.Errorf("%d counters are not at rest", n)
		}
	})
}
