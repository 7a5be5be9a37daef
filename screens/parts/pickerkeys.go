package parts

import "fyne.io/fyne/v2"

func (p *Picker) key(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyDown:
		if !p.open {
			p.Open()
		} else {
			p.list.move(1)
		}
	case fyne.KeyUp:
		if !p.open {
			return false
		}
		p.list.move(-1)
	case fyne.KeyPageDown, fyne.KeyPageUp:
		if !p.open {
			return false
		}
		step := max(p.list.seen()-1, 1)
		if key.Name == fyne.KeyPageUp {
			step = -step
		}
		p.list.move(step)
	case fyne.KeyReturn, fyne.KeyEnter:
		if !p.open {
			p.Open()
			return true
		}
		if i, ok := p.list.current(); ok {
			p.pick(i)
		} else {
			p.takeBack()
		}
	case fyne.KeyEscape:
		if !p.open {
			return false
		}
		p.restore()
	default:
		return false
	}
	return true
}

// restore closes the list and puts back what was picked before.
func (p *Picker) restore() {
	if p.picked != nil {
		p.fill(p.picked.Text)
	} else if !p.search {
		p.fill("")
	}
	p.close()
}

func (p *Picker) focusChanged(focused bool) {
	p.focused = focused
	switch {
	case !p.open:
	case focused: // it comes back with the keyboard
		p.list.again()
	case !p.list.pressed:
		p.list.Hide()
	}
	if focused {
		if p.entry.Text != "" {
			p.entry.SelectAll()
		}
		return
	}
	afterClick(func() {
		if !p.focused && !p.list.pressed { // a row that is clicked takes the choice itself
			p.left()
		}
	})
}

// left closes the list and has the choice judged.
func (p *Picker) left() {
	if p.open {
		p.settle()
	}
	if p.onLeave != nil {
		p.onLeave()
	}
}

// takeBack takes the choice back where the input was emptied, and may be.
func (p *Picker) takeBack() bool {
	if !p.optional || p.entry.Text != "" {
		return false
	}
	had := p.picked != nil
	p.Clear()
	if had && p.OnChange != nil {
		p.OnChange(Item{})
	}
	return true
}

// settle ends typing without Enter: what can only mean one item picks it.
func (p *Picker) settle() {
	if p.takeBack() {
		return
	}
	if only, ok := p.list.only(); ok && p.entry.Text != "" {
		p.Set(only)
		if p.OnChange != nil {
			p.OnChange(*p.picked)
		}
		return
	}
	p.restore()
}
