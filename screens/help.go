package screens

import (
	"net/url"

	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// Help is the screen with the FAQ, the service desk and the chat of the
// organization, the keys that work everywhere, and what this program is.
type Help struct{ content fyne.CanvasObject }

// NewHelp returns the screen.
func NewHelp(env Env, version string) *Help {
	t, info := env.T, env.Info
	column := parts.Stack(parts.Gap16, parts.Title(t("nav.help"), parts.Span{Text: t("help.line")}))
	assistance := []fyne.CanvasObject{parts.Section(t("help.assistance"))}
	add := func(id parts.ID, key, shown, address string) {
		if address == "" {
			return
		}
		assistance = append(assistance, parts.Stack(0, parts.Body(t(key)),
			parts.NewText(parts.Span{Text: shown, ID: id, OnTapped: func() { env.Open(address) }})))
	}
	add("help.faq", "help.faq", info.FAQ, info.FAQ)
	add("help.desk", "help.desk", info.ServiceDesk, info.ServiceDesk)
	add("help.chat", "help.chat", info.Chat, info.Chat)
	if len(assistance) == 1 {
		assistance = append(assistance, parts.Muted(t("help.none")))
	}
	column.Add(parts.Card(assistance...))

	keys := []parts.Pair{}
	for _, k := range []struct{ key, what string }{
		{"Ctrl+1 … 5", "help.key.places"},
		{"Ctrl+F", "help.key.search"},
		{"Tab", "help.key.tab"},
		{"Esc", "help.key.back"},
		{"F5", "help.key.refresh"},
		{"F1", "help.key.help"},
		{"Ctrl+Q", "help.key.quit"},
	} {
		keys = append(keys, parts.Pair{Key: k.key, Value: parts.Body(t(k.what))})
	}
	column.Add(parts.Card(parts.Section(t("help.keys")), parts.KeyValues(keys...)))

	var about []parts.Pair
	tell := func(key, value string) {
		if value != "" {
			about = append(about, parts.Pair{Key: t(key), Value: parts.Body(value)})
		}
	}
	tell("help.version", version)
	tell("help.organization", info.Organization)
	if u, err := url.Parse(info.Address); err == nil {
		tell("help.service", u.Host)
	}
	tell("help.service-version", info.Version)
	links := parts.Inline(18)
	if info.Terms != "" {
		links = parts.Inline(18,
			parts.Link("help.terms", t("help.terms"), func() { env.Open(info.Terms) }),
			parts.Link("help.privacy", t("help.privacy"), func() { env.Open(info.Privacy) }))
	}
	column.Add(parts.Card(parts.Section(t("help.about")), parts.KeyValues(about...), links))
	return &Help{content: parts.Scroll(parts.Margins(parts.Column(formWidth, column)))}
}

// Content is what is to be shown.
func (h *Help) Content() fyne.CanvasObject { return h.content }

// Close has nothing to end.
func (h *Help) Close() {}
