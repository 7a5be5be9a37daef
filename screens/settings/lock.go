package settings

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"plenary/app"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Locking is how the session is locked on this computer.
type Locking interface {
	State() app.SessionState
	SetLock(ctx context.Context, in app.SetLock) error
	RemoveLock(ctx context.Context, pin string) error
}

// lockAfter are the times without use after which Plenary can be locked, in minutes; 0 is
// never.
var lockAfter = []int{0, 5, 15, 30, 60}

// lockForm is where somebody chooses a PIN of this computer, and when Plenary is locked.
type lockForm struct {
	env     kit.Env
	on      Events
	calls   *kit.Calls
	bar     *parts.Bar
	changed func()    // tells of a change
	form    *kit.Form // nil where the session cannot be locked
	content *fyne.Container
}

// newLockForm returns the form; what it waits for is said by busy, and ends with ctx.
func newLockForm(ctx context.Context, env kit.Env, on Events, busy interface{ Say(words string) }, changed func()) *lockForm {
	l := &lockForm{env: env, on: on, bar: parts.NewBar("settings.lock.bar"), changed: changed, content: parts.Stack(parts.Gap12)}
	l.calls = kit.NewCalls(ctx, env, l.bar, busy, nil)
	l.build()
	return l
}

// build makes the form for the lock as it is now.
func (l *lockForm) build() {
	t, lock := l.env.T, l.on.Locking.State().Lock
	l.calls.Release()
	l.form = nil
	head := parts.Stack(parts.Gap4, parts.Section(t("settings.lock")), parts.Muted(t("settings.lock.text")))
	if !lock.Can {
		l.show(head, parts.Body(t("settings.lock.cannot")).WithID("settings.lock.cannot"))
		return
	}
	pin := kit.Input{
		Name: "pin", Label: t("settings.lock.pin"), Hint: t("settings.lock.pin-hint"), Secret: true, Required: !lock.On, Wrong: l.wrongPIN,
	}
	if lock.On {
		pin.Label, pin.Hint = t("settings.lock.pin-new"), t("settings.lock.pin-new-hint")
	}
	hint := t("settings.lock.after-hint")
	if l.on.LockAfter > 0 {
		hint += " " + t("settings.lock.longest")
	}
	l.form = kit.NewForm(l.env, "settings.lock",
		kit.Input{Name: "after", Label: t("settings.lock.after"), Hint: hint, Choose: l.times()},
		kit.Input{Name: "present", Label: t("settings.lock.present"), Secret: true, Required: true, Wrong: func(present string) string {
			if present == "" {
				return t("settings.lock.present-missing")
			}
			return ""
		}},
		pin,
		kit.Input{Name: "again", Label: t("settings.lock.again"), Secret: true, Required: !lock.On, Wrong: func(again string) string {
			if again != l.form.Text("pin") {
				return t("settings.lock.again-other")
			}
			return ""
		}})
	after := lock.After
	if most := l.on.LockAfter; most > 0 && (after <= 0 || after > most) {
		after = most
	}
	l.form.Fill(map[string]string{"after": strconv.Itoa(int(after / time.Minute))})
	l.form.Enter = l.save
	key := "settings.lock.on"
	if lock.On {
		key = "settings.save"
	}
	buttons := []fyne.CanvasObject{l.calls.Button("settings.lock.save", key, parts.Outlined, l.save)}
	objects := []fyne.CanvasObject{head, l.bar, column(parts.Stack(parts.Gap12, l.form.Fields()...))}
	if lock.On && l.on.LockAfter == 0 {
		buttons = append(buttons, l.calls.Button("settings.lock.remove", "settings.lock.off", parts.Outlined, l.remove))
	}
	if present := l.asksPresent(lock); !present {
		l.form.Field("present").Hide()
	} else {
		objects = append(objects, parts.Muted(t("settings.lock.forgot")))
	}
	l.show(append(objects, parts.Inline(parts.Gap12, buttons...))...)
}

// asksPresent tells whether the PIN of before is asked for.
func (l *lockForm) asksPresent(lock app.LockState) bool { return lock.On && !lock.Free }

func (l *lockForm) show(objects ...fyne.CanvasObject) {
	l.content.Objects = objects
	parts.Changed(l.content)
}

// times are those that one can choose, up to the longest that the organization allows.
func (l *lockForm) times() (items []parts.Item) {
	for _, minutes := range lockAfter {
		if most := int(l.on.LockAfter / time.Minute); most > 0 && (minutes == 0 || minutes > most) {
			continue
		}
		text := l.env.T("settings.lock.never")
		if minutes > 0 {
			text = l.env.Words.N("settings.lock.minutes", minutes)
		}
		items = append(items, parts.Item{ID: strconv.Itoa(minutes), Text: text})
	}
	return items
}

// wrongPIN says what is wrong with a PIN that is chosen; none is right where there is one.
func (l *lockForm) wrongPIN(pin string) string {
	if pin == "" && l.on.Locking.State().Lock.On {
		return ""
	}
	if fault := rules.CheckPIN(pin); fault != "" {
		return l.env.T("settings.lock.fault." + string(fault))
	}
	return ""
}

// first is what takes the keyboard.
func (l *lockForm) first() fyne.Focusable {
	if l.form == nil {
		return nil
	}
	return l.form.First()
}

func (l *lockForm) save() {
	if !l.form.Check() {
		return
	}
	in := app.SetLock{PIN: l.form.Text("present"), New: l.form.Text("pin"), After: time.Duration(l.form.Int("after")) * time.Minute}
	l.calls.Do("settings.busy-saving", func(ctx context.Context) error { return l.on.Locking.SetLock(ctx, in) },
		func() { l.done("settings.lock.saved") }, l.failed)
}

func (l *lockForm) remove() {
	present := l.form.Field("present")
	if present.Visible() && !present.Check() {
		parts.Focus(l.form.Entry("present"))
		return
	}
	pin := l.form.Text("present")
	l.calls.Do("settings.busy-saving", func(ctx context.Context) error { return l.on.Locking.RemoveLock(ctx, pin) },
		func() { l.done("settings.lock.none") }, l.failed)
}

func (l *lockForm) done(key string) {
	l.build()
	parts.Focus(l.first())
	l.changed()
	l.bar.Say(parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: l.env.T(key)}}})
	parts.IntoView(l.bar)
}

func (l *lockForm) failed(err error) bool {
	switch l.env.KindOf(err) {
	case app.KindWrongPIN:
		field := l.form.Field("present")
		parts.SetVisible(true, field)
		field.SetRight(false)
		field.SetError(l.env.Words.N("lock.pin-wrong", l.on.Locking.State().Lock.Left))
		parts.Focus(l.form.Entry("present"))
		l.form.Entry("present").SelectAll()
	case app.KindLockedOut:
		l.on.LockedOut(err)
	default:
		return false
	}
	return true
}

// unsaved reports whether something is typed or chosen that is not saved.
func (l *lockForm) unsaved() bool { return l.form != nil && l.form.Differs() }
