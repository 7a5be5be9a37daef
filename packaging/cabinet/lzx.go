package main

import (
	"encoding/binary"
	"errors"
)

// LZX, as cabinets have it: blocks of literals and matches with a Huffman code
// for each block, over a window of 2 MB. Published by Microsoft in "Microsoft
// LZX Data Compression Format" and, with changes for patches, in [MS-PATCH].

const (
	windowBits = 21
	maxOffset  = 1<<windowBits - 3

	// A frame is what one data block of the cabinet holds; no match crosses its end.
	frameSize = 32 << 10
	// A block of the stream has its own codes. What it says about them is some
	// hundred bytes; programs change their nature more slowly than every 256 KB.
	blockSize = 8 * frameSize

	minMatch = 2
	maxMatch = 257

	slots       = 50 // of offsets, for this window
	literals    = 256
	mainSymbols = literals + slots*8
	lenSymbols  = 249
	preSymbols  = 20
	lowSymbols  = 8 // of the lowest three bits of an offset

	verbatim = 1
	aligned  = 2
)

// slotBase and slotBits: the offsets (plus two, for the three repeated ones come
// first) of a slot begin at its base, and are told apart by so many bits.
var slotBase, slotBits = func() (base [slots]uint32, bits [slots]uint) {
	next := uint32(0)
	for s := range slots {
		bits[s] = uint(min(max(s/2-1, 0), 17))
		base[s] = next
		next += 1 << bits[s]
	}
	return base, bits
}()

func slotOf(formatted uint32) int {
	low, high := 0, slots
	for high-low > 1 {
		if middle := (low + high) / 2; slotBase[middle] <= formatted {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// step is a literal (length 1) or a match.
type step struct {
	length int
	slot   int
	extra  uint32 // what comes after the slot
	symbol int    // of the main code
}

func literal(b byte) step { return step{length: 1, symbol: int(b)} }

// match describes one of length bytes; repeat is the index of the repeated
// offset, or -1.
func match(length, offset, repeat int) step {
	s := step{length: length, slot: repeat}
	if repeat < 0 {
		formatted := uint32(offset) + 2
		s.slot = slotOf(formatted)
		s.extra = formatted - slotBase[s.slot]
	}
	s.symbol = literals + s.slot*8 + min(length-minMatch, 7)
	return s
}

// lengthSymbol is what a long match says beside its main symbol.
func (s step) lengthSymbol() (symbol int, ok bool) {
	symbol = s.length - minMatch - 7
	return symbol, s.symbol >= literals && symbol >= 0
}

// repeats are the offsets of the last three different matches.
type repeats [3]int

// use is what they are after a match.
func (r repeats) use(offset, repeat int) repeats {
	switch repeat {
	case 0:
		return r
	case 1:
		return repeats{r[1], r[0], r[2]}
	case 2:
		return repeats{r[2], r[1], r[0]}
	}
	return repeats{offset, r[0], r[1]}
}

// compress returns the frames of data, each for a data block of a cabinet.
func compress(data []byte) ([][]byte, error) {
	if len(data) > 1<<30 {
		return nil, errors.New("more than 1 GB") // calls are not translated beyond
	}
	data = translateCalls(data)
	var (
		out    bits
		frames [][]byte
		lens   codeLengths // of the block before, from which those of the next differ
		last   = repeats{1, 1, 1}
		prices = firstPrices()
	)
	// Looking for matches is most of the work, and does not depend on the rest.
	found := make(chan [][]candidate, 1)
	go func() {
		find := newFinder(data)
		for start := 0; start < len(data); start += blockSize {
			found <- find.candidates(start, min(blockSize, len(data)-start))
		}
	}()
	out.put(1, 1)
	out.put(uint32(len(data))>>16, 16)
	out.put(uint32(len(data))&0xffff, 16)
	for start := 0; start < len(data); start += blockSize {
		block := data[start:min(start+blockSize, len(data))]
		candidates := <-found
		if start == 0 {
			steps, _ := parse(data, start, len(block), candidates, last, prices)
			prices = count(steps).prices()
		}
		// By the prices of the block before, which are much like those of this one.
		steps, after := parse(data, start, len(block), candidates, last, prices)
		last = after
		counts := count(steps)
		prices = counts.prices()
		codes := counts.codes()
		kind := verbatim
		if codes.lowGains {
			kind = aligned
		}
		out.put(uint32(kind), 3)
		out.put(uint32(len(block))>>8, 16)
		out.put(uint32(len(block))&0xff, 8)
		if kind == aligned {
			for _, l := range codes.low.lengths {
				out.put(uint32(l), 3)
			}
		}
		out.putLengths(lens.main[:literals], codes.main.lengths[:literals])
		out.putLengths(lens.main[literals:], codes.main.lengths[literals:])
		out.putLengths(lens.length[:], codes.length.lengths)
		copy(lens.main[:], codes.main.lengths)
		copy(lens.length[:], codes.length.lengths)

		done := 0
		for _, s := range steps {
			out.putStep(s, codes, kind)
			done += s.length
			if done%frameSize == 0 || done == len(block) {
				frames = append(frames, out.flush())
			}
		}
	}
	return frames, nil
}

// codeLengths of the two codes that each block tells as differences.
type codeLengths struct {
	main   [mainSymbols]uint8
	length [lenSymbols]uint8
}

// translateCalls replaces the relative target of what may be a call of an Intel
// processor by the absolute one: the same function is then called by the same
// bytes everywhere.
func translateCalls(data []byte) []byte {
	data = append([]byte(nil), data...)
	size := int32(len(data))
	for frame := 0; frame < len(data); frame += frameSize {
		end := min(frame+frameSize, len(data)) - 10
		for i := frame; i < end; i++ {
			if data[i] != 0xe8 {
				continue
			}
			at := int32(i)
			target := int32(binary.LittleEndian.Uint32(data[i+1:]))
			if target >= -at && target < size {
				if target < size-at {
					target += at
				} else {
					target -= size
				}
				binary.LittleEndian.PutUint32(data[i+1:], uint32(target))
			}
			i += 4
		}
	}
	return data
}
