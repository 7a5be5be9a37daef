package account

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/person"
)

// LockSession is what the lock screen needs of the session.
type LockSession interface {
	Unlock(ctx context.Context, pin string) (api.Account, error)
	UnlockByPassword(ctx context.Context, password, secondFactor string) (api.Account, error)
	// SubscribeKeyring calls f, on any goroutine, when the keyring keeps somebody waiting and
	// when that is over.
	SubscribeKeyring(f func(waiting bool)) (cancel func())
	State() app.SessionState
}

// LockEvents is where the lock screen leads.
type LockEvents struct {
	Unlocked func(api.Account)
	// LoggedOut follows a session that is none any more; err says why.
	LoggedOut func(err error)
	// LogOut is asked for by whoever cannot unlock, or does not want to.
	LogOut func()
}

// Lock is all that the window shows of a locked session: whose it is, and the ways to go on.
type Lock struct {
	env     kit.Env
	session LockSession
	on      LockEvents
	calls   *kit.Calls

	bar            *parts.Bar
	busy           *parts.Busy
	pin, password  *kit.Form
	byPIN          *fyne.Container
	byPassword     *fyne.Container
	unlock, prove  *parts.Button
	wait           *kit.Cooldown
	stop           *parts.Button // ends what the keyring keeps waiting
	tried          kit.AppCode
	content        fyne.CanvasObject
	stopsListening func()
	ready          bool   // the session is locked, and so can be unlocked
	next           func() // what was asked for before it was; nil for nothing
}

// NewLock returns the screen. Where the session is not locked yet, Begin does it.
func NewLock(env kit.Env, session LockSession, on LockEvents) *Lock {
	state := session.State()
	l := &Lock{env: env, session: session, on: on, ready: state.Phase == app.Locked}
	t := env.T
	l.bar, l.busy = parts.NewBar("lock.bar"), parts.NewBusy("lock.busy").Folding()
	l.calls = kit.NewCalls(context.Background(), env, l.bar, l.busy, nil)
	l.pin = kit.NewForm(env, "lock", kit.Input{Name: "pin", Label: t("lock.pin"), Secret: true, Required: true, Wrong: l.missing("lock.pin-missing")})
	l.pin.Enter = l.byThePIN
	l.password = kit.NewForm(env, "lock",
		kit.Input{Name: "password", Label: t("proof.password"), Secret: true, Required: true, Wrong: l.missing("proof.password-missing")},
		kit.Input{Name: "code", Label: t("proof.code"), Hint: t("proof.code-hint"), Required: true, Wrong: l.missing("proof.code-missing")})
	l.password.Enter = l.byThePassword
	l.password.Field("code").Hide()

	l.unlock = l.calls.Button("lock.submit", "lock.submit", parts.Primary, l.byThePIN)
	l.prove = parts.NewButton("lock.password.submit", t("lock.submit"), parts.Primary, l.byThePassword)
	l.wait = kit.NewCooldown(env, l.prove)
	l.calls.Hold(l.wait)
	l.stop = parts.NewButton("lock.cancel", t("account.cancel"), parts.Outlined, l.cancel)
	l.stop.Hide()
	l.byPIN = parts.Stack(parts.Gap12, l.pin.Field("pin"), l.unlock,
		parts.Link("lock.to-password", t("lock.to-password"), func() { l.choose(false) }).WithAlign(fyne.TextAlignCenter))
	l.byPassword = parts.Stack(parts.Gap12, parts.Muted(t("lock.password-text")), l.password.Field("password"), l.password.Field("code"), l.prove,
		parts.Link("lock.to-pin", t("lock.to-pin"), func() { l.choose(true) }).WithAlign(fyne.TextAlignCenter))
	l.byPassword.Hide()
	logOut := parts.Link("lock.logout", t("settings.logout"), on.LogOut).WithAlign(fyne.TextAlignCenter)
	title := parts.Title(t("lock.title"), parts.Span{Text: l.whose()})
	l.content = env.AccountCard("lock",
		parts.Pad(0, 0, parts.Gap4, 0, title), l.bar, l.byPIN, l.byPassword, l.busy, l.stop, parts.Divider(), logOut)
	l.stopsListening = session.SubscribeKeyring(func(on bool) {
		env.Run.Post(l.calls.Context(), func() { l.keyringWaits(on) })
	})
	if lock := state.Lock; lock.On && lock.Left < triesSaid {
		l.sayLeft(lock.Left)
	}
	return l
}

// Begin locks the session, which the screen hides already.
func (l *Lock) Begin(lock func(context.Context) error, failed func(error)) {
	l.calls.Do("lock.locking", lock, func() {
		l.ready = true
		if l.next != nil {
			l.next()
		}
	}, func(err error) bool {
		failed(err)
		return true
	})
}

// missing says that an input is empty.
func (l *Lock) missing(key string) func(string) string {
	return func(value string) string {
		if value == "" {
			return l.env.T(key)
		}
		return ""
	}
}

// whose session it is.
func (l *Lock) whose() string {
	a := l.session.State().Account
	name := person.Name(a)
	if name == a.Username {
		return name
	}
	return l.env.T("lock.whose", map[string]any{"Name": name, "Username": a.Username})
}

// Content is what is to be shown.
func (l *Lock) Content() fyne.CanvasObject { return l.content }

// Close ends what the screen waits for, and forgets what was typed.
func (l *Lock) Close() {
	l.stopsListening()
	l.calls.Close()
	l.clear()
}

func (l *Lock) clear() {
	l.pin.Fill(map[string]string{"pin": ""})
	l.password.Fill(map[string]string{"password": "", "code": ""})
}

// Settled is Page's.
func (l *Lock) Settled() bool { return !l.calls.Working() }

// In is Page's.
func (l *Lock) In(env kit.Env) Page {
	n := NewLock(env, l.session, l.on)
	n.bar.Repeat(l.bar)
	n.pin.Set("pin", l.pin.Text("pin"))
	if l.byPassword.Visible() {
		n.choose(false)
		n.password.Set("password", l.password.Text("password"))
	}
	if l.password.Field("code").Visible() {
		n.askCode("")
		n.password.Set("code", l.password.Text("code"))
	}
	return n
}

// First is what takes the keyboard first.
func (l *Lock) First() fyne.Focusable {
	switch {
	case !l.byPassword.Visible():
		return l.pin.Entry("pin")
	case l.password.Field("code").Visible():
		return l.password.Entry("code")
	}
	return l.password.Entry("password")
}

// Back leads from the password to the PIN.
func (l *Lock) Back() bool {
	if !l.byPassword.Visible() || l.calls.Working() {
		return false
	}
	l.choose(true)
	return true
}

// Tick counts down how long the service wants one to wait.
func (l *Lock) Tick() {
	if l.wait.Tick() {
		l.bar.Say(l.wait.ReadyNotice())
	}
}

// Failed says why something did not work that the window has tried.
func (l *Lock) Failed(err error) { l.calls.Problem(err) }

// choose shows the one way to unlock or the other.
func (l *Lock) choose(pin bool) {
	if l.ready && l.calls.Working() {
		return
	}
	l.next = nil
	l.bar.Clear()
	l.clear()
	l.tried = kit.AppCode{}
	parts.SetVisible(false, l.password.Field("code"))
	parts.ShowOne(pin, l.byPIN, l.byPassword)
	parts.Focus(l.First())
}

func (l *Lock) byThePIN() {
	if !l.ready {
		l.next = l.byThePIN
		return
	}
	if l.calls.Working() || !l.pin.Check() {
		return
	}
	pin := l.pin.Text("pin")
	kit.Ask(l.calls, "lock.busy", func(ctx context.Context) (api.Account, error) { return l.session.Unlock(ctx, pin) }, l.on.Unlocked, l.failed)
}

func (l *Lock) byThePassword() {
	if !l.ready {
		l.next = l.byThePassword
		return
	}
	if l.calls.Working() || l.wait.Active() || !l.password.Check() {
		return
	}
	password, code := l.password.Text("password"), l.password.Text("code")
	kit.Ask(l.calls, "proof.busy", func(ctx context.Context) (api.Account, error) {
		return l.session.UnlockByPassword(ctx, password, code)
	}, l.on.Unlocked, l.failed)
}

// triesSaid is from how few tries on it is said what follows the last one.
const triesSaid = 4

func (l *Lock) failed(err error) bool {
	l.keyringWaits(false)
	switch l.env.KindOf(err) {
	case app.KindWrongPIN:
		left := l.session.State().Lock.Left
		l.wrong(l.pin, "pin", l.env.Words.N("lock.pin-wrong", left))
		if left < triesSaid {
			l.sayLeft(left)
		}
	case app.KindLockedOut, app.KindNoSession:
		l.on.LoggedOut(err)
	case app.KindNoPIN:
		l.choose(false)
		l.calls.Problem(err)
	case string(api.CodeCredentials):
		l.password.Field("password").ShowNote()
		l.wrong(l.password, "password", l.env.T("lock.password-wrong"))
	case string(api.CodeSecondFactorNeeded):
		l.askCode("")
	case string(api.CodeSecondFactorWrong):
		l.askCode(l.tried.Wrong(l.env, l.env.T("proof.code-wrong")))
	default:
		return l.wait.Failed(l.bar)(err)
	}
	return true
}

// sayLeft says what follows the last try.
func (l *Lock) sayLeft(left int) {
	l.bar.Say(parts.Notice{Tone: parts.Warning, Words: []parts.Span{{Text: l.env.Words.N("lock.left", left)}}})
}

func (l *Lock) wrong(form *kit.Form, name, words string) {
	form.Field(name).SetRight(false)
	form.Field(name).SetError(words)
	parts.Focus(form.Entry(name))
	form.Entry(name).SelectAll()
}

func (l *Lock) askCode(wrong string) {
	parts.SetVisible(true, l.password.Field("code"))
	if wrong != "" {
		l.wrong(l.password, "code", wrong)
		return
	}
	parts.Focus(l.password.Entry("code"))
}

// keyringWaits says that the keyring keeps the person waiting, and offers to end that.
func (l *Lock) keyringWaits(on bool) {
	if on == l.stop.Visible() || on && !l.calls.Working() {
		return
	}
	parts.SetVisible(on, l.stop)
	l.bar.Clear()
	if on {
		l.bar.Say(parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: l.env.T("shell.keyring.waiting")}}})
	}
}

// cancel ends the try that waits for the keyring.
func (l *Lock) cancel() {
	l.calls.Cancel()
	l.keyringWaits(false)
}
