package parts

import (
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// shiftHeld reports whether Shift is down. Fyne tells nothing of Caps Lock.
var shiftHeld = func() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

// CapsLock reports whether Caps Lock seems to be on: the last letter that was typed
// into a password was a capital without Shift, or a small one with it.
func (e *Entry) CapsLock() bool { return e.capsLock }

// noteCase learns from a character of a password whether Caps Lock is on.
func (e *Entry) noteCase(r rune) (changed bool) {
	before := e.capsLock
	switch {
	case unicode.IsUpper(r):
		e.capsLock = !shiftHeld()
	case unicode.IsLower(r):
		e.capsLock = shiftHeld()
	}
	return e.capsLock != before
}
