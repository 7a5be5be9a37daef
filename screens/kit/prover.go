package kit

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/parts"
)

// Prover does what the service does only for somebody who has just proved who
// they are (api.CodeProofNeeded): it asks for the password, and for the second
// factor where two-step log-in is on, in place of the page, and then goes on by
// itself. What was typed on the page stays as it is.
//
// A screen makes one, puts Over around what the question shall take the place
// of, and calls Do instead of Env.Commit. Its way back (Escape) asks Cancel first.
type Prover struct {
	env   Env
	prove func(ctx context.Context, password, secondFactor string) error

	page   fyne.CanvasObject
	panel  *fyne.Container
	place  *fyne.Container
	before fyne.Focusable // what had the keyboard on the page

	bar            *parts.Bar
	busy           *parts.Busy
	password, code *parts.Entry
	passwordField  *parts.Field
	codeField      *parts.Field
	submit         *parts.Button
	tries          *Cooldown // the waits between tries
	tried          AppCode

	asked   *askedProof // nil while nothing is asked
	working bool
	end     context.CancelFunc
}

// askedProof is what waits for the proof.
type askedProof struct {
	ctx      context.Context // ends when the person cancels, or leaves the screen
	decision bool            // which is carried out although the screen is left
	again    func()
	gaveUp   func()
}

// NewProver returns a prover whose inputs are named after an area, such as
// settings.proof.password; prove is Prove of app.Service.
func NewProver(env Env, area string, prove func(ctx context.Context, password, secondFactor string) error) *Prover {
	p := &Prover{env: env, prove: prove}
	t, id := env.T, func(name string) parts.ID { return parts.ID(area + ".proof." + name) }
	p.bar = parts.NewBar(id("bar"))
	p.busy = parts.NewBusy(id("busy")).Folding()
	p.password = env.Password(id("password"))
	p.password.OnChanged = func(string) { p.passwordField.SetError("") }
	p.password.OnSubmitted = func(string) {
		if p.codeField.Visible() && p.code.Text == "" {
			parts.Focus(p.code)
			return
		}
		p.submitted()
	}
	p.passwordField = env.PasswordField(id("password.field"), t("proof.password"), true, p.password)
	p.code = parts.NewEntry(id("code"))
	p.code.OnChanged = func(string) { p.codeField.SetError("") }
	p.code.OnSubmitted = func(string) { p.submitted() }
	p.codeField = parts.NewField(id("code.field"), t("proof.code"), true, p.code).
		WithHint(parts.Span{Text: t("proof.code-hint")})
	p.codeField.Hide()
	p.submit = parts.NewButton(id("submit"), t("proof.submit"), parts.Primary, p.submitted)
	p.tries = NewCooldown(env, p.submit)
	cancel := parts.NewButton(id("cancel"), t("proof.cancel"), parts.Outlined, func() { p.Cancel() })
	card := parts.Card(parts.Section(t("proof.title")), parts.Muted(t("proof.text")), p.bar,
		p.passwordField, p.codeField, parts.Inline(parts.Gap12, p.submit, cancel), p.busy)
	p.panel = parts.Scroll(parts.Column(AccountWidth, card))
	p.panel.Hide()
	return p
}

// Over puts the question in the place of a page, which fills its place: a pane
// or a screen's body rather than a card in something that scrolls.
func (p *Prover) Over(page fyne.CanvasObject) *fyne.Container {
	p.page = page
	p.place = parts.Layers(page, p.panel)
	return p.place
}

// Do is Env.Commit. Where work fails with api.CodeProofNeeded, the person is asked,
// and work is done once more after the proof. then gets context.Canceled when
// the person cancels; it is not called once ctx has ended.
func (p *Prover) Do(ctx context.Context, busy sayer, waiting string, work func(context.Context) error, then func(error)) {
	p.do(ctx, true, busy, waiting, work, then)
}

// Try is Do for what changes nothing: it is given up once ctx has ended.
func (p *Prover) Try(ctx context.Context, busy sayer, waiting string, work func(context.Context) error, then func(error)) {
	p.do(ctx, false, busy, waiting, work, then)
}

func (p *Prover) do(ctx context.Context, decision bool, busy sayer, waiting string, work func(context.Context) error, then func(error)) {
	carry := p.env.Do
	if decision {
		carry = p.env.Commit
	}
	carry(ctx, busy, waiting, work, func(err error) {
		if err == nil || p.env.KindOf(err) != string(api.CodeProofNeeded) {
			then(err)
			return
		}
		p.ask(ctx, &askedProof{
			decision: decision,
			again:    func() { carry(ctx, busy, waiting, work, then) },
			gaveUp:   func() { then(context.Canceled) },
		})
	})
}

// Asking tells whether the person is being asked.
func (p *Prover) Asking() bool { return p.asked != nil }

// Cancel ends the question without a proof; it tells whether there was one.
func (p *Prover) Cancel() bool {
	asked := p.asked
	if asked == nil {
		return false
	}
	p.finish()
	asked.gaveUp()
	return true
}

// Tick counts down, once a second, how long the service wants one to wait; a
// screen calls it from its own.
func (p *Prover) Tick() {
	if p.tries.Tick() {
		p.bar.Say(p.tries.ReadyNotice())
	}
}

func (p *Prover) ask(ctx context.Context, what *askedProof) {
	p.Cancel() // at most one question at a time
	p.asked = what
	p.asked.ctx, p.end = context.WithCancel(ctx)
	if c := parts.CanvasOf(p.place); c != nil {
		p.before = c.Focused()
	}
	p.bar.Clear()
	parts.ShowOne(true, p.panel, p.page)
	parts.Focus(p.password)
}

// finish takes the question away, with what was typed into it.
func (p *Prover) finish() {
	p.end()
	p.asked, p.tried = nil, AppCode{}
	p.tries.Reset()
	p.setWorking(false)
	p.busy.Say("")
	p.password.SetText("")
	p.code.SetText("")
	p.passwordField.SetError("")
	p.codeField.SetError("")
	parts.ShowOne(false, p.panel, p.page)
	if p.before != nil {
		parts.Focus(p.before)
		p.before = nil
	}
}

func (p *Prover) submitted() {
	if p.working || p.asked == nil || p.asked.ctx.Err() != nil || p.tries.Active() {
		return
	}
	password, code := p.password.Text, strings.TrimSpace(p.code.Text)
	switch {
	case password == "":
		p.wrong(p.passwordField, p.password, p.env.T("proof.password-missing"))
		return
	case p.codeField.Visible() && code == "":
		p.wrong(p.codeField, p.code, p.env.T("proof.code-missing"))
		return
	}
	p.bar.Clear()
	p.setWorking(true)
	asked, busy := p.asked, p.env.T("proof.busy")
	prove := func(ctx context.Context) error { return p.prove(ctx, password, code) }
	then := func(err error) {
		p.setWorking(false)
		if err != nil {
			p.failed(err)
			return
		}
		p.finish()
		asked.again()
	}
	if !asked.decision {
		p.env.Do(asked.ctx, p.busy, busy, prove, then)
		return
	}
	p.env.commit(asked.ctx, p.busy, busy, prove, then, func(err error) {
		switch {
		case p.asked != asked: // it was canceled
		case err != nil:
			p.env.Decisions.Late(err)
		default:
			asked.again()
		}
	})
}

func (p *Prover) failed(err error) {
	switch p.env.KindOf(err) {
	case string(api.CodeCredentials):
		p.wrong(p.passwordField, p.password, p.env.T("proof.password-wrong"))
	case string(api.CodeSecondFactorNeeded):
		parts.SetVisible(true, p.codeField)
		parts.Focus(p.code)
	case string(api.CodeSecondFactorWrong):
		p.codeField.Show()
		p.wrong(p.codeField, p.code, p.tried.Wrong(p.env, p.env.T("proof.code-wrong")))
	default:
		p.tries.Start(err)
		p.bar.Say(p.tries.Notice(err))
		parts.Focus(p.password)
	}
}

func (p *Prover) wrong(field *parts.Field, input *parts.Entry, words string) {
	field.SetError(words)
	parts.Changed(p.panel)
	parts.Focus(input)
	input.SelectAll()
}

func (p *Prover) setWorking(working bool) {
	p.working = working
	if working {
		p.submit.Disable()
	} else {
		p.submit.Enable()
	}
}
