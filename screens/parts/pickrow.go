package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"plenary/rules"
)

// pickRow is a row of a picker's list.
type pickRow struct {
	widget.BaseWidget
	ID

	list         *pickList
	item         Item
	real         bool // it can be picked or done
	chosen       bool
	name, detail *Text
}

func (l *pickList) newRow() *pickRow {
	text := func(o Overflow) *Text { // as NewText, but laying out nothing: rows come while the list is drawn
		t := &Text{size: SizeBody, overflow: o}
		t.ExtendBaseWidget(t)
		return t
	}
	return &pickRow{list: l, name: text(Wrap), detail: text(Ellipsis)}
}

func (r *pickRow) show(i Item, typed []rules.SearchWord, chosen bool) {
	r.item, r.real, r.chosen = i, true, chosen
	if i.Do != nil {
		r.name.replace([]Span{{Text: i.Text, Color: theme.ColorNameHyperlink}})
	} else {
		r.name.replace(highlight(i.Text, typed))
	}
	size := SizeBody
	if r.list.below {
		size = SizeSmall
	}
	r.detail.WithSize(size).replace([]Span{{Text: i.detail(), Color: ColorMuted}})
}

// say shows words that cannot be picked.
func (r *pickRow) say(words string) {
	r.item, r.real, r.chosen = Item{}, false, false
	r.name.replace([]Span{{Text: words, Color: ColorMuted}})
	r.detail.replace([]Span{{}})
}

// pickRowPad is kept above and below the words of a row, together.
const pickRowPad float32 = 14

// rowHeight is the height of a row whose name needs one line.
func rowHeight(detailBelow bool) float32 {
	h := fyne.MeasureText("Mg", theme.Size(SizeBody), fyne.TextStyle{}).Height + pickRowPad
	if detailBelow {
		h += fyne.MeasureText("Mg", theme.Size(SizeSmall), fyne.TextStyle{}).Height
	}
	return h
}

// widths are those of the name and of what stands beside it, which gets what the name
// leaves, but a third at least.
func (r *pickRow) widths(width float32) (name, detail float32) {
	inner := max(width-2*Gap12, 1)
	if r.list.below || r.detail.String() == "" {
		return inner, inner
	}
	detail = min(r.detail.Natural().Width, max(inner-r.name.Natural().Width-Gap16, inner/3))
	return max(inner-detail-Gap16, 1), detail
}

// heightFor is the height of the row: a name that is too long wraps.
func (r *pickRow) heightFor(width float32) float32 {
	name, _ := r.widths(width)
	h := r.name.lineHeight()
	if r.name.Natural().Width > name {
		h = r.name.HeightFor(name)
	}
	if r.list.below && r.detail.String() != "" {
		h += r.detail.lineHeight()
	}
	return h + pickRowPad
}

// Tapped picks the row.
func (r *pickRow) Tapped(*fyne.PointEvent) {
	if !r.real {
		return
	}
	p := r.list.picker
	Focus(p.entry)
	p.pick(r.item)
}

// TappedSecondary, Dragged and DragEnd keep from what lies below the list what is meant for it.
func (r *pickRow) TappedSecondary(*fyne.PointEvent) {}

// Dragged does nothing.
func (r *pickRow) Dragged(*fyne.DragEvent) {}

// DragEnd does nothing.
func (r *pickRow) DragEnd() {}

// Scrolled moves the list. The rows hear the wheel, not the list: Fyne clips
// what can be scrolled, and would clip the list's outline.
func (r *pickRow) Scrolled(e *fyne.ScrollEvent) { r.list.scroll(e) }

func (r *pickRow) Cursor() desktop.Cursor {
	if !r.real {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// MouseDown comes before Fyne takes the focus from the input, and Tapped after
// it: in between the list must stay.
func (r *pickRow) MouseDown(*desktop.MouseEvent) { r.list.pressed = true }

// MouseUp ends a press.
func (r *pickRow) MouseUp(*desktop.MouseEvent) { r.list.pressed = false }

func (r *pickRow) MouseIn(*desktop.MouseEvent) {
	if r.real {
		r.list.chosen = r.line()
		r.list.Refresh()
	}
}

// line is the line of the list that the row shows.
func (r *pickRow) line() int {
	for i, row := range r.list.rows {
		if row == r {
			return r.list.first + i
		}
	}
	return 0
}

func (r *pickRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends a press that went elsewhere.
func (r *pickRow) MouseOut() {
	if r.list.pressed {
		r.list.pressed = false
		r.list.picker.left()
	}
}

func (r *pickRow) CreateRenderer() fyne.WidgetRenderer {
	out := &pickRowRenderer{row: r, box: canvas.NewRectangle(nil)}
	out.Refresh()
	return out
}

type pickRowRenderer struct {
	row *pickRow
	box *canvas.Rectangle
}

func (r *pickRowRenderer) Destroy() {}

func (r *pickRowRenderer) MinSize() fyne.Size { return fyne.NewSize(40, rowHeight(false)) }

func (r *pickRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.box, r.row.name, r.row.detail}
}

func (r *pickRowRenderer) Layout(size fyne.Size) {
	r.box.Resize(size)
	row := r.row
	nameWidth, detailWidth := row.widths(size.Width)
	below := row.list.below && row.detail.String() != ""
	nameHeight := size.Height - pickRowPad
	if below {
		nameHeight -= row.detail.lineHeight()
	}
	Put(row.name, fyne.NewPos(Gap12, pickRowPad/2), fyne.NewSize(nameWidth, nameHeight), size.Width)
	at := fyne.NewPos(size.Width-Gap12-detailWidth, pickRowPad/2)
	if below {
		at = fyne.NewPos(Gap12, pickRowPad/2+nameHeight)
	}
	Put(row.detail, at, fyne.NewSize(detailWidth, row.detail.lineHeight()), size.Width)
	row.detail.Hidden = row.detail.String() == ""
}

func (r *pickRowRenderer) Refresh() {
	r.box.FillColor = theme.Color(colorTransparent)
	r.box.CornerRadius = 5
	if r.row.chosen {
		r.box.FillColor = theme.Color(ColorTint)
	}
	r.Layout(r.row.Size())
	r.box.Refresh()
}
