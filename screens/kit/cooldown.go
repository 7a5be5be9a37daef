package kit

import (
	"time"

	"plenary/screens/parts"
)

// Cooldown keeps a button from being pressed while the service wants a wait
// between two tries, and counts it down on the button: so it says why it is
// dead, and until when.
type Cooldown struct {
	env    Env
	Button *parts.Button
	text   string    // the button's own
	held   bool      // a call is under way, see Calls.Hold
	until  time.Time // by the machine's clock; zero while there is nothing to wait for
}

func NewCooldown(env Env, button *parts.Button) *Cooldown {
	return &Cooldown{env: env, Button: button, text: button.Text()}
}

// SetText gives the button another text.
func (w *Cooldown) SetText(text string) {
	w.text = text
	if !w.Active() {
		w.Button.SetText(text)
	}
}

// Start begins the wait that an error of the service asks for; it tells whether
// there is one.
func (w *Cooldown) Start(err error) bool {
	wait := w.env.Explain(err).RetryAfter
	if wait <= 0 {
		return false
	}
	w.until = w.env.Now().Add(wait)
	w.Button.Disable()
	w.show(wait)
	return true
}

// Failed has an error that asks for a wait counted down on the button, and said in the bar.
func (w *Cooldown) Failed(bar *parts.Bar) Failed {
	return func(err error) bool {
		if !w.Start(err) {
			return false
		}
		bar.Say(w.Notice(err))
		return true
	}
}

// Disable takes the effect from the button, see Calls.Hold.
func (w *Cooldown) Disable() {
	w.held = true
	w.Button.Disable()
}

// Enable gives the button its effect back, unless a wait is not over.
func (w *Cooldown) Enable() {
	if w.held = false; !w.Active() {
		w.Button.Enable()
	}
}

// Active tells whether a wait is not over.
func (w *Cooldown) Active() bool { return !w.until.IsZero() }

// Tick counts down; it tells whether the wait has just ended.
func (w *Cooldown) Tick() bool {
	if !w.Active() {
		return false
	}
	left := w.until.Sub(w.env.Now())
	if left > 0 {
		w.show(left)
		return false
	}
	w.Reset()
	return true
}

// Reset gives the button back.
func (w *Cooldown) Reset() {
	if w.Active() {
		w.until = time.Time{}
		w.Button.SetText(w.text)
		if !w.held {
			w.Button.Enable()
		}
		parts.Changed(w.Button)
	}
}

func (w *Cooldown) show(left time.Duration) {
	w.Button.SetText(w.env.T("account.try-in", map[string]any{"Wait": w.env.Wait(left)}))
	parts.Changed(w.Button)
}

// Notice is Env.Problem for an error whose wait is counted down elsewhere.
func (w *Cooldown) Notice(err error) parts.Notice {
	n := w.env.Problem(err)
	if w.Active() {
		n.Tone, n.Words = parts.Warning, []parts.Span{{Text: w.env.T("error." + w.env.KindOf(err))}}
	}
	return n
}

// ReadyNotice says that one can try again.
func (w *Cooldown) ReadyNotice() parts.Notice {
	return parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: w.env.T("account.try-now")}}}
}
