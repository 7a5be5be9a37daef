// Package screentest is what tests of screens share: an environment whose time stands
// still, windows, ways to find, click and type what is on the screen, pictures, and
// services in memory. Nothing but tests may import it (rules/imports_test.go).
package screentest

import (
	"context"
	"image"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/words"
)

// Now is when tests take place.
var Now = time.Date(2026, 11, 22, 9, 14, 0, 0, time.UTC)

// testApp is a Fyne app for one test. What was parsed of the fonts and measured of the
// texts is kept from test to test, which took half of the time: Fyne's own test app
// forgets it at its beginning, and with each change of its theme.
type testApp struct {
	fyne.App
	driver    fyne.Driver
	clipboard fyne.Clipboard
	settings  *testSettings
}

func (a *testApp) Driver() fyne.Driver                { return a.driver }
func (a *testApp) NewWindow(title string) fyne.Window { return a.driver.CreateWindow(title) }
func (a *testApp) Clipboard() fyne.Clipboard          { return a.clipboard }
func (a *testApp) Settings() fyne.Settings            { return a.settings }

// testSettings change the theme, and leave it to the program to lay out what it shows.
type testSettings struct {
	fyne.Settings
	theme     fyne.Theme
	listeners []func(fyne.Settings)
}

func (s *testSettings) Theme() fyne.Theme                   { return s.theme }
func (s *testSettings) AddListener(f func(s fyne.Settings)) { s.listeners = append(s.listeners, f) }

func (s *testSettings) SetTheme(theme fyne.Theme) {
	s.theme = theme
	for _, f := range s.listeners {
		f(s)
	}
}

// fyneApp is what all test apps have in common.
var fyneApp = test.NewApp()

// NewApp begins a test's app.
func NewApp(t testing.TB) {
	t.Helper()
	fyneApp.Preferences().(interface {
		WriteValues(func(map[string]any))
	}).WriteValues(func(values map[string]any) { clear(values) })
	fyne.SetCurrentApp(&testApp{
		App: fyneApp, driver: test.NewDriver(), clipboard: test.NewClipboard(),
		settings: &testSettings{Settings: fyneApp.Settings(), theme: parts.NewTheme(parts.AppearanceLight, 1)},
	})
}

// NewEnv is an environment whose work is done at once and whose time stands still.
func NewEnv(t testing.TB) kit.Env {
	t.Helper()
	NewApp(t)
	kit.TellParts(words.For("en"))
	return kit.Env{
		Words: words.For("en"),
		Run:   Synchronous{},
		Sleep: func(context.Context, time.Duration) {},
		Now:   func() time.Time { return Now },
		Clock: func() time.Time { return Now },
		Info: api.ServiceInfo{
			Organization: "example.int", ServiceDesk: "servicedesk@example.int", FAQ: "https://example.int/faq",
			Terms: "https://example.int/terms", Privacy: "https://example.int/privacy", Policy: "classic",
			Languages: []string{"en", "fr"},
		},
		Explain: app.Explain, Clipboard: fyne.CurrentApp().Clipboard(), Copied: &kit.Copied{},
		OpenURL: func(*url.URL) error { return nil }, TellSupport: func() {}, Speak: func(string) {}, Enlarge: func(int) {}, Decisions: &kit.Decisions{Late: func(error) {}},
	}
}

// Show puts a screen into a window.
func Show(t testing.TB, o fyne.CanvasObject, width, height float32) fyne.Window {
	t.Helper()
	w := test.NewTempWindow(t, parts.Root(o))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, height))
	Settle(w)
	t.Cleanup(func() {
		CheckSpoken(t, w)
		CheckMirrored(t, w)
	})
	return w
}

// Settle lays a window out as Fyne's own driver does before each frame.
func Settle(w fyne.Window) {
	for range 3 {
		settleObject(w.Content())
	}
}

func settleObject(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *container.Scroll:
		o.Content.Resize(o.Content.MinSize().Max(o.Size()))
		settleObject(o.Content)
	case *fyne.Container:
		if o.Layout != nil {
			o.Layout.Layout(o.Objects, o.Size())
		}
		for _, child := range o.Objects {
			settleObject(child)
		}
	case fyne.Widget:
		r := test.WidgetRenderer(o)
		r.Layout(o.Size())
		for _, child := range r.Objects() {
			settleObject(child)
		}
	}
}

// withinEdges checks that no text goes beyond the window's left and right
// edges; the text in an input may be longer than the input.
func withinEdges(t *testing.T, o fyne.CanvasObject, x, width float32) {
	t.Helper()
	if !o.Visible() {
		return
	}
	x += o.Position().X
	switch o := o.(type) {
	case *parts.Entry:
	case *canvas.Text:
		if x < -1 || x+o.MinSize().Width > width+1 {
			t.Errorf("%q goes from %v to %v, the window from 0 to %v", o.Text, x, x+o.MinSize().Width, width)
		}
	case *container.Scroll:
		withinEdges(t, o.Content, x-o.Offset.X, width)
	case *fyne.Container:
		for _, child := range o.Objects {
			withinEdges(t, child, x, width)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			withinEdges(t, child, x, width)
		}
	}
}

// Shot is one picture of a screen.
type Shot struct {
	Name          string
	appearance    parts.Appearance
	scale         float32
	width, height float32
	lang          string // "ar" for words.Pseudo
}

var Shots = []Shot{
	{"light", parts.AppearanceLight, 1, 1100, 740, "en"},
	{"dark", parts.AppearanceDark, 1, 1024, 700, "en"},
	{"small", parts.AppearanceLight, 1, 900, 500, "en"},
	{"large", parts.AppearanceLight, 2, 1100, 740, "en"},
	{"largest", parts.AppearanceDark, 2, 900, 500, "fr"},
	{"french", parts.AppearanceLight, 1, 1024, 700, "fr"},
}

// Mirrored is a picture in a language that is written from the right.
var Mirrored = []Shot{
	{"mirrored", parts.AppearanceLight, 1, 1100, 740, "ar"},
	{"mirrored-small", parts.AppearanceDark, 1.3, 700, 500, "ar"},
}

// Capture writes pictures of a screen when PLENARY_SHOTS names a folder, and
// checks in any case that no screen wants more room than the smallest window has.
func Capture(t *testing.T, name string, build func(kit.Env) fyne.CanvasObject, then ...func(fyne.Window)) {
	t.Helper()
	CaptureIn(t, Shots, name, build, then...)
}

// CaptureFew is capture for one more state of a screen: in the usual window,
// dark, and where there is the least room.
func CaptureFew(t *testing.T, name string, build func(kit.Env) fyne.CanvasObject, then ...func(fyne.Window)) {
	t.Helper()
	CaptureIn(t, []Shot{Shots[1], Shots[4]}, name, build, then...)
}

func CaptureIn(t *testing.T, shots []Shot, name string, build func(kit.Env) fyne.CanvasObject, then ...func(fyne.Window)) {
	t.Helper()
	for _, s := range shots {
		t.Run(s.Name, func(t *testing.T) {
			e := NewEnv(t)
			e.Words = words.For(s.lang)
			if s.lang == "ar" {
				e.Words = words.Pseudo()
			}
			kit.TellParts(e.Words)
			fyne.CurrentApp().Settings().SetTheme(parts.NewTheme(s.appearance, s.scale))
			o := build(e)
			w := Show(t, o, s.width, s.height)
			for _, f := range then {
				f(w)
			}
			Settle(w)
			if m := o.MinSize(); m.Width > s.width || m.Height > s.height {
				t.Errorf("%s needs %v, the window has %v x %v", name, m, s.width, s.height)
			}
			withinEdges(t, w.Content(), 0, s.width)
			dir := os.Getenv("PLENARY_SHOTS")
			if dir == "" {
				return
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			f, err := os.Create(filepath.Join(dir, name+"-"+s.Name+".png"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if err := png.Encode(f, Picture(w)); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// Picture is what a window shows.
func Picture(w fyne.Window) image.Image { return w.Canvas().Capture() }
