package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Tone is what a tag or a bar is about; its colour only repeats the words.
type Tone int

// The four tones.
const (
	Info Tone = iota
	Success
	Warning
	Bad
)

func (t Tone) colors() (ink, tint fyne.ThemeColorName) {
	switch t {
	case Success:
		return ColorSuccess, ColorSuccessTint
	case Warning:
		return ColorWarning, ColorWarningTint
	case Bad:
		return ColorDanger, ColorDangerTint
	}
	return ColorPrimary, ColorTint
}

// Tag is a state in a word or two, outlined and tinted. It keeps its size.
type Tag struct {
	widget.BaseWidget
	ID
	text string
	tone Tone
}

// NewTag returns a tag.
func NewTag(text string, tone Tone) *Tag {
	t := &Tag{text: text, tone: tone}
	t.ExtendBaseWidget(t)
	return t
}

// WithID names the tag.
func (t *Tag) WithID(id ID) *Tag {
	t.ID = id
	return t
}

// Text returns the tag's words.
func (t *Tag) Text() string { return t.text }

// Set changes the tag's words and tone.
func (t *Tag) Set(text string, tone Tone) {
	if t.text != text || t.tone != tone {
		t.text, t.tone = text, tone
		t.Refresh()
	}
}

// HeightFor returns the height, which does not depend on the width.
func (t *Tag) HeightFor(float32) float32 { return t.Natural().Height }

// Natural returns the size of the words with their outline.
func (t *Tag) Natural() fyne.Size {
	return fyne.MeasureText(t.text, theme.Size(SizeSmall), fyne.TextStyle{Bold: true}).AddWidthHeight(20, 6)
}

// MinSize lets very long words end in an ellipsis.
func (t *Tag) MinSize() fyne.Size {
	n := t.Natural()
	return fyne.NewSize(min(n.Width, 260*TextScale()), n.Height)
}

// CreateRenderer is Fyne's way to ask how the tag is drawn.
func (t *Tag) CreateRenderer() fyne.WidgetRenderer {
	r := &tagRenderer{tag: t, box: canvas.NewRectangle(nil), text: canvas.NewText("", nil)}
	r.Refresh()
	return r
}

type tagRenderer struct {
	tag  *Tag
	box  *canvas.Rectangle
	text *canvas.Text
}

func (r *tagRenderer) Destroy() {}

func (r *tagRenderer) MinSize() fyne.Size { return r.tag.MinSize() }

func (r *tagRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.box, r.text} }

func (r *tagRenderer) Layout(size fyne.Size) {
	r.box.Resize(size)
	r.text.Text = shorten(r.tag.text, r.text.TextSize, r.text.TextStyle, size.Width-18)
	m := r.text.MinSize()
	Put(r.text, fyne.NewPos((size.Width-m.Width)/2, (size.Height-m.Height)/2), m, size.Width)
}

func (r *tagRenderer) Refresh() {
	ink, tint := r.tag.tone.colors()
	r.box.FillColor, r.box.StrokeColor, r.box.StrokeWidth, r.box.CornerRadius = theme.Color(tint), theme.Color(ink), 1, 5
	r.text.Color, r.text.TextSize, r.text.TextStyle = theme.Color(ink), theme.Size(SizeSmall), fyne.TextStyle{Bold: true}
	r.Layout(r.tag.Size())
	r.box.Refresh()
	r.text.Refresh()
}
