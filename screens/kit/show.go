package kit

import (
	"unicode"

	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// Swap puts one object into a holder in place of what was there. The keyboard stays at the
// part of the same name.
func Swap(holder *fyne.Container, o fyne.CanvasObject) {
	if len(holder.Objects) == 1 && holder.Objects[0] == o {
		return
	}
	parts.KeepFocus(holder, func() { parts.Fill(holder, o) })
}

// Capital makes a text begin with a capital letter, for words that begin a line.
func Capital(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}
