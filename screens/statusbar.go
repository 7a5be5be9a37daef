package screens

import (
	"cmp"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"plenary/app"
	"plenary/screens/help"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// clockOff is from when on it is said that the clock of this computer is wrong. What
// depends on the time allows for that anyway.
const clockOff = 2 * time.Minute

// statusBar is the line at the foot of the window: whether the service can be
// reached, what waits, how old the list is, a newer version, and which service
// it is. Where there is little room the least important of them is left out
// first.
type statusBar struct {
	widget.BaseWidget
	parts.ID
	env  kit.Env
	demo bool

	online                     bool
	state, work, list, service string
	attention                  bool
	update                     *parts.Text // link; empty without a newer version
	onUpdate                   func()
}

func newStatusBar(env kit.Env, demo bool, onUpdate func()) *statusBar {
	b := &statusBar{ID: "status", env: env, demo: demo, update: parts.NewText().WithSize(parts.SizeSmall), onUpdate: onUpdate}
	b.ExtendBaseWidget(b)
	return b
}

// tell tells of a newer version, if there is one.
func (b *statusBar) tell(n help.Update) {
	if n.Version == "" {
		b.update.SetSpans()
	} else {
		text := b.env.T("update.available", map[string]any{"Version": n.Version})
		b.update.SetSpans(parts.Span{ID: "status.update", Text: text, OnTapped: b.onUpdate})
	}
	b.Refresh()
}

// set shows a status.
func (b *statusBar) set(s app.Status) {
	t, now := b.env.T, b.env.Now()
	b.online, b.attention = s.Online, s.Attention > 0
	switch {
	case s.Begins:
		b.state = t("status.begins")
	case !s.Online:
		b.state = t("status.offline", map[string]any{"Time": kit.Clock(b.env.Words, s.Since.In(now.Location()), now)})
	default:
		b.state = t("status.online")
	}
	if s.Offset.Abs() >= clockOff {
		key := "status.clock-slow"
		if s.Offset < 0 {
			key = "status.clock-fast"
		}
		b.state = t(key, map[string]any{"State": b.state, "Time": b.env.Wait(s.Offset.Abs())})
	}
	b.work = t("status.saved")
	if s.Waiting > 0 {
		b.work = b.env.Words.N("status.waiting", s.Waiting)
	}
	if s.Attention > 0 {
		attention := b.env.Words.N("status.attention", s.Attention)
		if s.Waiting > 0 {
			attention = b.work + ", " + attention
		}
		b.work = attention
	}
	b.list = ""
	if !s.Refreshed.IsZero() {
		b.list = t("status.refreshed", map[string]any{"Time": kit.Clock(b.env.Words, s.Refreshed.In(now.Location()), now)})
	}
	b.service = cmp.Or(kit.HostOf(b.env.Info.Address), b.env.Info.Organization)
	if b.demo {
		b.service = t("status.demo")
	}
	b.Refresh()
}

// String is what the bar says.
func (b *statusBar) String() string {
	s := b.state + " | " + b.work
	for _, more := range []string{b.list, b.update.String(), b.service} {
		if more != "" {
			s += " | " + more
		}
	}
	return s
}

// AccessibilityLabel is what the bar says.
func (b *statusBar) AccessibilityLabel() string { return b.String() }

// AccessibilityRole is that of a text.
func (b *statusBar) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

func (b *statusBar) CreateRenderer() fyne.WidgetRenderer {
	r := &statusRenderer{bar: b, back: canvas.NewRectangle(nil), line: canvas.NewRectangle(nil), dot: canvas.NewCircle(nil)}
	for range 4 {
		r.texts = append(r.texts, canvas.NewText("", nil))
	}
	r.Refresh()
	return r
}

type statusRenderer struct {
	bar        *statusBar
	back, line *canvas.Rectangle
	dot        *canvas.Circle
	texts      []*canvas.Text // state, work, list, service
}

func (r *statusRenderer) Destroy() {}

func (r *statusRenderer) Objects() []fyne.CanvasObject {
	o := []fyne.CanvasObject{r.back, r.line, r.dot}
	for _, t := range r.texts {
		o = append(o, t)
	}
	return append(o, r.bar.update)
}

func (r *statusRenderer) MinSize() fyne.Size {
	h := fyne.MeasureText("Mg", theme.Size(parts.SizeSmall), fyne.TextStyle{}).Height
	return fyne.NewSize(80, max(30, h+12))
}

func (r *statusRenderer) Layout(size fyne.Size) {
	r.back.Resize(size)
	r.line.Resize(fyne.NewSize(size.Width, 1))
	dot := 8 * parts.TextScale()
	parts.Put(r.dot, fyne.NewPos(parts.Gap16, (size.Height-dot)/2), fyne.NewSquareSize(dot), size.Width)
	state, work, list, service := r.texts[0], r.texts[1], r.texts[2], r.texts[3]
	x := parts.Gap16 + dot + parts.Gap8
	end := size.Width - parts.Gap16
	work.Text = parts.Shorten(r.bar.work, work.TextSize, work.TextStyle, end-x-state.MinSize().Width-parts.Gap22)
	place := func(t *canvas.Text, x float32) float32 {
		m := t.MinSize()
		parts.Put(t, fyne.NewPos(x, (size.Height-m.Height)/2), m, size.Width)
		t.Show()
		return x + m.Width + parts.Gap22
	}
	x = place(state, x)
	x = place(work, x)
	update := r.bar.update
	news := fyne.MeasureText(update.String(), theme.Size(parts.SizeSmall), fyne.TextStyle{})
	tells := update.String() != "" && x+news.Width <= end
	room := end - x
	if tells {
		room -= news.Width + parts.Gap22
	}
	if w := service.MinSize().Width; w <= room {
		place(service, end-w)
		end -= w + parts.Gap22
	} else {
		service.Hide()
	}
	if tells {
		// One wider than it needs, and never wrapped for a rounded width.
		parts.Put(update, fyne.NewPos(end-news.Width, (size.Height-news.Height)/2), fyne.NewSize(news.Width+1, news.Height), size.Width)
		update.Show()
		end -= news.Width + parts.Gap22
	} else {
		update.Hide()
	}
	if list.Text != "" && x+list.MinSize().Width <= end {
		place(list, x)
	} else {
		list.Hide()
	}
}

func (r *statusRenderer) Refresh() {
	b := r.bar
	r.back.FillColor, r.line.FillColor = theme.Color(parts.ColorSurface), theme.Color(parts.ColorHairline)
	r.dot.FillColor = theme.Color(parts.ColorSuccess)
	if !b.online {
		r.dot.FillColor = theme.Color(parts.ColorWarning)
	}
	for i, text := range []string{b.state, b.work, b.list, b.service} {
		r.texts[i].Text = text
		r.texts[i].TextSize, r.texts[i].Color = theme.Size(parts.SizeSmall), theme.Color(parts.ColorMuted)
	}
	r.texts[0].Color = theme.Color(parts.ColorText)
	if b.attention {
		r.texts[1].Color, r.texts[1].TextStyle = theme.Color(parts.ColorDanger), fyne.TextStyle{Bold: true}
	} else {
		r.texts[1].TextStyle = fyne.TextStyle{}
	}
	r.Layout(b.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
