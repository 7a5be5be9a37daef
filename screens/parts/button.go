package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// ButtonKind says how much a button stands out.
type ButtonKind int

// One primary button a screen; the others are outlined. Danger is for acts
// that cannot be undone.
const (
	Primary ButtonKind = iota
	Outlined
	Danger
)

// Button does something when it is clicked, or on Enter or Space.
type Button struct {
	widget.DisableableWidget
	ID

	text             string
	kind             ButtonKind
	onTapped         func()
	focused, hovered bool
	low              bool
}

// NewButton returns a button.
func NewButton(id ID, text string, kind ButtonKind, onTapped func()) *Button {
	b := &Button{ID: id, text: text, kind: kind, onTapped: onTapped}
	b.ExtendBaseWidget(b)
	return b
}

// Low makes the button as high as an input, to stand beside one.
func (b *Button) Low() *Button {
	b.low = true
	return b
}

// OnTapped changes what the button does.
func (b *Button) OnTapped(do func()) { b.onTapped = do }

// Text returns the button's word.
func (b *Button) Text() string { return b.text }

// SetText changes the button's word.
func (b *Button) SetText(text string) {
	if b.text != text {
		b.text = text
		b.Refresh()
		Changed(b)
	}
}

// Tapped does what the button is for, unless it is disabled.
func (b *Button) Tapped(*fyne.PointEvent) {
	if !b.Disabled() && b.onTapped != nil {
		b.onTapped()
	}
}

func (b *Button) FocusGained() { b.focused = true; b.Refresh(); IntoView(b) }
func (b *Button) FocusLost()   { b.focused = false; b.Refresh() }

func (b *Button) TypedRune(rune) {}

// TypedKey hears Enter and Space.
func (b *Button) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		b.Tapped(nil)
	default:
		forwardKey(b, key)
	}
}

func (b *Button) MouseIn(*desktop.MouseEvent)    { b.hovered = true; b.Refresh() }
func (b *Button) MouseMoved(*desktop.MouseEvent) {}
func (b *Button) MouseOut()                      { b.hovered = false; b.Refresh() }

// Cursor is a hand while the button can be clicked.
func (b *Button) Cursor() desktop.Cursor {
	if b.Disabled() {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

const buttonPad = 18

func (b *Button) style() fyne.TextStyle { return fyne.TextStyle{Bold: true} }

func (b *Button) height() float32 {
	if b.low {
		return entryHeight()
	}
	return entryHeight() + 2
}

// Natural returns the size with the whole word.
func (b *Button) Natural() fyne.Size {
	w := fyne.MeasureText(b.text, theme.Size(SizeBody), b.style()).Width
	return fyne.NewSize(w+2*buttonPad, b.height())
}

// HeightFor returns the button's height, which is always one line.
func (b *Button) HeightFor(float32) float32 { return b.height() }

// MinSize lets a long word end in an ellipsis rather than widen the window.
func (b *Button) MinSize() fyne.Size {
	n := b.Natural()
	return fyne.NewSize(min(n.Width, 120*TextScale()), n.Height)
}

// CreateRenderer is Fyne's way to ask how the button is drawn.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	r := &buttonRenderer{
		button: b, box: canvas.NewRectangle(nil), over: canvas.NewRectangle(nil), ring: canvas.NewRectangle(nil),
		text: canvas.NewText("", nil),
	}
	r.text.Alignment = fyne.TextAlignCenter
	r.Refresh()
	return r
}

type buttonRenderer struct {
	button          *Button
	box, over, ring *canvas.Rectangle
	text            *canvas.Text
}

func (r *buttonRenderer) Destroy() {}

func (r *buttonRenderer) MinSize() fyne.Size { return r.button.MinSize() }

func (r *buttonRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.over, r.ring, r.text}
}

func (r *buttonRenderer) Layout(size fyne.Size) {
	r.box.Resize(size)
	r.over.Resize(size)
	inset := float32(0)
	if r.button.kind != Outlined {
		inset = 3
	}
	Put(r.ring, fyne.NewSquareOffsetPos(inset), size.SubtractWidthHeight(2*inset, 2*inset), size.Width)
	r.text.Text = shorten(r.button.text, theme.Size(SizeBody), r.button.style(), size.Width-2*Gap8)
	h := r.text.MinSize().Height
	Put(r.text, fyne.NewPos(0, (size.Height-h)/2), fyne.NewSize(size.Width, h), size.Width)
}

func (r *buttonRenderer) Refresh() {
	b := r.button
	fill, ink, stroke, ring := ColorPrimary, ColorOnPrimary, fyne.ThemeColorName(""), ColorOnPrimary
	switch b.kind {
	case Outlined:
		fill, ink, stroke, ring = ColorSurface, ColorText, ColorFieldBorder, ColorPrimary
	case Danger:
		fill, ink, ring = ColorDanger, ColorOnDanger, ColorOnDanger
	}
	if b.Disabled() {
		fill, ink, stroke = ColorSurface, ColorMuted, ColorHairline
	}
	r.box.FillColor, r.box.CornerRadius, r.box.StrokeWidth = theme.Color(fill), 7, 0
	if stroke != "" {
		r.box.StrokeColor, r.box.StrokeWidth = theme.Color(stroke), 1
	}
	r.over.FillColor, r.over.CornerRadius = theme.Color(theme.ColorNameHover), 7
	r.over.Hidden = !b.hovered || b.Disabled()
	r.ring.FillColor, r.ring.StrokeColor, r.ring.StrokeWidth, r.ring.CornerRadius = theme.Color(colorTransparent), theme.Color(ring), 2, 5
	if b.kind == Outlined {
		r.ring.CornerRadius = 7
	}
	r.ring.Hidden = !b.focused
	r.text.TextSize, r.text.TextStyle, r.text.Color = theme.Size(SizeBody), b.style(), theme.Color(ink)
	r.Layout(b.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

// shorten cuts a line that is too long and ends it in an ellipsis.
func shorten(text string, size float32, style fyne.TextStyle, width float32) string {
	if width <= 0 || fyne.MeasureText(text, size, style).Width <= width {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes)
	for low < high {
		mid := (low + high + 1) / 2
		if fyne.MeasureText(string(runes[:mid])+"…", size, style).Width <= width {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return string(runes[:low]) + "…"
}
