package parts

import (
	"image/color"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Colours beyond Fyne's own names. Everything else (background, text, primary,
// success, warning, danger) is asked for under Fyne's name, so that Fyne's own
// widgets look the same as ours.
const (
	ColorSurface          fyne.ThemeColorName = "plenary-surface"
	ColorMuted            fyne.ThemeColorName = "plenary-muted"
	ColorHairline         fyne.ThemeColorName = "plenary-hairline"
	ColorFieldBorder      fyne.ThemeColorName = "plenary-field-border"
	ColorTint             fyne.ThemeColorName = "plenary-tint"
	ColorSuccessTint      fyne.ThemeColorName = "plenary-success-tint"
	ColorWarningTint      fyne.ThemeColorName = "plenary-warning-tint"
	ColorDangerTint       fyne.ThemeColorName = "plenary-danger-tint"
	ColorNavigation       fyne.ThemeColorName = "plenary-navigation"
	ColorNavigationText   fyne.ThemeColorName = "plenary-navigation-text"
	ColorNavigationChosen fyne.ThemeColorName = "plenary-navigation-chosen"
	ColorNavigationOn     fyne.ThemeColorName = "plenary-navigation-on" // text on the chosen row
	colorTransparent      fyne.ThemeColorName = "plenary-transparent"

	ColorText      = theme.ColorNameForeground
	ColorPrimary   = theme.ColorNamePrimary
	ColorOnPrimary = theme.ColorNameForegroundOnPrimary
	ColorSuccess   = theme.ColorNameSuccess
	ColorOnSuccess = theme.ColorNameForegroundOnSuccess
	ColorWarning   = theme.ColorNameWarning
	ColorDanger    = theme.ColorNameError
	ColorOnDanger  = theme.ColorNameForegroundOnError
)

// Text sizes, scaled with the person's text size.
const (
	SizeBody    = theme.SizeNameText
	SizeTitle   = theme.SizeNameHeadingText
	SizeSection = theme.SizeNameSubHeadingText
	SizeSmall   = theme.SizeNameCaptionText
	SizeVerdict = fyne.ThemeSizeName("plenary-verdict")
)

// Steps of spacing, in Fyne's units; they do not grow with the text.
const (
	Gap4  float32 = 4
	Gap8  float32 = 8
	Gap12 float32 = 12
	Gap16 float32 = 16
	Gap22 float32 = 22
	Gap30 float32 = 30
)

// Appearance says whether the program is light, dark, or like the system.
type Appearance string

// The three appearances, under the names in which preferences keep them.
const (
	AppearanceSystem Appearance = "system"
	AppearanceLight  Appearance = "light"
	AppearanceDark   Appearance = "dark"
)

// The limits of the text scale (product.md, "Everywhere").
const (
	MinScale float32 = 0.8
	MaxScale float32 = 2.0
)

// Theme is Plenary's look: the colours and sizes of the design in light and in
// dark, and a text scale.
type Theme struct {
	fyne.Theme
	look atomic.Pointer[look]
}

// look is what a person chooses of a theme.
type look struct {
	appearance Appearance
	scale      float32
}

// NewTheme returns the theme for an appearance and a text scale; 1 is 100 %.
// Scales outside MinScale to MaxScale are brought into that range.
func NewTheme(appearance Appearance, scale float32) *Theme {
	t := &Theme{Theme: theme.DefaultTheme()}
	t.look.Store(&look{appearance, min(max(scale, MinScale), MaxScale)})
	return t
}

// Become takes over the look of another theme. What is shown is to be laid out and
// refreshed by who does it: Fyne hears nothing, and keeps the fonts that it has read.
func (t *Theme) Become(other *Theme) { t.look.Store(other.look.Load()) }

// Scale returns the text scale; 1 is 100 %.
func (t *Theme) Scale() float32 { return t.look.Load().scale }

// Appearance returns whether the theme is light, dark, or like the system.
func (t *Theme) Appearance() Appearance { return t.look.Load().appearance }

// palette is one column of the design's table of tokens.
type palette struct {
	background, surface, text, muted, hairline, fieldBorder string
	primary, onPrimary, tint                                string
	success, onSuccess, successTint                         string
	warning, onWarning, warningTint                         string
	danger, onDanger, dangerTint                            string
	navigation, navigationText, navigationChosen            string
	navigationOn                                            string
	hover, pressed, shadow, selection                       string
}

var lightPalette = palette{
	background: "#F5F7FA", surface: "#FFFFFF", text: "#1B2430", muted: "#586574", hairline: "#D8DEE6", fieldBorder: "#7C8896",
	primary: "#0A5CAD", onPrimary: "#FFFFFF", tint: "#E7F0FA",
	success: "#18794A", onSuccess: "#FFFFFF", successTint: "#E4F4EB",
	warning: "#8A5200", onWarning: "#FFFFFF", warningTint: "#FDF1DC",
	danger: "#B3261E", onDanger: "#FFFFFF", dangerTint: "#FCE8E6",
	navigation: "#0E2A47", navigationText: "#C9D8E8", navigationChosen: "#1C4570", navigationOn: "#FFFFFF",
	hover: "#1B24300F", pressed: "#1B243024", shadow: "#1B243033", selection: "#C3DCF7",
}

var darkPalette = palette{
	background: "#11161D", surface: "#1A212B", text: "#E8EDF3", muted: "#9EABBA", hairline: "#303A47", fieldBorder: "#6B7785",
	primary: "#6DB3FF", onPrimary: "#0B1B2B", tint: "#1B3350",
	success: "#5CCB92", onSuccess: "#0B1B2B", successTint: "#163526",
	warning: "#F2B661", onWarning: "#0B1B2B", warningTint: "#3A2B12",
	danger: "#FF8F86", onDanger: "#0B1B2B", dangerTint: "#3F1D1B",
	navigation: "#0B1118", navigationText: "#A9B8C8", navigationChosen: "#1E2B3A", navigationOn: "#FFFFFF",
	hover: "#E8EDF312", pressed: "#E8EDF328", shadow: "#00000080", selection: "#2A5583",
}

// names maps colour names, Fyne's and ours, to the palette.
func (p *palette) names() map[fyne.ThemeColorName]string {
	return map[fyne.ThemeColorName]string{
		theme.ColorNameBackground:          p.background,
		theme.ColorNameButton:              p.surface,
		theme.ColorNameDisabledButton:      p.hairline,
		theme.ColorNameDisabled:            p.muted,
		theme.ColorNameError:               p.danger,
		theme.ColorNameFocus:               p.primary,
		theme.ColorNameForeground:          p.text,
		theme.ColorNameForegroundOnError:   p.onDanger,
		theme.ColorNameForegroundOnPrimary: p.onPrimary,
		theme.ColorNameForegroundOnSuccess: p.onSuccess,
		theme.ColorNameForegroundOnWarning: p.onWarning,
		theme.ColorNameHeaderBackground:    p.surface,
		theme.ColorNameHover:               p.hover,
		theme.ColorNameHyperlink:           p.primary,
		theme.ColorNameInputBackground:     p.surface,
		theme.ColorNameInputBorder:         p.fieldBorder,
		theme.ColorNameMenuBackground:      p.surface,
		theme.ColorNameOverlayBackground:   p.surface,
		theme.ColorNamePlaceHolder:         p.muted,
		theme.ColorNamePressed:             p.pressed,
		theme.ColorNamePrimary:             p.primary,
		theme.ColorNameScrollBar:           p.fieldBorder,
		theme.ColorNameSelection:           p.selection,
		theme.ColorNameSeparator:           p.hairline,
		theme.ColorNameShadow:              p.shadow,
		theme.ColorNameSuccess:             p.success,
		theme.ColorNameWarning:             p.warning,
		ColorSurface:                       p.surface,
		ColorMuted:                         p.muted,
		ColorHairline:                      p.hairline,
		ColorFieldBorder:                   p.fieldBorder,
		ColorTint:                          p.tint,
		ColorSuccessTint:                   p.successTint,
		ColorWarningTint:                   p.warningTint,
		ColorDangerTint:                    p.dangerTint,
		ColorNavigation:                    p.navigation,
		ColorNavigationText:                p.navigationText,
		ColorNavigationChosen:              p.navigationChosen,
		ColorNavigationOn:                  p.navigationOn,
	}
}

var lightColors, darkColors = colors(&lightPalette), colors(&darkPalette)

func colors(p *palette) map[fyne.ThemeColorName]color.Color {
	m := make(map[fyne.ThemeColorName]color.Color)
	for name, hex := range p.names() {
		m[name] = parseColor(hex)
	}
	m[colorTransparent] = color.Transparent // itself: only this Fyne does not draw at all
	return m
}

// parseColor reads #RRGGBB or #RRGGBBAA.
func parseColor(hex string) color.NRGBA {
	digit := func(i int) uint8 {
		c := hex[i]
		if c >= 'A' {
			return c - 'A' + 10
		}
		return c - '0'
	}
	pair := func(i int) uint8 { return digit(i)<<4 | digit(i+1) }
	c := color.NRGBA{R: pair(1), G: pair(3), B: pair(5), A: 0xff}
	if len(hex) == 9 {
		c.A = pair(7)
	}
	return c
}

// Color returns a colour of the design, or Fyne's own where the design has none.
func (t *Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	switch t.Appearance() {
	case AppearanceLight:
		variant = theme.VariantLight
	case AppearanceDark:
		variant = theme.VariantDark
	}
	m := lightColors
	if variant == theme.VariantDark {
		m = darkColors
	}
	if c, ok := m[name]; ok {
		return c
	}
	return t.Theme.Color(name, variant)
}

// Size returns a size of the design; text and icons grow with the scale.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case SizeBody:
		return 14 * t.Scale()
	case SizeSmall:
		return 12.5 * t.Scale()
	case SizeSection:
		return 16 * t.Scale()
	case SizeTitle:
		return 24 * t.Scale()
	case SizeVerdict:
		return 34 * t.Scale()
	case theme.SizeNameInlineIcon:
		return 20 * t.Scale()
	case theme.SizeNameInputRadius:
		return 6
	case theme.SizeNameButtonRadius:
		return 7
	case theme.SizeNameCardRadius, theme.SizeNameDialogRadius:
		return 10
	case theme.SizeNamePopupRadius, theme.SizeNameMenuRadius:
		return 6
	case theme.SizeNameScrollBar:
		return 10
	}
	return t.Theme.Size(name)
}

// TextScale returns the scale of the theme in use: layouts choose with it
// between one and two columns.
func TextScale() float32 {
	return theme.Size(SizeBody) / 14
}

func textColor(name fyne.ThemeColorName) color.Color {
	if name == "" {
		name = ColorText
	}
	return theme.Color(name)
}
