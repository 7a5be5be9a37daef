package account

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// ActivateAccount is what the activation screen needs.
type ActivateAccount interface {
	Activate(ctx context.Context, flow api.Flow, code, password string) error
	Resend(ctx context.Context, flow api.Flow) error
	// SignUpState is api.SignUpWaiting, api.SignUpActive or api.SignUpEnded.
	SignUpState(ctx context.Context, flow api.Flow) (string, error)
}

// ActivateEvents is where the activation screen leads.
type ActivateEvents struct {
	// Login is given the e-mail address of the account.
	Login func(email string)
	// SignUp follows a sign-up that has ended.
	SignUp func()
	// Correct leads back to what was entered, to correct the address.
	Correct func()
}

// Activate is the screen after the sign-up: it waits for the verification of
// the e-mail address, by the link in the e-mail or by its code. Whether the
// address was free or taken, it looks the same.
type Activate struct {
	env         kit.Env
	acc         ActivateAccount
	on          ActivateEvents
	flow        api.Flow
	email, sent string // sent is the password chosen at sign-up, if it is still known

	calls  *kit.Calls
	asking bool // for the state, beside everything else
	asked  time.Time
	over   bool
	active bool // once it is over

	title           *parts.Text
	bar             *parts.Bar
	busy            *parts.Busy
	code            *kit.CodeEntry
	password        *parts.Entry
	passwordField   *parts.Field
	submit, again   *parts.Button
	submits, sends  *kit.Cooldown // the waits between tries of the two
	waiting, ending *fyne.Container
	end             *parts.Text
	ended           *parts.Button
	content         fyne.CanvasObject
}

// NewActivate returns the screen; with an empty password it is asked for.
func NewActivate(env kit.Env, acc ActivateAccount, flow api.Flow, email, password string, on ActivateEvents) *Activate {
	a := &Activate{env: env, acc: acc, on: on, flow: flow, email: email, sent: password}
	a.build()
	return a
}

// SetNotice says something at the top that comes from outside, such as a link.
func (a *Activate) SetNotice(n parts.Notice) { a.bar.Say(n) }

// Notice is what it says at the top.
func (a *Activate) Notice() string { return a.bar.String() }

// Content returns what is shown.
func (a *Activate) Content() fyne.CanvasObject { return a.content }

// Close ends what the screen waits for; it is to be called when it is left.
func (a *Activate) Close() { a.calls.Close() }

// Settled is Page's.
func (a *Activate) Settled() bool { return !a.calls.Working() }

// In is Page's.
func (a *Activate) In(env kit.Env) Page {
	n := NewActivate(env, a.acc, a.flow, a.email, a.sent, a.on)
	n.bar.Repeat(a.bar)
	n.code.Entry.SetText(a.code.Entry.Text)
	n.password.SetText(a.password.Text)
	if a.over {
		n.finish(a.active)
	}
	return n
}

// First returns the input that takes the keyboard first.
func (a *Activate) First() fyne.Focusable { return a.code.Entry }

func (a *Activate) build() {
	e := a.env
	a.bar = parts.NewBar("activate.bar")
	a.busy = parts.NewBusy("activate.busy").Folding()
	a.calls = kit.NewCalls(context.Background(), e, a.bar, a.busy, nil)
	a.code = kit.NewCodeEntry(e, "activate", e.T("activate.code"), a.activate)
	a.password = e.Password("activate.password")
	a.password.OnSubmitted = func(string) { a.activate() }
	a.password.OnChanged = func(string) { a.passwordField.SetError("") }
	a.passwordField = e.PasswordField("activate.password.field", e.T("login.password"), true, a.password).
		WithHint(parts.Span{Text: e.T("activate.password-hint")})
	a.passwordField.Hidden = a.sent != ""
	a.submit = parts.NewButton("activate.submit", e.T("activate.submit"), parts.Primary, a.activate)
	a.again = parts.NewButton("activate.again", e.T("account.send-again"), parts.Outlined, a.resend)
	a.submits, a.sends = kit.NewCooldown(e, a.submit), kit.NewCooldown(e, a.again)
	a.calls.Hold(a.submits, a.sends)
	back := parts.Link("activate.login", e.T("signup.back"), func() { a.on.Login(a.email) }).WithAlign(fyne.TextAlignCenter)

	a.waiting = parts.Stack(parts.Gap12,
		parts.NewText(parts.Span{Text: e.T("activate.sent-to") + " "}, parts.Span{Text: a.email, Bold: true}, parts.Span{Text: " "},
			parts.Span{Text: e.T("activate.correct"), ID: "activate.correct", OnTapped: func() { a.on.Correct() }}),
		parts.Body(e.T("activate.how")), e.MailNote(),
		a.code.Field, a.passwordField, a.submit, a.busy,
		parts.Divider(),
		parts.Ends(parts.Muted(e.T("activate.spam")), a.again), back)
	a.end = parts.Body("").WithID("activate.end")
	a.ended = parts.NewButton("activate.done", "", parts.Primary, nil)
	a.ending = parts.Stack(parts.Gap12, a.end, a.ended)
	a.ending.Hide()
	a.title = parts.Bold(e.T("account.sent")).WithSize(parts.SizeTitle).WithID("activate.title")
	a.content = e.AccountCard("activate", parts.Pad(0, 0, parts.Gap4, 0, a.title), a.bar, a.waiting, a.ending)
}

// askEvery is how often the service is asked whether the link was used.
const askEvery = 3 * time.Second

// Tick counts waits down, and asks whether the link was used; the window calls it
// now and then.
func (a *Activate) Tick() {
	if a.submits.Tick() || a.sends.Tick() {
		a.bar.Say(a.submits.ReadyNotice())
	}
	now := a.env.Now()
	if a.asking || a.over || now.Sub(a.asked) < askEvery {
		return
	}
	a.asking, a.asked = true, now
	var state string
	var err error
	a.env.Run.Run(a.calls.Context(), func(ctx context.Context) { state, err = a.acc.SignUpState(ctx, a.flow) }, func() {
		a.asking = false
		if err != nil || a.over {
			return // asked again at the next tick
		}
		switch state {
		case api.SignUpActive:
			a.finish(true)
		case api.SignUpEnded:
			a.finish(false)
		}
	})
}

func (a *Activate) finish(active bool) {
	a.over, a.active = true, active
	a.bar.Clear()
	a.waiting.Hide()
	if active {
		a.title.SetText(a.env.T("activate.active-title"))
		a.end.SetText(a.env.T("activate.active"))
		a.ended.SetText(a.env.T("login.submit"))
		a.ended.OnTapped(func() { a.on.Login(a.email) })
	} else {
		a.title.SetText(a.env.T("activate.ended-title"))
		a.end.SetText(a.env.T("activate.ended"))
		a.ended.SetText(a.env.T("signup.title"))
		a.ended.OnTapped(a.on.SignUp)
	}
	parts.SetVisible(true, a.ending)
	parts.Focus(a.ended)
}

func (a *Activate) activate() {
	if a.calls.Working() || a.over || a.submits.Active() {
		return
	}
	code, ok := a.code.Value()
	if !ok {
		return
	}
	password := a.sent
	if password == "" {
		password = a.password.Text
	}
	if password == "" {
		a.passwordField.SetError(a.env.T("activate.password-missing"))
		parts.Focus(a.password)
		return
	}
	a.calls.Try("activate.busy", func(ctx context.Context) error {
		return a.acc.Activate(ctx, a.flow, code, password)
	}, func() { a.finish(true) },
		a.submits.Failed(a.bar),
		a.env.OnCode(func(err error) { a.code.Wrong(a.env.Say(err)) }, string(api.CodeCodeWrong), string(api.CodeCodeExpired)),
		a.env.OnCode(a.passwordWrong, string(api.CodeCredentials)))
}

func (a *Activate) passwordWrong(error) {
	a.sent = ""
	a.passwordField.Show()
	a.passwordField.SetError(a.env.T("activate.password-wrong"))
	parts.Focus(a.password)
}

func (a *Activate) resend() {
	if a.sends.Active() {
		return
	}
	a.calls.Try("account.busy-sending", func(ctx context.Context) error {
		return a.acc.Resend(ctx, a.flow)
	}, func() {
		a.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: a.env.T("account.sent")}}})
	}, a.sends.Failed(a.bar))
}
