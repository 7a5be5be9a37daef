package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// windowKeys are the keys whose shortcuts (with Ctrl, on a Mac Command) are
// the window's, also while an input has the keyboard.
var windowKeys = map[fyne.KeyName]bool{
	fyne.KeyF: true, fyne.KeyQ: true,
	fyne.Key1: true, fyne.Key2: true, fyne.Key3: true, fyne.Key4: true, fyne.Key5: true, fyne.Key6: true,
}

// TypedShortcut gives the window's shortcuts to the window, which Fyne gives
// to the focused input only, and all others to the input.
func (e *Entry) TypedShortcut(s fyne.Shortcut) {
	custom, ok := s.(*desktop.CustomShortcut)
	if ok && custom.Modifier == fyne.KeyModifierShortcutDefault && windowKeys[custom.KeyName] {
		c := fyne.CurrentApp().Driver().CanvasForObject(e)
		if window, ok := c.(fyne.Shortcutable); ok {
			window.TypedShortcut(s)
			return
		}
	}
	e.Entry.TypedShortcut(s)
}
