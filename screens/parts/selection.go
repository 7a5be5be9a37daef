package parts

import (
	"slices"
	"sort"
	"strings"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Selectable lets people select the text and copy it: with the mouse, or with
// Ctrl+A and Ctrl+C once it was clicked.
func (t *Text) Selectable() *Text {
	if t.selection == nil {
		t.selection = &selection{text: t}
		t.selection.ExtendBaseWidget(t.selection)
		t.Refresh()
	}
	return t
}

// SelectableSecret is Selectable for a secret: copy takes what is copied of it.
func (t *Text) SelectableSecret(copy func(secret string)) *Text {
	t.Selectable()
	t.selection.copySecret = copy
	return t
}

// selection lies under a text and marks what is selected of it. It takes the
// keyboard by a click only: for Tab it is disabled until then, which is Fyne's
// way to have a text selected that cannot be changed.
type selection struct {
	widget.BaseWidget
	text     *Text
	from, to int // characters of the text
	focused  bool
	doubled  time.Time // the last double click
	// copySecret takes what is copied; nil: the clipboard does.
	copySecret func(string)
}

// SelectedText returns what is selected.
func (s *selection) SelectedText() string {
	runes := []rune(s.text.String())
	from, to := min(s.from, s.to), max(s.from, s.to)
	return string(runes[min(from, len(runes)):min(to, len(runes))])
}

func (s *selection) set(from, to int) {
	s.from, s.to = from, to
	s.Refresh()
}

func (s *selection) all() { s.set(0, len([]rune(s.text.String()))) }

func (s *selection) copy(to fyne.Clipboard) {
	switch text := s.SelectedText(); {
	case text == "":
	case s.copySecret != nil:
		s.copySecret(text)
	default:
		to.SetContent(text)
	}
}

// MouseDown begins a selection, goes on with the one of before with Shift, and
// selects everything at the third click.
func (s *selection) MouseDown(m *desktop.MouseEvent) {
	Focus(s)
	if m.Button != desktop.MouseButtonPrimary {
		return
	}
	at := s.at(m.Position)
	switch {
	case time.Since(s.doubled) < fyne.CurrentApp().Driver().DoubleTapDelay():
		s.all()
	case m.Modifier&fyne.KeyModifierShift != 0:
		s.set(s.from, at)
	default:
		s.set(at, at)
	}
}

// MouseUp does nothing.
func (s *selection) MouseUp(*desktop.MouseEvent) {}

// Dragged selects up to where the mouse is.
func (s *selection) Dragged(d *fyne.DragEvent) { s.set(s.from, s.at(d.Position)) }

// DragEnd does nothing.
func (s *selection) DragEnd() {}

// DoubleTapped selects a word; numbers, codes and addresses are words.
func (s *selection) DoubleTapped(p *fyne.PointEvent) {
	s.doubled = time.Now()
	runes := []rune(s.text.String())
	from := min(s.at(p.Position), len(runes))
	to := from
	for from > 0 && !unicode.IsSpace(runes[from-1]) {
		from--
	}
	for to < len(runes) && !unicode.IsSpace(runes[to]) {
		to++
	}
	const around = ".,;:!?()[]“”«»\"'"
	for from < to && strings.ContainsRune(around, runes[from]) {
		from++
	}
	for to > from && strings.ContainsRune(around, runes[to-1]) {
		to--
	}
	s.set(from, to)
}

// TappedSecondary offers to copy.
func (s *selection) TappedSecondary(p *fyne.PointEvent) {
	c := CanvasOf(s)
	if c == nil {
		return
	}
	if s.from == s.to {
		s.all()
	}
	menu := fyne.NewMenu("",
		fyne.NewMenuItem(lang.L("Copy"), func() { s.copy(fyne.CurrentApp().Clipboard()) }),
		fyne.NewMenuItem(lang.L("Select all"), s.all))
	widget.ShowPopUpMenuAtPosition(menu, c, p.AbsolutePosition)
}

// Cursor is the one of texts.
func (s *selection) Cursor() desktop.Cursor { return desktop.TextCursor }

// Disabled has Tab pass by until the text is clicked.
func (s *selection) Disabled() bool { return !s.focused }

// Enable does nothing.
func (s *selection) Enable() {}

// Disable does nothing.
func (s *selection) Disable() {}

func (s *selection) FocusGained() { s.focused = true; s.Refresh() }
func (s *selection) FocusLost()   { s.focused = false; s.Refresh() }

func (s *selection) TypedRune(rune) {}

func (s *selection) TypedKey(key *fyne.KeyEvent) { forwardKey(s, key) }

// TypedShortcut hears Ctrl+A and Ctrl+C, and gives the window its own.
func (s *selection) TypedShortcut(shortcut fyne.Shortcut) {
	switch shortcut := shortcut.(type) {
	case *fyne.ShortcutSelectAll:
		s.all()
	case *fyne.ShortcutCopy:
		s.copy(shortcut.Clipboard)
	case *desktop.CustomShortcut:
		if shortcut.Modifier == fyne.KeyModifierShortcutDefault {
			Shortcut(fyne.CurrentApp().Driver().CanvasForObject(s), shortcut.KeyName)
		}
	}
}

// shownLine is a line on the screen and which characters of the text it has.
type shownLine struct {
	textLine
	x          float32 // physical: its left end
	fromRight  bool    // its words are written from the right
	start, end int
}

// shown are the lines with their place in the text. What breaking took away,
// such as the space at the end of a line, belongs to none.
func (s *selection) shown() []shownLine {
	t := s.text
	whole := []rune(t.String())
	var out []shownLine
	at := 0
	for _, l := range t.lines(t.width) {
		var b strings.Builder
		for _, r := range l.runs {
			b.WriteString(r.text)
		}
		runes := []rune(b.String())
		for at < len(whole) && len(runes) > 0 && whole[at] != runes[0] && unicode.IsSpace(whole[at]) {
			at++
		}
		end := min(at+len(runes), len(whole))
		out = append(out, shownLine{
			textLine: l, x: fromLeft(t.lineStart(l, t.width), l.width, t.width), fromRight: beginsRight(runes), start: at, end: end,
		})
		at = end
	}
	if n := len(out); n > 0 {
		out[n-1].end = len(whole) // behind the ellipsis is the rest
	}
	return out
}

// at returns the character in the text that begins nearest to a place.
func (s *selection) at(p fyne.Position) int {
	lines := s.shown()
	if len(lines) == 0 {
		return 0
	}
	row := min(max(int(p.Y/s.text.lineHeight()), 0), len(lines)-1)
	line := lines[row]
	count := line.end - line.start
	along := p.X - line.x
	if line.fromRight {
		along = line.width - along
	}
	if along >= line.width {
		return line.end
	}
	return line.start + sort.Search(count, func(i int) bool {
		return along < (s.along(&line, i)+s.along(&line, i+1))/2
	})
}

// beginsRight tells whether a line is written from the right, as its first letter is
// (UAX #9, P2).
func beginsRight(line []rune) bool {
	first := slices.IndexFunc(line, unicode.IsLetter)
	return first >= 0 && unicode.In(line[first], unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko)
}

// along is how far from its beginning the first n characters of a line end.
func (s *selection) along(line *shownLine, n int) float32 {
	var x float32
	for _, r := range line.runs {
		runes := []rune(r.text)
		if n < len(runes) {
			return x + s.text.measure(s.text.spans[r.span], string(runes[:n])).Width
		}
		n -= len(runes)
		x += r.width
	}
	return x
}

// areas are what is marked, one for each line.
func (s *selection) areas() []*canvas.Rectangle {
	from, to := min(s.from, s.to), max(s.from, s.to)
	if from == to {
		return nil
	}
	var out []*canvas.Rectangle
	height := s.text.lineHeight()
	for row, line := range s.shown() {
		begin, end := max(from, line.start), min(to, line.end)
		if begin >= end {
			continue
		}
		from, to := s.along(&line, begin-line.start), s.along(&line, end-line.start)
		if line.fromRight {
			from, to = line.width-to, line.width-from
		}
		mark := canvas.NewRectangle(theme.Color(theme.ColorNameSelection))
		mark.Move(fyne.NewPos(line.x+from, float32(row)*height)) // physical: from the left of the line
		mark.Resize(fyne.NewSize(to-from, height))
		out = append(out, mark)
	}
	return out
}

func (s *selection) CreateRenderer() fyne.WidgetRenderer { return &selectionRenderer{selection: s} }

type selectionRenderer struct {
	selection *selection
	objects   []fyne.CanvasObject
}

func (r *selectionRenderer) Destroy()                     {}
func (r *selectionRenderer) Layout(fyne.Size)             {}
func (r *selectionRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *selectionRenderer) Objects() []fyne.CanvasObject { return r.objects }

func (r *selectionRenderer) Refresh() {
	r.objects = nil
	if r.selection.focused {
		for _, mark := range r.selection.areas() {
			r.objects = append(r.objects, mark)
		}
	}
	canvas.Refresh(r.selection)
}

var (
	_ fyne.Focusable         = (*selection)(nil)
	_ fyne.Disableable       = (*selection)(nil)
	_ fyne.Draggable         = (*selection)(nil)
	_ fyne.DoubleTappable    = (*selection)(nil)
	_ fyne.SecondaryTappable = (*selection)(nil)
	_ desktop.Mouseable      = (*selection)(nil)
)
