package accounts

import (
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account/proof"
	"plenary/service/account/recovery"
	"plenary/service/account/session"
	"plenary/service/caller"
	"plenary/service/mail"
)

// proofs are all that somebody could hold of two people: one with an account,
// one with a sign-up that waits.
type proofs struct {
	session, other     api.Session // of amina and of boris
	who                caller.Caller
	flow               string // of a recovery of amina's that has sent its e-mail
	code, link         string // from it
	otherFlow          string // of boris', with its own code
	otherCode          string
	signUpFlow         string // of chen, who waits
	signUpCode         string
	signUpLink         string
	knownFlow          string // of a recovery on amina's known device
	emailCode          string // for amina's new address
	app                app    // of dora, who has two-step log-in
	doraFlow, doraCode string
}

func (w *world) proofs() proofs {
	w.t.Helper()
	var p proofs
	for _, name := range []string{"amina", "boris", "dora"} {
		w.register(name+"@example.org", name)
	}
	p.session, p.other = w.mustLogIn("amina", goodPassword), w.mustLogIn("boris", goodPassword)
	p.who = w.by(p.session)
	w.ask(p.who)
	if _, err := w.SetUpSecondFactor(w.t.Context(), w.by(p.other)); err != nil {
		w.t.Fatal(err)
	}
	p.app, _ = w.twoSteps(w.by(w.mustLogIn("dora", goodPassword)))
	var m mail.Shown
	p.doraFlow, m = w.recover("dora")
	p.doraCode = m.Secrets[mail.Code]
	p.otherFlow, m = w.recover("boris")
	p.otherCode = m.Secrets[mail.Code]
	p.flow, m = w.recover("amina")
	p.code, p.link = m.Secrets[mail.Code], token(w.t, m)
	p.knownFlow, _ = w.recoverOn("amina", p.session.Device)
	in := signUpOf("chen@example.org", "chen")
	w.signUp(in)
	m = w.lastMail(mail.Activate)
	p.signUpFlow, p.signUpCode, p.signUpLink = in.Flow, m.Secrets[mail.Code], token(w.t, m)
	if err := w.ChangeEmail(w.t.Context(), p.who, api.ChangeEmail{Email: "new@example.org"}); err != nil {
		w.t.Fatal(err)
	}
	p.emailCode = w.lastMail(mail.EmailCode).Secrets[mail.Code]
	return p
}

// state is what no misuse may change: passwords, accounts, sign-ups, factors,
// questions, devices, addresses.
func (w *world) state() map[string]int {
	w.t.Helper()
	s := map[string]int{}
	for name, query := range map[string]string{
		"accounts":         `SELECT COUNT(*) FROM accounts`,
		"new passwords":    `SELECT COUNT(*) FROM mails WHERE template = 'password-changed'`,
		"waiting sign-ups": `SELECT COUNT(*) FROM sign_ups WHERE state = 'waiting'`,
		"addresses":        `SELECT COUNT(*) FROM accounts WHERE email LIKE 'new@%'`,
		"factors":          `SELECT COUNT(*) FROM second_factors WHERE confirmed_at > 0`,
		"questions":        `SELECT COUNT(*) FROM secret_questions`,
		"devices":          `SELECT COUNT(*) FROM devices`,
		"sessions":         `SELECT COUNT(*) FROM sessions`,
		"proofs":           `SELECT COUNT(*) FROM sessions WHERE proved_until > 0`,
	} {
		s[name] = w.rows(query)
	}
	return s
}

// Each proof is for one purpose, one person, one time and a while: anything else
// is refused with a clear code, and changes nothing.
func TestProofs_refusedForAnythingElse(t *testing.T) {
	reset := func(flow, code string) func(*world, proofs) error {
		return func(w *world, _ proofs) error {
			return w.Reset(w.t.Context(), api.Reset{Flow: flow, Code: code, Password: otherPassword})
		}
	}
	for _, c := range []struct {
		name string
		use  func(w *world, p proofs) error
		want api.Code
	}{
		{"reset link activates", func(w *world, p proofs) error {
			return w.ActivateByLink(w.t.Context(), api.ActivateByLink{Token: p.link, Password: goodPassword})
		}, api.CodeCodeExpired},
		{"reset link refuses a sign-up", func(w *world, p proofs) error { return w.RefuseSignUp(w.t.Context(), api.Link{Token: p.link}) }, api.CodeCodeExpired},
		{"activation link resets", func(w *world, p proofs) error {
			return w.ResetByLink(w.t.Context(), api.ResetByLink{Token: p.signUpLink, Password: otherPassword})
		}, api.CodeCodeExpired},
		{"activation link with another password", func(w *world, p proofs) error {
			return w.ActivateByLink(w.t.Context(), api.ActivateByLink{Token: p.signUpLink, Password: otherPassword})
		}, api.CodeCredentials},
		{"flow as a link", func(w *world, p proofs) error {
			return w.ResetByLink(w.t.Context(), api.ResetByLink{Token: p.flow, Password: otherPassword})
		}, api.CodeCodeExpired},
		{"link as a flow", func(w *world, p proofs) error { return reset(p.link, p.code)(w, p) }, api.CodeCodeExpired},
		{"access token as a link", func(w *world, p proofs) error {
			return w.ResetByLink(w.t.Context(), api.ResetByLink{Token: p.session.Access, Password: otherPassword})
		}, api.CodeCodeExpired},
		{"device token as a session", func(w *world, p proofs) error { _, err := w.Authenticate(w.t.Context(), p.session.Device); return err }, api.CodeUnauthenticated},
		{"refresh token as a session", func(w *world, p proofs) error { _, err := w.Authenticate(w.t.Context(), p.session.Refresh); return err }, api.CodeUnauthenticated},
		{"access token as a refresh token", func(w *world, p proofs) error {
			_, err := w.Refresh(w.t.Context(), api.Refresh{Refresh: p.session.Access})
			return err
		}, api.CodeSessionEnded},
		{"device token as a refresh token", func(w *world, p proofs) error {
			_, err := w.Refresh(w.t.Context(), api.Refresh{Refresh: p.session.Device})
			return err
		}, api.CodeSessionEnded},
		{"another person's code", func(w *world, p proofs) error { return reset(p.flow, p.otherCode)(w, p) }, api.CodeCodeWrong},
		{"code of a sign-up", func(w *world, p proofs) error { return reset(p.flow, p.signUpCode)(w, p) }, api.CodeCodeWrong},
		{"code of a new address", func(w *world, p proofs) error { return reset(p.flow, p.emailCode)(w, p) }, api.CodeCodeWrong},
		{"reset code for a new address", func(w *world, p proofs) error {
			_, err := w.ConfirmEmail(w.t.Context(), p.who, api.ConfirmEmail{Code: p.code})
			return err
		}, api.CodeCodeWrong},
		{"another person's code for a new address", func(w *world, p proofs) error {
			_, err := w.ConfirmEmail(w.t.Context(), w.by(p.other), api.ConfirmEmail{Code: p.emailCode})
			return err
		}, api.CodeCodeExpired},
		{"reset code activates", func(w *world, p proofs) error {
			return w.Activate(w.t.Context(), api.Activate{Flow: p.signUpFlow, Code: p.code, Password: goodPassword})
		}, api.CodeCodeWrong},
		{"flow of a recovery activates", func(w *world, p proofs) error {
			return w.Activate(w.t.Context(), api.Activate{Flow: p.flow, Code: p.code, Password: goodPassword})
		}, api.CodeCodeExpired},
		{"flow of a sign-up resets", func(w *world, p proofs) error { return reset(p.signUpFlow, p.signUpCode)(w, p) }, api.CodeCodeExpired},
		{"code without its second factor", func(w *world, p proofs) error { return reset(p.doraFlow, p.doraCode)(w, p) }, api.CodeSecondFactorNeeded},
		{"second factor for another person's code", func(w *world, p proofs) error {
			return w.Reset(w.t.Context(), api.Reset{Flow: p.doraFlow, Code: p.otherCode, SecondFactor: p.app.next(), Password: otherPassword})
		}, api.CodeCodeWrong},
		{"answer without the device", func(w *world, p proofs) error {
			return w.Reset(w.t.Context(), api.Reset{Flow: p.otherFlow, Answer: goodAnswer, Password: otherPassword})
		}, api.CodeCodeWrong},
		{"answer to another person's question", func(w *world, p proofs) error {
			return w.Reset(w.t.Context(), api.Reset{Flow: p.otherFlow, Code: p.otherCode, Answer: goodAnswer, Password: otherPassword})
		}, api.CodeAnswerWrong},
		{"another person's device", func(w *world, p proofs) error {
			flow, r := w.recoverOn("amina", p.other.Device)
			if r.Question != nil {
				w.t.Error("the question is shown on another person's device")
			}
			return w.CheckAnswer(w.t.Context(), api.RecoveryAnswer{Flow: flow, Answer: goodAnswer})
		}, api.CodeCodeWrong},
		{"proof in a session that has ended", func(w *world, p proofs) error {
			ended := p.who
			ended.SessionID = "00000000-0000-7000-8000-000000000000"
			return w.prove(ended, goodPassword, "")
		}, api.CodeUnauthenticated},
		{"proof with another person's password", func(w *world, p proofs) error { return w.prove(p.who, otherPassword, "") }, api.CodeCredentials},
		{"another person's app", func(w *world, p proofs) error {
			_, err := w.ConfirmSecondFactor(w.t.Context(), w.by(p.other), api.ConfirmSecondFactor{Code: p.app.next()})
			return err
		}, api.CodeSecondFactorWrong},
		{"code, late", func(w *world, p proofs) error { w.pass(proof.CodeLife); return reset(p.flow, p.code)(w, p) }, api.CodeCodeExpired},
		{"link, late", func(w *world, p proofs) error {
			w.pass(proof.Reset.Life())
			return w.ResetByLink(w.t.Context(), api.ResetByLink{Token: p.link, Password: otherPassword})
		}, api.CodeCodeExpired},
		{"answer, late", func(w *world, p proofs) error {
			w.pass(recovery.RecoveryLife)
			return w.Reset(w.t.Context(), api.Reset{Flow: p.knownFlow, Answer: goodAnswer, Password: otherPassword})
		}, api.CodeCodeExpired},
		{"activation link, late", func(w *world, p proofs) error {
			w.pass(proof.Activate.Life())
			return w.ActivateByLink(w.t.Context(), api.ActivateByLink{Token: p.signUpLink, Password: goodPassword})
		}, api.CodeCodeExpired},
		{"code for a new address, late", func(w *world, p proofs) error {
			w.pass(proof.CodeLife)
			_, err := w.ConfirmEmail(w.t.Context(), p.who, api.ConfirmEmail{Code: p.emailCode})
			return err
		}, api.CodeCodeExpired},
		{"access token, late", func(w *world, p proofs) error {
			w.pass(session.AccessLife)
			_, err := w.Authenticate(w.t.Context(), p.session.Access)
			return err
		}, api.CodeUnauthenticated},
		{"refresh token, late", func(w *world, p proofs) error {
			w.pass(keptIdleTime + time.Hour)
			_, err := w.Refresh(w.t.Context(), api.Refresh{Refresh: p.session.Refresh})
			return err
		}, api.CodeSessionEnded},
	} {
		t.Run(c.name, func(t *testing.T) {
			onSQLite(t, func(t *testing.T, w *world) {
				p := w.proofs()
				before := w.state()
				wantCode(t, c.use(w, p), c.want)
				after := w.state()
				for name, n := range before {
					if after[name] != n {
						t.Errorf("%s: %d before, %d after", name, n, after[name])
					}
				}
			})
		})
	}
}

// Once used, a proof is used, and so are all others of the same recovery.
func TestProofs_workOnce(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		p := w.proofs()
		again := map[string]func() error{
			"code": func() error {
				return w.Reset(t.Context(), api.Reset{Flow: p.flow, Code: p.code, Password: goodPassword})
			},
			"link": func() error {
				return w.ResetByLink(t.Context(), api.ResetByLink{Token: p.link, Password: goodPassword})
			},
			"answer": func() error {
				return w.Reset(t.Context(), api.Reset{Flow: p.knownFlow, Answer: goodAnswer, Password: goodPassword})
			},
		}
		wantCode(t, w.ResetByLink(t.Context(), api.ResetByLink{Token: p.link, Password: otherPassword}), "")
		for name, use := range again {
			if got := code(t, use()); got != api.CodeCodeExpired {
				t.Errorf("%s: %q", name, got)
			}
		}
		wantCode(t, w.ActivateByLink(t.Context(), api.ActivateByLink{Token: p.signUpLink, Password: goodPassword}), "")
		wantCode(t, w.ActivateByLink(t.Context(), api.ActivateByLink{Token: p.signUpLink, Password: goodPassword}), api.CodeCodeExpired)
		wantCode(t, w.Activate(t.Context(), api.Activate{Flow: p.signUpFlow, Code: p.signUpCode, Password: goodPassword}), "") // does nothing
		if n := w.rows(`SELECT COUNT(*) FROM accounts`); n != 4 {
			t.Errorf("%d accounts", n)
		}
	})
}
