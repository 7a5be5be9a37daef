package parts

import "math/bits"

// rowHeights are the heights of a list's rows in whole pixels. A row that was
// not seen yet counts with an estimate, so that a hundred thousand of them cost
// nothing. The sums are a Fenwick tree: asking and changing takes a few steps,
// however long the list is.
type rowHeights struct {
	length   int
	estimate int
	own      []int         // of each row; 0 until it was measured
	sums     []measuredSum // of the rows before; sums[i] is about the last lowbit(i) of i rows
}

// measuredSum is the height of the measured ones among some rows, and their number.
type measuredSum struct{ height, rows int }

// rowEstimate is the height of a row while none was measured, at 100 %.
const rowEstimate = 64

// reset forgets all heights.
func (h *rowHeights) reset(estimate int) {
	clear(h.own)
	clear(h.sums)
	h.estimate = estimate
}

// setLength says how many rows there are. The heights stay: they are as good a
// guess as any, until the rows are seen again.
func (h *rowHeights) setLength(n int) {
	h.length = n
	if n < len(h.sums) {
		return
	}
	own := make([]int, 1<<bits.Len(uint(n)))
	copy(own, h.own)
	h.own, h.sums = own, make([]measuredSum, len(own)+1)
	for row, height := range own {
		if height > 0 {
			h.add(row, height, 1)
		}
	}
}

func (h *rowHeights) add(row, height, rows int) {
	for i := row + 1; i < len(h.sums); i += i & -i {
		h.sums[i].height += height
		h.sums[i].rows += rows
	}
}

// known tells whether a row was measured.
func (h *rowHeights) known(row int) bool { return h.own[row] > 0 }

// set notes the height of a row; it tells whether that changes where rows are.
func (h *rowHeights) set(row, height int) bool {
	before, rows := h.own[row], 0
	if before == height {
		return false
	}
	if before == 0 {
		rows = 1
	}
	h.own[row] = height
	h.add(row, height-before, rows)
	return rows == 0 || height != h.estimate
}

// first tells whether no row was measured yet.
func (h *rowHeights) first() bool { return h.sums[len(h.own)].rows == 0 }

// height is that of one row.
func (h *rowHeights) height(row int) int {
	if h.own[row] > 0 {
		return h.own[row]
	}
	return h.estimate
}

// top is where a row begins; that of the row after the last is the height of all.
func (h *rowHeights) top(row int) int {
	y := row * h.estimate
	for i := row; i > 0; i -= i & -i {
		y += h.sums[i].height - h.sums[i].rows*h.estimate
	}
	return y
}

// at is the row that holds a place, the number of rows if it is below all.
func (h *rowHeights) at(y float32) int {
	row, top := 0, 0
	for step := len(h.own); step > 0; step /= 2 {
		if row+step > h.length {
			continue
		}
		s := h.sums[row+step]
		if bottom := top + s.height + (step-s.rows)*h.estimate; float32(bottom) <= y {
			row, top = row+step, bottom
		}
	}
	return row
}
