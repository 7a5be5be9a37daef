package screens

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/screens/kit"
	"plenary/screens/parts"
)

// waiting is what stands in the window while Plenary opens: after a second it
// says what it waits for, and if that fails, why and what to do.
type waiting struct {
	env     kit.Env
	content fyne.CanvasObject
	bar     *parts.Bar
	busy    *parts.Busy
	other   *parts.Text
	support *parts.Text // once there is something to ask about
	goOther func()
}

func newWaiting(env kit.Env) *waiting {
	w := &waiting{env: env, bar: parts.NewBar("opening.bar"), busy: parts.NewBusy("opening.busy")}
	w.other = parts.Link("opening.other", env.T("login.other-service"), func() { w.goOther() })
	w.other.Hide()
	w.support = parts.Link("opening.support", env.T("help.for-desk"), env.TellSupport)
	w.support.Hide()
	column := parts.Stack(parts.Gap16, parts.Space(parts.Gap30), parts.Logo("Plenary"), w.bar, w.busy, w.other, w.support)
	w.content = parts.Scroll(parts.PadAll(parts.Gap16, parts.Center(kit.AccountWidth, column)))
	return w
}

// Content is what is to be shown.
func (w *waiting) Content() fyne.CanvasObject { return w.content }

// Close has nothing to end: what is waited for belongs to the window.
func (w *waiting) Close() {}

// failed says why it did not work, and offers what can be done. other leads to
// another service; it may be nil.
func (w *waiting) failed(err error, action string, act, other func()) {
	n := w.env.Problem(err)
	n.Action, n.Act = action, act
	w.bar.Say(n)
	parts.SetVisible(true, w.support)
	if other != nil {
		w.goOther = other
		parts.SetVisible(true, w.other)
	}
}

// keyring says that the keyring keeps the person waiting, and lets them go on
// without it.
func (w *waiting) keyring(on bool, cancel context.CancelFunc, without func()) {
	if !on {
		w.bar.Clear()
		return
	}
	parts.SetVisible(true, w.support)
	w.bar.Say(parts.Notice{
		Tone: parts.Info, Words: []parts.Span{{Text: w.env.T("shell.keyring.waiting")}},
		Action: w.env.T("shell.cancel"), Act: func() {
			cancel()
			without()
		},
	})
}
