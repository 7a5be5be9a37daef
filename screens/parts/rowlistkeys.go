package parts

import (
	"slices"

	"fyne.io/fyne/v2"
)

// FocusGained shows where the keyboard is.
func (l *RowList) FocusGained() {
	l.focused = true
	l.showVisible(true)
}

// FocusLost stops showing it.
func (l *RowList) FocusLost() {
	l.focused = false
	l.showVisible(true)
}

// TypedRune does nothing: the search field is there for that.
func (l *RowList) TypedRune(rune) {}

// TypedKey moves the choice, or opens the chosen row.
func (l *RowList) TypedKey(key *fyne.KeyEvent) {
	page := 1
	if n := len(l.shown); n > 2 {
		page = n - 2
	}
	switch key.Name {
	case fyne.KeyUp:
		l.move(-1, 1)
	case fyne.KeyDown:
		l.move(+1, 1)
	case fyne.KeyPageUp:
		l.move(-1, page)
	case fyne.KeyPageDown:
		l.move(+1, page)
	case fyne.KeyHome:
		l.move(-1, l.length)
	case fyne.KeyEnd:
		l.move(+1, l.length)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		if l.chosen >= 0 && l.OnOpened != nil {
			l.OnOpened(l.chosen)
		}
	default:
		forwardKey(l, key)
	}
}

// move goes steps rows up or down, over headings, and stays at the ends.
func (l *RowList) move(direction, steps int) {
	at := l.chosen
	if at < 0 && direction < 0 {
		at = l.length
	}
	found := l.chosen
	for range steps {
		at += direction
		for at >= 0 && at < l.length && l.isHeading(at) {
			at += direction
		}
		if at < 0 || at >= l.length {
			break
		}
		found = at
	}
	if found != l.chosen {
		l.Choose(found)
		if l.OnChosen != nil {
			l.OnChosen(found)
		}
	}
}

// first is the first row that can be chosen, -1 if there is none.
func (l *RowList) first() int {
	rows := make([]int, l.length)
	for i := range rows {
		rows[i] = i
	}
	return slices.IndexFunc(rows, func(i int) bool { return !l.isHeading(i) })
}

func (l *RowList) tapped(row int) {
	if row >= l.length || l.isHeading(row) {
		return
	}
	Focus(l)
	if row != l.chosen {
		l.Choose(row)
		if l.OnChosen != nil {
			l.OnChosen(row)
		}
	}
	if l.OnOpened != nil {
		l.OnOpened(row)
	}
}
