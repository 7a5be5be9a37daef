package parts

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Overflow says what a text does that is longer than its place.
type Overflow int

// The three ways: take the room, break into lines, or end in an ellipsis.
const (
	Wrap Overflow = iota
	Ellipsis
	Whole
)

// Span is a piece of text in one style. A span with OnTapped is a link:
// underlined, reachable with Tab, followed with Enter.
type Span struct {
	Text     string
	Bold     bool
	Color    fyne.ThemeColorName // text colour when empty
	OnTapped func()
	ID       ID   // of a link
	Plain    bool // a link that stands alone needs no underline
}

// Text shows spans in one size, without padding of its own.
type Text struct {
	widget.BaseWidget
	ID

	spans    []Span
	links    []*link // by span; nil where the span is no link
	size     fyne.ThemeSizeName
	align    fyne.TextAlign
	overflow Overflow
	width    float32

	selection *selection // nil where it cannot be selected
	cachedKey lineKey
	cached    []textLine
	whole     wholeText
}

// wholeText is what layouts ask of a text again and again: its size without any break but
// its own, and the height of its lines.
type wholeText struct {
	size    float32 // of the text, 0 while nothing is known
	natural fyne.Size
	line    float32
}

type lineKey struct {
	width, size float32
}

// NewText returns a text in the body size that wraps.
func NewText(spans ...Span) *Text {
	t := &Text{size: SizeBody}
	t.ExtendBaseWidget(t)
	t.replace(spans) // it is nowhere yet
	return t
}

// Body returns a wrapping text in the text colour.
func Body(text string) *Text { return NewText(Span{Text: text}) }

// Bold returns a wrapping text in bold.
func Bold(text string) *Text { return NewText(Span{Text: text, Bold: true}) }

// Muted returns a wrapping text in the muted colour.
func Muted(text string) *Text { return NewText(Span{Text: text, Color: ColorMuted}) }

// Small returns a small wrapping text in the muted colour.
func Small(text string) *Text { return Muted(text).WithSize(SizeSmall) }

// Section returns a section's heading.
func Section(text string) *Text { return Bold(text).WithSize(SizeSection) }

// WithSize sets the size of the text.
func (t *Text) WithSize(size fyne.ThemeSizeName) *Text {
	if t.size != size {
		t.size = size
		t.Refresh()
	}
	return t
}

// WithAlign sets the alignment of its lines.
func (t *Text) WithAlign(align fyne.TextAlign) *Text {
	t.align = align
	return t
}

// WithOverflow sets what it does when it is too long.
func (t *Text) WithOverflow(o Overflow) *Text {
	if t.overflow != o {
		t.overflow, t.cached = o, nil
	}
	return t
}

// WithID names the text.
func (t *Text) WithID(id ID) *Text {
	t.ID = id
	return t
}

// String returns what stands there.
func (t *Text) String() string {
	var b strings.Builder
	for _, s := range t.spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// SetText replaces everything by one text in the style of the first span.
func (t *Text) SetText(text string) {
	s := Span{}
	if len(t.spans) > 0 {
		s = t.spans[0]
	}
	if s.Text == text && len(t.spans) == 1 {
		return
	}
	s.Text = text
	t.SetSpans(s)
}

// SetSpans replaces the text.
func (t *Text) SetSpans(spans ...Span) {
	same := func(a, b Span) bool {
		return a.Text == b.Text && a.Bold == b.Bold && a.Color == b.Color && a.OnTapped == nil && b.OnTapped == nil
	}
	if slices.EqualFunc(t.spans, spans, same) {
		return
	}
	t.replace(spans)
	Changed(t)
}

// replace is SetSpans for a text whose place does not depend on it.
func (t *Text) replace(spans []Span) {
	if t.selection != nil {
		t.selection.from, t.selection.to = 0, 0
	}
	t.spans = spans
	t.links = make([]*link, len(spans))
	for i, s := range spans {
		if s.OnTapped != nil {
			t.links[i] = newLink(s, t)
		}
	}
	t.cached, t.whole = nil, wholeText{}
	t.Refresh()
}

func (t *Text) textSize() float32 { return theme.Size(t.size) }

func (t *Text) measure(s Span, text string) fyne.Size {
	return fyne.MeasureText(text, t.textSize(), fyne.TextStyle{Bold: s.Bold})
}

func (t *Text) lineHeight() float32 { return t.measured().line }

// HeightFor returns the height of the wrapped text at a width.
func (t *Text) HeightFor(width float32) float32 {
	if t.overflow != Wrap {
		return t.lineHeight()
	}
	return float32(max(len(t.lines(width)), 1)) * t.lineHeight()
}

// Natural returns the size of the text without any break but its own.
func (t *Text) Natural() fyne.Size { return t.measured().natural }

func (t *Text) measured() wholeText {
	if size := t.textSize(); t.whole.size != size {
		line := fyne.MeasureText("Mg", size, fyne.TextStyle{}).Height
		t.whole = wholeText{size: size, natural: t.measureWhole(line), line: line}
	}
	return t.whole
}

func (t *Text) measureWhole(line float32) fyne.Size {
	var w, widest float32
	rows := 1
	for _, s := range t.spans {
		for i, part := range strings.Split(s.Text, "\n") {
			if i > 0 {
				widest, w = max(widest, w), 0
				rows++
			}
			w += t.measure(s, part).Width
		}
	}
	return fyne.NewSize(max(widest, w)+1, float32(rows)*line)
}

// minTextWidth is what a text that may wrap or end early never goes below.
const minTextWidth = 24

func (t *Text) narrowest() float32 {
	if w := t.Natural().Width; t.overflow == Whole {
		return w
	} else {
		return min(w, minTextWidth)
	}
}

// MinSize returns the smallest size at the width it was last given.
func (t *Text) MinSize() fyne.Size {
	n := t.Natural()
	switch {
	case t.overflow == Whole:
		return n
	case t.width == 0:
		return fyne.NewSize(min(n.Width, minTextWidth), n.Height)
	}
	return fyne.NewSize(min(n.Width, minTextWidth), t.HeightFor(t.width))
}

// CreateRenderer is Fyne's way to ask how the text is drawn.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	r := &textRenderer{text: t}
	r.Layout(t.Size())
	return r
}

// drawnLines is what the objects of a text depend on.
type drawnLines struct {
	lineKey
	mirrored bool
}

type textRenderer struct {
	text    *Text
	objects []fyne.CanvasObject
	drawn   drawnLines // what objects were made for; none after Refresh
}

func (r *textRenderer) Destroy() {}

func (r *textRenderer) MinSize() fyne.Size { return r.text.MinSize() }

func (r *textRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *textRenderer) Refresh() {
	r.drawn = drawnLines{}
	r.Layout(r.text.Size())
	canvas.Refresh(r.text)
}

func (r *textRenderer) Layout(size fyne.Size) {
	t := r.text
	t.width = size.Width
	key := drawnLines{lineKey{size.Width, t.textSize()}, mirrored}
	if size.Width <= 0 || key == r.drawn {
		return // new objects would have Fyne lay out and draw the window again, and again
	}
	r.drawn = key
	r.objects = r.objects[:0]
	if t.selection != nil {
		t.selection.Resize(size)
		t.selection.Refresh()
		r.objects = append(r.objects, t.selection)
	}
	height := t.lineHeight()
	used := map[*link]bool{}
	for row, line := range t.lines(size.Width) {
		x := t.lineStart(line, size.Width)
		for _, run := range line.runs {
			span := t.spans[run.span]
			var o fyne.CanvasObject
			if l := t.links[run.span]; l != nil {
				o = l.fragment(run.text, !used[l], t.textSize())
				used[l] = true
			} else {
				c := canvas.NewText(run.text, textColor(span.Color))
				c.TextSize = t.textSize()
				c.TextStyle = fyne.TextStyle{Bold: span.Bold}
				o = c
			}
			Put(o, fyne.NewPos(x, float32(row)*height), fyne.NewSize(run.width, height), size.Width)
			r.objects = append(r.objects, o)
			x += run.width
		}
	}
}

// lineStart is where a line begins in a place of a width.
func (t *Text) lineStart(line textLine, width float32) float32 {
	switch t.align {
	case fyne.TextAlignCenter:
		return max((width-line.width)/2, 0)
	case fyne.TextAlignTrailing:
		return max(width-line.width, 0)
	}
	return 0
}
