package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// viewPasses is how often the view is measured until it holds still: rows that
// turn out lower than estimated let others in.
const viewPasses = 8

// leastView is the height under which a list has no place yet.
const leastView = 20

// show makes exactly the rows in view exist; refill fills those again that were
// there before. It brings a row into view, or with -1 keeps those in view where
// they are, whatever the heights of rows above them turn out to be.
func (l *RowList) show(refill bool, row int) {
	if l.width <= 0 || l.scroll.Size().Height < leastView { // not laid out yet, or no more
		l.fill(0, 0, false)
		l.place(l.scroll.Offset.Y)
		return
	}
	together++
	defer func() { together-- }()
	before := l.scroll.Offset.Y
	for range viewPasses {
		if row >= 0 {
			l.scroll.Offset.Y = l.offsetFor(row)
		}
		l.keepWithin()
		from, until := l.inView()
		anchor := from
		for anchor < until && !l.heights.known(anchor) {
			anchor++
		}
		if anchor == until {
			anchor = from
		}
		at := float32(l.heights.top(anchor)) - l.scroll.Offset.Y
		changed := l.fill(from, until, refill)
		refill = false
		if !changed {
			break
		}
		if row < 0 && anchor < l.length {
			l.scroll.Offset.Y = float32(l.heights.top(anchor)) - at
		}
	}
	l.keepWithin()
	l.place(before)
}

// offsetFor is how far to scroll for a row to be in view, with the heading above it.
func (l *RowList) offsetFor(row int) float32 {
	first := row
	if row > 0 && l.isHeading(row-1) {
		first--
	}
	top, bottom := float32(l.heights.top(first)), float32(l.heights.top(row+1))
	y, view := l.scroll.Offset.Y, l.scroll.Size().Height
	switch {
	case top < y:
		return top
	case bottom > y+view:
		return max(bottom-view, 0)
	}
	return y
}

// keepWithin does not let the list be scrolled beyond its end.
func (l *RowList) keepWithin() {
	most := float32(l.heights.top(l.length)) - l.scroll.Size().Height
	l.scroll.Offset.Y = max(min(l.scroll.Offset.Y, most), 0)
}

// inView are the rows that can be seen, the last one excluded.
func (l *RowList) inView() (from, until int) {
	y := l.scroll.Offset.Y
	from = l.heights.at(y)
	until = from
	for top := l.heights.top(from); until < l.length && float32(top) < y+l.scroll.Size().Height; until++ {
		top += l.heights.height(until)
	}
	return from, until
}

// fill makes these rows exist and measures those that it fills; it tells whether
// that changed where rows are.
func (l *RowList) fill(from, until int, refill bool) (changed bool) {
	for i, frame := range l.shown {
		if i < from || i >= until {
			delete(l.shown, i)
			l.spare = append(l.spare, frame)
		}
	}
	for i := from; i < until; i++ {
		frame, there := l.shown[i]
		if there && !refill {
			continue
		}
		if !there {
			frame = l.frame()
			l.shown[i] = frame
		}
		frame.row, frame.ID = i, ""
		if l.RowID != nil {
			frame.ID = l.RowID(i)
		}
		l.update(i, frame.content)
		frame.filled = true
		height := frame.heightFor(l.width)
		if !l.heights.known(i) && !l.isHeading(i) && l.heights.first() {
			l.heights.estimate = height
			changed = true
		}
		changed = l.heights.set(i, height) || changed
	}
	return changed
}

// place puts the rows in view where they belong.
func (l *RowList) place(before float32) {
	shown := l.body.Objects
	objects := shown[:0]
	from, until := l.inView()
	for i := from; i < until; i++ {
		frame, ok := l.shown[i]
		if !ok {
			continue // not measured within the passes: the next frame will
		}
		Put(frame, fyne.NewPos(0, float32(l.heights.top(i))), fyne.NewSize(l.width, float32(l.heights.height(i))), l.width)
		frame.fit()
		objects = append(objects, frame)
	}
	if len(objects) < len(shown) {
		clear(shown[len(objects):])
	}
	l.body.Objects = objects
	view := l.scroll.Size()
	size := fyne.NewSize(l.width, max(float32(l.heights.top(l.length)), view.Height))
	if l.body.Size() != size || l.scroll.Offset.Y != before {
		l.body.Resize(size)
		l.scroll.Base.Refresh() // the bar and the place of the body, not the rows again
	}
	canvas.Refresh(l.body)
}
