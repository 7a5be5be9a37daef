package kit

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// Copied is the secret that was copied last, as long as it may be in the clipboard. It is
// for the window's goroutine.
type Copied struct {
	secret string
	stop   context.CancelFunc // of the wait for its end; nil while there is no secret
}

// copiedLife is how long a secret stays in the clipboard, which every program can read:
// long enough to change to another one and to paste it there.
const copiedLife = time.Minute

// CopySecret puts into the clipboard what lets somebody in, such as a code, a key or a
// password. It is kept out of what the system remembers of the clipboard (Conceal), and
// removed after a minute, by a lock, and at the end of the program, if it is still there.
// Whatever says that it was copied says so (key shell.copied.secret).
func (e Env) CopySecret(secret string) {
	if e.Conceal == nil || !e.Conceal(secret) {
		e.Clipboard.SetContent(secret)
	}
	if e.Copied.stop != nil {
		e.Copied.stop()
	}
	var ctx context.Context
	e.Copied.secret = secret
	ctx, e.Copied.stop = context.WithCancel(context.Background())
	e.Run.Run(ctx, func(ctx context.Context) { e.Sleep(ctx, copiedLife) }, e.ForgetCopied)
}

// ForgetCopied removes from the clipboard the secret that was copied last, unless
// something else was copied since.
func (e Env) ForgetCopied() {
	if e.Copied.stop == nil {
		return
	}
	e.Copied.stop()
	if e.Clipboard.Content() == e.Copied.secret {
		e.Clipboard.SetContent("")
	}
	*e.Copied = Copied{}
}

// SaySecretCopied is the notice for a secret that was copied; said is what it is.
func (e Env) SaySecretCopied(said string) parts.Notice {
	return parts.Notice{Tone: parts.Success, Words: []parts.Span{{Text: said + " " + e.T("shell.copied.secret")}}}
}

// Copying is how a value that people carry elsewhere is offered to be copied.
func (e Env) Copying(value string) parts.Copying {
	return parts.Copying{Value: value, Word: e.T("shell.copy"), Done: e.T("shell.copied")}
}

// Carried is a text that can be selected, with what copies the value in it; id
// names the latter.
func (e Env) Carried(id parts.ID, text *parts.Text, value string) fyne.CanvasObject {
	return parts.Inline(parts.Gap12, text.Selectable(), parts.NewCopy(id, e.Copying(value)))
}
