package accounts

import (
	"fmt"
	"testing"
	"time"

	"plenary/api"
	tokens "plenary/service/account/token"
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

// Sending again counts for the network address: one address gets no more e-mails sent
// than its budget is, to whomever.
func TestSendAgain_countsForTheNetwork(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const budget = 4
		w.register("amina@example.org", "amina")
		device := w.mustLogIn("amina", goodPassword).Device
		w.pass(time.Hour)
		w.change(func(p *api.Policies) { p.Limits.NetworkRequests = budget })
		elsewhere := from(t.Context(), "198.51.100.7")

		one, two := signUpOf("one@example.org", "one"), signUpOf("two@example.org", "two")
		w.signUp(one)
		w.signUp(two)
		wantCode(t, w.ResendSignUp(t.Context(), api.Flow{Token: one.Flow}), "")
		again := api.ResendActivation{Identifier: "two", Password: two.Password}
		wantCode(t, w.ResendActivation(t.Context(), again), "")
		sent := w.told(mail.Activate)
		wantCode(t, w.ResendSignUp(t.Context(), api.Flow{Token: two.Flow}), api.CodeTooMany)
		wantCode(t, w.ResendActivation(t.Context(), again), "") // what it did is not told
		wantCode(t, w.SignUp(t.Context(), signUpOf("three@example.org", "three")), api.CodeTooMany)
		if n := w.told(mail.Activate); n != sent {
			t.Errorf("%d e-mails beyond the budget", n-sent)
		}
		wantCode(t, w.ResendSignUp(elsewhere, api.Flow{Token: two.Flow}), "")

		var flows []string
		for i := range budget {
			flow := tokens.New()
			if _, err := w.Recover(t.Context(), api.Recover{Flow: flow, Identifier: fmt.Sprint("nobody", i)}); err != nil {
				t.Fatal(err)
			}
			wantCode(t, w.SendRecovery(t.Context(), api.Flow{Token: flow}), "")
			flows = append(flows, flow)
		}
		wantCode(t, w.SendRecovery(t.Context(), api.Flow{Token: flows[0]}), api.CodeTooMany)
		wantCode(t, w.SendRecovery(elsewhere, api.Flow{Token: flows[0]}), "")
		flow, _ := w.recoverOn("amina", device)
		wantCode(t, w.SendRecovery(t.Context(), api.Flow{Token: flow}), "") // the owner's known device
	})
}
