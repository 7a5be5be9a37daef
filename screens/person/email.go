package person

import (
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// MeantEmail asks "Did you mean elena@gmail.com?" below an e-mail address that looks
// mistyped. The person follows it, or goes on.
type MeantEmail struct {
	env   kit.Env
	id    parts.ID
	input *parts.Entry
	meant string // what is asked about; empty while nothing is

	// Text is to stand below the input.
	Text *parts.Text
}

// NewMeantEmail asks nothing yet.
func NewMeantEmail(env kit.Env, id parts.ID, input *parts.Entry) *MeantEmail {
	m := &MeantEmail{env: env, id: id, input: input, Text: parts.Small("").WithID(id + ".asks")}
	m.Text.Hide()
	return m
}

// Look looks at the address, once it was left; it reports whether there is something to ask.
func (m *MeantEmail) Look() bool {
	m.ask(rules.MeantEmail(m.input.Text))
	return m.meant != ""
}

// Typed takes the question away as soon as another address stands there.
func (m *MeantEmail) Typed() {
	if rules.MeantEmail(m.input.Text) != m.meant {
		m.ask("")
	}
}

func (m *MeantEmail) ask(meant string) {
	if meant == m.meant {
		return
	}
	m.meant = meant
	m.Text.SetSpans(kit.Link(m.env.T("signup.email-meant", map[string]any{"Address": meant}), m.id, m.take)...)
	parts.SetVisible(meant != "", m.Text)
}

// take enters what was meant.
func (m *MeantEmail) take() {
	m.input.SetText(m.meant)
	parts.Focus(m.input)
}
