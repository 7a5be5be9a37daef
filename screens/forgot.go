package screens

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/parts"
)

// ForgotAccount is what "Forgot password?" needs.
type ForgotAccount interface {
	Recover(ctx context.Context, identifier string) (api.Recovery, error)
	SendRecovery(ctx context.Context, flow string) error
	CheckCode(ctx context.Context, flow, code string) error
	Reset(ctx context.Context, in api.Reset) error
}

// ForgotEvents is where the screen leads.
type ForgotEvents struct {
	// Login is given the e-mail address or username.
	Login func(identifier string)
}

// Forgot is "Forgot password?", step after step: who, "Is this your e-mail?",
// the code from the e-mail, the new password, done
// (sources/forgotten-password.txt, sources/reset-options.txt option 1).
type Forgot struct {
	env Env
	acc ForgotAccount
	on  ForgotEvents

	ctx     context.Context
	leave   context.CancelFunc
	working bool
	first   fyne.Focusable

	identifierText string
	recovery       api.Recovery
	codeText       string

	bar        *parts.Bar
	busy       *parts.Busy
	identifier *parts.Entry
	idField    *parts.Field
	code       *codeEntry
	password   *newPassword
	title      *parts.Text
	step       *fyne.Container
	buttons    []*parts.Button
	content    fyne.CanvasObject
}

// NewForgot returns the screen, with an e-mail address or username filled in.
func NewForgot(env Env, acc ForgotAccount, identifier string, on ForgotEvents) *Forgot {
	f := &Forgot{env: env, acc: acc, on: on, identifierText: identifier}
	f.ctx, f.leave = context.WithCancel(context.Background())
	f.bar = parts.NewBar("forgot.bar")
	f.busy = parts.NewBusy("forgot.busy")
	f.busy.Hide()
	f.title = parts.Bold("").WithSize(parts.SizeTitle).WithID("forgot.title")
	f.step = parts.Stack(parts.Gap12)
	back := parts.Link("forgot.login", env.T("forgot.back"), func() { f.on.Login(f.identifierText) }).WithAlign(fyne.TextAlignCenter)
	f.content = env.accountCard("forgot", f.title, f.bar, f.step, f.busy, back)
	f.showIdentify()
	return f
}

// Content returns what is shown.
func (f *Forgot) Content() fyne.CanvasObject { return f.content }

// Close ends what the screen waits for; it is to be called when it is left.
func (f *Forgot) Close() { f.leave() }

// First returns the input that takes the keyboard first.
func (f *Forgot) First() fyne.Focusable { return f.first }

// show puts a step into the card.
func (f *Forgot) show(title string, first fyne.Focusable, objects ...fyne.CanvasObject) {
	f.bar.Clear()
	f.title.SetText(f.env.T(title))
	f.step.Objects = objects
	f.step.Refresh()
	f.first = first
	parts.Changed(f.title)
	parts.Focus(first)
}

func (f *Forgot) button(id parts.ID, key string, kind parts.ButtonKind, do func()) *parts.Button {
	b := parts.NewButton(id, f.env.T(key), kind, do)
	f.buttons = append(f.buttons, b)
	return b
}

// do runs one call of the service, and next if it worked.
func (f *Forgot) do(waiting string, work func(context.Context) error, next func(), failed func(error)) {
	if f.working {
		return
	}
	f.working = true
	f.bar.Clear()
	f.busy.Show()
	for _, b := range f.buttons {
		b.Disable()
	}
	f.env.Do(f.ctx, f.busy, f.env.T(waiting), work, func(err error) {
		f.working = false
		f.busy.Hide()
		for _, b := range f.buttons {
			b.Enable()
		}
		if err != nil {
			failed(err)
		} else {
			next()
		}
		parts.Changed(f.busy)
	})
}

func (f *Forgot) problem(err error) { f.bar.Say(f.env.Problem(err)) }

// showIdentify is the first step: e-mail address or username.
func (f *Forgot) showIdentify() {
	e := f.env
	f.buttons = nil
	f.identifier = parts.NewEntry("forgot.identifier")
	f.identifier.SetText(f.identifierText)
	f.identifier.OnChanged = func(string) { f.idField.SetError("") }
	f.identifier.OnSubmitted = func(string) { f.request() }
	f.idField = parts.NewField("forgot.identifier.field", e.T("login.identifier"), true, f.identifier)
	f.show("forgot.title", f.identifier,
		parts.Body(e.T("forgot.intro")), f.idField,
		f.button("forgot.request", "forgot.request", parts.Primary, f.request),
		parts.Link("forgot.have-code", e.T("forgot.have-code"), f.haveCode).WithAlign(fyne.TextAlignCenter))
}

// identified takes what was typed; it says what is missing.
func (f *Forgot) identified() bool {
	typed := strings.TrimSpace(f.identifier.Text)
	if typed == "" {
		f.idField.SetError(f.env.T("login.identifier-missing"))
		parts.Focus(f.identifier)
		return false
	}
	if typed != f.identifierText {
		f.recovery = api.Recovery{}
	}
	f.identifierText = typed
	return true
}

func (f *Forgot) recover(next func()) {
	f.do("forgot.busy", func(ctx context.Context) (err error) {
		f.recovery, err = f.acc.Recover(ctx, f.identifierText)
		return err
	}, next, f.problem)
}

func (f *Forgot) request() {
	if f.identified() {
		f.recover(f.showConfirm)
	}
}

// haveCode leads to the code without another e-mail.
func (f *Forgot) haveCode() {
	switch {
	case !f.identified():
	case f.recovery.Flow != "":
		f.showCode(false)
	default:
		f.recover(func() { f.showCode(false) })
	}
}

// showConfirm asks "Is this your e-mail?".
func (f *Forgot) showConfirm() {
	e := f.env
	f.buttons = nil
	send := f.button("forgot.send", "forgot.send", parts.Primary, f.send)
	address := parts.NewText(parts.Span{Text: f.recovery.Address, Bold: true}).WithSize(parts.SizeSection).WithID("forgot.address")
	other := parts.Muted(e.T("forgot.no-access"))
	help := parts.Stack(parts.Gap8, other, f.contacts())
	help.Hide()
	f.show("forgot.confirm-title", send,
		parts.Layers(parts.NewBox(parts.ColorTint, "", 7), parts.PadAll(parts.Gap12, address)),
		parts.Body(e.T("forgot.confirm")), send,
		parts.Link("forgot.not-mine", e.T("forgot.not-mine"), func() {
			help.Show()
			parts.Changed(other)
			parts.IntoView(other)
		}).WithAlign(fyne.TextAlignCenter), help)
}

// contacts are the ways to people: ticket or chat, and the service desk.
func (f *Forgot) contacts() fyne.CanvasObject {
	e := f.env
	var objects []fyne.CanvasObject
	if e.Info.Chat != "" {
		objects = append(objects, parts.Link("forgot.chat", e.T("forgot.chat"), func() { e.Open(e.Info.Chat) }))
	}
	if e.Info.ServiceDesk != "" {
		objects = append(objects, parts.Link("forgot.desk", e.Info.ServiceDesk, func() { e.Open(e.Info.ServiceDesk) }))
	}
	return parts.Inline(parts.Gap16, objects...)
}

func (f *Forgot) send() {
	f.do("account.busy-sending", func(ctx context.Context) error {
		return f.acc.SendRecovery(ctx, f.recovery.Flow)
	}, func() { f.showCode(true) }, f.problem)
}

// showCode waits for the code; sent says that an e-mail has just been sent.
func (f *Forgot) showCode(sent bool) {
	e := f.env
	f.buttons = nil
	f.code = newCodeEntry(e, "forgot", e.T("activate.code"), f.check)
	again := f.button("forgot.again", "account.send-again", parts.Outlined, f.sendAgain)
	help := parts.Stack(parts.Gap8, parts.Muted(e.T("forgot.nothing-help")), f.contacts())
	help.Hide()
	nothing := parts.Link("forgot.nothing", e.T("forgot.nothing"), func() {
		help.Hidden = !help.Hidden
		parts.Changed(f.title)
		parts.IntoView(help)
	})
	title, how := "account.sent", "forgot.how"
	if !sent {
		title, how = "forgot.code-title", "forgot.code-how"
	}
	f.show(title, f.code.entry, parts.Body(e.T(how)), e.mailNote(), f.code.field,
		f.button("forgot.check", "forgot.check", parts.Primary, f.check), parts.Divider(), parts.Ends(nothing, again), help)
}

func (f *Forgot) sendAgain() {
	f.do("account.busy-sending", func(ctx context.Context) error {
		return f.acc.SendRecovery(ctx, f.recovery.Flow)
	}, func() {
		f.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: f.env.T("account.sent")}}})
	}, f.problem)
}

func (f *Forgot) check() {
	code, ok := f.code.value()
	if !ok {
		return
	}
	f.do("forgot.busy-code", func(ctx context.Context) error {
		return f.acc.CheckCode(ctx, f.recovery.Flow, code)
	}, func() {
		f.codeText = code
		f.showPassword()
	}, f.codeFailed)
}

func (f *Forgot) codeFailed(err error) {
	switch f.env.kindOf(err) {
	case string(api.CodeCodeWrong), string(api.CodeCodeExpired):
		f.code.wrong(f.env.Say(err))
	default:
		f.problem(err)
	}
}

// showPassword asks for the new password.
func (f *Forgot) showPassword() {
	e := f.env
	f.buttons = nil
	f.password = newNewPassword(e, "forgot", e.T("forgot.new"), e.T("signup.confirm"), func() []string {
		return []string{f.identifierText, f.recovery.Address, e.Info.Organization}
	}, nil)
	f.password.password.OnSubmitted = func(string) { parts.Focus(f.password.confirm) }
	f.password.confirm.OnSubmitted = func(string) { f.reset() }
	intro := "forgot.new-intro"
	if e.Info.Policy == "nist" {
		intro = "forgot.new-intro-nist"
	}
	f.show("forgot.new-title", f.password.password,
		parts.Body(e.T(intro)), f.password.passwordField, f.password.confirmField,
		parts.Stack(parts.Gap4, parts.Bold(e.T("forgot.must")).WithSize(parts.SizeSmall), f.password.rules),
		f.button("forgot.submit", "forgot.submit", parts.Primary, f.reset))
}

func (f *Forgot) reset() {
	if wrong := f.password.check(); wrong != nil {
		parts.Focus(wrong)
		return
	}
	password := f.password.password.Text
	f.do("forgot.busy-reset", func(ctx context.Context) error {
		return f.acc.Reset(ctx, api.Reset{Flow: f.recovery.Flow, Code: f.codeText, Password: password})
	}, f.showDone, f.resetFailed)
}

func (f *Forgot) resetFailed(err error) {
	switch f.env.kindOf(err) {
	case string(api.CodePasswordRefused):
		f.password.passwordField.SetRight(false)
		f.password.passwordField.SetError(f.env.Say(err))
		parts.Focus(f.password.password)
	case string(api.CodeCodeExpired), string(api.CodeCodeWrong):
		f.showCode(false)
		f.code.wrong(f.env.Say(err))
	default:
		f.problem(err)
	}
}

func (f *Forgot) showDone() {
	e := f.env
	f.buttons, f.codeText, f.recovery = nil, "", api.Recovery{}
	login := f.button("forgot.done", "login.submit", parts.Primary, func() { f.on.Login(f.identifierText) })
	f.show("forgot.done-title", login, parts.Body(e.T("forgot.done")), parts.Muted(e.T("forgot.done-sessions")), login)
}
