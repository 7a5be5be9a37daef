package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func mirror(t *testing.T) {
	t.Helper()
	SetMirrored(true)
	t.Cleanup(func() { SetMirrored(false) })
}

// TestMirrored_leftLeadsOn: the arrow keys lead where they point.
func TestMirrored_leftLeadsOn(t *testing.T) {
	setUp(t, 1)
	mirror(t)
	tabs := NewTabs("t", Tab{ID: "a", Text: "A", Content: Space(1)}, Tab{ID: "b", Text: "B", Content: Space(1)})
	head := NewTableHead("h", []ColumnWidth{{Min: 10}, {Min: 10}}, []string{"a", "b"}, nil)
	head.Set(0, "A", Unsorted, true)
	head.Set(1, "B", Unsorted, true)
	radios := NewRadios("r", []Item{{ID: "a", Text: "A"}, {ID: "b", Text: "B"}})
	radios.Set("a")
	w := test.NewTempWindow(t, Stack(0, tabs.Heads(), head, radios))
	w.Resize(fyne.NewSize(400, 300))
	press := func(o fyne.Focusable, key fyne.KeyName) { o.TypedKey(&fyne.KeyEvent{Name: key}) }

	press(tabs.heads[0], fyne.KeyRight)
	if tabs.Chosen() != 0 {
		t.Error("Right leads from the first tab to the second, which is at its left")
	}
	press(tabs.heads[0], fyne.KeyLeft)
	if tabs.Chosen() != 1 {
		t.Error("Left does not lead to the tab at the left")
	}
	press(head.heads[0], fyne.KeyLeft)
	if w.Canvas().Focused() != fyne.Focusable(head.heads[1]) {
		t.Error("Left does not lead to the column at the left")
	}
	press(radios, fyne.KeyLeft)
	if radios.Chosen() != "b" {
		t.Error("Left does not choose the next one")
	}
}

// TestMirrored_mouseIsWhereThingsAre: a click is about what is seen under it.
func TestMirrored_mouseIsWhereThingsAre(t *testing.T) {
	l, marked := markedRows(t, 3)
	mirror(t)
	l.Refresh()
	frame := l.shown[1]
	frame.Tapped(&fyne.PointEvent{Position: fyne.NewPos(5, 5)})
	if got := marked(); got != "[]" {
		t.Errorf("a click at the left marks %s", got)
	}
	frame.Tapped(&fyne.PointEvent{Position: fyne.NewPos(frame.Size().Width-rowPadSide-2, 5)})
	if got := marked(); got != "[1]" {
		t.Errorf("a click on the box at the right marks %s", got)
	}

	for text, from := range map[string]struct {
		x    func(t *Text) float32
		name string
	}{
		"ابتثج": {func(t *Text) float32 { return t.Size().Width - 1 }, "right"},
		"ABCDE": {func(t *Text) float32 { return t.Size().Width - t.Natural().Width }, "left"},
	} {
		body := Body(text)
		_, s := selectable(t, body, 400)
		s.press(fyne.NewPos(from.x(body), 4), false)
		s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(from.x(body), 4)}})
		if s.from != 0 {
			t.Errorf("%s: a click at its %s is before character %d", text, from.name, s.from)
		}
		s.all()
		mark := s.areas()[0]
		if end := mark.Position().X + mark.Size().Width; end < body.Size().Width-2 {
			t.Errorf("%s: the mark ends at %v, not at the right of %v", text, end, body.Size().Width)
		}
	}
}

// TestMirrored_inputBeginsAtTheRight, also after its text has changed; a click finds the
// character under it.
func TestMirrored_inputBeginsAtTheRight(t *testing.T) {
	setUp(t, 1)
	mirror(t)
	e := NewEntry("e")
	w := test.NewTempWindow(t, Stack(0, e))
	w.Resize(fyne.NewSize(400, 100))
	for _, text := range []string{"ann", "ann@example.org"} {
		e.SetText("")
		w.Canvas().Focus(e)
		test.Type(e, text)
		r := test.WidgetRenderer(e).(*entryRenderer)
		if end := r.text.Position().X + r.text.Size().Width; end != e.Size().Width-entryInset || r.text.Size().Width > e.Size().Width/2 {
			t.Errorf("%q stands from %v to %v in %v", text, r.text.Position().X, end, e.Size().Width)
		}
		e.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(r.text.Position().X+8, 10)}, Button: desktop.MouseButtonPrimary})
		if e.CursorColumn != 0 {
			t.Errorf("a click before %q is before character %d", text, e.CursorColumn)
		}
	}
}
