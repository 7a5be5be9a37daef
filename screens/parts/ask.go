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

// question is one that a window asks at the moment.
type question struct {
	pop  *widget.PopUp    // Fyne hides its popups behind a type of its own
	safe func()           // what its last answer does; may be nil
	size func() fyne.Size // that it has in the window as it is
}

// questions are those of all windows. Like every widget they belong to the window's
// goroutine.
var questions = map[fyne.Canvas]question{}

// Ask puts a question over the window that names what happens; each answer
// closes it. The last answer is the safe one: it gets the keyboard, and is what
// Escape means, and another question that comes over this one; see CloseQuestion.
func Ask(c fyne.Canvas, title, text string, answers ...Answer) {
	AskWith(c, title, text, nil, answers...)
}

// AskWith is Ask with something to fill in, above the answers.
func AskWith(c fyne.Canvas, title, text string, input fyne.CanvasObject, answers ...Answer) {
	if c == nil {
		return
	}
	CloseQuestion(c)
	var last *Button
	cells := make([]Cell, len(answers))
	for i, a := range answers {
		last = NewButton(a.ID, a.Text, a.Kind, func() {
			takeQuestion(c)
			if a.Do != nil {
				a.Do()
			}
		})
		cells[i] = Cell{Object: last}
	}
	body := Stack(Gap12, Section(title), Muted(text))
	if input != nil {
		body.Add(input)
	}
	body.Add(Pad(Gap8, 0, 0, 0, TrailingRow(Gap8, cells...)))
	content := PadAll(Gap16, body)
	width := func() float32 { return max(min(480*TextScale(), c.Size().Width-2*Gap22), 120) }
	open(c, content, width, answers[len(answers)-1].Do, last)
}

// Present puts something to look at over the window, as large as the window is, with words
// above and below, and a way to put it away, which Escape is too. picture gives it for a
// side.
func Present(c fyne.Canvas, title, below string, picture func(side float32) fyne.CanvasObject, away Answer) {
	if c == nil {
		return
	}
	CloseQuestion(c)
	button := NewButton(away.ID, away.Text, away.Kind, func() { CloseQuestion(c) })
	content := func(shown ...fyne.CanvasObject) fyne.CanvasObject {
		all := append([]fyne.CanvasObject{Section(title)}, shown...)
		return PadAll(Gap16, Stack(Gap12, append(all, Bold(below), TrailingRow(Gap8, Cell{Object: button}))...))
	}
	room := c.Size().SubtractWidthHeight(2*Gap22+2*Gap16, 2*Gap16+Gap12)
	side := min(room.Width, room.Height-HeightFor(content(), room.Width))
	open(c, content(picture(side)), func() float32 { return max(side+2*Gap16, 120) }, away.Do, button)
}

// Over puts something over the window, as large as that is but for a margin, until it is put
// away by CloseQuestion, which calls away; Escape does that.
func Over(c fyne.Canvas, content fyne.CanvasObject, widest float32, away func(), first fyne.Focusable) {
	if c == nil {
		return
	}
	CloseQuestion(c)
	put(c, question{widget.NewModalPopUp(content, c), away, func() fyne.Size {
		size := c.Size().SubtractWidthHeight(2*Gap16, 2*Gap16)
		size.Width = min(size.Width, widest*TextScale())
		return size
	}}, first)
}

// Asks tells whether something is over a window that waits for an answer.
func Asks(c fyne.Canvas) bool {
	_, ok := questions[c]
	return ok
}

// open shows a question, and gives its last answer the keyboard.
func open(c fyne.Canvas, content fyne.CanvasObject, width func() float32, safe func(), last *Button) {
	put(c, question{widget.NewModalPopUp(Page(content, Stack(0)), c), safe, func() fyne.Size {
		w := width()
		return fyne.NewSize(w, min(HeightFor(content, w), c.Size().Height-2*Gap16))
	}}, last)
}

// put puts a question over a window.
func put(c fyne.Canvas, q question, first fyne.Focusable) {
	q.pop.Resize(q.size())
	q.pop.Show()
	q.pop.Resize(q.size())
	questions[c] = q
	c.Focus(first)
}

// fitQuestion makes a window's question as large as its words and the window want it.
func fitQuestion(c fyne.Canvas) {
	if q, ok := questions[c]; ok {
		size, room := q.size(), c.Size()
		Put(q.pop, fyne.NewPos((room.Width-size.Width)/2, (room.Height-size.Height)/2), size, room.Width)
	}
}

// CloseQuestion gives a question its safe answer; it tells whether there was one.
func CloseQuestion(c fyne.Canvas) bool {
	q, ok := takeQuestion(c)
	if q.safe != nil {
		q.safe()
	}
	return ok
}

// takeQuestion takes a question off the window.
func takeQuestion(c fyne.Canvas) (question, bool) {
	q, ok := questions[c]
	if ok {
		delete(questions, c)
		q.pop.Hide()
	}
	return q, ok
}
