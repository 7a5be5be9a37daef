package accounts

import (
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account/recovery"
	"plenary/service/account/throttle"
	tokens "plenary/service/account/token"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
)

const goodAnswer = "Rue de l’École"

// ask sets a secret question with goodAnswer.
func (w *world) ask(p caller.Caller) {
	w.t.Helper()
	if err := w.SetSecretQuestion(w.t.Context(), p, api.SetSecretQuestion{Question: "first-street", Answer: goodAnswer}); err != nil {
		w.t.Fatalf("set question: %v", err)
	}
}

// recoverOn begins "Forgot password?" on a device.
func (w *world) recoverOn(identifier, device string) (string, api.Recovery) {
	w.t.Helper()
	flow := tokens.New()
	r, err := w.Recover(w.t.Context(), api.Recover{Flow: flow, Identifier: identifier, Device: device})
	if err != nil {
		w.t.Fatalf("recover: %v", err)
	}
	return flow, r
}

func TestSetSecretQuestion_judgesQuestionAndAnswer(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina.ok")
		p := w.by(w.mustLogIn("amina.ok", goodPassword))
		for _, c := range []struct {
			name   string
			in     api.SetSecretQuestion
			wanted string // pointer and code of the only mistake
		}{
			{"offered", api.SetSecretQuestion{Question: "first-street", Answer: "Main Street 7"}, ""},
			{"own", api.SetSecretQuestion{Question: "Où était ma première réunion ?", Own: true, Answer: "Genève"}, ""},
			{"Chinese", api.SetSecretQuestion{Question: "first-school", Answer: "北京大学"}, ""},
			{"not offered", api.SetSecretQuestion{Question: "first-pet", Answer: "Main Street"}, "/question unknown"},
			{"own without words", api.SetSecretQuestion{Question: "??", Own: true, Answer: "Main Street"}, "/question invalid"},
			{"own with a line break", api.SetSecretQuestion{Question: "a\nquestion", Own: true, Answer: "Main Street"}, "/question invalid"},
			{"too short", api.SetSecretQuestion{Question: "first-street", Answer: "- a B -"}, "/answer too-short"},
			{"nothing but signs", api.SetSecretQuestion{Question: "first-street", Answer: "!!!!!"}, "/answer too-short"},
			{"the question", api.SetSecretQuestion{Question: "What is it?", Own: true, Answer: "what is it"}, "/answer invalid"},
			{"a word of the question", api.SetSecretQuestion{Question: "It is Geneva", Own: true, Answer: "GENEVA"}, "/answer invalid"},
			{"the username", api.SetSecretQuestion{Question: "first-street", Answer: "Amina OK"}, "/answer invalid"},
			{"the address", api.SetSecretQuestion{Question: "first-street", Answer: "amina@example.org"}, "/answer invalid"},
			{"the first name", api.SetSecretQuestion{Question: "first-street", Answer: "ÁMINA"}, "/answer invalid"},
			{"both names", api.SetSecretQuestion{Question: "first-street", Answer: "okafor, amina"}, "/answer invalid"},
		} {
			t.Run(c.name, func(t *testing.T) {
				err := w.SetSecretQuestion(t.Context(), p, c.in)
				got := ""
				if problem, ok := err.(*api.Problem); ok {
					for _, f := range problem.Errors {
						got += f.Pointer + " " + f.Code
					}
				} else if err != nil {
					t.Fatal(err)
				}
				if got != c.wanted {
					t.Errorf("got %q, want %q", got, c.wanted)
				}
			})
		}
	})
}

func TestSecretQuestion_isKeptSealedAndClosedToRoles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		p := w.by(w.mustLogIn("amina", goodPassword))
		const own = "Who taught me Morse code?"
		set := func() error {
			return w.SetSecretQuestion(t.Context(), p, api.SetSecretQuestion{Question: own, Own: true, Answer: "Uncle Ben"})
		}
		wantCode(t, set(), "")
		if m := w.lastMail(mail.QuestionSet); m.To != "amina@example.org" {
			t.Errorf("told %s", m.To)
		}
		if q, err := w.SecretQuestion(t.Context(), p); err != nil || !q.Set || !q.Own || q.Question != own || q.Policy != api.QuestionOn {
			t.Errorf("got %+v, %v", q, err)
		}
		if n := w.rows(`SELECT COUNT(*) FROM secret_questions WHERE question = $1 OR answer NOT LIKE '$argon2id$%'`, []byte(own)); n != 0 {
			t.Error("question or answer stand in the database as they are")
		}
		for range 2 {
			wantCode(t, w.RemoveSecretQuestion(t.Context(), p), "")
		}
		if m := w.lastMail(mail.QuestionRemoved); m.To != "amina@example.org" || w.told(mail.QuestionRemoved) != 1 {
			t.Errorf("told %s, %d times", m.To, w.told(mail.QuestionRemoved))
		}
		if q, err := w.SecretQuestion(t.Context(), p); err != nil || q.Set || w.noted(audit.QuestionRemoved) != 1 {
			t.Errorf("got %+v, %v", q, err)
		}
		w.sql(`INSERT INTO account_roles (account_id, role) VALUES ($1, $2)`, p.AccountID, api.RoleMeetingManager)
		wantCode(t, set(), api.CodeForbidden)
		w.sql(`DELETE FROM account_roles`)
		w.change(func(p *api.Policies) { p.SecretQuestion = api.QuestionOff })
		wantCode(t, set(), api.CodeForbidden)
	})
}

// Option 3 of the sources, on a device that is known.
func TestReset_byAnswerOnAKnownDevice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		s := w.mustLogIn("amina", goodPassword)
		w.ask(w.by(s))
		flow, r := w.recoverOn("amina", s.Device)
		if r.Question == nil || r.Question.Question != "first-street" || r.Question.Own || strings.Join(r.Options, " ") != "email question" {
			t.Fatalf("got %+v", r)
		}
		if _, again := w.recoverOn("amina", ""); again.Question != nil {
			t.Error("the question is shown without the device")
		}
		check := func(answer string) error {
			return w.CheckAnswer(t.Context(), api.RecoveryAnswer{Flow: flow, Answer: answer})
		}
		wantCode(t, check("Main Street"), api.CodeAnswerWrong)
		for _, answer := range []string{goodAnswer, "rue de l'ecole", "RUE, DE L ECOLE!", "rue de l’e\u0301cole"} {
			wantCode(t, check(answer), "")
		}
		in := api.Reset{Flow: flow, Answer: goodAnswer, Password: "weak"}
		wantCode(t, w.Reset(t.Context(), in), api.CodePasswordRefused)
		in.Password = otherPassword
		got := count(t, 50, func(int) error { return w.Reset(t.Context(), in) })
		if got[""] != 1 {
			t.Errorf("got %v", got)
		}
		if w.told(mail.QuestionUsed) != 1 || w.told(mail.PasswordChanged) != 1 || w.noted(audit.QuestionUsed) != 1 {
			t.Error("the owner was not told once")
		}
		w.mustLogIn("amina", otherPassword)
		if _, err := w.Authenticate(t.Context(), s.Access); code(t, err) != api.CodeUnauthenticated {
			t.Errorf("the session of before lives: %v", err)
		}
		if _, r := w.recoverOn("amina", s.Device); r.Question != nil {
			t.Error("the device of before is still known")
		}
	})
}

func TestReset_byAnswerEndsWithDeviceAndQuestion(t *testing.T) {
	for name, end := range map[string]func(w *world, p caller.Caller, device string){
		"device forgotten": func(w *world, p caller.Caller, device string) {
			wantCode(w.t, w.ForgetDevice(w.t.Context(), p, api.ForgetDevice{Device: device}), "")
		},
		"question removed": func(w *world, p caller.Caller, _ string) { wantCode(w.t, w.RemoveSecretQuestion(w.t.Context(), p), "") },
		"role given": func(w *world, p caller.Caller, _ string) {
			w.sql(`INSERT INTO account_roles (account_id, role) VALUES ($1, $2)`, p.AccountID, api.RoleMeetingManager)
		},
		"policy with-email": func(w *world, _ caller.Caller, _ string) {
			w.change(func(p *api.Policies) { p.SecretQuestion = api.QuestionWithEmail })
		},
		"policy off": func(w *world, _ caller.Caller, _ string) {
			w.change(func(p *api.Policies) { p.SecretQuestion = api.QuestionOff })
		},
		"too late": func(w *world, _ caller.Caller, _ string) { w.pass(recovery.RecoveryLife) },
	} {
		t.Run(name, func(t *testing.T) {
			onSQLite(t, func(t *testing.T, w *world) {
				w.register("amina@example.org", "amina")
				s := w.mustLogIn("amina", goodPassword)
				p := w.by(s)
				w.ask(p)
				flow, _ := w.recoverOn("amina", s.Device)
				end(w, p, s.Device)
				err := w.Reset(t.Context(), api.Reset{Flow: flow, Answer: goodAnswer, Password: otherPassword})
				if code(t, err) == "" {
					t.Error("the answer still sets a password")
				}
				w.mustLogIn("amina@example.org", goodPassword)
			})
		})
	}
}

func TestReset_byCodeAndAnswerElsewhere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.change(func(p *api.Policies) { p.SecretQuestion = api.QuestionWithEmail })
		w.register("amina@example.org", "amina")
		s := w.mustLogIn("amina", goodPassword)
		w.ask(w.by(s))
		if _, r := w.recoverOn("amina", s.Device); r.Question != nil {
			t.Error("with-email shows the question on a known device")
		}
		flow, m := w.recover("amina")
		right := m.Secrets[mail.Code]
		_, err := w.RecoveryQuestion(t.Context(), api.RecoveryCode{Flow: flow, Code: "00000-00000"})
		wantCode(t, err, api.CodeCodeWrong)
		q, err := w.RecoveryQuestion(t.Context(), api.RecoveryCode{Flow: flow, Code: right})
		if err != nil || q.Question != "first-street" {
			t.Errorf("got %+v, %v", q, err)
		}
		in := api.Reset{Flow: flow, Password: otherPassword}
		for _, c := range []struct {
			code, answer string
			want         api.Code
		}{
			{"", goodAnswer, api.CodeCodeWrong},
			{"00000-00000", goodAnswer, api.CodeCodeWrong},
			{right, "Main Street", api.CodeAnswerWrong},
			{right, goodAnswer, ""},
			{right, goodAnswer, api.CodeCodeExpired},
		} {
			in.Code, in.Answer = c.code, c.answer
			wantCode(t, w.Reset(t.Context(), in), c.want)
		}
		w.mustLogIn("amina", otherPassword)
	})
}

// Where there is no question, another one is asked, always the same, and no
// answer is right.
func TestRecover_makesAQuestionUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		device := w.mustLogIn("amina", goodPassword).Device
		flow, r := w.recoverOn("amina", device)
		if _, again := w.recoverOn("amina@example.org", device); r.Question == nil || again.Question == nil || *again.Question != *r.Question {
			t.Fatalf("got %+v and %+v", r.Question, again.Question)
		}
		guess := func(int) error {
			return w.CheckAnswer(t.Context(), api.RecoveryAnswer{Flow: flow, Answer: "Main Street"})
		}
		got := count(t, 50, guess)
		// How many before the device's first growing wait is chance; how many in all is not.
		answered := got[api.CodeAnswerWrong]
		for w.pass(throttle.WidestWait); code(t, guess(0)) == api.CodeAnswerWrong; w.pass(throttle.WidestWait) {
			answered++
		}
		if got[api.CodeAnswerWrong] <= throttle.FreeFailures || got[api.CodeAnswerWrong]+got[api.CodeTooMany] != 50 || answered != recovery.AnswerTries {
			t.Errorf("%d answers were looked at, %v at once", answered, got)
		}
		if n := w.failures(w.AccountBudget(w.by(w.mustLogIn("amina", goodPassword)).AccountID, "")); n != 0 {
			t.Errorf("%d failures of the account after the right password", n)
		}
		for _, identifier := range []string{"nobody", "nobody@example.org", "amina"} {
			stranger, r := w.recoverOn(identifier, tokens.New())
			if r.Question != nil || strings.Join(r.Options, " ") != "email question" {
				t.Errorf("%s: %+v", identifier, r)
			}
			wantCode(t, w.CheckAnswer(t.Context(), api.RecoveryAnswer{Flow: stranger, Answer: "Main Street"}), api.CodeCodeWrong)
		}
	})
}

func TestAnswers_countWithPasswordsForDeviceAndAccount(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		s := w.mustLogIn("amina", goodPassword)
		w.ask(w.by(s))
		onDevice := func(password string) error {
			w.pass(throttle.WidestWait)
			_, err := w.LogIn(t.Context(), api.LogIn{Identifier: "amina", Password: password, Device: s.Device})
			return err
		}
		for range w.Limits().DeviceFailures - recovery.AnswerTries {
			wantCode(t, onDevice("x"), api.CodeCredentials)
		}
		flow, _ := w.recoverOn("amina", s.Device)
		for range recovery.AnswerTries {
			w.pass(throttle.WidestWait)
			wantCode(t, w.CheckAnswer(t.Context(), api.RecoveryAnswer{Flow: flow, Answer: "Main Street"}), api.CodeAnswerWrong)
		}
		wantCode(t, onDevice(goodPassword), api.CodeDeactivated)
		w.pass(time.Hour) // the answers' own budget begins anew, the device's does not
		wantCode(t, w.CheckAnswer(t.Context(), api.RecoveryAnswer{Flow: flow, Answer: goodAnswer}), api.CodeTooMany)
		if n := w.failures(w.AccountBudget(s.Account.ID, "")); n != recovery.AnswerTries {
			t.Errorf("%d failures of the account", n)
		}
		if w.noted(audit.AnswerFailed) != recovery.AnswerTries {
			t.Errorf("%d wrong answers in the audit log", w.noted(audit.AnswerFailed))
		}
	})
}

func TestSecretQuestion_offOffersNothing(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		w.register("amina@example.org", "amina")
		s := w.mustLogIn("amina", goodPassword)
		w.ask(w.by(s))
		w.change(func(p *api.Policies) { p.SecretQuestion = api.QuestionOff })
		flow, r := w.recoverOn("amina", s.Device)
		if r.Question != nil || strings.Join(r.Options, " ") != "email" {
			t.Errorf("got %+v", r)
		}
		wantCode(t, w.CheckAnswer(t.Context(), api.RecoveryAnswer{Flow: flow, Answer: goodAnswer}), api.CodeForbidden)
		_, err := w.RecoveryQuestion(t.Context(), api.RecoveryCode{Flow: flow, Code: "00000-00000"})
		wantCode(t, err, api.CodeForbidden)
	})
}
