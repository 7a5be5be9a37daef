package parts

import (
	"fyne.io/fyne/v2"
)

// Bar is what a screen has to say as a whole, at its top: what happened, what
// it means, and what to do, with a button for that and the reference that the
// service's log has too. It is hidden until Show is called.
type Bar struct {
	composite
	ID

	box    *Box
	sign   *sign
	words  *Text
	ref    *Text
	refs   *fyne.Container // the reference, and what copies it
	action *Button
	act    func()
	said   Notice
}

// NewBar returns a hidden bar.
func NewBar(id ID) *Bar {
	b := &Bar{ID: id, box: NewBox(ColorTint, ColorPrimary, 7), words: NewText(), ref: Small("").Selectable()}
	b.sign = newSign(signAlert, ColorPrimary)
	b.refs = Inline(Gap12, b.ref)
	b.action = NewButton(id+".action", "", Outlined, func() { b.act() })
	b.content = Layers(b.box, Pad(10, Gap12, 10, Gap12, Stack(Gap4, signed(b.sign, b.words), b.refs, Inline(Gap8, b.action))))
	b.ExtendBaseWidget(b)
	b.Hide()
	return b
}

// Notice is what a bar says.
type Notice struct {
	Tone  Tone
	Words []Span
	// Reference is shown small, in words, such as "Reference: 3F7K-92QD".
	Reference string
	// Copy copies the reference; without a value nothing is offered.
	Copy Copying
	// Action is the word on the button, and Act what it does.
	Action string
	Act    func()
	// Closes: the button takes the notice away, before Act.
	Closes bool
}

// Say shows a notice in place of what the bar said before.
func (b *Bar) Say(n Notice) {
	b.said = n
	ink, tint := n.Tone.colors()
	b.box.SetColors(tint, ink)
	b.sign.set(signAlert, ink)
	if n.Tone == Success {
		b.sign.set(signHook, ink)
	}
	b.words.SetSpans(n.Words...)
	b.ref.SetText(n.Reference)
	b.refs.Objects = []fyne.CanvasObject{b.ref}
	if n.Copy.Value != "" {
		b.refs.Add(NewCopy(b.ID+".copy", n.Copy))
	}
	show(n.Reference != "", b.refs)
	b.act = n.Act
	if n.Closes {
		b.act = func() {
			b.Clear()
			n.Act()
		}
	}
	b.action.SetText(n.Action)
	show(n.Act != nil, b.action)
	b.Show()
	b.Refresh()
	appeared(b)
}

// Clear hides the bar.
func (b *Bar) Clear() {
	if b.Visible() {
		b.Hide()
		Changed(b)
	}
}

// Repeat says what another bar says, whose page this one's takes the place of, without
// the button that belongs to that page.
func (b *Bar) Repeat(other *Bar) {
	if other.Visible() {
		n := other.said
		n.Action, n.Act = "", nil
		b.Say(n)
	}
}

// Action returns the button that the bar offers, or nil.
func (b *Bar) Action() *Button {
	if !b.Visible() || !b.action.Visible() {
		return nil
	}
	return b.action
}

// String returns what the bar says, or nothing while it is hidden.
func (b *Bar) String() string {
	if !b.Visible() {
		return ""
	}
	return b.words.String()
}

var _ fyne.Widget = (*Bar)(nil)
