package parts

import (
	"fyne.io/fyne/v2"
)

// Title returns a screen's title with a muted line under it; an empty line is
// left out.
func Title(title string, line ...Span) *fyne.Container {
	t := Bold(title).WithSize(SizeTitle)
	if len(line) == 0 {
		return Stack(0, t)
	}
	for i := range line {
		if line[i].Color == "" && line[i].OnTapped == nil {
			line[i].Color = ColorMuted
		}
	}
	return Stack(2, t, NewText(line...))
}

// Heading is Title for a screen that waits for something now and then: what it
// waits for takes the place of the line under the title.
func Heading(title, line string, busy *Busy) *fyne.Container {
	busy.instead = Muted(line)
	return Stack(2, Bold(title).WithSize(SizeTitle), busy.instead, busy.Folding())
}

// Pair is a row of KeyValues.
type Pair struct {
	Key   string
	Value fyne.CanvasObject
}

// KeyValues returns rows of a muted name and a value, with hairlines between.
// Values that are texts can be selected.
func KeyValues(pairs ...Pair) *fyne.Container {
	var rows []fyne.CanvasObject
	for _, p := range pairs {
		if text, ok := p.Value.(*Text); ok {
			text.Selectable()
		}
		row := Row(Gap12, Cell{Object: Muted(p.Key), Min: 150}, Cell{Object: p.Value, Min: 160, Weight: 1})
		rows = append(rows, Pad(8, 8, 8, 8, row), Divider())
	}
	return Stack(0, rows...)
}

// Empty returns what stands where a list has nothing: what would be here, how
// to get it, and what leads there.
func Empty(title, how string, actions ...fyne.CanvasObject) *fyne.Container {
	objects := []fyne.CanvasObject{
		Bold(title).WithSize(SizeSection).WithAlign(fyne.TextAlignCenter),
		Muted(how).WithAlign(fyne.TextAlignCenter),
	}
	for _, a := range actions {
		objects = append(objects, Center(0, a))
	}
	return PadAll(Gap30, Stack(Gap8, objects...))
}

// Busy says what a screen waits for. It keeps its place, unless it is Folding,
// and is empty until there is something to say.
type Busy struct {
	composite
	ID
	words   *Text
	folds   bool  // it takes no place while there is nothing to say
	instead *Text // stands in its place then; nil without
}

// NewBusy returns an empty line.
func NewBusy(id ID) *Busy {
	b := &Busy{ID: id, words: Small("")}
	b.content = Layers(b.words)
	b.ExtendBaseWidget(b)
	return b
}

// Say shows what is waited for; empty words end it.
func (b *Busy) Say(words string) {
	b.words.SetText(words)
	if !b.folds || b.Visible() == (words != "") {
		return
	}
	show(words != "", b)
	if b.instead != nil {
		show(words == "", b.instead)
	}
	appeared(b)
}

// Folding makes it take no place while there is nothing to say.
func (b *Busy) Folding() *Busy {
	b.folds = true
	b.Hide()
	return b
}

// String returns what it says.
func (b *Busy) String() string { return b.words.String() }
