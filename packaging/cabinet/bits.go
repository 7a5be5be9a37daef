package main

// bits is a stream of words of 16 bits, each with its highest bit first.
type bits struct {
	words []byte
	rest  uint32 // the lowest n of these are not written yet
	n     uint
}

// put writes the lowest n bits of v, at most 17.
func (b *bits) put(v uint32, n uint) {
	if n > 16 {
		b.put(v>>16, n-16)
		v, n = v&0xffff, 16
	}
	b.rest = b.rest<<n | v
	b.n += n
	if b.n >= 16 {
		b.n -= 16
		word := b.rest >> b.n
		b.words = append(b.words, byte(word), byte(word>>8))
		b.rest &= 1<<b.n - 1
	}
}

// flush fills the last word with zeros and returns all since the last flush.
func (b *bits) flush() []byte {
	if b.n > 0 {
		b.put(0, 16-b.n)
	}
	words := b.words
	b.words = nil
	return words
}

func (b *bits) putCode(c code, symbol int) {
	b.put(c.bits[symbol], uint(c.lengths[symbol]))
}

func (b *bits) putStep(s step, c codes, kind int) {
	b.putCode(c.main, s.symbol)
	if s.symbol < literals {
		return
	}
	if symbol, ok := s.lengthSymbol(); ok {
		b.putCode(c.length, symbol)
	}
	n := slotBits[s.slot]
	if kind == aligned && n >= 3 {
		b.put(s.extra>>3, n-3)
		b.putCode(c.low, int(s.extra&7))
	} else {
		b.put(s.extra, n)
	}
}

// Symbols of the code in which lengths are written: 0 to 16 for the difference
// to the block before, and these.
const (
	fewZeros  = 17 // 4 to 19
	manyZeros = 18 // 20 to 51
	fewSame   = 19 // 4 or 5
)

// putLengths writes the lengths of a code's symbols as differences to before.
func (b *bits) putLengths(before, lengths []uint8) {
	type token struct {
		symbol int
		extra  uint32
		n      uint
		then   int // the symbol that follows a fewSame, else -1
	}
	difference := func(i int) int { return (int(before[i]) - int(lengths[i]) + 17) % 17 }
	var tokens []token
	counts := make([]int, preSymbols)
	for i := 0; i < len(lengths); {
		run := 1
		for i+run < len(lengths) && lengths[i+run] == lengths[i] {
			run++
		}
		t := token{symbol: difference(i), then: -1}
		switch {
		case lengths[i] == 0 && run >= 20:
			run = min(run, 51)
			t = token{manyZeros, uint32(run - 20), 5, -1}
		case lengths[i] == 0 && run >= 4:
			run = min(run, 19)
			t = token{fewZeros, uint32(run - 4), 4, -1}
		case run >= 4:
			run = min(run, 5)
			t = token{fewSame, uint32(run - 4), 1, difference(i)}
			counts[t.then]++
		default:
			run = 1
		}
		counts[t.symbol]++
		tokens = append(tokens, t)
		i += run
	}
	c := newCode(counts, 15)
	for _, l := range c.lengths {
		b.put(uint32(l), 4)
	}
	for _, t := range tokens {
		b.putCode(c, t.symbol)
		b.put(t.extra, t.n)
		if t.then >= 0 {
			b.putCode(c, t.then)
		}
	}
}
