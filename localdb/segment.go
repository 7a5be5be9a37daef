package localdb

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"hash/crc32"
)

// A segment of the journal is a file (integers are big-endian):
//
//	header, twice: magic[8] version[2] size[2] store[16] segment[8] first[8]
//	               wrapped data key[60] crc32c[4]
//	frames:        mark[8] length[4] sequence[8] number[8] previous tag[16]
//	               crc32c[4], then length bytes: nonce[12] ciphertext tag[16]
//
// The data key is random for each segment, sealed with the header's beginning
// as additional data. A frame's additional data are version, store, segment,
// sequence, number and the previous frame's tag (security.md, "Journal"). That
// tag and the number in the operations' stream (0 for other records) stand in
// the frame's header too, so that a frame after a damaged one can be read, and
// a damaged one still says which number it was. Each segment is there as two
// files with the same bytes (mirror.go).
const (
	formatVersion   = 1
	segmentMagic    = "PLNRYJNL"
	headerSize      = 8 + 2 + 2 + 16 + 8 + 8 + wrappedSize + 4
	wrappedSize     = 32 + sealOverhead
	headerSealed    = headerSize - wrappedSize - 4 // bytes before the wrapped key
	headersSize     = 2 * headerSize
	headerSearch    = 4096 // how far a header is looked for in a damaged file
	frameHeaderSize = 8 + 4 + 8 + 8 + tagSize + 4
	maxPlain        = MaxRecord + 64<<10 // a record with its names and codes
)

var (
	frameMark  = []byte{0xf7, 'P', 'l', 'F', 0x9c, 0x1a, 0xe3, 0x0d}
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

// segmentHeader is what a segment says about itself, and its data key.
type segmentHeader struct {
	store   [16]byte
	segment uint64
	first   uint64 // sequence of the first frame
	data    cipher.AEAD
}

// newSegmentHeader returns a header with a new data key, and its two copies.
func newSegmentHeader(k *keys, segment, first uint64) (segmentHeader, []byte) {
	h := segmentHeader{store: k.store, segment: segment, first: first}
	var dataKey [32]byte
	rand.Read(dataKey[:])
	h.data = newAEAD(dataKey[:])

	b := append(make([]byte, 0, headersSize), segmentMagic...)
	b = binary.BigEndian.AppendUint16(b, formatVersion)
	b = binary.BigEndian.AppendUint16(b, headerSize)
	b = append(b, h.store[:]...)
	b = binary.BigEndian.AppendUint64(b, segment)
	b = binary.BigEndian.AppendUint64(b, first)
	b = k.wrap.Seal(b, nil, dataKey[:], b)
	b = binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
	return h, append(b, b...)
}

// headerVerdict says what can be known from a segment's header. Of two, the higher one
// counts.
type headerVerdict int

const (
	headerUnreadable headerVerdict = iota
	headerWrongKey
	headerGood
	headerNewer
)

// readSegmentHeader looks for the first whole header at the beginning of a
// segment.
func readSegmentHeader(k *keys, data []byte) (segmentHeader, headerVerdict) {
	data = data[:min(len(data), headerSearch)]
	for {
		i := bytes.Index(data, []byte(segmentMagic))
		if i < 0 {
			return segmentHeader{}, headerUnreadable
		}
		if h, v := parseSegmentHeader(k, data[i:]); v != headerUnreadable {
			return h, v
		}
		data = data[i+1:]
	}
}

func parseSegmentHeader(k *keys, b []byte) (h segmentHeader, v headerVerdict) {
	if len(b) < 12 {
		return h, headerUnreadable
	}
	// Magic, version and size stay where they are in every format to come, and
	// so does the checksum at the end.
	version, size := binary.BigEndian.Uint16(b[8:]), int(binary.BigEndian.Uint16(b[10:]))
	if size < 16 || size > len(b) || crc32.Checksum(b[:size-4], castagnoli) != binary.BigEndian.Uint32(b[size-4:]) {
		return h, headerUnreadable
	}
	if version > formatVersion {
		return h, headerNewer
	}
	if size != headerSize {
		return h, headerUnreadable
	}
	copy(h.store[:], b[12:])
	h.segment = binary.BigEndian.Uint64(b[28:])
	h.first = binary.BigEndian.Uint64(b[36:])
	if h.store != k.store {
		return h, headerWrongKey
	}
	dataKey, err := k.wrap.Open(nil, nil, b[headerSealed:headerSize-4], b[:headerSealed])
	if err != nil {
		return h, headerUnreadable // forged: the id was right, the key is not ours
	}
	h.data = newAEAD(dataKey)
	return h, headerGood
}

// frameHeader is the part of a frame that can be read without the key.
type frameHeader struct {
	length   uint32 // of the sealed record
	seq      uint64
	number   uint64 // in the operations' stream; 0 for other records
	previous [tagSize]byte
}

// appendFrame appends the sealed frame of one record.
func appendFrame(b []byte, h segmentHeader, f frameHeader, plain []byte) []byte {
	f.length = uint32(len(plain) + sealOverhead)
	start := len(b)
	b = append(b, frameMark...)
	b = binary.BigEndian.AppendUint32(b, f.length)
	b = binary.BigEndian.AppendUint64(b, f.seq)
	b = binary.BigEndian.AppendUint64(b, f.number)
	b = append(b, f.previous[:]...)
	b = binary.BigEndian.AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
	return h.data.Seal(b, nil, plain, frameContext(h, f))
}

// frameContext is a frame's additional data.
func frameContext(h segmentHeader, f frameHeader) []byte {
	b := binary.BigEndian.AppendUint16(make([]byte, 0, 64), formatVersion)
	b = append(b, h.store[:]...)
	b = binary.BigEndian.AppendUint64(b, h.segment)
	b = binary.BigEndian.AppendUint64(b, f.seq)
	b = binary.BigEndian.AppendUint64(b, f.number)
	return append(b, f.previous[:]...)
}

// parseFrameHeader reads the frame header at the start of b, if one is there.
func parseFrameHeader(b []byte) (f frameHeader, ok bool) {
	if len(b) < frameHeaderSize || !bytes.HasPrefix(b, frameMark) {
		return f, false
	}
	if crc32.Checksum(b[:frameHeaderSize-4], castagnoli) != binary.BigEndian.Uint32(b[frameHeaderSize-4:]) {
		return f, false
	}
	f.length = binary.BigEndian.Uint32(b[8:])
	f.seq = binary.BigEndian.Uint64(b[12:])
	f.number = binary.BigEndian.Uint64(b[20:])
	copy(f.previous[:], b[28:])
	return f, f.length >= sealOverhead && f.length <= maxPlain+sealOverhead && f.seq > 0
}

// frame is one frame as it was read. plain is nil where it cannot be read.
type frame struct {
	frameHeader
	tag   [tagSize]byte
	plain []byte
	cut   bool // the file ends within the frame
}

// segment is a segment's file as it was read.
type segment struct {
	header  segmentHeader
	verdict headerVerdict
	frames  []frame // in the file's order; those with a nil plain are damaged
	end     int     // offset of the end of the last readable frame
	torn    int     // bytes of an unfinished write after end
	whole   bool    // everything up to end was read, from the header on
}

// parseSegment reads whatever can be read in a segment's bytes. What cannot is
// skipped up to the next frame's mark.
func parseSegment(k *keys, data []byte) segment {
	header, verdict := readSegmentHeader(k, data)
	if verdict == headerWrongKey || verdict == headerNewer {
		return segment{header: header, verdict: verdict}
	}
	return parseFrames(k, header, verdict, data)
}

// parseFrames is parseSegment with a header that is known already.
func parseFrames(k *keys, header segmentHeader, verdict headerVerdict, data []byte) segment {
	s := segment{header: header, verdict: verdict}
	_, first := parseSegmentHeader(k, data)
	_, second := parseSegmentHeader(k, data[min(headerSize, len(data)):])
	s.whole = s.verdict == headerGood && first == headerGood && second == headerGood
	s.end = min(headersSize, len(data))

	skipped := !s.whole // something before this place could not be read
	pos := 0
	if s.whole {
		pos = headersSize
	}
	for pos < len(data) {
		f, size := s.readFrame(data[pos:])
		if size > 0 {
			s.frames = append(s.frames, f)
			s.whole = s.whole && !skipped
			pos += size
			s.end = pos
			continue
		}
		skipped = true
		if f.seq > 0 {
			s.frames = append(s.frames, f)
		}
		next := bytes.Index(data[pos+1:], frameMark)
		if next < 0 {
			break
		}
		pos += 1 + next
	}
	s.torn = len(data) - s.end
	return s
}

// readFrame reads the frame at the start of b and returns its size, which is 0
// if it cannot be read; its header may still be good (seq > 0).
func (s *segment) readFrame(b []byte) (f frame, size int) {
	var ok bool
	if f.frameHeader, ok = parseFrameHeader(b); !ok {
		return frame{}, 0
	}
	size = frameHeaderSize + int(f.length)
	if f.cut = size > len(b); f.cut || s.verdict != headerGood {
		return f, 0
	}
	sealed := b[frameHeaderSize:size]
	plain, err := s.header.data.Open(nil, nil, sealed, frameContext(s.header, f.frameHeader))
	if err != nil {
		return f, 0
	}
	copy(f.tag[:], sealed[len(sealed)-tagSize:])
	if n := len(s.frames); n > 0 {
		last := s.frames[n-1]
		if last.plain != nil && last.seq+1 == f.seq && last.tag != f.previous {
			return f, 0 // another frame of this number once stood here
		}
	}
	f.plain = append([]byte{}, plain...) // never nil
	return f, size
}
