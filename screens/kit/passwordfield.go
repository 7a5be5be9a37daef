package kit

import (
	"unicode"
	"unicode/utf8"

	"plenary/screens/parts"
)

// Password returns the input of a password, or of something else that is hidden while it is
// typed. What is copied out of it is a secret.
func (e Env) Password(id parts.ID) *parts.Entry {
	input := parts.NewPassword(id, e.T("account.show"), e.T("account.hide"))
	input.CopySecret = e.CopySecret
	return input
}

// PasswordField puts a label on the input of a password. It says when the
// password begins or ends with a space, and when Caps Lock seems to be on, which
// nobody sees behind the dots.
func (e Env) PasswordField(id parts.ID, label string, required bool, input *parts.Entry) *parts.Field {
	return parts.NewField(id, label, required, input).NoteWith(func() string {
		first, _ := utf8.DecodeRuneInString(input.Text)
		last, _ := utf8.DecodeLastRuneInString(input.Text)
		if input.CapsLock() {
			return e.T("password.caps-lock")
		}
		switch begins, ends := unicode.IsSpace(first), unicode.IsSpace(last); {
		case begins && ends:
			return e.T("password.spaces")
		case begins:
			return e.T("password.space-first")
		case ends:
			return e.T("password.space-last")
		}
		return ""
	})
}
