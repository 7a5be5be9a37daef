package account

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/app"
	"plenary/screens/parts"
)

// keyringChoice is what the log-in screen offers where there is no keyring: a
// passphrase, or a session that is forgotten when Plenary ends.
type keyringChoice struct {
	login      *Login
	words      *parts.Text
	passphrase *parts.Entry
	field      *parts.Field
	forget     *parts.Button
	content    *fyne.Container
	known      bool
}

func newKeyringChoice(l *Login) *keyringChoice {
	e := l.env
	k := &keyringChoice{login: l, words: parts.Body("").WithID("login.keyring")}
	k.passphrase = e.Password("login.passphrase")
	k.passphrase.OnSubmitted = func(string) { k.use() }
	k.passphrase.OnChanged = func(string) { k.field.SetError("") }
	k.field = e.PasswordField("login.passphrase.field", e.T("login.passphrase"), true, k.passphrase)
	use := parts.NewButton("login.passphrase.use", e.T("login.passphrase-use"), parts.Outlined, k.use)
	k.forget = parts.NewButton("login.keyring.forget", e.T("login.keyring-forget"), parts.Outlined, k.withoutKeeping)
	k.content = parts.Layers(parts.NewBox(parts.ColorTint, parts.ColorPrimary, 7),
		parts.PadAll(parts.Gap12, parts.Stack(parts.Gap12, k.words, k.field, parts.Stack(parts.Gap8, use, k.forget))))
	k.content.Hide()
	return k
}

// ask shows the choice; known says that there is a passphrase already.
func (k *keyringChoice) ask(known bool) {
	k.known = known
	text := "login.keyring-missing"
	if known {
		text = "login.passphrase-needed"
	}
	k.words.SetText(k.login.env.T(text))
	parts.SetVisible(!known, k.forget)
	parts.SetVisible(true, k.content)
	parts.Focus(k.passphrase)
}

// minPassphrase is the length, in bytes, of the shortest passphrase for the
// file that takes the keyring's place.
const minPassphrase = 8

func (k *keyringChoice) use() {
	l := k.login
	if l.cancel != nil {
		return
	}
	passphrase := k.passphrase.Text
	if len(passphrase) < minPassphrase {
		k.field.SetError(l.env.T("login.passphrase-short"))
		return
	}
	l.env.Do(l.wait(), l.busy, l.env.T("login.busy"), func(ctx context.Context) error {
		return l.acc.UsePassphrase(ctx, passphrase)
	}, func(err error) {
		l.ready()
		if err != nil {
			k.field.SetError(l.env.Say(err))
			if l.env.KindOf(err) == app.KindDamaged { // no passphrase opens it any more
				parts.SetVisible(true, k.forget)
			}
			return
		}
		k.done()
		if l.password.Text != "" {
			l.logIn()
		} else if l.on.Unlocked != nil {
			l.believe()
			l.on.Unlocked()
		}
	})
}

func (k *keyringChoice) withoutKeeping() {
	k.done()
	k.login.keep.SetChecked(false)
	k.login.logIn()
}

func (k *keyringChoice) done() {
	k.passphrase.SetText("")
	parts.SetVisible(false, k.content)
}
