package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// markSide is the side of the box that marks a row.
func markSide() float32 { return 16 * TextScale() }

// markIndent is the place that the box takes before the content of a row.
func markIndent() float32 { return markSide() + Gap12 }

// KeyDown notes that Shift is held down: Fyne does not say so with other keys.
func (l *RowList) KeyDown(key *fyne.KeyEvent) { l.hold(key, true) }

// KeyUp ends it.
func (l *RowList) KeyUp(key *fyne.KeyEvent) { l.hold(key, false) }

func (l *RowList) hold(key *fyne.KeyEvent, down bool) {
	if key.Name == desktop.KeyShiftLeft || key.Name == desktop.KeyShiftRight {
		l.shift = down
	}
}

// TypedShortcut marks all rows on Ctrl+A, or none if all are; the rest is the
// window's.
func (l *RowList) TypedShortcut(s fyne.Shortcut) {
	if _, all := s.(*fyne.ShortcutSelectAll); all && l.OnMarked != nil && l.length > 0 {
		l.mark(0, l.length, !l.allMarked())
		return
	}
	if custom, ok := s.(*desktop.CustomShortcut); ok && custom.Modifier == fyne.KeyModifierShortcutDefault {
		Shortcut(fyne.CurrentApp().Driver().CanvasForObject(l), custom.KeyName)
	}
}

func (l *RowList) allMarked() bool {
	for i := range l.length {
		if !l.isHeading(i) && !l.Marked(i) {
			return false
		}
	}
	return true
}

func (l *RowList) mark(from, until int, marked bool) {
	if from < until {
		l.OnMarked(from, until, marked)
		l.show(false, -1)
	}
}

// toggle marks a row, or takes its mark away.
func (l *RowList) toggle(row int) {
	if row >= 0 && row < l.length && !l.isHeading(row) {
		l.choose(row)
		l.anchor = row
		l.mark(row, row+1, !l.Marked(row))
	}
}

// extend marks the rows from where Shift was first pressed to the chosen one,
// which was before another; without Shift it forgets where that was.
func (l *RowList) extend(before int) {
	if l.OnMarked == nil || !l.shift || l.chosen < 0 || before < 0 {
		l.anchor = -1
		return
	}
	if l.anchor < 0 {
		l.anchor = before
	}
	from, until := min(l.anchor, l.chosen), max(l.anchor, l.chosen)+1
	l.mark(min(l.anchor, before), from, false)
	l.mark(until, max(l.anchor, before)+1, false)
	l.mark(from, until, true)
}

// clicked is a click on a row with keys held down, or on its box.
func (l *RowList) clicked(row int, box bool, held fyne.KeyModifier) {
	switch {
	case l.OnMarked == nil || row >= l.length || l.isHeading(row):
		l.tapped(row)
	case held&fyne.KeyModifierShift != 0:
		Focus(l)
		before, shift := l.current(), l.shift
		l.choose(row)
		l.shift = true
		l.extend(before)
		l.shift = shift
	case box || held&fyne.KeyModifierShortcutDefault != 0:
		l.touched = true
		Focus(l)
		l.toggle(row)
	default:
		l.tapped(row)
	}
}
