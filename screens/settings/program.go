package settings

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/words"
)

// Names under which the choices are kept in Fyne's preferences, in the clear:
// nothing personal is among them.
const (
	PrefLanguage   = "language"
	PrefAppearance = "appearance"
	PrefTextSize   = "text-size" // in percent
	PrefWidth      = "window-width"
	PrefHeight     = "window-height"
)

// textSizes are the sizes of text that one can choose, in percent.
var textSizes = []int{80, 90, 100, 110, 125, 150, 175, 200}

// ChosenTheme is the theme as chosen in Settings; it is light where that is to be
// as the system's and the system has not told.
func ChosenTheme(p fyne.Preferences, told bool) *parts.Theme {
	appearance := parts.Appearance(p.StringWithFallback(PrefAppearance, string(parts.AppearanceSystem)))
	if appearance == parts.AppearanceSystem && !told {
		appearance = parts.AppearanceLight
	}
	return parts.NewTheme(appearance, float32(p.IntWithFallback(PrefTextSize, 100))/100)
}

// programSection is "This computer": what applies to Plenary here, without
// network: language, appearance and text size at once, the lock and a proxy once they are
// saved; and which service is used.
type programSection struct {
	*settingsPane
	env   kit.Env
	on    Events
	first fyne.Focusable
	lock  *lockForm
	proxy *kit.ProxyEntry // nil where the organization has set one
	ctx   context.Context
	leave context.CancelFunc
}

func newProgramSection(env kit.Env, prefs fyne.Preferences, toList func(), on Events, lockChanged func()) *programSection {
	t := env.T
	s := &programSection{env: env, on: on, settingsPane: newSettingsPane(env, "settings.program", t("settings.section.program"), t("settings.kept"), toList)}
	s.ctx, s.leave = context.WithCancel(context.Background())
	var languages []parts.Item
	for _, l := range words.Offered() {
		if on.Language != nil || l.Code == env.Words.Lang() {
			languages = append(languages, parts.Item{ID: l.Code, Text: l.Name})
		}
	}
	language := parts.NewRadios("settings.language", languages)
	language.Set(env.Words.Lang())
	language.OnChange = func(code string) {
		on.Language(code, func() { language.Set(env.Words.Lang()) })
	}
	languageField := parts.NewField("settings.language.field", t("settings.language"), false, language)
	if on.Language == nil { // there is the one to see, and no other to choose
		languageField.WithHint(parts.Span{Text: t("settings.managed")})
	}
	s.first = language

	var appearances []parts.Item
	for _, a := range []parts.Appearance{parts.AppearanceSystem, parts.AppearanceLight, parts.AppearanceDark} {
		appearances = append(appearances, parts.Item{ID: string(a), Text: t("settings.appearance." + string(a))})
	}
	appearance := parts.NewRadios("settings.appearance", appearances)
	appearance.Set(prefs.StringWithFallback(PrefAppearance, string(parts.AppearanceSystem)))
	appearance.OnChange = func(id string) {
		prefs.SetString(PrefAppearance, id)
		on.Appearance()
	}

	var sizes []parts.Item
	for _, percent := range textSizes {
		sizes = append(sizes, parts.Item{ID: strconv.Itoa(percent), Text: fmt.Sprintf("%d %%", percent)})
	}
	size := parts.NewRadios("settings.textsize", sizes)
	size.Set(strconv.Itoa(prefs.IntWithFallback(PrefTextSize, 100)))
	size.OnChange = func(id string) {
		if percent, err := strconv.Atoi(id); err == nil {
			prefs.SetInt(PrefTextSize, percent)
			on.Appearance()
		}
	}
	s.body.Add(parts.Row(parts.Gap22,
		parts.Cell{Object: languageField, Min: 140, Weight: 1},
		parts.Cell{Object: parts.NewField("settings.appearance.field", t("settings.appearance"), false, appearance), Min: 140, Weight: 1},
		parts.Cell{Object: parts.NewField("settings.textsize.field", t("settings.textsize"), false, size), Min: 120, Weight: 1},
	))
	s.body.Add(parts.Divider())
	s.lock = newLockForm(s.ctx, env, on, s, lockChanged)
	s.body.Add(s.lock.content)
	s.body.Add(parts.Divider())
	s.body.Add(s.service())
	if on.Proxy == nil {
		s.body.Add(kit.ProxySet(env, on.EnteredProxy))
		return s
	}
	s.proxy = kit.NewProxyEntry(env, "settings.proxy", on.EnteredProxy, on.Proxy, s.saveProxy)
	save := parts.NewButton("settings.proxy.save", t("settings.save"), parts.Outlined, s.saveProxy)
	s.body.Add(column(parts.Stack(parts.Gap12, s.proxy.Field, parts.Row(0, parts.Cell{Object: save}))))
	return s
}

// service says where the service is that is used, and leads to another one.
func (s *programSection) service() fyne.CanvasObject {
	at := s.env.T("settings.service", map[string]any{"Host": kit.HostOf(s.env.Address)})
	if s.env.Info.Demo {
		at = s.env.T("status.demo")
	}
	said := parts.Body(at).WithID("settings.service")
	if s.on.OtherService == nil {
		return said
	}
	return parts.Stack(parts.Gap4, said, parts.Link("settings.service.other", s.env.T("settings.service.other"), s.on.OtherService))
}

// saveProxy has the proxy used that was entered, and keeps it.
func (s *programSection) saveProxy() {
	s.bar.Clear()
	if !s.proxy.Take() {
		return
	}
	s.env.Do(s.ctx, s, s.env.T("settings.busy-saving"), func(context.Context) error { return s.on.KeepProxy() }, func(err error) {
		if err != nil {
			s.bar.Say(s.env.Problem(err))
			parts.IntoView(s.bar)
			return
		}
		s.on.EnteredProxy = s.proxy.Entry.Text
		s.on.NewProxy()
		s.say(s.env.T("settings.proxy.saved"))
	})
}

// Content is what is to be shown.
func (s *programSection) Content() fyne.CanvasObject { return s.panel }

// First is what takes the keyboard.
func (s *programSection) First() fyne.Focusable { return s.first }

// Close ends what the section waits for.
func (s *programSection) Close() { s.leave() }

// showLock gives the keyboard to the lock.
func (s *programSection) showLock() {
	if first := s.lock.first(); first != nil {
		parts.Focus(first)
	}
	parts.IntoView(s.lock.content)
}

// unsaved reports whether another proxy or lock is entered than is kept.
func (s *programSection) unsaved() bool {
	return s.lock.unsaved() || s.proxy != nil && strings.TrimSpace(s.proxy.Entry.Text) != strings.TrimSpace(s.on.EnteredProxy)
}
