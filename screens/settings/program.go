package settings

import (
	"context"
	"fmt"
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
	PrefReminders  = "reminders" // before a meeting; on where nothing is kept
)

// Preferences are where the choices about the program are kept: kit's, or Fyne's.
type Preferences interface {
	StringWithFallback(key, fallback string) string
	IntWithFallback(key string, fallback int) int
	BoolWithFallback(key string, fallback bool) bool
	SetString(key, value string)
	SetInt(key string, value int)
	SetBool(key string, value bool)
}

// ChosenTheme is the theme as chosen in Settings; it is light where that is to be
// as the system's and the system has not told.
func ChosenTheme(p Preferences, told bool) *parts.Theme {
	appearance := parts.Appearance(p.StringWithFallback(PrefAppearance, string(parts.AppearanceSystem)))
	if appearance == parts.AppearanceSystem && !told {
		appearance = parts.AppearanceLight
	}
	return parts.NewTheme(appearance, float32(TextSize(p))/100)
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

func newProgramSection(env kit.Env, prefs Preferences, toList func(), on Events, lockChanged func()) *programSection {
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

	s.body.Add(parts.Row(parts.Gap22,
		parts.Cell{Object: languageField, Min: 140, Weight: 1},
		parts.Cell{Object: parts.NewField("settings.appearance.field", t("settings.appearance"), false, appearance), Min: 140, Weight: 1},
		parts.Cell{Object: parts.NewField("settings.textsize.field", t("settings.textsize"), false, s.textSize(prefs)), Min: 240, Weight: 1},
	))
	reminders := parts.NewCheck("settings.reminders", parts.Span{Text: t("settings.reminders")})
	reminders.SetChecked(prefs.BoolWithFallback(PrefReminders, true))
	reminders.OnChange = func(on bool) { prefs.SetBool(PrefReminders, on) }
	s.body.Add(reminders)
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

// textSize says how large texts are, and makes them larger or smaller by a step.
func (s *programSection) textSize(prefs Preferences) fyne.CanvasObject {
	said := parts.Body("").WithID("settings.textsize")
	var smaller, larger *parts.Button
	show := func() {
		percent := TextSize(prefs)
		said.SetText(fmt.Sprintf("%d %%", percent))
		enable(smaller, percent > textSizes[0], larger)
		enable(larger, percent < textSizes[len(textSizes)-1], smaller)
	}
	step := func(id, key string, by int) *parts.Button {
		return parts.NewButton(parts.ID("settings.textsize."+id), s.env.T(key), parts.Outlined, func() {
			StepTextSize(prefs, by)
			s.on.Appearance()
			show()
		}).Low()
	}
	smaller, larger = step("smaller", "settings.textsize.smaller", -1), step("larger", "settings.textsize.larger", 1)
	show()
	return parts.Inline(parts.Gap12, smaller, said, larger)
}

// enable lets a button be pressed or not; one that has the keyboard leaves it to the other.
func enable(b *parts.Button, on bool, other *parts.Button) {
	if on {
		b.Enable()
		return
	}
	if c := parts.CanvasOf(b); c != nil && c.Focused() == fyne.Focusable(b) {
		parts.Focus(other)
	}
	b.Disable()
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
