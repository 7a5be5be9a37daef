package kit

import (
	"plenary/rules"
	"plenary/screens/parts"
)

// MailNote says where the e-mail is when there is no ordinary inbox.
func (e Env) MailNote() *parts.Text {
	note := parts.Small("")
	switch {
	case e.Info.Demo:
		note.SetText(e.T("account.demo-mail"))
	case e.Info.MailWaits:
		note.SetText(e.T("account.mail-waits"))
	default:
		note.Hide()
	}
	return note
}

// CodeEntry is the input for the code from an e-mail. It forgives case, spaces,
// and the letters that look like digits.
type CodeEntry struct {
	env   Env
	Entry *parts.Entry
	Field *parts.Field
}

func NewCodeEntry(e Env, area, label string, submit func()) *CodeEntry {
	c := &CodeEntry{env: e, Entry: parts.NewEntry(parts.ID(area + ".code"))}
	c.Entry.SetPlaceHolder("XXXXX-XXXXX")
	c.Entry.OnSubmitted = func(string) { submit() }
	c.Field = parts.NewField(parts.ID(area+".code.field"), label, true, c.Entry)
	c.Entry.OnChanged = func(text string) {
		c.Field.SetError("")
		_, ok := rules.NormalizeCode(text)
		c.Field.SetRight(ok)
	}
	return c
}

// Value returns the code as the service wants it, or says what is wrong.
func (c *CodeEntry) Value() (string, bool) {
	code, ok := rules.NormalizeCode(c.Entry.Text)
	if !ok {
		c.Wrong(c.env.T("account.code-wrong"))
		return "", false
	}
	c.Entry.SetText(code)
	return code, true
}

func (c *CodeEntry) Wrong(words string) {
	c.Field.SetRight(false)
	c.Field.SetError(words)
	parts.Focus(c.Entry)
	c.Entry.SelectAll()
}
