package account

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// showIdentify is the first step: e-mail address or username.
func (f *Forgot) showIdentify() {
	e := f.env
	f.begin((*Forgot).showIdentify)
	f.identifier = parts.NewEntry("forgot.identifier")
	f.idField = parts.NewField("forgot.identifier.field", e.T("login.identifier"), true, f.identifier)
	f.requests = f.button("forgot.request", "forgot.request", parts.Primary, f.request)
	f.identifier.OnChanged = func(text string) {
		f.idField.SetError("")
		f.requests.Reset() // the wait is for another name
		f.requests.SetText(e.T(requestKey(text)))
	}
	f.identifier.SetText(f.identifierText)
	f.identifier.OnSubmitted = func(string) { f.request() }
	f.show("forgot.title", f.identifier, nil,
		parts.Body(e.T("forgot.intro")), f.idField, f.requests.Button,
		parts.Link("forgot.have-code", e.T("forgot.have-code"), f.haveCode).WithAlign(fyne.TextAlignCenter))
}

// requestKey is what the sources have on the button: for an e-mail address
// "Request New Password", for a username "Recover".
func requestKey(typed string) string {
	if typed = strings.TrimSpace(typed); typed == "" || strings.Contains(typed, "@") {
		return "forgot.request"
	}
	return "forgot.recover"
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
		f.forget()
	}
	f.identifierText = typed
	return true
}

func (f *Forgot) recover(next func()) {
	if f.requests.Active() {
		return
	}
	kit.Ask(f.calls, "forgot.busy", func(ctx context.Context) (api.Recovery, error) {
		return f.acc.Recover(ctx, f.identifierText)
	}, func(r api.Recovery) {
		f.recovery, f.byQuestion = r, false
		next()
	}, f.requests.Failed(f.bar))
}

func (f *Forgot) request() {
	if !f.calls.Working() && f.identified() {
		f.recover(f.showWays)
	}
}

// haveCode leads to the code without another e-mail.
func (f *Forgot) haveCode() {
	switch {
	case f.calls.Working() || !f.identified():
	case f.recovery.Flow != "":
		f.byQuestion = false
		f.showCode(false)
	default:
		f.recover(func() { f.showCode(false) })
	}
}

// The ways to a new password, as the service names them in api.Recovery.Options.
const optionQuestion = "question"

// showWays asks "Is this your e-mail?", and where the policy offers it, lets one
// choose the secret question instead.
func (f *Forgot) showWays() {
	f.begin((*Forgot).showWays)
	f.sends = f.button("forgot.send", "forgot.send", parts.Primary, func() { f.sendBy(f.sends, false) })
	email := f.emailWay()
	var first fyne.Focusable = f.sends.Button
	objects := []fyne.CanvasObject{email}
	f.ways = nil
	if slices.Contains(f.recovery.Options, optionQuestion) {
		f.ways = parts.NewTabs("forgot.way",
			parts.Tab{ID: "email", Text: f.env.T("forgot.way-email"), Content: email},
			parts.Tab{ID: "question", Text: f.env.T("forgot.way-question"), Content: f.questionWay()})
		objects = []fyne.CanvasObject{f.ways.Heads(), f.ways.Body()}
		if f.byQuestion {
			f.ways.Choose(1)
			first = nil
			if f.recovery.Question != nil {
				first = f.answer
			}
		}
	}
	f.show("forgot.title", first, f.showIdentify, objects...)
}

// emailWay is options 1 and 2.
func (f *Forgot) emailWay() fyne.CanvasObject {
	e := f.env
	return parts.Stack(parts.Gap12,
		parts.Section(e.T("forgot.confirm-title")), f.address(), parts.Body(e.T("forgot.confirm")), f.sends.Button,
		parts.Link("forgot.not-mine", e.T("forgot.not-mine"), f.showNoAccess).WithAlign(fyne.TextAlignCenter))
}

// address is where the e-mail will go.
func (f *Forgot) address() fyne.CanvasObject {
	address := parts.NewText(parts.Span{Text: f.recovery.Address, Bold: true}).WithSize(parts.SizeSection).WithID("forgot.address")
	return parts.Layers(parts.NewBox(parts.ColorTint, "", 7), parts.PadAll(parts.Gap12, address))
}

// questionWay is option 3: in full on a known device, and after the code from
// the e-mail elsewhere (docs/security.md).
func (f *Forgot) questionWay() fyne.CanvasObject {
	e := f.env
	if q := f.recovery.Question; q != nil {
		return f.questionForm(*q)
	}
	var send *kit.Cooldown
	send = f.button("forgot.question.send", "forgot.send", parts.Primary, func() { f.sendBy(send, true) })
	return parts.Stack(parts.Gap12,
		parts.Section(e.T("forgot.code-first-title")), parts.Body(e.T("forgot.code-first")),
		f.plainAddress(), send.Button,
		parts.Link("forgot.question.have-code", e.T("forgot.have-code"), func() {
			f.byQuestion = true
			f.showCode(false)
		}).WithAlign(fyne.TextAlignCenter))
}

// plainAddress says in words where the e-mail will go.
func (f *Forgot) plainAddress() fyne.CanvasObject {
	return parts.NewText(
		parts.Span{Text: f.env.T("forgot.confirm-title") + " ", Color: parts.ColorMuted},
		parts.Span{Text: f.recovery.Address, Bold: true})
}

// sendBy has the e-mail sent, by one of the two buttons for it, and waits for
// its code; byQuestion says that the secret question comes after it.
func (f *Forgot) sendBy(button *kit.Cooldown, byQuestion bool) {
	f.try(button, "account.busy-sending", func(ctx context.Context) error {
		return f.acc.SendRecovery(ctx, f.recovery.Flow)
	}, func() {
		f.byQuestion = byQuestion
		f.showCode(true)
	}, f.sendFailed)
}

func (f *Forgot) sendFailed(err error) bool {
	ended := f.env.KindOf(err) == string(api.CodeCodeExpired) // the recovery itself
	if ended {
		f.anew()
	}
	return ended
}

// showNoAccess is option 2: staff sets another address, and the person comes
// back with the username.
func (f *Forgot) showNoAccess() {
	e := f.env
	f.begin((*Forgot).showNoAccess)
	objects := []fyne.CanvasObject{parts.Body(e.T("forgot.no-access.ask"))}
	if requestKey(f.identifierText) == "forgot.recover" {
		objects = append(objects, parts.NewText(
			parts.Span{Text: e.T("forgot.no-access.username") + " ", Color: parts.ColorMuted},
			parts.Span{Text: f.identifierText, Bold: true}))
	}
	objects = append(objects, f.contacts(), parts.Body(e.T("forgot.no-access.wait")), parts.Body(e.T("forgot.no-access.verify")),
		parts.Muted(e.T("forgot.no-access.never")))
	back := f.button("forgot.no-access.back", "forgot.back", parts.Outlined, f.login)
	f.show("forgot.no-access.title", nil, f.showWays, append(objects, back.Button)...)
	f.foot.Objects = f.foot.Objects[:0]
	f.foot.Add(parts.Link("forgot.step-back", e.T("account.back"), func() { f.Back() }).WithAlign(fyne.TextAlignCenter))
}
