package account

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// LoginAccount is what the log-in screen needs of the session.
type LoginAccount interface {
	LogIn(ctx context.Context, in app.LogIn) (api.Account, error)
	ResendActivation(ctx context.Context, identifier, password string) error
	// SubscribeKeyring calls f, on any goroutine, when the keyring keeps
	// somebody waiting and when that is over.
	SubscribeKeyring(f func(waiting bool)) (cancel func())
	LogOut(ctx context.Context, unsent app.Unsent) error
	// WorkIsKept tells whether somebody's work is on this computer, sealed.
	WorkIsKept() bool
	// UsePassphrase takes the place of a keyring, where there is none.
	UsePassphrase(ctx context.Context, passphrase string) error
	// SetAside moves data whose key is lost out of the way.
	SetAside(ctx context.Context) error
}

// LoginEvents is where the log-in screen leads. A nil one is not offered.
type LoginEvents struct {
	LoggedIn func(api.Account)
	SignUp   func()
	// Forgot is given what was typed as e-mail address or username.
	Forgot func(identifier string)
	// Meeting is given a meeting to register for after the log-in.
	Meeting func(rules.MeetingRef)
	// Find asks whether there is a meeting with a code; api.CodeNotFound where there is
	// none. Where the answer is another error, it is believed. nil: all are.
	Find func(ctx context.Context, code string) error
	// Unlocked follows a passphrase at the start: the session can be restored.
	Unlocked func()
	// Replace asks whether to use the service that answers now in place of the one of
	// before.
	Replace func()
	// OtherService leads to the choice of the service.
	OtherService func()
}

// Login is the screen to log in (sources/forgotten-password.txt).
type Login struct {
	env kit.Env
	acc LoginAccount
	on  LoginEvents

	ctx    context.Context
	leave  context.CancelFunc
	cancel context.CancelFunc // of the log-in under way; nil when there is none

	identifier, password *parts.Entry
	identifierField      *parts.Field
	passwordField        *parts.Field
	keep                 *parts.Check
	kept                 *fyne.Container // see showKept
	bar                  *parts.Bar
	submit, stop         *parts.Button
	again                *kit.Cooldown
	first                *fyne.Container
	second               *secondStep
	busy                 *parts.Busy
	meeting              *parts.Entry
	meetingField         *parts.Field
	sought               *rules.MeetingRef // while the service is asked for it
	keyring              *keyringChoice
	content              fyne.CanvasObject
}

// NewLogin returns the screen.
func NewLogin(env kit.Env, acc LoginAccount, on LoginEvents) *Login {
	l := &Login{env: env, acc: acc, on: on}
	l.ctx, l.leave = context.WithCancel(context.Background())
	l.build()
	kept := false
	env.Run.Run(l.ctx, func(context.Context) { kept = acc.WorkIsKept() }, func() { l.showKept(kept) })
	return l
}

// Content returns what is shown.
func (l *Login) Content() fyne.CanvasObject { return l.content }

// Close ends what the screen waits for, and forgets the password; it is to be
// called when it is left.
func (l *Login) Close() {
	l.believe()
	l.leave()
	l.second.in = app.LogIn{}
}

// Settled is Page's.
func (l *Login) Settled() bool { return l.cancel == nil }

// In is Page's.
func (l *Login) In(env kit.Env) Page {
	n := NewLogin(env, l.acc, l.on)
	n.bar.Repeat(l.bar)
	n.identifier.SetText(l.identifier.Text)
	n.password.SetText(l.password.Text)
	n.keep.SetChecked(l.keep.Checked())
	n.meeting.SetText(l.meeting.Text)
	if l.sought != nil {
		n.seek(*l.sought)
		l.sought = nil
	}
	if l.second.shown() {
		n.second.ask(l.second.in)
		n.second.code.SetText(l.second.code.Text)
	}
	if l.keyring.content.Visible() {
		n.keyring.ask(l.keyring.known)
		n.keyring.passphrase.SetText(l.keyring.passphrase.Text)
	}
	return n
}

// Back leads from the second step to the first.
func (l *Login) Back() bool {
	if !l.second.shown() {
		return false
	}
	l.second.back()
	return true
}

// Tick counts a wait down; the window calls it every second.
func (l *Login) Tick() {
	if l.again.Tick() || l.second.wait.Tick() {
		l.bar.Say(l.again.ReadyNotice())
	}
}

// First returns the input that takes the keyboard first.
func (l *Login) First() fyne.Focusable {
	switch {
	case l.second.shown():
		return l.second.code
	case l.keyring.content.Visible():
		return l.keyring.passphrase
	case l.identifier.Text != "":
		return l.password
	}
	return l.identifier
}

// SetIdentifier fills in an e-mail address or a username; the password is next.
func (l *Login) SetIdentifier(identifier string) {
	l.identifier.SetText(identifier)
	parts.Focus(l.First())
}

// SetNotice says something at the top, such as why the session has ended.
func (l *Login) SetNotice(n parts.Notice) { l.bar.Say(n) }

// Notice is what it says at the top.
func (l *Login) Notice() string { return l.bar.String() }

// AskPassphrase shows the form for the passphrase under which the session is
// sealed; events.Unlocked follows.
func (l *Login) AskPassphrase() { l.keyring.ask(true) }

func (l *Login) build() {
	e := l.env
	l.bar = parts.NewBar("login.bar")
	l.busy = parts.NewBusy("login.busy").Folding()

	l.identifier = parts.NewEntry("login.identifier")
	l.identifierField = parts.NewField("login.identifier.field", e.T("login.identifier"), true, l.identifier)
	l.password = e.Password("login.password")
	l.passwordField = e.PasswordField("login.password.field", e.T("login.password"), true, l.password)
	l.identifier.OnChanged = func(string) {
		l.identifierField.SetError("")
		l.again.Reset() // the wait is for another name
	}
	l.password.OnChanged = func(string) { l.passwordField.SetError("") }
	l.identifier.OnSubmitted = func(string) { l.logIn() }
	l.password.OnSubmitted = func(string) { l.logIn() }

	l.keep = parts.NewCheck("login.keep", parts.Span{Text: e.T("login.keep")})
	l.keep.SetChecked(true)
	forgot := parts.Link("login.forgot", e.T("login.forgot"), l.forgot)
	l.submit = parts.NewButton("login.submit", e.T("login.submit"), parts.Primary, l.logIn)
	l.again = kit.NewCooldown(e, l.submit)
	l.stop = parts.NewButton("login.cancel", e.T("account.cancel"), parts.Outlined, l.stopWaiting)
	l.stop.Hide()
	create := parts.NewText(kit.Link(e.T("login.create"), "login.signup", l.signUp)...).WithAlign(fyne.TextAlignCenter)
	l.keyring = newKeyringChoice(l)
	l.kept = hint(parts.NewText(parts.Span{Text: e.T("login.work-kept")}).WithID("login.work-kept"))
	l.kept.Hide()
	l.first = parts.Stack(parts.Gap12, l.migrated(), l.kept, l.identifierField, l.passwordField,
		parts.Ends(l.keep, forgot), l.submit, create, parts.Divider(), l.meetingRow(), l.otherService())
	l.second = newSecondStep(l)

	title := parts.Title(e.T("login.title"))
	if e.Info.Organization != "" {
		title = parts.Title(e.T("login.title"), parts.Span{Text: e.T("login.subtitle", map[string]any{"Organization": e.Info.Organization})})
	}
	l.content = e.AccountCard("login",
		parts.Pad(0, 0, parts.Gap4, 0, title), l.bar, l.keyring.content, l.first, l.second.content, l.busy, l.stop)
}

// migrated is what accounts that came over from an older system have to know:
// they have no password here (sources/forgotten-password.txt, 1).
func (l *Login) migrated() fyne.CanvasObject {
	if !l.env.Info.Migrated {
		return hidden()
	}
	text := l.env.T("login.first-time", map[string]any{"Organization": l.env.Info.Organization})
	return hint(parts.NewText(kit.Link(text, "login.first-time", l.forgot)...))
}

// hint is something to know before one fills the form in.
func hint(text *parts.Text) *fyne.Container {
	return parts.Layers(parts.NewBox(parts.ColorTint, "", 7), parts.PadAll(parts.Gap12, text.WithSize(parts.SizeSmall)))
}

// showKept says that somebody's work is kept, and not whose: anybody may look at this
// screen.
func (l *Login) showKept(kept bool) {
	if kept {
		parts.SetVisible(true, l.kept)
	}
}

// hidden takes the place of what is not offered.
func hidden() fyne.CanvasObject {
	none := parts.Stack(0)
	none.Hide()
	return none
}

// forgot leads to "Forgot password?" with what was typed.
func (l *Login) forgot() {
	l.believe()
	l.on.Forgot(strings.TrimSpace(l.identifier.Text))
}

func (l *Login) signUp() {
	l.believe()
	l.on.SignUp()
}

func (l *Login) meetingRow() fyne.CanvasObject {
	l.meeting = parts.NewEntry("login.meeting")
	l.meeting.SetPlaceHolder(l.env.T("login.meeting"))
	l.meeting.OnSubmitted = func(string) { l.goToMeeting() }
	l.meeting.OnChanged = func(string) {
		l.meetingField.SetError("")
		l.sought = nil // it is another one now
	}
	goButton := parts.NewButton("login.go", l.env.T("login.go"), parts.Outlined, l.goToMeeting).Low()
	row := parts.Row(10, parts.Cell{Object: l.meeting, Min: 120, Weight: 1}, parts.Cell{Object: goButton})
	l.meetingField = parts.NewField("login.meeting.field", "", false, row)
	return l.meetingField
}

func (l *Login) otherService() fyne.CanvasObject {
	if l.on.OtherService == nil {
		return hidden()
	}
	return parts.Link("login.service", l.env.T("login.other-service"), l.on.OtherService).WithAlign(fyne.TextAlignCenter)
}

func (l *Login) goToMeeting() {
	if strings.TrimSpace(l.meeting.Text) == "" {
		l.meetingField.SetError(l.env.T("login.meeting-missing"))
		return
	}
	m, ok := rules.ReadMeeting(l.meeting.Text)
	switch {
	case !ok:
		l.meetingField.SetError(l.env.T("login.meeting-wrong"))
	case l.env.Foreign(m):
		l.meetingField.SetError(l.env.OtherService(m))
	default:
		parts.Focus(l.First())
		l.seek(m)
	}
}

// seekPatience is how long the answer is waited for whether there is a meeting.
const seekPatience = 5 * time.Second

// seek takes a meeting to register for, unless the service says that there is none. Nothing
// waits for that: who logs in meanwhile, or has no network, is believed, and told later.
func (l *Login) seek(m rules.MeetingRef) {
	if l.on.Find == nil {
		l.on.Meeting(m)
		return
	}
	sought := &m
	l.sought = sought
	var err error
	l.env.Run.Run(l.ctx, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, seekPatience)
		defer cancel()
		err = l.on.Find(ctx, m.Code)
	}, func() {
		switch {
		case l.sought != sought:
		case l.env.KindOf(err) == string(api.CodeNotFound):
			l.sought = nil
			l.meetingField.SetError(l.env.T("login.meeting-none", map[string]any{"Code": m.Code}))
			if l.identifier.Text == "" && l.password.Text == "" {
				parts.Focus(l.meeting)
			}
		default:
			l.believe()
		}
	})
}

// believe takes the meeting for which the service is being asked.
func (l *Login) believe() {
	if m := l.sought; m != nil {
		l.sought = nil
		l.on.Meeting(*m)
	}
}

// complete shows what is missing at its field, and goes there.
func (l *Login) complete() bool {
	var wrong fyne.Focusable
	if l.password.Text == "" {
		l.passwordField.SetError(l.env.T("login.password-missing"))
		wrong = l.password
	}
	if strings.TrimSpace(l.identifier.Text) == "" {
		l.identifierField.SetError(l.env.T("login.identifier-missing"))
		wrong = l.identifier
	}
	if wrong == nil {
		return true
	}
	parts.Focus(wrong)
	return false
}

func (l *Login) logIn() {
	if l.cancel != nil || l.again.Active() || !l.complete() {
		return
	}
	in := app.LogIn{Identifier: strings.TrimSpace(l.identifier.Text), Password: l.password.Text, Keep: l.keep.Checked()}
	l.ask(in, func(err error) {
		if l.env.KindOf(err) == string(api.CodeSecondFactorNeeded) {
			l.second.ask(in)
			return
		}
		l.Failed(err)
	})
}

// wait shows that a log-in is under way and returns its context.
func (l *Login) wait() context.Context {
	ctx, cancel := context.WithCancel(l.ctx)
	l.cancel = cancel
	l.submit.Disable()
	l.second.submit.Disable()
	return ctx
}

func (l *Login) ready() {
	if l.cancel != nil {
		l.cancel()
		l.cancel = nil
	}
	if !l.again.Active() {
		l.submit.Enable()
	}
	l.second.submit.Enable()
	parts.SetVisible(false, l.stop)
	l.busy.Say("")
}

func (l *Login) stopWaiting() {
	l.ready()
	l.bar.Clear()
}

func (l *Login) keyringWaits(waiting bool) {
	if waiting {
		l.stop.Show()
		l.bar.Say(parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: l.env.T("login.keyring-waits")}}})
		return
	}
	l.stop.Hide()
	l.bar.Clear()
}

// Failed says why the log-in did not work and what to do about it.
func (l *Login) Failed(err error) {
	l.again.Start(err)
	notice := l.again.Notice(err)
	switch l.env.KindOf(err) {
	case app.KindCanceled:
		return
	case string(api.CodeNotActive):
		notice.Tone = parts.Warning
		notice.Action, notice.Act = l.env.T("account.send-again"), l.resend
	case string(api.CodeDeactivated):
		notice.Action, notice.Act = l.env.T("login.forgot"), l.forgot
	case app.KindKeyringMissing:
		l.keyring.ask(false)
		return
	case app.KindPassphraseNeeded, app.KindWrongPassphrase:
		l.keyring.ask(true)
		return
	case app.KindOtherService:
		notice.Action, notice.Act = l.env.T("shell.replace"), l.on.Replace
	case app.KindWrongKey:
		notice.Action, notice.Act = l.env.T("login.set-aside"), l.setAside
	case string(api.CodeCredentials):
		l.passwordField.ShowNote()
		parts.Focus(l.password)
		l.password.SelectAll()
	}
	l.bar.Say(notice)
}

func (l *Login) resend() {
	if l.cancel != nil {
		return
	}
	identifier, password := strings.TrimSpace(l.identifier.Text), l.password.Text
	l.env.Do(l.wait(), l.busy, l.env.T("account.busy-sending"), func(ctx context.Context) error {
		return l.acc.ResendActivation(ctx, identifier, password)
	}, func(err error) {
		l.ready()
		if err != nil {
			l.bar.Say(l.env.Problem(err))
			return
		}
		l.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: l.env.T("login.sent-again")}}})
	})
}

func (l *Login) setAside() {
	if l.cancel != nil {
		return
	}
	l.env.Do(l.wait(), l.busy, l.env.T("login.busy"), l.acc.SetAside, func(err error) {
		l.ready()
		if err != nil {
			l.bar.Say(l.env.Problem(err))
			return
		}
		l.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: l.env.T("login.set-aside-done")}}})
	})
}
