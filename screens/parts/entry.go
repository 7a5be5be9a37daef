package parts

import (
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Entry is an input for text. It is Fyne's, with a visible focus ring, a wrong
// state, Enter that can be followed, and ears for the keys that must be heard
// everywhere.
type Entry struct {
	widget.Entry
	ID

	// OnKey hears each key first; it returns true for those that it took.
	OnKey func(*fyne.KeyEvent) bool
	// OnFocus is told when the input gets and loses the keyboard.
	OnFocus func(focused bool)
	// OnTapped is told of a click on the input.
	OnTapped func()
	// CopySecret takes what is copied of a secret, in place of the clipboard; what is hidden
	// is not copied.
	CopySecret func(secret string)

	hasFocus bool
	pressed  bool // by the mouse
	wrong    bool
	revealer *revealer // of a password
	edited   func(say bool)
	capsLock bool
	field    *Field // its own; nil without
	around   fieldsAround
	caret    caret
	textLeft float32 // physical: where Fyne's text begins
}

// NewEntry returns an input for one line.
func NewEntry(id ID) *Entry {
	e := &Entry{ID: id}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.Scroll = fyne.ScrollHorizontalOnly
	e.ExtendBaseWidget(e)
	return e
}

// NewMultiLine returns an input for several lines; rows of them are visible.
// Tab leaves it, as it leaves every other input.
func NewMultiLine(id ID, rows int) *Entry {
	e := &Entry{ID: id}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	e.SetMinRowsVisible(rows)
	return e
}

// tellEdited tells the field around the input that its text may be another one,
// and whether there may be something to say about it at once.
func (e *Entry) tellEdited(say bool) {
	if e.edited != nil {
		e.edited(say)
	} else if e.field != nil {
		e.field.remark("")
	}
}

// AcceptsTab is false for inputs of several lines too: Tab goes to the next part.
func (e *Entry) AcceptsTab() bool { return false }

// SetText replaces the text and puts the cursor at its end.
func (e *Entry) SetText(text string) {
	e.Entry.SetText(text)
	if !e.MultiLine && e.CursorColumn != len([]rune(text)) {
		e.CursorColumn = len([]rune(text))
		e.Refresh()
	}
	e.tellEdited(false)
}

// SetWrong outlines the input as one with a mistake.
func (e *Entry) SetWrong(wrong bool) {
	if e.wrong != wrong {
		e.wrong = wrong
		e.Refresh()
	}
}

// SelectAll selects the text, so that typing replaces it.
func (e *Entry) SelectAll() { e.TypedShortcut(&fyne.ShortcutSelectAll{}) }

// FocusGained shows the ring.
func (e *Entry) FocusGained() {
	e.hasFocus = true
	e.Entry.FocusGained()
	if !e.pressed {
		IntoView(e)
	}
	if e.OnFocus != nil {
		e.OnFocus(true)
	}
}

// FocusLost hides the ring.
func (e *Entry) FocusLost() {
	e.hasFocus, e.capsLock, e.pressed = false, false, false
	e.Entry.FocusLost()
	if e.OnFocus != nil {
		e.OnFocus(false)
	}
}

// Tapped tells OnTapped; the cursor has been placed and the focus taken before.
func (e *Entry) Tapped(p *fyne.PointEvent) {
	e.Entry.Tapped(p)
	if e.OnTapped != nil && !e.Disabled() {
		e.OnTapped()
	}
}

// TypedKey gives the key to OnKey, to the window, and to the text, in this order.
func (e *Entry) TypedKey(key *fyne.KeyEvent) {
	e.caret.wake()
	if e.OnKey != nil && e.OnKey(key) {
		return
	}
	if forwardKey(e, key) {
		return
	}
	e.Entry.TypedKey(key)
	e.tellEdited(false)
}

// TypedRune puts a character into the text.
func (e *Entry) TypedRune(r rune) {
	e.caret.wake()
	if e.revealer == nil && isEmoji(r) {
		e.sayNoEmoji()
		return
	}
	e.Entry.TypedRune(r)
	e.tellEdited(e.revealer != nil && e.noteCase(r))
}

// CreateRenderer adds the ring to Fyne's input.
func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	r := &entryRenderer{WidgetRenderer: e.Entry.CreateRenderer(), entry: e, ring: canvas.NewRectangle(nil)}
	for _, o := range r.WidgetRenderer.Objects() {
		if _, scrolls := o.(fyne.Scrollable); scrolls { // it lies at the very left
			r.text = o
		}
	}
	r.wheel = newWheel(e)
	if text := scrolledBy(r.text); e.MultiLine {
		r.wheel.inside, r.wheel.lines = r.text, text
	} else if text != nil {
		r.line = newLineOf(text)
	}
	r.paint()
	return r
}

type entryRenderer struct {
	fyne.WidgetRenderer
	entry *Entry
	ring  *canvas.Rectangle
	wheel *wheel

	text fyne.CanvasObject // what scrolls it
	line *lineOf           // shows it; nil where that has scroll bars
	room fyne.Size         // the most place for it; zero before it was laid out
}

// entryInset is how much further in than Fyne's our text begins.
const entryInset float32 = 4

// entryHeight is the height of an input of one line.
func entryHeight() float32 {
	return fyne.MeasureText("M", theme.Size(SizeBody), fyne.TextStyle{}).Height + 17
}

// MouseDown puts the cursor where the mouse is. It does not scroll: the release would land
// beside the input, and Fyne would take the focus from it.
func (e *Entry) MouseDown(m *desktop.MouseEvent) {
	e.pressed = true
	moved := *m
	moved.Position.X -= e.textLeft
	e.Entry.MouseDown(&moved)
	e.caret.wake()
}

// MouseUp scrolls the input into view once the click has ended.
func (e *Entry) MouseUp(m *desktop.MouseEvent) {
	e.Entry.MouseUp(m)
	if e.pressed {
		e.pressed = false
		afterClick(func() { IntoView(e) })
	}
}

// Dragged selects up to where the mouse is.
func (e *Entry) Dragged(d *fyne.DragEvent) {
	moved := *d
	moved.Position.X -= e.textLeft
	e.Entry.Dragged(&moved)
}

func (r *entryRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.room = r.text.Size().SubtractWidthHeight(entryInset, 0)
	if o := r.entry.ActionItem; o != nil {
		Put(o, o.Position(), o.Size(), size.Width)
	}
	r.placeText()
	r.ring.Resize(size)
	r.wheel.Resize(size)
}

// placeText puts the text where it begins. Fyne has it begin at the left of its place;
// where lines begin at the right, that of one line gets no more place than it needs.
func (r *entryRenderer) placeText() {
	if r.room.IsZero() {
		return
	}
	e, size := r.entry, r.room
	if mirrored && !e.MultiLine {
		shown := e.Text
		switch {
		case shown == "":
			shown = e.PlaceHolder
		case e.Password:
			shown = strings.Repeat("•", utf8.RuneCountInString(shown))
		}
		need := fyne.MeasureText(shown, theme.Size(SizeBody), e.TextStyle).Width + 2*theme.Size(theme.SizeNameInnerPadding)
		size.Width = min(size.Width, need)
	}
	Put(r.text, fyne.NewPos(entryInset, r.text.Position().Y), size, e.Size().Width)
	e.textLeft = r.text.Position().X
	if r.line != nil {
		r.line.Resize(r.text.Size())
		r.line.Move(r.text.Position()) // physical: where the text is
	}
}

func (r *entryRenderer) MinSize() fyne.Size {
	m := r.WidgetRenderer.MinSize()
	m.Width = max(m.Width, 48)
	if !r.entry.MultiLine {
		m.Height = entryHeight()
	}
	return m
}

func (r *entryRenderer) Objects() []fyne.CanvasObject {
	objects := append(slices.Clone(r.WidgetRenderer.Objects()), r.ring)
	if r.line != nil {
		objects[slices.Index(objects, r.text)] = r.line
	}
	return append(objects, r.wheel)
}

func (r *entryRenderer) Refresh() {
	r.WidgetRenderer.Refresh()
	r.entry.caret.adopt(&r.entry.Entry)
	if mirrored {
		r.placeText()
	}
	r.paint()
}

func (r *entryRenderer) paint() {
	e := r.entry
	r.ring.FillColor, r.ring.CornerRadius = theme.Color(colorTransparent), theme.Size(theme.SizeNameInputRadius)
	r.ring.StrokeWidth = 2
	r.ring.StrokeColor = theme.Color(ColorPrimary)
	r.ring.Hidden = !e.hasFocus && !e.wrong
	if e.wrong && !e.hasFocus {
		r.ring.StrokeColor, r.ring.StrokeWidth = theme.Color(ColorDanger), 1.5
	}
	r.ring.Refresh()
}
