package parts

import "fyne.io/fyne/v2"

// Mark is the sign before a line; the words in the line say the same.
type Mark int

// The three signs: a ring, a hook, an alert.
const (
	MarkOpen Mark = iota
	MarkRight
	MarkWrong
)

// Marked puts a sign before an object whose first line is small text.
func Marked(m Mark, o fyne.CanvasObject) *fyne.Container {
	s := newSign(signRing, ColorMuted)
	switch m {
	case MarkRight:
		s.set(signHook, ColorSuccess)
	case MarkWrong:
		s.set(signAlert, ColorDanger)
	}
	return signed(s, o)
}
