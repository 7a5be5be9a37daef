package main

import (
	"math"
	"slices"
)

// candidate is a place where the same bytes have been before.
type candidate struct{ length, offset int32 }

const (
	hashBits = 20
	depth    = 16 // places that are looked at
	enough   = 64 // a match as long as this is taken without looking further
)

// finder remembers where bytes have been before: the last place of each two and
// three bytes, and a chain of places of each hash of four.
type finder struct {
	data  []byte
	two   []int32
	three []int32
	four  []int32
	chain []int32 // the place before, of each place in the window
}

func newFinder(data []byte) *finder {
	f := &finder{data, make([]int32, 1<<16), make([]int32, 1<<hashBits), make([]int32, 1<<hashBits), make([]int32, 1<<windowBits)}
	for _, places := range [][]int32{f.two, f.three, f.four} {
		for i := range places {
			places[i] = -1
		}
	}
	return f
}

// candidates returns for each place of a block the matches, each longer than the
// one before, that are the nearest of their length.
func (f *finder) candidates(start, size int) [][]candidate {
	all := make([][]candidate, size)
	var some []candidate // the backing of many
	quiet := 0           // places within a long match, which are not looked at
	for i := range size {
		at := start + i
		limit := min(maxMatch, frameSize-at%frameSize, len(f.data)-at)
		before := len(some)
		if quiet > 0 {
			quiet--
			f.look(at, 0, nil)
		} else if some = f.look(at, limit, some); len(some) > before && some[len(some)-1].length >= enough {
			quiet = int(some[len(some)-1].length) - 1
		}
		all[i] = some[before:len(some):len(some)]
	}
	return all
}

// look enters a place and appends its candidates of at most limit bytes.
func (f *finder) look(at, limit int, some []candidate) []candidate {
	d := f.data
	if at+4 > len(d) {
		return some
	}
	v := uint32(d[at]) | uint32(d[at+1])<<8 | uint32(d[at+2])<<16 | uint32(d[at+3])<<24
	h2, h3, h4 := v&0xffff, (v<<8)*0x9e3779b1>>(32-hashBits), v*0x9e3779b1>>(32-hashBits)
	longest := minMatch - 1
	try := func(place int) {
		if place < 0 || at-place > maxOffset || longest >= limit || d[place+longest] != d[at+longest] {
			return
		}
		n := 0
		for n < limit && d[place+n] == d[at+n] {
			n++
		}
		if n > longest {
			longest = n
			some = append(some, candidate{int32(n), int32(at - place)})
		}
	}
	if limit >= minMatch {
		try(int(f.two[h2]))
		try(int(f.three[h3]))
		place := int(f.four[h4])
		for range depth {
			if place < 0 || at-place > maxOffset || longest >= min(limit, enough) {
				break
			}
			try(place)
			next := int(f.chain[place&(1<<windowBits-1)])
			if next >= place {
				break // overwritten since
			}
			place = next
		}
	}
	f.two[h2], f.three[h3] = int32(at), int32(at)
	f.chain[at&(1<<windowBits-1)] = f.four[h4]
	f.four[h4] = int32(at)
	return some
}

// parse chooses the steps through a block that cost least by these prices, frame
// after frame, and returns the repeated offsets after it.
func parse(data []byte, start, size int, all [][]candidate, last repeats, p *prices) ([]step, repeats) {
	var steps []step
	for frame := 0; frame < size; frame += frameSize {
		var some []step
		some, last = parseFrame(data[:start+frame+min(frameSize, size-frame)], start+frame, all[frame:], last, p)
		steps = append(steps, some...)
	}
	return steps, last
}

// node is the cheapest way to a place that is known yet.
type node struct {
	price uint32
	step  step    // the last one
	last  repeats // after it
}

func parseFrame(data []byte, start int, all [][]candidate, last repeats, p *prices) ([]step, repeats) {
	size := len(data) - start
	nodes := make([]node, size+1)
	for i := range nodes {
		nodes[i].price = math.MaxUint32
	}
	nodes[0] = node{last: last}
	reach := func(i int, from *node, s step, price uint32, last repeats) {
		if to := &nodes[i+s.length]; from.price+price < to.price {
			*to = node{price: from.price + price, step: s, last: last}
		}
	}
	var lengthPrice [maxMatch + 1]uint32
	for n := range lengthPrice {
		if n >= minMatch+7 {
			lengthPrice[n] = p.length[n-minMatch-7]
		}
	}
	for i := 0; i < size; i++ {
		from := &nodes[i]
		at := start + i
		s := literal(data[at])
		reach(i, from, s, p.main[s.symbol], from.last)
		limit := min(maxMatch, size-i)
		longest := 0
		for r, offset := range from.last {
			if offset > at {
				continue
			}
			n := 0
			for n < limit && data[at-offset+n] == data[at+n] {
				n++
			}
			longest = max(longest, n)
			after := from.last.use(offset, r)
			shortest := minMatch
			if n >= enough {
				shortest = n
			}
			for l := shortest; l <= n; l++ {
				s := match(l, offset, r)
				reach(i, from, s, p.main[s.symbol]+lengthPrice[l], after)
			}
		}
		if n := len(all[i]); longest < enough && n > 0 && int(all[i][n-1].length) >= enough {
			c := all[i][n-1]
			longest = int(c.length)
			s := match(longest, int(c.offset), -1)
			reach(i, from, s, uint32(slotBits[s.slot])*bit+p.main[s.symbol]+lengthPrice[longest], from.last.use(int(c.offset), -1))
		}
		if longest >= enough {
			i += longest - 1 // taken; nothing better begins within it
			continue
		}
		l := minMatch
		for _, c := range all[i] {
			s := match(int(c.length), int(c.offset), -1)
			after := from.last.use(int(c.offset), -1)
			base := uint32(slotBits[s.slot]) * bit
			for ; l <= int(c.length); l++ {
				s.length, s.symbol = l, literals+s.slot*8+min(l-minMatch, 7)
				reach(i, from, s, base+p.main[s.symbol]+lengthPrice[l], after)
			}
		}
	}
	var steps []step
	for i := size; i > 0; i -= nodes[i].step.length {
		steps = append(steps, nodes[i].step)
	}
	slices.Reverse(steps)
	return steps, nodes[size].last
}
