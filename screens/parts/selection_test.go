package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// selectable shows a text between two buttons.
func selectable(t *testing.T, text *Text, width float32) (fyne.Window, *selection) {
	t.Helper()
	w := test.NewTempWindow(t, Stack(Gap12, NewButton("before", "B", Outlined, nil), text.Selectable(), NewButton("after", "A", Outlined, nil)))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(width, 300))
	return w, text.selection
}

func (s *selection) press(at fyne.Position, shift bool) {
	m := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	m.Position = at
	if shift {
		m.Modifier = fyne.KeyModifierShift
	}
	s.MouseDown(m)
	s.MouseUp(m)
}

func TestSelectable_mouseAndKeyboard(t *testing.T) {
	setUp(t, 1)
	text := Body("Number R-7F3K-92QD, of the meeting.")
	w, s := selectable(t, text, 500)
	mid := s.Size().Height / 2
	at := func(prefix string) fyne.Position {
		return fyne.NewPos(text.measure(Span{}, prefix).Width+1, mid)
	}
	clipboard := test.NewClipboard()
	s.press(at("Number "), false)
	if w.Canvas().Focused() != fyne.Focusable(s) || s.SelectedText() != "" {
		t.Fatalf("a click selects %q", s.SelectedText())
	}
	s.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clipboard})
	if clipboard.Content() != "" {
		t.Errorf("copied %q without a selection", clipboard.Content())
	}
	s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at("Number R-7F")}})
	s.DragEnd()
	if s.SelectedText() != "R-7F" {
		t.Errorf("dragged over %q", s.SelectedText())
	}
	s.press(at("Number"), true)
	if s.SelectedText() != " " {
		t.Errorf("with Shift %q", s.SelectedText())
	}
	s.press(at("Number R-7"), false)
	s.DoubleTapped(&fyne.PointEvent{Position: at("Number R-7")})
	s.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clipboard})
	if clipboard.Content() != "R-7F3K-92QD" {
		t.Errorf("a double click copies %q", clipboard.Content())
	}
	s.press(at("Number R-7"), false) // the third click
	if s.SelectedText() != text.String() {
		t.Errorf("three clicks select %q", s.SelectedText())
	}
	s.press(at(""), false)
	s.TypedShortcut(&fyne.ShortcutSelectAll{})
	s.TypedShortcut(&fyne.ShortcutCopy{Clipboard: clipboard})
	if clipboard.Content() != text.String() {
		t.Errorf("all is %q", clipboard.Content())
	}
}

func TestSelectable_acrossLinesAndStyles(t *testing.T) {
	setUp(t, 1)
	text := NewText(Span{Text: "Somebody whose name is "}, Span{Text: "longer than the line that", Bold: true}, Span{Text: " it has\nand then some"})
	_, s := selectable(t, text, 120)
	lines := text.lines(text.width)
	if len(lines) < 4 {
		t.Fatalf("%d lines", len(lines))
	}
	s.press(fyne.NewPos(0, 1), false)
	s.press(fyne.NewPos(9999, 9999), true)
	if s.SelectedText() != text.String() {
		t.Errorf("from begin to end it is %q", s.SelectedText())
	}
	if n := len(s.areas()); n != len(lines) {
		t.Errorf("%d of %d lines are marked", n, len(lines))
	}
	second := text.lineHeight() * 1.5
	s.press(fyne.NewPos(0, second), false)
	s.press(fyne.NewPos(9999, second), true)
	var want string
	for _, r := range lines[1].runs {
		want += r.text
	}
	if s.SelectedText() != want {
		t.Errorf("the second line is %q, want %q", s.SelectedText(), want)
	}
}

func TestSelectable_whatIsCutIsCopiedWhole(t *testing.T) {
	setUp(t, 1)
	text := Body(longName).WithOverflow(Ellipsis)
	_, s := selectable(t, text, 120)
	s.press(fyne.NewPos(0, 1), false)
	s.press(fyne.NewPos(9999, 1), true)
	if s.SelectedText() != longName {
		t.Errorf("got %q", s.SelectedText())
	}
}

func TestSelectable_isNoStopUnlessItWasClicked(t *testing.T) {
	setUp(t, 1)
	w, s := selectable(t, Body("Some text"), 300)
	focused := func() string {
		if n, ok := w.Canvas().Focused().(interface{ WidgetID() string }); ok {
			return n.WidgetID()
		}
		return ""
	}
	w.Canvas().FocusNext()
	w.Canvas().FocusNext()
	if focused() != "after" {
		t.Errorf("Tab stops at %q", focused())
	}
	s.press(fyne.NewPos(1, 1), false)
	w.Canvas().FocusNext()
	if focused() != "after" {
		t.Errorf("Tab leads from a clicked text to %q", focused())
	}
	s.press(fyne.NewPos(1, 1), false)
	w.Canvas().FocusPrevious()
	if focused() != "before" {
		t.Errorf("Shift+Tab leads from a clicked text to %q", focused())
	}
	heard := false
	w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { heard = true })
	s.TypedKey(key(fyne.KeyEscape))
	if !heard {
		t.Error("the window does not hear Escape")
	}
	pressed := false
	HearShortcuts(w.Canvas(), map[fyne.KeyName]func(){fyne.Key1: func() { pressed = true }})
	s.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.Key1, Modifier: fyne.KeyModifierShortcutDefault})
	if !pressed {
		t.Error("the window does not hear its shortcuts")
	}
}

func TestCopy_copiesAndSaysSo(t *testing.T) {
	setUp(t, 1)
	clipboard := fyne.CurrentApp().Clipboard()
	a := NewCopy("a.copy", Copying{"R-7F3K-92QD", "Copy", "Copied"})
	b := NewCopy("b.copy", Copying{"C-00016342", "Copy", "Copied"})
	w := test.NewTempWindow(t, Stack(Gap12, a, b))
	w.Resize(fyne.NewSize(200, 100))
	width := a.Natural().Width
	test.Tap(a.link)
	if clipboard.Content() != "R-7F3K-92QD" || a.String() != "Copied" || a.Natural().Width != width {
		t.Errorf("%q is in the clipboard, it says %q", clipboard.Content(), a.String())
	}
	w.Canvas().Focus(b.link)
	b.link.TypedKey(key(fyne.KeyReturn))
	if clipboard.Content() != "C-00016342" || a.String() != "Copy" || b.String() != "Copied" {
		t.Errorf("%q is in the clipboard, they say %q and %q", clipboard.Content(), a.String(), b.String())
	}
}
