package account

import (
	"context"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// showCode waits for the code; sent says that an e-mail has just been sent.
func (f *Forgot) showCode(sent bool) {
	e := f.env
	f.begin(func(f *Forgot) { f.showCode(sent) })
	f.proof, f.linked = api.Reset{}, api.LinkedSignUp{}
	f.code = kit.NewCodeEntry(e, "forgot", e.T("activate.code"), f.check)
	f.checks = f.button("forgot.check", "forgot.check", parts.Primary, f.check)
	f.sends = f.button("forgot.again", "account.send-again", parts.Outlined, f.sendAgain)
	help := parts.Stack(parts.Gap8, parts.Muted(e.T("forgot.nothing-help")), f.contacts())
	help.Hide()
	nothing := parts.Link("forgot.nothing", e.T("forgot.nothing"), func() {
		parts.SetVisible(!help.Visible(), help)
		parts.IntoView(help)
	})
	title, how := "account.sent", "forgot.how"
	switch {
	case !sent:
		title, how = "forgot.code-title", "forgot.code-how"
	case f.byQuestion:
		how = "forgot.how-question" // the link would lead past the question
	}
	f.show(title, f.code.Entry, f.showWays, parts.Body(e.T(how)), e.MailNote(), f.code.Field,
		f.checks.Button, parts.Divider(), parts.Ends(nothing, f.sends.Button), help)
}

func (f *Forgot) sendAgain() {
	f.try(f.sends, "account.busy-sending", func(ctx context.Context) error {
		return f.acc.SendRecovery(ctx, f.recovery.Flow)
	}, func() {
		f.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: f.env.T("account.sent")}}})
	}, f.sendFailed)
}

// check checks the code; for option 3 that gives the secret question.
func (f *Forgot) check() {
	if f.calls.Working() || f.checks.Active() {
		return
	}
	code, ok := f.code.Value()
	if !ok {
		return
	}
	var q api.RecoveryQuestion
	var linked api.LinkedSignUp
	f.try(f.checks, "forgot.busy-code", func(ctx context.Context) (err error) {
		if f.byQuestion {
			q, err = f.acc.RecoveryQuestion(ctx, f.recovery.Flow, code)
			return err
		}
		linked, err = f.acc.CheckCode(ctx, f.recovery.Flow, code)
		return err
	}, func() {
		f.proof.Code, f.linked = code, linked
		if f.byQuestion {
			f.showQuestion(q)
		} else {
			f.showPassword()
		}
	}, f.env.OnCode(func(err error) { f.code.Wrong(f.env.Say(err)) }, string(api.CodeCodeWrong), string(api.CodeCodeExpired)))
}
