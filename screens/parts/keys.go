package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// windowShortcuts are the keys that windows hear with Ctrl (on a Mac Command).
// Like every widget they belong to the window's goroutine.
var windowShortcuts = map[fyne.Canvas]map[fyne.KeyName]func(){}

// HearShortcuts sets what a window does on keys with Ctrl (on a Mac Command),
// whatever has the keyboard.
func HearShortcuts(c fyne.Canvas, act map[fyne.KeyName]func()) {
	windowShortcuts[c] = act
	for key, do := range act {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) { do() })
	}
}

// Shortcut does what a window does on a key with Ctrl; it tells whether that
// is anything.
func Shortcut(c fyne.Canvas, key fyne.KeyName) bool {
	do, ok := windowShortcuts[c][key]
	if ok {
		do()
	}
	return ok
}

// TypedShortcut gives the window's shortcuts to the window, which Fyne gives
// to the focused input only, and all others to the input.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	custom, ok := s.(*desktop.CustomShortcut)
	if ok && custom.Modifier == fyne.KeyModifierShortcutDefault &&
		Shortcut(fyne.CurrentApp().Driver().CanvasForObject(e), custom.KeyName) {
		return
	}
	if _, pasted := s.(*fyne.ShortcutPaste); pasted {
		noteTyped(e)
	}
	e.Entry.TypedShortcut(s)
}
