package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"plenary/rules"
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
	e.caret.wake()
	if paste, ok := s.(*fyne.ShortcutPaste); ok {
		e.paste(paste)
		return
	}
	switch s.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut:
		if e.CopySecret != nil {
			s = e.carrySecret(s)
		}
	}
	e.Entry.TypedShortcut(s)
	e.tellEdited(false)
}

// carrySecret copies what is selected as a secret, unless it is hidden, and returns the
// rest of the shortcut.
func (e *Entry) carrySecret(s fyne.Shortcut) fyne.Shortcut {
	if text := e.SelectedText(); text != "" && !e.Password {
		e.CopySecret(text)
	}
	if _, cut := s.(*fyne.ShortcutCut); cut {
		return &fyne.ShortcutCut{Clipboard: clipping("")}
	}
	return &fyne.ShortcutCopy{Clipboard: clipping("")}
}

// paste takes what was meant of a pasted text.
func (e *Entry) paste(s *fyne.ShortcutPaste) {
	if e.Disabled() {
		return
	}
	text := s.Clipboard.Content()
	switch {
	case e.MultiLine:
	case e.revealer != nil:
		text = rules.PastedPassword(text)
	default:
		text = rules.Pasted(text)
	}
	left := text
	if e.revealer == nil { // a password is not shown, and is what it is
		left = withoutEmoji(text)
	}
	if left != "" {
		e.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: clipping(left), Secondary: s.Secondary})
		e.tellEdited(true)
	}
	if left != text {
		e.sayNoEmoji()
	}
}

// clipping is a clipboard that holds a text and takes no other.
type clipping string

// Content returns the text.
func (c clipping) Content() string { return string(c) }

// SetContent does nothing.
func (c clipping) SetContent(string) {}
