package main

import (
	"cmp"
	"math"
	"slices"
)

// code is a canonical Huffman code: symbols of one length have consecutive codes
// in their order. A length of 0 is a symbol that does not occur.
type code struct {
	lengths []uint8
	bits    []uint32
}

// newCode makes the code for symbols that occur so many times, none longer than
// limit. It has two symbols at least: readers refuse an incomplete code.
func newCode(counts []int, limit uint8) code {
	counts = slices.Clone(counts)
	used := 0
	for _, n := range counts {
		if n > 0 {
			used++
		}
	}
	for s := 0; used < 2; s++ {
		if counts[s] == 0 {
			counts[s] = 1
			used++
		}
	}
	for {
		lengths := huffman(counts)
		if slices.Max(lengths) <= limit {
			return code{lengths, canonical(lengths)}
		}
		// Flatter counts make a flatter tree.
		for s, n := range counts {
			if n > 0 {
				counts[s] = n/2 + 1
			}
		}
	}
}

func huffman(counts []int) []uint8 {
	type node struct{ count, left, right int } // of leaves right is -1, left the symbol
	var nodes []node
	for s, n := range counts {
		if n > 0 {
			nodes = append(nodes, node{n, s, -1})
		}
	}
	slices.SortStableFunc(nodes, func(a, b node) int { return cmp.Compare(a.count, b.count) })
	// Leaves in order, and inner nodes in order as they come: the least two are
	// at the head of either.
	leaf, leaves := 0, len(nodes)
	inner := leaves
	least := func() int {
		if leaf < leaves && (inner >= len(nodes) || nodes[leaf].count <= nodes[inner].count) {
			leaf++
			return leaf - 1
		}
		inner++
		return inner - 1
	}
	for range leaves - 1 {
		a, b := least(), least()
		nodes = append(nodes, node{nodes[a].count + nodes[b].count, a, b})
	}
	lengths := make([]uint8, len(counts))
	depth := make([]uint8, len(nodes))
	for i := len(nodes) - 1; i >= 0; i-- {
		if n := nodes[i]; n.right < 0 {
			lengths[n.left] = depth[i]
		} else {
			depth[n.left], depth[n.right] = depth[i]+1, depth[i]+1
		}
	}
	return lengths
}

func canonical(lengths []uint8) []uint32 {
	bits := make([]uint32, len(lengths))
	next := uint32(0)
	for l := uint8(1); l <= slices.Max(lengths); l++ {
		next <<= 1
		for s, have := range lengths {
			if have == l {
				bits[s] = next
				next++
			}
		}
	}
	return bits
}

// counts is how often each symbol occurs in a block.
type counts struct {
	main, length, low []int
}

func count(steps []step) *counts {
	c := &counts{make([]int, mainSymbols), make([]int, lenSymbols), make([]int, lowSymbols)}
	for _, s := range steps {
		c.main[s.symbol]++
		if symbol, ok := s.lengthSymbol(); ok {
			c.length[symbol]++
		}
		if s.symbol >= literals && slotBits[s.slot] >= 3 {
			c.low[s.extra&7]++
		}
	}
	return c
}

type codes struct {
	main, length, low code
	lowGains          bool // a code for the lowest three bits of offsets saves more than it takes
}

func (c *counts) codes() codes {
	all := codes{main: newCode(c.main, 16), length: newCode(c.length, 16), low: newCode(c.low, 7)}
	plain, coded := 0, 3*lowSymbols
	for s, n := range c.low {
		plain += 3 * n
		coded += int(all.low.lengths[s]) * n
	}
	all.lowGains = coded < plain
	return all
}

// prices is what symbols take, in sixteenths of a bit.
type prices struct {
	main   [mainSymbols]uint32
	length [lenSymbols]uint32
}

const bit = 16

func (c *counts) prices() *prices {
	p := &prices{}
	price := func(prices []uint32, counts []int) {
		total := 0
		for _, n := range counts {
			total += n
		}
		for s, n := range counts {
			// What has not occurred may: as if it had half a time.
			p := math.Log2((float64(total) + 1) / max(float64(n), 0.5))
			prices[s] = uint32(min(p, 16) * bit)
		}
	}
	price(p.main[:], c.main)
	price(p.length[:], c.length)
	return p
}

// firstPrices is before anything is known.
func firstPrices() *prices {
	p := &prices{}
	for s := range p.main {
		p.main[s] = 9 * bit
	}
	for s := range p.length {
		p.length[s] = 6 * bit
	}
	return p
}
