// Package help is the page with the people who help, the keys, what this program is, and
// what the service desk will ask for; and a newer version that the service tells of.
package help

import (
	"context"

	"fyne.io/fyne/v2"

	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// Help is the screen with the FAQ, the service desk and the chat of the
// organization, the keys that work everywhere, what this program is, and what
// the service desk will ask for.
type Help struct {
	env     kit.Env
	deps    HelpDeps
	support Support
	log     *parts.Text // where it is
	hint    *parts.Text // what is copied, then that it was
	content fyne.CanvasObject
	end     context.CancelFunc
}

// HelpDeps is what Help tells beyond what the service says of itself.
type HelpDeps struct {
	Version string
	Update  Update
	// OnUpdate says where the newer version is.
	OnUpdate func()
	Session  app.SessionState
	// Support tells what the service desk asks for. It may read files.
	Support func() Support
}

// NewHelp returns the screen.
func NewHelp(env kit.Env, deps HelpDeps) *Help {
	h := &Help{env: env, deps: deps}
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
		{"Ctrl+1 … 9", "help.key.places"},
		{"Ctrl+F", "help.key.search"},
		{"Tab", "help.key.tab"},
		{t("help.key.pages"), "help.key.page"},
		{"Esc", "help.key.back"},
		{"F5", "help.key.refresh"},
		{"F1", "help.key.help"},
		{"Ctrl+L", "help.key.lock"},
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
	tell("help.version", deps.Version)
	if n := deps.Update; n.Version != "" {
		about = append(about, parts.Pair{Key: t("help.newest"), Value: parts.Link("help.newest", n.Version, deps.OnUpdate)})
	}
	tell("help.organization", info.Organization)
	tell("help.service", kit.HostOf(info.Address))
	tell("help.service-version", info.Version)
	links := parts.Inline(18)
	if info.Terms != "" {
		links = parts.Inline(18,
			parts.Link("help.terms", t("help.terms"), func() { env.Open(info.Terms) }),
			parts.Link("help.privacy", t("help.privacy"), func() { env.Open(info.Privacy) }))
	}
	column.Add(parts.Card(parts.Section(t("help.about")), parts.KeyValues(about...), links))
	column.Add(h.desk())
	h.content = parts.Scroll(parts.Margins(parts.Column(kit.FormWidth, column)))
	return h
}

// desk is the card for the service desk.
func (h *Help) desk() fyne.CanvasObject {
	t := h.env.T
	h.log, h.hint = parts.Body("…").WithID("help.log"), parts.Muted(t("help.copy-what")).WithID("help.copy-what")
	ctx, end := context.WithCancel(context.Background())
	h.end = end
	links := parts.Inline(18,
		parts.Link("help.copy", t("help.copy"), h.copy),
		parts.Link("help.open-log", t("help.open-log"), func() {
			if h.support.LogFolder != "" {
				h.env.OpenFile(h.support.LogFolder)
			}
		}))
	var support Support
	h.env.Run.Run(ctx, func(context.Context) {
		if h.deps.Support != nil {
			support = h.deps.Support()
		}
	}, func() {
		h.support = support
		h.log.SetText(support.Log(h.env))
	})
	return parts.Card(parts.Section(t("help.for-desk")), h.hint,
		parts.KeyValues(parts.Pair{Key: t("help.log"), Value: h.log}), links)
}

// copy puts what the service desk asks for on the clipboard.
func (h *Help) copy() {
	if h.env.Clipboard == nil {
		return
	}
	h.env.Clipboard.SetContent(SupportText(h.env, h.deps.Version, KeeperOf(h.deps.Session), h.support))
	h.hint.SetText(h.env.T("help.copied"))
}

// Content is what is to be shown.
func (h *Help) Content() fyne.CanvasObject { return h.content }

// Close forgets what is still being looked up.
func (h *Help) Close() { h.end() }
