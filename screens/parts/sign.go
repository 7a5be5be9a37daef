package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// signKind is which sign is drawn. Signs are drawn and not written: not every
// machine has a font with them.
type signKind int

const (
	signHook  signKind = iota // right
	signRing                  // not yet
	signAlert                 // wrong
)

// sign is as high as small text.
type sign struct {
	widget.BaseWidget
	kind  signKind
	color fyne.ThemeColorName
}

func newSign(kind signKind, color fyne.ThemeColorName) *sign {
	s := &sign{kind: kind, color: color}
	s.ExtendBaseWidget(s)
	return s
}

func (s *sign) set(kind signKind, color fyne.ThemeColorName) {
	if s.kind != kind || s.color != color {
		s.kind, s.color = kind, color
		s.Refresh()
	}
}

func (s *sign) CreateRenderer() fyne.WidgetRenderer {
	r := &signRenderer{
		sign: s, ring: canvas.NewCircle(nil), mark: canvas.NewText("!", nil), hook: newHook(),
	}
	r.Refresh()
	return r
}

type signRenderer struct {
	sign *sign
	ring *canvas.Circle
	mark *canvas.Text
	hook *canvas.Image
}

func (r *signRenderer) Destroy() {}

func (r *signRenderer) side() float32 { return theme.Size(SizeSmall) + 1 }

func (r *signRenderer) MinSize() fyne.Size {
	h := fyne.MeasureText("Mg", theme.Size(SizeSmall), fyne.TextStyle{}).Height
	return fyne.NewSize(r.side(), h)
}

func (r *signRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ring, r.mark, r.hook}
}

func (r *signRenderer) Layout(size fyne.Size) {
	side := r.side()
	top := (size.Height - side) / 2
	ring := side
	if r.sign.kind == signRing {
		ring = side * 0.8
	}
	Put(r.ring, fyne.NewPos((side-ring)/2, top+(side-ring)/2), fyne.NewSquareSize(ring), size.Width)
	m := r.mark.MinSize()
	Put(r.mark, fyne.NewPos((side-m.Width)/2, (size.Height-m.Height)/2), m, size.Width)
	Put(r.hook, fyne.NewPos(0, top), fyne.NewSquareSize(side), size.Width)
}

func (r *signRenderer) Refresh() {
	s := r.sign
	c := theme.Color(s.color)
	r.ring.FillColor, r.ring.StrokeColor, r.ring.StrokeWidth = theme.Color(colorTransparent), c, 1.2*TextScale()
	r.mark.Color, r.mark.TextSize, r.mark.TextStyle = c, theme.Size(SizeSmall)*0.8, fyne.TextStyle{Bold: true}
	showHook(r.hook, s.kind == signHook && s.Visible(), s.color)
	r.ring.Hidden = s.kind == signHook
	r.mark.Hidden = s.kind != signAlert
	r.Layout(s.Size())
	r.ring.Refresh()
	r.mark.Refresh()
}

// signed puts a sign of text height before a text that wraps.
func signed(sign fyne.CanvasObject, text fyne.CanvasObject) *fyne.Container {
	return arranged(&signedLayout{}, sign, text)
}

type signedLayout struct{ width float32 }

const signGap = 6

func (l *signedLayout) heightFor(o []fyne.CanvasObject, width float32) float32 {
	return max(HeightFor(o[1], width-o[0].MinSize().Width-signGap), o[0].MinSize().Height)
}

func (l *signedLayout) natural(o []fyne.CanvasObject) fyne.Size {
	n := Natural(o[1])
	return fyne.NewSize(n.Width+signGap+o[0].MinSize().Width, max(n.Height, o[0].MinSize().Height))
}

func (l *signedLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return minSize(l, o, l.width)
}

func (l *signedLayout) narrowest(o []fyne.CanvasObject) float32 {
	return narrowest(o[0]) + signGap + narrowest(o[1])
}

func (l *signedLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	s := o[0].MinSize()
	Put(o[0], fyne.NewPos(0, 0), s, size.Width)
	Put(o[1], fyne.NewPos(s.Width+signGap, 0), fyne.NewSize(size.Width-s.Width-signGap, size.Height), size.Width)
}
