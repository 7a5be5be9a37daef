package account

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// ForgotAccount is what "Forgot password?" needs.
type ForgotAccount interface {
	Recover(ctx context.Context, identifier string) (api.Recovery, error)
	SendRecovery(ctx context.Context, flow string) error
	CheckCode(ctx context.Context, flow, code string) (api.LinkedSignUp, error)
	// RecoveryQuestion is the secret question, for whoever has the code.
	RecoveryQuestion(ctx context.Context, flow, code string) (api.RecoveryQuestion, error)
	CheckAnswer(ctx context.Context, in api.RecoveryAnswer) error
	Reset(ctx context.Context, in api.Reset) error
}

// ForgotEvents is where the screen leads.
type ForgotEvents struct {
	// Login is given the e-mail address or username.
	Login func(identifier string)
}

// Forgot is "Forgot password?", step after step (sources/forgotten-password.txt
// and the three options of sources/reset-options.txt): who; "Is this your
// e-mail?" or the secret question; the code from the e-mail or the answer; the
// new password; done.
type Forgot struct {
	env kit.Env
	acc ForgotAccount
	on  ForgotEvents

	calls  *kit.Calls
	again  func(*Forgot) // shows the step once more
	first  fyne.Focusable
	before func() // leads to the step before; nil at the first

	identifierText string
	recovery       api.Recovery
	byQuestion     bool             // option 3
	proof          api.Reset        // what has been given so far: code, answer
	linked         api.LinkedSignUp // for whom an account waits for the code

	title   *parts.Text
	bar     *parts.Bar
	busy    *parts.Busy
	step    *fyne.Container
	foot    *fyne.Container
	buttons []*kit.Cooldown // of the step
	content fyne.CanvasObject

	identifier  *parts.Entry
	idField     *parts.Field
	requests    *kit.Cooldown
	sends       *kit.Cooldown
	ways        *parts.Tabs // nil where there is one way only
	code        *kit.CodeEntry
	checks      *kit.Cooldown
	answer      *parts.Entry
	answerField *parts.Field
	validates   *kit.Cooldown
	password    *person.PasswordForm
	accept      *acceptForm // of somebody who was invited; or nil
	second      *parts.Entry
	secondField *parts.Field
	tried       kit.AppCode
	resets      *kit.Cooldown
}

// NewForgot returns the screen, with an e-mail address or username filled in.
func NewForgot(env kit.Env, acc ForgotAccount, identifier string, on ForgotEvents) *Forgot {
	f := &Forgot{env: env, acc: acc, on: on, identifierText: identifier}
	f.bar = parts.NewBar("forgot.bar")
	f.busy = parts.NewBusy("forgot.busy").Folding()
	f.calls = kit.NewCalls(context.Background(), env, f.bar, f.busy, nil)
	f.title = parts.Bold("").WithSize(parts.SizeTitle).WithID("forgot.title")
	f.step, f.foot = parts.Stack(parts.Gap12), parts.Stack(0)
	f.content = env.AccountCard("forgot", f.title, f.bar, f.step, f.busy, f.foot)
	f.showIdentify()
	return f
}

// SetNotice says something at the top that comes from outside, such as a link.
func (f *Forgot) SetNotice(n parts.Notice) { f.bar.Say(n) }

// Notice is what it says at the top.
func (f *Forgot) Notice() string { return f.bar.String() }

// Content returns what is shown.
func (f *Forgot) Content() fyne.CanvasObject { return f.content }

// Close ends what the screen waits for, and forgets what was typed; it is to be
// called when it is left.
func (f *Forgot) Close() {
	f.calls.Close()
	f.forget()
}

// forget drops everything that proves something.
func (f *Forgot) forget() {
	f.recovery, f.proof, f.linked = api.Recovery{}, api.Reset{}, api.LinkedSignUp{}
}

// Settled is Page's.
func (f *Forgot) Settled() bool { return !f.calls.Working() }

// In is Page's.
func (f *Forgot) In(env kit.Env) Page {
	n := NewForgot(env, f.acc, f.identifierText, f.on)
	n.recovery, n.byQuestion, n.proof, n.linked, n.tried = f.recovery, f.byQuestion, f.proof, f.linked, f.tried
	f.again(n)
	n.bar.Repeat(f.bar)
	n.identifier.SetText(f.identifier.Text)
	for to, from := range map[*parts.Entry]*parts.Entry{n.answer: f.answer, n.second: f.second} {
		if to != nil && from != nil {
			to.SetText(from.Text)
		}
	}
	if n.code != nil {
		n.code.Entry.SetText(f.code.Entry.Text)
	}
	if n.password != nil {
		n.password.Password.SetText(f.password.Password.Text)
		n.password.Confirm.SetText(f.password.Confirm.Text)
		n.secondField.Hidden = f.secondField.Hidden
		n.accept.from(f.accept)
	}
	if n.ways != nil {
		n.ways.Choose(f.ways.Chosen())
	}
	return n
}

// First returns the input that takes the keyboard first.
func (f *Forgot) First() fyne.Focusable { return f.first }

// Back leads to the step before, and from the first to the log-in. A call under
// way is given up, unless it changes the password.
func (f *Forgot) Back() bool {
	if f.idle() {
		if f.before != nil {
			f.before()
		} else {
			f.login()
		}
	}
	return true
}

// idle gives up the call under way; it reports whether none is under way any more. What
// changes the password goes on.
func (f *Forgot) idle() bool { return !f.calls.Working() || f.calls.Cancel() }

func (f *Forgot) login() { f.on.Login(f.identifierText) }

// Tick counts waits down; the window calls it every second.
func (f *Forgot) Tick() {
	for _, b := range f.buttons {
		if b.Tick() {
			f.bar.Say(b.ReadyNotice())
		}
	}
}

// begin begins a step, which again shows: the buttons of the one before are gone.
func (f *Forgot) begin(again func(*Forgot)) {
	f.again = again
	f.buttons = nil
	f.calls.Release()
}

// show puts a step into the card; before leads back from it. Without a first
// input nothing has the keyboard, so that one begins to read at the top.
func (f *Forgot) show(title string, first fyne.Focusable, before func(), objects ...fyne.CanvasObject) {
	f.bar.Clear()
	f.title.SetText(f.env.T(title))
	parts.Fill(f.step, objects...)
	login := parts.Link("forgot.login", f.env.T("forgot.back"), func() {
		if f.idle() {
			f.login()
		}
	})
	var foot fyne.CanvasObject = login.WithAlign(fyne.TextAlignCenter)
	if before != nil {
		back := parts.Link("forgot.step-back", f.env.T("account.back"), func() { f.Back() })
		foot = parts.Ends(back, login)
	}
	parts.Fill(f.foot, foot)
	f.first, f.before = first, before
	parts.Changed(f.title)
	if c := parts.CanvasOf(f.title); first == nil && c != nil {
		c.Unfocus()
	}
	parts.Focus(first)
}

func (f *Forgot) button(id parts.ID, key string, kind parts.ButtonKind, do func()) *kit.Cooldown {
	b := kit.NewCooldown(f.env, parts.NewButton(id, f.env.T(key), kind, do))
	f.buttons = append(f.buttons, b)
	f.calls.Hold(b)
	return b
}

// try asks the service for a button, unless that still counts a wait down.
func (f *Forgot) try(by *kit.Cooldown, waiting string, work func(context.Context) error, next func(), failed ...kit.Failed) {
	if !by.Active() {
		f.calls.Try(waiting, work, next, append([]kit.Failed{by.Failed(f.bar)}, failed...)...)
	}
}

// anew begins again, and says why.
func (f *Forgot) anew() {
	f.forget()
	f.showIdentify()
	f.bar.Say(parts.Notice{Tone: parts.Warning, Words: []parts.Span{{Text: f.env.T("forgot.anew")}}})
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

// showDone is the end, in the words of the option that led here.
func (f *Forgot) showDone() {
	e := f.env
	f.begin((*Forgot).showDone)
	invited := f.linked.Terms
	f.forget()
	login := f.button("forgot.done", "login.submit", parts.Primary, f.login).Button
	title := "forgot.done-title"
	if f.byQuestion {
		title = "forgot.saved"
	}
	done := []fyne.CanvasObject{parts.Body(e.T("forgot.done")), parts.Muted(e.T("forgot.done-sessions")), login}
	if invited {
		title, done = "activate.active-title", []fyne.CanvasObject{parts.Body(e.T("activate.active")), login}
	}
	f.show(title, login, nil, done...)
	f.foot.Objects = nil
}
