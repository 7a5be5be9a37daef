package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Copy puts a value that people carry elsewhere into the clipboard, and says so
// until another one is copied.
type Copy struct {
	composite
	what   Copying
	link   *link
	copied bool
}

// Copying is a value to copy, the word to click for that, and the word that says
// that it was done.
type Copying struct{ Value, Word, Done string }

// lastCopied is what says that it was copied. Like every widget it belongs to the
// window's goroutine.
var lastCopied *Copy

// NewCopy returns the word that copies a value; id is its name.
func NewCopy(id ID, what Copying) *Copy {
	c := &Copy{what: what}
	c.link = newLink(Span{ID: id, OnTapped: c.copy, Plain: true}, nil)
	c.content = arranged(copyLayout{c}, c.link)
	c.ExtendBaseWidget(c)
	return c
}

func (c *Copy) copy() {
	fyne.CurrentApp().Clipboard().SetContent(c.what.Value)
	if lastCopied != nil {
		lastCopied.say(false)
	}
	lastCopied = c
	c.say(true)
}

func (c *Copy) say(copied bool) {
	c.copied = copied
	c.content.Layout.Layout(c.content.Objects, c.content.Size())
}

// String returns the word that stands there.
func (c *Copy) String() string {
	if c.copied {
		return c.what.Done
	}
	return c.what.Word
}

// copyLayout keeps the room of the longer word.
type copyLayout struct{ copy *Copy }

func (l copyLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return wordSize(l.copy.what.Word).Max(wordSize(l.copy.what.Done))
}

func (l copyLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	word := l.copy.String()
	l.copy.link.fragment(word, true, theme.Size(SizeSmall))
	Put(l.copy.link, fyne.Position{}, wordSize(word), size.Width)
}

func wordSize(word string) fyne.Size {
	return fyne.MeasureText(word, theme.Size(SizeSmall), fyne.TextStyle{})
}
