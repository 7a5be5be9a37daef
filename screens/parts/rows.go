package parts

import (
	"fyne.io/fyne/v2"
)

// Cell is one place in a Row.
type Cell struct {
	Object fyne.CanvasObject
	// Min is the width below which the cell goes to the next line, at 100 % text
	// size; with 0 it is the object's natural width.
	Min float32
	// Weight is the cell's share of what is left over; with 0 it keeps Min.
	Weight float32
}

// Row puts cells side by side and breaks into several lines when the width
// does not suffice. Objects of a line are aligned at their top.
func Row(gap float32, cells ...Cell) *fyne.Container {
	return newRow(&rowLayout{gap: gap, lineGap: Gap12}, cells)
}

// MiddleRow is Row with its objects centred in their line, for
// buttons beside texts.
func MiddleRow(gap float32, cells ...Cell) *fyne.Container {
	return newRow(&rowLayout{gap: gap, lineGap: Gap8, middle: true}, cells)
}

// TrailingRow is MiddleRow pushed to the right edge.
func TrailingRow(gap float32, cells ...Cell) *fyne.Container {
	return newRow(&rowLayout{gap: gap, lineGap: Gap8, middle: true, trailing: true}, cells)
}

// Inline puts objects at their natural width behind each other, as words in a
// line: tags, links, small buttons.
func Inline(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	cells := make([]Cell, len(objects))
	for i, o := range objects {
		cells[i] = Cell{Object: o}
	}
	return MiddleRow(gap, cells...)
}

func newRow(l *rowLayout, cells []Cell) *fyne.Container {
	objects := make([]fyne.CanvasObject, len(cells))
	l.cells = make(map[fyne.CanvasObject]Cell, len(cells))
	for i, c := range cells {
		objects[i] = c.Object
		l.cells[c.Object] = c
	}
	return arranged(l, objects...)
}

type rowLayout struct {
	cells            map[fyne.CanvasObject]Cell
	gap, lineGap     float32
	middle, trailing bool
	width            float32
}

type placed struct {
	object fyne.CanvasObject
	x, w   float32
}

func (l *rowLayout) wish(o fyne.CanvasObject) float32 {
	if c := l.cells[o]; c.Min > 0 {
		return c.Min * TextScale()
	}
	return Natural(o).Width
}

// lines breaks the objects into lines and gives each its width.
func (l *rowLayout) lines(objects []fyne.CanvasObject, width float32) [][]placed {
	var lines [][]placed
	var line []placed
	var used float32
	for _, o := range visible(objects) {
		w := min(l.wish(o), width)
		if len(line) > 0 && used+l.gap+w > width+0.5 {
			lines, line, used = append(lines, line), nil, 0
		}
		if len(line) > 0 {
			used += l.gap
		}
		line = append(line, placed{object: o, w: w})
		used += w
	}
	if len(line) > 0 {
		lines = append(lines, line)
	}
	for _, line := range lines {
		l.place(line, width)
	}
	return lines
}

func (l *rowLayout) place(line []placed, width float32) {
	left := width - l.gap*float32(len(line)-1)
	var weight float32
	for _, p := range line {
		left -= p.w
		weight += l.cells[p.object].Weight
	}
	var x float32
	if l.trailing && weight == 0 {
		x = max(left, 0)
	}
	for i := range line {
		p := &line[i]
		if weight > 0 && left > 0 {
			p.w += left * l.cells[p.object].Weight / weight
		}
		p.x = x
		x += p.w + l.gap
	}
}

func lineHeight(line []placed) float32 {
	var h float32
	for _, p := range line {
		h = max(h, HeightFor(p.object, p.w))
	}
	return h
}

func (l *rowLayout) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	var h float32
	for i, line := range l.lines(objects, width) {
		if i > 0 {
			h += l.lineGap
		}
		h += lineHeight(line)
	}
	return h
}

func (l *rowLayout) natural(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for i, o := range visible(objects) {
		if i > 0 {
			s.Width += l.gap
		}
		w := max(l.wish(o), Natural(o).Width)
		s.Width += w
		s.Height = max(s.Height, HeightFor(o, w))
	}
	return s
}

func (l *rowLayout) narrowest(objects []fyne.CanvasObject) float32 { return minWidth(objects) }

func (l *rowLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return minSize(l, objects, l.width)
}

func (l *rowLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	var y float32
	for _, line := range l.lines(objects, size.Width) {
		h := lineHeight(line)
		for _, p := range line {
			own, at := HeightFor(p.object, p.w), y
			if l.middle {
				at += (h - own) / 2
			}
			Put(p.object, fyne.NewPos(p.x, at), fyne.NewSize(p.w, own), size.Width)
		}
		y += h + l.lineGap
	}
}

// Ends puts one object at the left, with all the room that is left over, and
// one at the right at its natural width: a title and its tag. Where the left
// one would get less than a third, the right one goes below.
func Ends(left, right fyne.CanvasObject) *fyne.Container {
	return arranged(&endsLayout{}, left, right)
}

type endsLayout struct{ width float32 }

func (l *endsLayout) split(objects []fyne.CanvasObject, width float32) (left, right float32, below bool) {
	if !objects[1].Visible() {
		return width, 0, false
	}
	right = min(Natural(objects[1]).Width, width)
	left = width - right - Gap12
	if left < width/3 && left < Natural(objects[0]).Width {
		return width, right, true
	}
	return left, right, false
}

func (l *endsLayout) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	left, right, below := l.split(objects, width)
	h, r := HeightFor(objects[0], left), float32(0)
	if right > 0 {
		r = HeightFor(objects[1], right)
	}
	if below {
		return h + Gap4 + r
	}
	return max(h, r)
}

func (l *endsLayout) natural(objects []fyne.CanvasObject) fyne.Size {
	a, b := Natural(objects[0]), Natural(objects[1])
	return fyne.NewSize(a.Width+Gap12+b.Width, max(a.Height, b.Height))
}

func (l *endsLayout) narrowest(objects []fyne.CanvasObject) float32 { return minWidth(objects) }

func (l *endsLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return minSize(l, objects, l.width)
}

func (l *endsLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	left, right, below := l.split(objects, size.Width)
	h := HeightFor(objects[0], left)
	var r float32
	if right > 0 {
		r = HeightFor(objects[1], right)
	}
	first, second := fyne.Position{}, fyne.NewPos(0, h+Gap4)
	if !below {
		both := max(h, r)
		first, second = fyne.NewPos(0, (both-h)/2), fyne.NewPos(size.Width-right, (both-r)/2)
	}
	Put(objects[0], first, fyne.NewSize(left, h), size.Width)
	if right > 0 {
		Put(objects[1], second, fyne.NewSize(right, r), size.Width)
	}
}

// Center puts an object in the middle, at most maxWidth wide (at 100 % text
// size), and at its own height: an account screen's card. With 0 it is as wide
// as it likes to be.
func Center(maxWidth float32, o fyne.CanvasObject) *fyne.Container {
	return arranged(&centerLayout{max: maxWidth}, o)
}

type centerLayout struct {
	max, width float32
	top        bool // rather than in the middle of the height
	leading    bool // rather than in the middle of the width
}

func (l *centerLayout) inner(o fyne.CanvasObject, width float32) float32 {
	if l.max == 0 {
		return min(width, Natural(o).Width)
	}
	return min(width, l.max*TextScale())
}

func (l *centerLayout) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	return HeightFor(objects[0], l.inner(objects[0], width))
}

func (l *centerLayout) natural(objects []fyne.CanvasObject) fyne.Size {
	if l.max == 0 {
		return Natural(objects[0])
	}
	w := l.max * TextScale()
	return fyne.NewSize(w, HeightFor(objects[0], w))
}

func (l *centerLayout) narrowest(objects []fyne.CanvasObject) float32 { return minWidth(objects) }

func (l *centerLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return minSize(l, objects, l.width)
}

func (l *centerLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	w := l.inner(objects[0], size.Width)
	y := max((size.Height-HeightFor(objects[0], w))/2, 0)
	if l.top {
		y = 0
	}
	l.put(objects[0], y, size.Width)
}

// put places the object at a height.
func (l *centerLayout) put(o fyne.CanvasObject, y, width float32) {
	l.width = width
	w := l.inner(o, width)
	x := (width - w) / 2
	if l.leading {
		x = 0
	}
	Put(o, fyne.NewPos(x, y), fyne.NewSize(w, HeightFor(o, w)), width)
}
