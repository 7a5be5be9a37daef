package screens

import (
	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// proxyEntry is the input for the proxy: at the first start and in Settings.
type proxyEntry struct {
	env   Env
	entry *parts.Entry
	field *parts.Field
	use   func(text string) error
}

// newProxyEntry shows what was entered earlier; use takes what is entered, empty
// for the system's, or says what is wrong with it.
func newProxyEntry(env Env, id parts.ID, entered string, use func(text string) error, submitted func()) *proxyEntry {
	p := &proxyEntry{env: env, use: use, entry: parts.NewEntry(id)}
	p.entry.SetPlaceHolder(env.T("proxy.example"))
	p.entry.SetText(entered)
	p.entry.OnSubmitted = func(string) { submitted() }
	p.entry.OnChanged = func(string) { p.field.SetError("") }
	p.field = parts.NewField(id+".field", env.T("proxy.label"), false, p.entry).WithHint(parts.Span{Text: env.T("proxy.hint")})
	return p
}

// take has what was entered used, or says what is wrong with it and is false.
func (p *proxyEntry) take() bool {
	err := p.use(p.entry.Text)
	if err != nil {
		p.field.SetError(p.env.Say(err))
		parts.Focus(p.entry)
	}
	return err == nil
}

// proxySet shows the proxy that the organization has set: an address, "direct", or
// nothing for the system's.
func proxySet(env Env, set string) fyne.CanvasObject {
	switch set {
	case "":
		set = env.T("proxy.system")
	case "direct":
		set = env.T("proxy.direct")
	}
	return parts.NewField("settings.proxy.field", env.T("proxy.label"), false, parts.Body(set).WithID("settings.proxy.set")).
		WithHint(parts.Span{Text: env.T("settings.managed")})
}
