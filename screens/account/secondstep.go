package account

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// secondStep is the second step of a log-in, for accounts with two-step log-in:
// a code of the authenticator app, or a recovery code, after the right password.
type secondStep struct {
	login *Login
	// in is the first step: the password is kept for this step only.
	in      app.LogIn
	code    *parts.Entry
	field   *parts.Field
	submit  *parts.Button
	wait    *kit.Cooldown
	tried   kit.AppCode
	content *fyne.Container
}

func newSecondStep(l *Login) *secondStep {
	e := l.env
	s := &secondStep{login: l}
	s.code = parts.NewEntry("login.second")
	s.code.OnChanged = func(string) { s.field.SetError("") }
	s.code.OnSubmitted = func(string) { s.logIn() }
	s.field = secondFactorField(e, "login.second.field", s.code)
	s.submit = parts.NewButton("login.second.submit", e.T("login.submit"), parts.Primary, s.logIn)
	s.wait = kit.NewCooldown(e, s.submit)
	back := parts.Link("login.second.back", e.T("account.back"), func() { s.back() }).WithAlign(fyne.TextAlignCenter)
	s.content = parts.Stack(parts.Gap12, parts.Body(e.T("login.second")), s.field, s.submit, back)
	s.content.Hide()
	return s
}

// secondFactorField is the input for a code of the authenticator app or a
// recovery code.
func secondFactorField(e kit.Env, id parts.ID, code *parts.Entry) *parts.Field {
	return parts.NewField(id, e.T("account.second-factor"), true, code).
		WithHint(parts.Span{Text: e.T("account.second-factor-hint")})
}

// shown tells whether the second step is on the screen.
func (s *secondStep) shown() bool { return s.content.Visible() }

// ask follows a first step with the right password.
func (s *secondStep) ask(in app.LogIn) {
	l := s.login
	s.in = in
	l.bar.Clear()
	l.password.SetText("")
	parts.ShowOne(true, s.content, l.first)
	parts.Focus(s.code)
}

// leave forgets the password and shows the first step.
func (s *secondStep) leave() {
	s.in, s.tried = app.LogIn{}, kit.AppCode{}
	s.wait.Reset()
	s.code.SetText("")
	s.field.SetError("")
	parts.ShowOne(false, s.content, s.login.first)
}

// back leads to the first step, also while the service is being asked.
func (s *secondStep) back() {
	s.login.stopWaiting()
	s.leave()
	parts.Focus(s.login.password)
}

func (s *secondStep) logIn() {
	l := s.login
	if l.cancel != nil || s.wait.Active() {
		return
	}
	s.in.SecondFactor = strings.TrimSpace(s.code.Text)
	if s.in.SecondFactor == "" {
		s.wrong(l.env.T("account.second-factor-missing"))
		return
	}
	l.ask(s.in, s.failed)
}

func (s *secondStep) failed(err error) {
	l := s.login
	s.wait.Start(err)
	switch kind := l.env.KindOf(err); kind {
	case app.KindCanceled:
	case string(api.CodeSecondFactorWrong):
		s.wrong(s.tried.Wrong(l.env, l.env.T("error."+kind)))
	case string(api.CodeCredentials), string(api.CodeDeactivated), string(api.CodeDeactivatedByStaff), string(api.CodeNotActive):
		s.leave() // the first step no longer holds
		l.Failed(err)
	case app.KindKeyringMissing, app.KindPassphraseNeeded, app.KindWrongPassphrase, app.KindWrongKey:
		l.password.SetText(s.in.Password)
		s.leave()
		l.Failed(err)
	default:
		l.bar.Say(s.wait.Notice(err))
	}
}

func (s *secondStep) wrong(words string) {
	s.field.SetError(words)
	parts.Focus(s.code)
	s.code.SelectAll()
}

// ask does a log-in, and then goes on with the account or with failed. One that succeeds
// although it was cancelled, or the screen left, is taken back.
func (l *Login) ask(in app.LogIn, failed func(error)) {
	l.bar.Clear()
	ctx := l.wait()
	forget := l.acc.SubscribeKeyring(func(waiting bool) {
		l.env.Run.Post(ctx, func() { l.keyringWaits(waiting) })
	})
	var account api.Account
	l.env.Carry(ctx, l.busy, l.env.T("login.busy"), func() (err error) {
		defer forget()
		account, err = l.acc.LogIn(ctx, in)
		return err
	}, func(err error) {
		if ctx.Err() != nil {
			if err == nil && l.cancel == nil { // and no other one under way, which takes its place
				l.takeBack()
			}
			return
		}
		l.ready()
		if err != nil {
			failed(err)
			return
		}
		l.password.SetText("")
		l.second.leave()
		l.believe()
		l.on.LoggedIn(account)
	})
}

// takeBack logs out again whoever did not want to be logged in any more. Work from before
// stays for the next log-in.
func (l *Login) takeBack() {
	l.env.Run.Run(context.Background(), func(ctx context.Context) {
		if err := l.acc.LogOut(ctx, app.UnsentKeep); err != nil {
			fyne.LogError("take back a log-in that was cancelled", err)
		}
	}, func() {})
}
