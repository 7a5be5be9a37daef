package withservice

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"plenary/api"
	"plenary/app"
	"plenary/app/keyringtest"
	"plenary/service/demo"
)

// kind is what an error is about.
func kind(err error) string { return app.Explain(err).Kind }

func (p *person) prove() {
	p.t.Helper()
	if err := p.app.Service.Prove(p.t.Context(), password, ""); err != nil {
		p.t.Fatal(err)
	}
}

// codeTo waits for an e-mail with a code to an address, newer than those seen.
func (p *person) codeTo(address string, seen int) string {
	p.t.Helper()
	code := ""
	wait(p.t, "a code to "+address, func() bool {
		mails, err := p.demo.Mails(p.t.Context())
		if err != nil {
			p.t.Fatal(err)
		}
		for _, m := range mails[:len(mails)-seen] {
			if m.To == address && m.Code != "" {
				code = m.Code
			}
		}
		return code != ""
	})
	return code
}

func (p *person) mails() []demo.Mail {
	p.t.Helper()
	mails, err := p.demo.Mails(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return mails
}

func TestSelf_twoStepLogIn(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	self := p.app.Service
	if f, err := self.SecondFactor(t.Context()); f.On || err != nil {
		t.Fatalf("at first: %+v, %v", f, err)
	}
	if _, err := self.SetUpSecondFactor(t.Context()); kind(err) != string(api.CodeProofNeeded) {
		t.Errorf("without a proof: %v", err)
	}
	if err := self.Prove(t.Context(), "wrong", ""); kind(err) != string(api.CodeCredentials) {
		t.Errorf("wrong proof: %v", err)
	}
	p.prove()
	setup, err := self.SetUpSecondFactor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := self.ConfirmSecondFactor(t.Context(), "000000"); kind(err) != string(api.CodeSecondFactorWrong) {
		t.Errorf("wrong code: %v", err)
	}
	code, err := totp.GenerateCode(setup.Secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	codes, err := self.ConfirmSecondFactor(t.Context(), code)
	if err != nil || len(codes.Codes) < 8 {
		t.Fatalf("confirm: %d codes, %v", len(codes.Codes), err)
	}
	if f, err := self.SecondFactor(t.Context()); !f.On || f.RecoveryCodes != len(codes.Codes) || err != nil {
		t.Errorf("then: %+v, %v", f, err)
	}
	if err := p.app.Session.LogOut(t.Context(), app.UnsentDiscard); err != nil {
		t.Fatal(err)
	}

	in := app.LogIn{Identifier: email, Password: password, Keep: true}
	if _, err := p.app.Session.LogIn(t.Context(), in); kind(err) != string(api.CodeSecondFactorNeeded) {
		t.Fatalf("without the second step: %v", err)
	}
	in.SecondFactor = "00000-00000"
	if _, err := p.app.Session.LogIn(t.Context(), in); kind(err) != string(api.CodeSecondFactorWrong) {
		t.Errorf("wrong second step: %v", err)
	}
	in.SecondFactor = codes.Codes[0]
	if _, err := p.app.Session.LogIn(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if err := self.Prove(t.Context(), password, ""); kind(err) != string(api.CodeSecondFactorNeeded) {
		t.Errorf("proof without the second factor: %v", err)
	}
	if err := self.Prove(t.Context(), password, codes.Codes[1]); err != nil {
		t.Fatal(err)
	}
	p.unlock(codes.Codes[2])
	if again, err := self.NewRecoveryCodes(t.Context()); err != nil || slices.Contains(again.Codes, codes.Codes[3]) {
		t.Errorf("new codes: %v", err)
	}
	if err := self.RemoveSecondFactor(t.Context()); err != nil {
		t.Fatal(err)
	}
	if f, err := self.SecondFactor(t.Context()); f.On || err != nil {
		t.Errorf("at last: %+v, %v", f, err)
	}
}

// unlock locks the session and unlocks it by the password, for which the service wants the
// second factor.
func (p *person) unlock(code string) {
	p.t.Helper()
	s, ctx := p.app.Session, p.t.Context()
	if err := s.SetLock(ctx, app.SetLock{New: "481516"}); err != nil {
		p.t.Fatal(err)
	}
	if err := s.Lock(ctx); err != nil {
		p.t.Fatal(err)
	}
	for _, c := range []struct{ password, code, kind string }{
		{"wrong", code, string(api.CodeCredentials)},
		{password, "", string(api.CodeSecondFactorNeeded)},
		{password, "00000-00000", string(api.CodeSecondFactorWrong)},
		{password, code, ""},
	} {
		if _, err := s.UnlockByPassword(ctx, c.password, c.code); kind(err) != c.kind {
			p.t.Fatalf("unlock with the code %q: %v", c.code, err)
		}
	}
	if state := s.State(); state.Phase != app.LoggedIn || state.Account.FamilyName != family {
		p.t.Errorf("unlocked: %+v", state)
	}
}

func (p *person) setQuestion() {
	p.t.Helper()
	p.prove()
	in := api.SetSecretQuestion{Question: "first-school", Answer: "École de Rive"}
	if err := p.app.Service.SetSecretQuestion(p.t.Context(), in); err != nil {
		p.t.Fatal(err)
	}
	if q, err := p.app.Service.SecretQuestion(p.t.Context()); !q.Set || q.Question != in.Question || err != nil {
		p.t.Fatalf("the question is %+v, %v", q, err)
	}
}

func TestRecover_secretQuestionOnAKnownDevice(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	p.setQuestion()
	if err := p.app.Session.LogOut(t.Context(), app.UnsentDiscard); err != nil {
		t.Fatal(err)
	}
	account := p.app.Account
	p.ring.Fail(app.ErrKeyringLocked)
	if r, err := account.Recover(t.Context(), email); err != nil || r.Question != nil {
		t.Errorf("without the keyring: %+v, %v", r, err)
	}
	p.ring.Fail(nil)
	r, err := account.Recover(t.Context(), " "+strings.ToUpper(email))
	if err != nil || r.Question == nil || r.Question.Question != "first-school" || !slices.Contains(r.Options, "question") {
		t.Fatalf("recover: %+v, %v", r, err)
	}
	if err := account.CheckAnswer(t.Context(), api.RecoveryAnswer{Flow: r.Flow, Answer: "another"}); kind(err) != string(api.CodeAnswerWrong) {
		t.Errorf("wrong answer: %v", err)
	}
	if err := account.CheckAnswer(t.Context(), api.RecoveryAnswer{Flow: r.Flow, Answer: "ecole DE rive!"}); err != nil {
		t.Fatal(err)
	}
	reset := api.Reset{Flow: r.Flow, Answer: "ecole de rive", Password: "short"}
	if err := account.Reset(t.Context(), reset); kind(err) != string(api.CodePasswordRefused) {
		t.Errorf("bad password: %v", err)
	}
	reset.Password = password + "2"
	if err := account.Reset(t.Context(), reset); err != nil {
		t.Fatal(err)
	}
	if _, err := p.app.Session.LogIn(t.Context(), app.LogIn{Identifier: email, Password: reset.Password, Keep: true}); err != nil {
		t.Fatal(err)
	}
}

func TestRecover_secretQuestionElsewhereComesAfterTheCode(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	p.setQuestion()
	there := *p
	there.dir, there.ring = t.TempDir(), keyringtest.New()
	there.start()
	t.Cleanup(func() { there.app.Close() })
	account := there.app.Account
	r, err := account.Recover(t.Context(), email)
	if err != nil || r.Question != nil {
		t.Fatalf("recover: %+v, %v", r, err)
	}
	seen := len(p.mails())
	if err := account.SendRecovery(t.Context(), r.Flow); err != nil {
		t.Fatal(err)
	}
	code := there.codeTo(email, seen)
	if _, err := account.RecoveryQuestion(t.Context(), r.Flow, "00000-00000"); kind(err) != string(api.CodeCodeWrong) {
		t.Errorf("wrong code: %v", err)
	}
	q, err := account.RecoveryQuestion(t.Context(), r.Flow, code)
	if err != nil || q.Question != "first-school" {
		t.Fatalf("the question is %+v, %v", q, err)
	}
	if err := account.CheckAnswer(t.Context(), api.RecoveryAnswer{Flow: r.Flow, Code: code, Answer: "École de Rive"}); err != nil {
		t.Fatal(err)
	}
	if err := account.Reset(t.Context(), api.Reset{Flow: r.Flow, Code: code, Answer: "École de Rive", Password: password + "2"}); err != nil {
		t.Fatal(err)
	}
}

func TestForgetDevice_leavesNothingInTheKeyring(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	for _, identifier := range []string{email, "adupont"} { // a token for each
		if _, err := p.app.Session.LogIn(t.Context(), app.LogIn{Identifier: identifier, Password: password, Keep: true}); err != nil {
			t.Fatal(err)
		}
	}
	p.setQuestion()
	if r, err := p.app.Account.Recover(t.Context(), "adupont"); err != nil || r.Question == nil {
		t.Fatalf("before: %+v, %v", r, err)
	}
	stolen := p.ring.Items()
	if err := p.app.Service.ForgetDevice(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := p.app.Service.ForgetDevice(t.Context()); err != nil {
		t.Errorf("twice: %v", err)
	}
	if err := p.app.Session.LogOut(t.Context(), app.UnsentDiscard); err != nil {
		t.Fatal(err)
	}
	if left := p.ring.Items(); len(left) != 0 {
		t.Errorf("left in the keyring: %v", left)
	}
	for item, secret := range stolen {
		if strings.HasSuffix(item, "/devices") {
			p.ring.Put(item, secret)
		}
	}
	for _, identifier := range []string{email, "adupont"} {
		if r, err := p.app.Account.Recover(t.Context(), identifier); err != nil || r.Question != nil {
			t.Errorf("the token of %s still counts: %+v, %v", identifier, r, err)
		}
	}
}

func TestSelf_profileAndAddress(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	self := p.app.Service
	a, err := self.Account(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a, err = self.ChangeProfile(t.Context(), api.ChangeProfile{Version: a.Version, FirstName: "Amélie", FamilyName: "Dupont-Martin", Language: "en"})
	if err != nil || a.FamilyName != "Dupont-Martin" || p.app.Session.State().Account.FamilyName != a.FamilyName {
		t.Fatalf("profile: %+v, %v", a, err)
	}
	if _, err := self.ChangeUsername(t.Context(), "amelie"); kind(err) != string(api.CodeProofNeeded) {
		t.Errorf("without a proof: %v", err)
	}
	p.prove()
	if a, err = self.ChangeUsername(t.Context(), "amelie"); err != nil || a.Username != "amelie" {
		t.Fatalf("username: %+v, %v", a, err)
	}
	const other = "amelie@example.org"
	seen := len(p.mails())
	if err := self.ChangeEmail(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if pending := p.app.Session.State().Account.PendingEmail; pending != other {
		t.Errorf("pending is %q", pending)
	}
	if _, err := self.ConfirmEmail(t.Context(), "00000-00000"); kind(err) != string(api.CodeCodeWrong) {
		t.Errorf("wrong code: %v", err)
	}
	if a, err = self.ConfirmEmail(t.Context(), p.codeTo(other, seen)); err != nil || a.Email != other {
		t.Fatalf("e-mail: %+v, %v", a, err)
	}
	if s := p.app.Session.State(); s.Phase != app.LoggedIn || s.Account.Email != other || s.Account.PendingEmail != "" {
		t.Errorf("the session has %+v", s)
	}
	before := p.ring.Items()
	if err := self.ChangePassword(t.Context(), api.ChangePassword{Current: "wrong", New: password + "2"}); kind(err) != string(api.CodeCredentials) {
		t.Errorf("wrong password: %v", err)
	}
	if err := self.ChangePassword(t.Context(), api.ChangePassword{Current: password, New: password + "2"}); err != nil {
		t.Fatal(err)
	}
	if _, err := self.Account(t.Context()); err != nil {
		t.Errorf("this session does not go on: %v", err)
	}
	// Not even by what the keyring had before, but by what it has now.
	if maps.Equal(before, p.ring.Items()) {
		t.Error("the keyring has the token of before")
	}
	p.app.Close()
	p.start()
	if _, err := p.app.Session.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := p.app.Service.Account(t.Context()); err != nil {
		t.Errorf("after another start: %v", err)
	}
}

// sameTime: the service keeps microseconds.
func sameTime(a, b time.Time) bool { return a.Sub(b).Abs() < time.Millisecond }

func TestSelf_sessionsAndData(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	there := *p
	there.dir, there.ring = t.TempDir(), keyringtest.New()
	there.start()
	t.Cleanup(func() { there.app.Close() })
	there.logIn(false)
	self := p.app.Service
	list, err := self.Sessions(t.Context())
	if err != nil || len(list) != 2 {
		t.Fatalf("sessions: %+v, %v", list, err)
	}
	for _, s := range list {
		if s.Current != s.Kept || !strings.HasPrefix(s.Machine, "Plenary 1.0.0") || s.Computer != "lemur" || s.FirstNetwork != "127.0.0.*" || s.LastNetwork != "127.0.0.*" {
			t.Errorf("session %+v", s)
		}
		if !s.Current {
			if err := self.EndSession(t.Context(), s.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	there.app.Sync.Now()
	wait(t, "the other session's end", func() bool { return there.app.Session.State().Phase == app.Ended })

	p.prove()
	data, err := self.Export(t.Context())
	var export api.Export
	if err != nil || json.Unmarshal(data, &export) != nil || export.Account.Email != email || !bytes.Contains(data, []byte("\n  \"")) {
		t.Fatalf("export: %.200s, %v", data, err)
	}
	d, err := self.AskDeletion(t.Context())
	if err != nil || d.Due.Before(time.Now()) || !sameTime(p.app.Session.State().Account.Deletion, d.Due) {
		t.Fatalf("deletion: %+v, %v, the session has %v", d, err, p.app.Session.State().Account.Deletion)
	}
	if again, err := self.Deletion(t.Context()); err != nil || !sameTime(again.Due, d.Due) {
		t.Errorf("deletion is %+v, %v", again, err)
	}
	if err := self.TakeBackDeletion(t.Context()); err != nil || !p.app.Session.State().Account.Deletion.IsZero() {
		t.Errorf("taken back: %v, the session has %v", err, p.app.Session.State().Account.Deletion)
	}
}

func TestSelf_withoutASession(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	for what, err := range map[string]error{
		"prove":  p.app.Service.Prove(t.Context(), password, ""),
		"forget": p.app.Service.ForgetDevice(t.Context()),
		"staff":  p.app.Service.SwitchMail(t.Context(), "x", true),
	} {
		if kind(err) != app.KindNoSession {
			t.Errorf("%s: %v", what, err)
		}
	}
}
