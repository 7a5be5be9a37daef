package parts

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func paste(e *Entry, text string) {
	c := test.NewClipboard()
	c.SetContent(text)
	e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: c})
}

func TestEntry_pastedLineEndsAreNoSpaces(t *testing.T) {
	setUp(t, 1)
	line, password, lines := NewEntry("line"), NewPassword("password", "Show", "Hide"), NewMultiLine("lines", 3)
	test.NewTempWindow(t, Stack(Gap12, line, password, lines))
	for _, c := range []struct {
		into     *Entry
		in, want string
	}{
		{line, "anna@example.org\r\n", "anna@example.org"},
		{line, "\ufeffGeneva\u200b", "Geneva"},
		{line, "two\nlines", "two lines"},
		{line, "\tname", "\tname"},
		{line, "\n", ""},
		{password, "Correct-Horse7\n", "Correct-Horse7"},
		{password, "Correct-Horse7 \r\n", "Correct-Horse7 "},
		{password, "\tCorrect-Horse7\t", "Correct-Horse7"},
		{lines, "two\nlines\n", "two\nlines\n"},
	} {
		c.into.SetText("")
		paste(c.into, c.in)
		if c.into.Text != c.want {
			t.Errorf("%q pasted into %s is %q, want %q", c.in, c.into.ID, c.into.Text, c.want)
		}
	}
	password.SetText("")
	password.revealer.toggle() // shown, it is a password still
	paste(password, "Correct-Horse7\t\n")
	if password.Text != "Correct-Horse7" {
		t.Errorf("while it is shown: %q", password.Text)
	}
}

// What moves while the button of the mouse is down has the release land elsewhere.
func TestEntry_scrollsIntoViewWhenTheClickHasEnded(t *testing.T) {
	setUp(t, 1)
	e := NewEntry("low")
	scroll := container.NewVScroll(Stack(0, Space(180), e, Space(300)))
	w := test.NewTempWindow(t, scroll)
	w.Resize(fyne.NewSize(300, 200)) // the input is cut off at the bottom
	e.MouseDown(&desktop.MouseEvent{})
	if w.Canvas().Focused() != e || scroll.Offset.Y != 0 {
		t.Errorf("pressed: focus on %v, scrolled to %v", w.Canvas().Focused(), scroll.Offset.Y)
	}
	e.MouseUp(&desktop.MouseEvent{})
	if scroll.Offset.Y == 0 {
		t.Error("clicked, it is still cut off")
	}
	scroll.ScrollToTop()
	w.Canvas().Unfocus()
	w.Canvas().Focus(e)
	if scroll.Offset.Y == 0 {
		t.Error("reached by the keyboard, it is cut off")
	}
}

func TestField_noteAppearsAfterPastingOrLeaving(t *testing.T) {
	setUp(t, 1)
	e := NewPassword("p", "Show", "Hide")
	f := NewField("p.field", "Password", true, e).NoteWith(func() string {
		if e.Text == "a " {
			return "It ends with a space."
		}
		return ""
	})
	w := test.NewTempWindow(t, Stack(Gap12, f, NewEntry("next")))
	w.Resize(fyne.NewSize(300, 300))
	w.Canvas().Focus(e)
	test.Type(e, "a ")
	if f.Note() != "" {
		t.Errorf("while one types: %q", f.Note())
	}
	before := f.Size().Height
	w.Canvas().FocusNext()
	if f.Note() != "It ends with a space." || f.Size().Height <= before {
		t.Errorf("after leaving: %q, %v high", f.Note(), f.Size().Height)
	}
	w.Canvas().Focus(e)
	e.TypedKey(key(fyne.KeyBackspace))
	if f.Note() != "" {
		t.Errorf("after it was mended: %q", f.Note())
	}
	e.SetText("")
	paste(e, "a \n")
	if f.Note() != "It ends with a space." {
		t.Errorf("after pasting: %q", f.Note())
	}
	e.SetText("")
	if f.Note() != "" {
		t.Errorf("of an empty one: %q", f.Note())
	}
}

func TestPassword_saysThatCapsLockIsOn(t *testing.T) {
	setUp(t, 1)
	before := shiftHeld
	t.Cleanup(func() { shiftHeld = before })
	e, plain := NewPassword("p", "Show", "Hide"), NewEntry("e")
	f := NewField("p.field", "Password", true, e).NoteWith(func() string {
		if e.CapsLock() {
			return "Caps Lock"
		}
		return ""
	})
	w := test.NewTempWindow(t, Stack(Gap12, f, plain))
	w.Canvas().Focus(e)
	for _, c := range []struct {
		typed rune
		shift bool
		on    bool
	}{
		{'a', false, false},
		{'B', true, false},
		{'C', false, true},
		{'1', false, true}, // no letter, nothing new
		{'d', true, true},
		{'字', false, true}, // has no case
		{'d', false, false},
		{'Я', false, true},
	} {
		shiftHeld = func() bool { return c.shift }
		e.TypedRune(c.typed)
		if got := f.Note() != ""; got != c.on || e.CapsLock() != c.on {
			t.Errorf("after %q with Shift %v it says %q", c.typed, c.shift, f.Note())
		}
	}
	w.Canvas().FocusNext()
	w.Canvas().FocusNext()
	if f.Note() != "" {
		t.Errorf("after leaving: %q", f.Note())
	}
	shiftHeld = func() bool { return false }
	plain.TypedRune('A')
	if plain.CapsLock() {
		t.Error("a capital in a name is Caps Lock")
	}
}

func TestEntry_leavesEmojiOutAndSaysSo(t *testing.T) {
	setUp(t, 1)
	SetEmojiWords("No emoji.")
	t.Cleanup(func() { SetEmojiWords("") })
	e, p := NewEntry("e"), NewPassword("p", "Show", "Hide")
	f := NewField("e.field", "Name", true, e)
	test.NewTempWindow(t, Stack(Gap12, f, NewField("p.field", "Password", true, p)))
	for _, c := range []struct{ in, want string }{
		{"Anna \U0001F600", "Anna "},
		{"\U0001F469\u200d\U0001F4BB Anna", " Anna"},
		{"\U0001F1E8\U0001F1ED", ""},
	} {
		e.SetText("")
		paste(e, c.in)
		if e.Text != c.want || f.Note() != "No emoji." {
			t.Errorf("%q became %q, and it says %q", c.in, e.Text, f.Note())
		}
	}
	e.TypedRune('a')
	if e.Text != "a" || f.Note() != "" {
		t.Errorf("%q, and it says %q", e.Text, f.Note())
	}
	e.TypedRune('\U0001F600')
	if e.Text != "a" || f.Note() != "No emoji." {
		t.Errorf("typed: %q, and it says %q", e.Text, f.Note())
	}
	for _, keeps := range []string{"\u2713 \u5b57\ufe00", "\u0645\u06cc\u200c\u062e"} {
		if got := withoutEmoji(keeps); got != keeps {
			t.Errorf("%q became %q", keeps, got)
		}
	}
	paste(p, "a\U0001F600b")
	if p.Text != "a\U0001F600b" {
		t.Errorf("a password became %q", p.Text)
	}
}

// A text that is longer than its input follows the cursor, without a scroll bar that lies
// under it.
func TestEntry_longTextHasNoScrollBar(t *testing.T) {
	e := NewEntry("x")
	w := test.NewWindow(e)
	defer w.Close()
	w.Resize(fyne.NewSize(200, 60))
	w.Canvas().Focus(e)
	test.Type(e, strings.Repeat("long ", 30))
	var line *lineOf
	for _, o := range test.WidgetRenderer(e).Objects() {
		switch o := o.(type) {
		case *lineOf:
			line = o
		case *wheel:
		case fyne.Scrollable:
			t.Errorf("%T is shown", o)
		}
	}
	if line == nil || line.Size().Width < 150 || line.Size().Height < 15 {
		t.Fatalf("the text is shown by %+v", line)
	}
	end := line.text.Position().X
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	if begin := line.text.Position().X; end >= -100 || begin < -1 {
		t.Errorf("the text is at %v at its end, at %v at its beginning", end, begin)
	}
}
