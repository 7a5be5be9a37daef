package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// Answer is one of the ways out of a question.
type Answer struct {
	ID   ID
	Text string
	Kind ButtonKind
	Do   func() // may be nil: then nothing happens
}

// questions are those that windows ask at the moment; Fyne hides its popups
// behind a type of its own. Like every widget they belong to the window's
// goroutine.
var questions = map[fyne.Canvas]*widget.PopUp{}

// Ask puts a question over the window that names what happens; each answer
// closes it. Escape closes it without an answer, see CloseQuestion. The last
// answer is the safe one: it gets the keyboard.
func Ask(c fyne.Canvas, title, text string, answers ...Answer) {
	if c == nil {
		return
	}
	CloseQuestion(c)
	var last *Button
	cells := make([]Cell, len(answers))
	for i, a := range answers {
		last = NewButton(a.ID, a.Text, a.Kind, func() {
			CloseQuestion(c)
			if a.Do != nil {
				a.Do()
			}
		})
		cells[i] = Cell{Object: last}
	}
	body := Stack(Gap12, Section(title), Muted(text), Pad(Gap8, 0, 0, 0, TrailingRow(Gap8, cells...)))
	content := PadAll(Gap16, body)
	width := max(min(480*TextScale(), c.Size().Width-2*Gap22), 120)
	height := min(HeightFor(content, width), c.Size().Height-2*Gap16)
	pop := widget.NewModalPopUp(Page(content, Stack(0)), c)
	pop.Resize(fyne.NewSize(width, height))
	pop.Show()
	pop.Resize(fyne.NewSize(width, height))
	questions[c] = pop
	if last != nil {
		c.Focus(last)
	}
}

// CloseQuestion closes a question without an answer; it tells whether there
// was one.
func CloseQuestion(c fyne.Canvas) bool {
	pop, ok := questions[c]
	if ok {
		delete(questions, c)
		pop.Hide()
	}
	return ok
}
