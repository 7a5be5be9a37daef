package screens

import (
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/parts"
	"plenary/words"
)

// Names under which the choices are kept in Fyne's preferences, in the clear:
// nothing personal is among them.
const (
	prefLanguage   = "language"
	prefAppearance = "appearance"
	prefTextSize   = "text-size" // in percent
	prefWidth      = "window-width"
	prefHeight     = "window-height"
)

// textSizes are the sizes of text that one can choose, in percent.
var textSizes = []int{80, 90, 100, 110, 125, 150, 175, 200}

// chosenTheme is the theme as chosen in Settings.
func chosenTheme(p fyne.Preferences) *parts.Theme {
	appearance := parts.Appearance(p.StringWithFallback(prefAppearance, string(parts.AppearanceSystem)))
	return parts.NewTheme(appearance, float32(p.IntWithFallback(prefTextSize, 100))/100)
}

// SettingsEvents is what Settings leads to.
type SettingsEvents struct {
	Language   func(code string)
	Appearance func() // appearance or text size have been chosen
	LogOut     func()
	Everywhere func() // log out everywhere
}

// Settings is the screen with the person's account and the program's language,
// appearance and text size.
type Settings struct{ content fyne.CanvasObject }

// NewSettings returns the screen; prefs is where the choices are kept.
func NewSettings(env Env, account api.Account, prefs fyne.Preferences, on SettingsEvents) *Settings {
	column := parts.Stack(parts.Gap16,
		parts.Title(env.T("nav.settings"), parts.Span{Text: env.T("settings.line")}),
		accountCard(env, account, on), programCard(env, prefs, on))
	return &Settings{content: parts.Scroll(parts.Margins(parts.Column(formWidth, column)))}
}

// Content is what is to be shown.
func (s *Settings) Content() fyne.CanvasObject { return s.content }

// Close has nothing to end.
func (s *Settings) Close() {}

func accountCard(env Env, a api.Account, on SettingsEvents) fyne.CanvasObject {
	t := env.T
	var pairs []parts.Pair
	add := func(key, value string) {
		if value != "" {
			pairs = append(pairs, parts.Pair{Key: t(key), Value: parts.Body(value)})
		}
	}
	name := a.Title
	for _, part := range []string{a.FirstName, a.FamilyName} {
		if part != "" && name != "" {
			name += " "
		}
		name += part
	}
	organization := a.Organization.Name
	if a.Organization.Country != "" {
		organization += ", " + env.Words.Country(a.Organization.Country)
	}
	add("settings.name", name)
	add("settings.username", a.Username)
	add("settings.email", a.Email)
	add("registration.organization", organization)
	if a.Organization.Membership != "" {
		add("settings.membership", t("membership."+a.Organization.Membership))
	}
	buttons := parts.Inline(parts.Gap12,
		parts.NewButton("settings.logout", t("settings.logout"), parts.Outlined, on.LogOut),
		parts.NewButton("settings.everywhere", t("settings.everywhere"), parts.Outlined, on.Everywhere))
	return parts.Card(parts.Section(t("nav.account")), parts.KeyValues(pairs...), buttons, parts.Small(t("settings.logout.hint")))
}

func programCard(env Env, prefs fyne.Preferences, on SettingsEvents) fyne.CanvasObject {
	t := env.T
	var languages []parts.Item
	for _, l := range words.Offered() {
		languages = append(languages, parts.Item{ID: l.Code, Text: l.Name})
	}
	language := parts.NewRadios("settings.language", languages)
	language.Set(env.Words.Lang())
	language.OnChange = func(code string) {
		prefs.SetString(prefLanguage, code)
		on.Language(code)
	}

	var appearances []parts.Item
	for _, a := range []parts.Appearance{parts.AppearanceSystem, parts.AppearanceLight, parts.AppearanceDark} {
		appearances = append(appearances, parts.Item{ID: string(a), Text: t("settings.appearance." + string(a))})
	}
	appearance := parts.NewRadios("settings.appearance", appearances)
	appearance.Set(prefs.StringWithFallback(prefAppearance, string(parts.AppearanceSystem)))
	appearance.OnChange = func(id string) {
		prefs.SetString(prefAppearance, id)
		on.Appearance()
	}

	var sizes []parts.Item
	for _, percent := range textSizes {
		sizes = append(sizes, parts.Item{ID: strconv.Itoa(percent), Text: fmt.Sprintf("%d %%", percent)})
	}
	size := parts.NewRadios("settings.textsize", sizes)
	size.Set(strconv.Itoa(prefs.IntWithFallback(prefTextSize, 100)))
	size.OnChange = func(id string) {
		if percent, err := strconv.Atoi(id); err == nil {
			prefs.SetInt(prefTextSize, percent)
			on.Appearance()
		}
	}
	return parts.Card(parts.Section(t("settings.program")), parts.Row(parts.Gap22,
		parts.Cell{Object: parts.NewField("settings.language.field", t("settings.language"), false, language), Min: 160, Weight: 1},
		parts.Cell{Object: parts.NewField("settings.appearance.field", t("settings.appearance"), false, appearance), Min: 160, Weight: 1},
		parts.Cell{Object: parts.NewField("settings.textsize.field", t("settings.textsize"), false, size), Min: 160, Weight: 1},
	), parts.Small(t("settings.kept")))
}
