package screens

import (
	"time"

	"plenary/screens/parts"
)

// tryAgain keeps a button from being pressed while the service wants a wait
// between two tries, and counts it down on the button: so it says why it is
// dead, and until when.
type tryAgain struct {
	env    Env
	button *parts.Button
	text   string    // the button's own
	until  time.Time // by the machine's clock; zero while there is nothing to wait for
}

func newTryAgain(env Env, button *parts.Button) *tryAgain {
	return &tryAgain{env: env, button: button, text: button.Text()}
}

// name gives the button another text.
func (w *tryAgain) name(text string) {
	w.text = text
	if !w.waiting() {
		w.button.SetText(text)
	}
}

// after begins the wait that an error of the service asks for; it tells whether
// there is one.
func (w *tryAgain) after(err error) bool {
	wait := w.env.Explain(err).RetryAfter
	if wait <= 0 {
		return false
	}
	w.until = w.env.Now().Add(wait)
	w.button.Disable()
	w.show(wait)
	return true
}

// waiting tells whether a wait is not over.
func (w *tryAgain) waiting() bool { return !w.until.IsZero() }

// tick counts down; it tells whether the wait has just ended.
func (w *tryAgain) tick() bool {
	if !w.waiting() {
		return false
	}
	left := w.until.Sub(w.env.Now())
	if left > 0 {
		w.show(left)
		return false
	}
	w.end()
	return true
}

// end gives the button back.
func (w *tryAgain) end() {
	if w.waiting() {
		w.until = time.Time{}
		w.button.SetText(w.text)
		w.button.Enable()
		parts.Changed(w.button)
	}
}

func (w *tryAgain) show(left time.Duration) {
	w.button.SetText(w.env.T("account.try-in", map[string]any{"Wait": w.env.wait(left)}))
	parts.Changed(w.button)
}

// notice is Env.Problem for an error whose wait is counted down elsewhere.
func (w *tryAgain) notice(err error) parts.Notice {
	n := w.env.Problem(err)
	if w.waiting() {
		n.Tone, n.Words = parts.Warning, []parts.Span{{Text: w.env.T("error." + w.env.KindOf(err))}}
	}
	return n
}

// over says that one can try again.
func (w *tryAgain) over() parts.Notice {
	return parts.Notice{Tone: parts.Info, Words: []parts.Span{{Text: w.env.T("account.try-now")}}}
}
