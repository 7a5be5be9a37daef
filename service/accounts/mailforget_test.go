package accounts

import (
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/mail"
)

// Nobody who has no account can have an address erased that was typed at a sign-up:
// it goes with the sign-up.
func TestMails_forgetTheAddressWithTheSignUp(t *testing.T) {
	for name, end := range map[string]func(w *world){
		"refused": func(w *world) {
			wantCode(t, w.RefuseSignUp(w.t.Context(), api.Link{Token: token(w.t, w.lastMail(mail.Activate))}), "")
		},
		"expired": func(w *world) {
			w.pass(account.SignUpLife + time.Hour)
			if err := w.Housekeep(w.t.Context()); err != nil {
				w.t.Fatal(err)
			}
		},
	} {
		for _, sent := range []bool{false, true} {
			t.Run(name+map[bool]string{true: " after it was sent"}[sent], func(t *testing.T) {
				each(t, func(t *testing.T, w *world) {
					active := signUpOf("bo@example.org", "bo.lindqvist")
					w.signUp(active)
					wantCode(t, w.Activate(t.Context(), api.Activate{Flow: active.Flow, Code: w.lastMail(mail.Activate).Secrets[mail.Code], Password: active.Password}), "")
					w.signUp(signUpOf("stranger@example.org", "some.stranger"))
					if sent {
						w.sql(`UPDATE mails SET state = $1, done_at = 1 WHERE recipient = 'stranger@example.org'`, mail.Sent)
					}
					end(w)
					if n := w.rows(`SELECT COUNT(*) FROM mails WHERE recipient = 'stranger@example.org'`); n != 0 {
						t.Errorf("%d e-mails still have the address", n)
					}
					if n := w.rows(`SELECT COUNT(*) FROM mails WHERE recipient = '' AND state = $1`, mail.Waiting); n != 0 {
						t.Errorf("%d e-mails to nobody wait", n)
					}
					if n := w.rows(`SELECT COUNT(*) FROM mails WHERE recipient = 'bo@example.org'`); n == 0 {
						t.Error("e-mails of an account have lost their address")
					}
				})
			})
		}
	}
}
