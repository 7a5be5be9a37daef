package parts

import (
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

const longName = "Telecommunications Regulatory Authority of a Country Whose Name Is Long Enough to Fill All of the Hundred and Eighteen"

// setUp starts an app with Plenary's theme.
func setUp(t testing.TB, scale float32) {
	t.Helper()
	test.NewTempApp(t)
	fyne.CurrentApp().Settings().SetTheme(NewTheme(AppearanceLight, scale))
}

func rowsOf(t *Text, width float32) []string {
	var out []string
	for _, l := range t.lines(width) {
		var b strings.Builder
		for _, r := range l.runs {
			b.WriteString(r.text)
		}
		out = append(out, b.String())
	}
	return out
}

func TestText_neverWiderThanItsPlace(t *testing.T) {
	texts := []string{
		longName, "الهيئة القومية لتنظيم الاتصالات في جمهورية مصر العربية", "中华人民共和国工业和信息化部无线电管理局国际电信联盟事务办公室",
		"Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "", "a\n\nb", "   ",
	}
	for _, scale := range []float32{0.8, 1, 2} {
		setUp(t, scale)
		for _, text := range texts {
			for _, width := range []float32{40, 90, 300} {
				for _, o := range []Overflow{Wrap, Ellipsis} {
					x := Body(text).WithOverflow(o)
					for _, l := range x.lines(width) {
						if l.width > width+1 {
							t.Errorf("scale %v width %v: %q is %v wide", scale, width, text, l.width)
						}
					}
					if m := x.MinSize(); m.Width > minTextWidth {
						t.Errorf("%q demands a width of %v", text, m.Width)
					}
				}
			}
		}
	}
}

func TestText_wrapsAtWordsAndLosesNothing(t *testing.T) {
	setUp(t, 1)
	rows := rowsOf(Body(longName), 200)
	if len(rows) < 3 {
		t.Fatalf("not wrapped: %q", rows)
	}
	if got := strings.Join(rows, " "); got != longName {
		t.Errorf("got %q", got)
	}
	if got := strings.Join(rowsOf(Body("中华人民共和国工业和信息化部"), 60), ""); got != "中华人民共和国工业和信息化部" {
		t.Errorf("got %q", got)
	}
}

func TestText_keepsAWordOfSeveralStylesTogether(t *testing.T) {
	setUp(t, 1)
	x := NewText(Span{Text: "click on “"}, Span{Text: "Forgot", OnTapped: func() {}}, Span{Text: "”"})
	width := x.measure(Span{}, "click on “Fo").Width
	rows := rowsOf(x, width)
	if len(rows) != 2 || rows[0] != "click on" || rows[1] != "“Forgot”" {
		t.Errorf("got %q", rows)
	}
}

// Most texts take one line, which is found out without looking at their words.
func TestText_oneLineIsAsByItsWords(t *testing.T) {
	link := func() {}
	texts := [][]Span{
		{{Text: longName}},
		{{Text: "Title"}},
		{{Text: ""}},
		{{Text: "   "}},
		{{Text: "ends in spaces  "}},
		{{Text: "a\nb"}},
		{{Text: "AV To. Wa V. AVAVAV T. ", Bold: true}, {Text: "*", Color: ColorDanger}},
		{{Text: ""}, {Text: "x"}},
		{{Text: "click on “"}, {Text: "Forgot", OnTapped: link}, {Text: "”, not"}},
		{{Text: "الهيئة القومية لتنظيم الاتصالات"}},
		{{Text: "中华人民共和国工业和信息化部"}},
		{{Text: "Prénom :\u00a0Élodie"}},
	}
	oneLine := 0
	for _, scale := range []float32{0.8, 1, 1.3, 2} {
		setUp(t, scale)
		for _, spans := range texts {
			for _, overflow := range []Overflow{Wrap, Ellipsis, Whole} {
				x := NewText(spans...).WithOverflow(overflow)
				for width := float32(20); width < 2000; width *= 1.07 {
					if !x.isOneLine(width) {
						continue
					}
					oneLine++
					at := breaker{text: x, width: width + 0.5}
					at.addWhole()
					byWords := breaker{text: x, width: width + 0.5}
					byWords.addWords()
					// Where a font is missing, words are much wider than the text is that is drawn.
					fits := len(at.done) == 1 && at.done[0].width <= width
					if !reflect.DeepEqual(at.done, byWords.done) && (len(byWords.done) == 1 || !fits) {
						t.Fatalf("%v in %v: %v, by its words %v", spans, width, at.done, byWords.done)
					}
				}
			}
		}
	}
	if oneLine == 0 {
		t.Error("none is known to take one line")
	}
}

func TestText_isMeasuredAnewWithOtherWordsOrSize(t *testing.T) {
	setUp(t, 1)
	x := Body("Title")
	short := x.Natural()
	x.SetText(longName)
	long := x.Natural()
	fyne.CurrentApp().Settings().Theme().(*Theme).Become(NewTheme(AppearanceLight, 2))
	large := x.Natural()
	if long.Width <= short.Width || large.Width <= long.Width || large.Height <= long.Height || x.HeightFor(20000) != large.Height {
		t.Errorf("%v, with more words %v, at 200 %% %v", short, long, large)
	}
}

func TestText_ellipsis(t *testing.T) {
	setUp(t, 1)
	rows := rowsOf(Body(longName).WithOverflow(Ellipsis), 200)
	if len(rows) != 1 || !strings.HasSuffix(rows[0], "…") || !strings.HasPrefix(longName, strings.TrimSuffix(rows[0], "…")) {
		t.Errorf("got %q", rows)
	}
	if rows := rowsOf(Body("short").WithOverflow(Ellipsis), 200); rows[0] != "short" {
		t.Errorf("got %q", rows)
	}
}

func TestText_heightFollowsTheWidth(t *testing.T) {
	setUp(t, 1)
	x := Body(longName)
	wide, narrow := x.HeightFor(2000), x.HeightFor(120)
	if narrow < 4*wide {
		t.Errorf("%v at 2000, %v at 120", wide, narrow)
	}
	x.Resize(fyne.NewSize(120, narrow))
	if x.MinSize().Height != narrow {
		t.Errorf("asks for %v, was laid out with %v", x.MinSize().Height, narrow)
	}
}

func TestText_linksAreFollowedByKeyboardAndMouse(t *testing.T) {
	setUp(t, 1)
	followed := 0
	x := NewText(Span{Text: "Check the "}, Span{Text: "FAQ", ID: "a.faq", OnTapped: func() { followed++ }}, Span{Text: "."})
	w := test.NewTempWindow(t, x)
	w.Resize(fyne.NewSize(300, 100))
	w.Canvas().FocusNext()
	l, ok := w.Canvas().Focused().(*link)
	if !ok || l.WidgetID() != "a.faq" {
		t.Fatalf("%T has the focus", w.Canvas().Focused())
	}
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		l.TypedKey(&fyne.KeyEvent{Name: k})
	}
	test.Tap(l)
	if followed != 4 {
		t.Errorf("followed %d times", followed)
	}
}

func TestText_aLinkOfSeveralLinesIsOneStop(t *testing.T) {
	setUp(t, 1)
	x := NewText(Span{Text: longName, ID: "a.long", OnTapped: func() {}})
	w := test.NewTempWindow(t, x)
	w.Resize(fyne.NewSize(200, 300))
	w.Canvas().FocusNext()
	first := w.Canvas().Focused()
	w.Canvas().FocusNext()
	if w.Canvas().Focused() != first {
		t.Error("a second line takes the focus")
	}
}
