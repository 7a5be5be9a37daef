package parts

import "fyne.io/fyne/v2"

// FocusGained shows where the keyboard is.
func (l *RowList) FocusGained() {
	l.focused = true
	l.show(false, -1)
}

// FocusLost stops showing it.
func (l *RowList) FocusLost() {
	l.focused, l.shift = false, false
	l.show(false, -1)
}

// TypedRune does nothing: the search field is there for that.
func (l *RowList) TypedRune(rune) {}

// TypedKey moves the choice, or opens the chosen row.
func (l *RowList) TypedKey(key *fyne.KeyEvent) {
	l.touched = true
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
	case fyne.KeySpace:
		if l.OnMarked != nil {
			l.toggle(l.current())
			return
		}
		l.enter()
	case fyne.KeyReturn, fyne.KeyEnter:
		l.enter()
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
	before := l.current()
	l.choose(found)
	l.extend(before)
}

// first is the first row that can be chosen, -1 if there is none.
func (l *RowList) first() int {
	for i := range l.length {
		if !l.isHeading(i) {
			return i
		}
	}
	return -1
}

// current is the row that the keyboard acts on: the chosen one, else the first.
func (l *RowList) current() int {
	if l.chosen >= 0 {
		return l.chosen
	}
	return l.first()
}

// enter chooses the current row, if it is not, and opens it.
func (l *RowList) enter() {
	row := l.current()
	if row < 0 {
		return
	}
	l.choose(row)
	l.open(row)
	if l.OnEntered != nil && l.chosen == row {
		l.OnEntered(row)
	}
}

// choose is Choose for the person.
func (l *RowList) choose(row int) {
	if row == l.chosen {
		return
	}
	l.Choose(row)
	if l.OnChosen != nil {
		l.OnChosen(row)
	}
}

func (l *RowList) open(row int) {
	if l.OnOpened != nil {
		l.OnOpened(row)
	}
}

func (l *RowList) tapped(row int) {
	if row >= l.length || l.isHeading(row) {
		return
	}
	l.touched, l.anchor = true, -1
	Focus(l)
	l.choose(row)
	l.open(row)
}
