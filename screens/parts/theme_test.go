package parts

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		x := float64(v) / 0xffff
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// WCAG 2.2, 1.4.3 and 1.4.11.
func TestTheme_contrast(t *testing.T) {
	pairs := []struct {
		ink, ground fyne.ThemeColorName
		least       float64
	}{
		{ColorText, theme.ColorNameBackground, 4.5},
		{ColorText, ColorSurface, 4.5},
		{ColorText, ColorTint, 4.5},
		{ColorMuted, theme.ColorNameBackground, 4.5},
		{ColorMuted, ColorSurface, 4.5},
		{ColorMuted, ColorTint, 4.5},
		{ColorPrimary, theme.ColorNameBackground, 4.5},
		{ColorPrimary, ColorSurface, 4.5},
		{ColorPrimary, ColorTint, 4.5},
		{ColorOnPrimary, ColorPrimary, 4.5},
		{ColorSuccess, ColorSurface, 4.5},
		{ColorSuccess, ColorSuccessTint, 4.5},
		{ColorOnSuccess, ColorSuccess, 4.5},
		{ColorText, ColorSuccessTint, 4.5},
		{ColorWarning, ColorSurface, 4.5},
		{ColorWarning, ColorWarningTint, 4.5},
		{ColorText, ColorWarningTint, 4.5},
		{ColorDanger, theme.ColorNameBackground, 4.5},
		{ColorDanger, ColorSurface, 4.5},
		{ColorDanger, ColorDangerTint, 4.5},
		{ColorText, ColorDangerTint, 4.5},
		{ColorMuted, ColorDangerTint, 4.5},
		{ColorMuted, ColorWarningTint, 4.5},
		{ColorMuted, ColorSuccessTint, 4.5},
		{ColorOnDanger, ColorDanger, 4.5},
		{ColorNavigationText, ColorNavigation, 4.5},
		{ColorNavigationText, ColorNavigationChosen, 4.5},
		{ColorNavigationOn, ColorNavigationChosen, 4.5},
		{ColorFieldBorder, ColorSurface, 3},
		{ColorFieldBorder, theme.ColorNameBackground, 3},
	}
	for _, a := range []Appearance{AppearanceLight, AppearanceDark} {
		th := NewTheme(a, 1)
		for _, p := range pairs {
			got := contrast(th.Color(p.ink, theme.VariantLight), th.Color(p.ground, theme.VariantLight))
			if got < p.least {
				t.Errorf("%s: %s on %s has %.2f:1, wants %.1f:1", a, p.ink, p.ground, got, p.least)
			}
		}
	}
}

func TestTheme_followsTheSystemOnlyWhenAsked(t *testing.T) {
	system, dark := NewTheme(AppearanceSystem, 1), NewTheme(AppearanceDark, 1)
	light := system.Color(ColorSurface, theme.VariantLight)
	if light == system.Color(ColorSurface, theme.VariantDark) {
		t.Error("the system's appearance makes no difference")
	}
	if dark.Color(ColorSurface, theme.VariantLight) == light {
		t.Error("dark is light on a light system")
	}
}

func TestTheme_scale(t *testing.T) {
	for _, c := range []struct{ asked, got float32 }{{1, 1}, {2, 2}, {0.8, 0.8}, {0.1, 0.8}, {9, 2}} {
		th := NewTheme(AppearanceLight, c.asked)
		if th.Scale() != c.got || th.Size(SizeBody) != 14*c.got || th.Size(SizeTitle) != 24*c.got {
			t.Errorf("scale %v: %v, body %v", c.asked, th.Scale(), th.Size(SizeBody))
		}
	}
}

func TestTheme_nothingIsDrawnForTransparent(t *testing.T) {
	for _, a := range []Appearance{AppearanceLight, AppearanceDark} {
		if c := NewTheme(a, 1).Color(colorTransparent, theme.VariantLight); c != color.Transparent {
			t.Errorf("%s: %v, which Fyne draws", a, c)
		}
	}
}
