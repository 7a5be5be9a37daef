package kit

import (
	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// ProxyEntry is the input for the proxy: at the first start and in Settings.
type ProxyEntry struct {
	env   Env
	Entry *parts.Entry
	Field *parts.Field
	use   func(text string) error
}

// NewProxyEntry shows what was entered earlier; use takes what is entered, empty
// for the system's, or says what is wrong with it.
func NewProxyEntry(env Env, id parts.ID, entered string, use func(text string) error, submitted func()) *ProxyEntry {
	p := &ProxyEntry{env: env, use: use, Entry: parts.NewEntry(id)}
	p.Entry.SetPlaceHolder(env.T("proxy.example"))
	p.Entry.SetText(entered)
	p.Entry.OnSubmitted = func(string) { submitted() }
	p.Entry.OnChanged = func(string) { p.Field.SetError("") }
	p.Field = parts.NewField(id+".field", env.T("proxy.label"), false, p.Entry).WithHint(parts.Span{Text: env.T("proxy.hint")})
	return p
}

// Take has what was entered used, or says what is wrong with it and is false.
func (p *ProxyEntry) Take() bool {
	err := p.use(p.Entry.Text)
	if err != nil {
		p.Field.SetError(p.env.Say(err))
		parts.Focus(p.Entry)
	}
	return err == nil
}

// ProxySet shows the proxy that the organization has set: an address, "direct", or
// nothing for the system's.
func ProxySet(env Env, set string) fyne.CanvasObject {
	switch set {
	case "":
		set = env.T("proxy.system")
	case "direct":
		set = env.T("proxy.direct")
	}
	return parts.NewField("settings.proxy.field", env.T("proxy.label"), false, parts.Body(set).WithID("settings.proxy.set")).
		WithHint(parts.Span{Text: env.T("settings.managed")})
}
