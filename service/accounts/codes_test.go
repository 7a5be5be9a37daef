package accounts

import (
	"testing"
	"time"

	"plenary/api"
	"plenary/service/mail"
)

// An e-mail may take many minutes: a relay that does not know the sender takes it at
// the second try only. The code in it is good then as the link is.
func TestCodes_areGoodWhenTheirMailTookHalfAnHour(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		const onItsWay = 30 * time.Minute
		in := signUpOf("amina@example.org", "amina")
		w.signUp(in)
		code := w.lastMail(mail.Activate).Secrets[mail.Code]
		w.pass(onItsWay)
		wantCode(t, w.Activate(t.Context(), api.Activate{Flow: in.Flow, Code: code, Password: in.Password}), "")

		flow, m := w.recover("amina")
		w.pass(onItsWay)
		wantCode(t, w.Reset(t.Context(), api.Reset{Flow: flow, Code: m.Secrets[mail.Code], Password: otherPassword}), "")

		p := w.by(w.mustLogIn("amina", otherPassword))
		typed := w.askEmail(p, "new@example.net")
		w.pass(onItsWay)
		_, err := w.ConfirmEmail(t.Context(), p, api.ConfirmEmail{Code: typed})
		wantCode(t, err, "")
	})
}
