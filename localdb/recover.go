package localdb

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"plenary/platform/files"

	"github.com/google/uuid"
)

// segmentOnDisk is a segment with the number in its file's name.
type segmentOnDisk struct {
	n uint64
	segment
}

// recover reads the journal, repairs it from the copies in the cache, and
// leaves the store ready to write. It changes nothing before the key is known
// to be right.
func (s *Store) recover(k *keys) error {
	segments, err := readSegments(s.dir, k)
	if err != nil {
		return err
	}
	keyProven, whole := false, true
	for _, seg := range segments {
		switch seg.verdict {
		case headerNewer:
			return ErrNewerFormat
		case headerWrongKey:
			return ErrWrongKey
		case headerGood:
			keyProven = true
		}
		whole = whole && seg.whole && seg.torn == 0
	}
	whole = whole && len(segments) > 0
	if err := s.recoverCache(k, keyProven, whole); err != nil {
		return err
	}

	if err := removeUnfinished(s.dir); err != nil {
		return err
	}
	h := gather(segments)
	if s.cache != nil {
		h.addCopies(s.cache)
	}
	s.state, s.report.Recovered, s.report.Lost = h.replay()
	for i := range s.state.voids {
		if s.state.voids[i].Made.IsZero() {
			s.state.voids[i].Made = s.o.Now().Round(0).UTC()
			s.report.Voids++
		}
	}
	s.report.TornBytes = h.torn
	s.journal = &journal{dir: s.dir, keys: k, openSegment: s.o.OpenSegment, seq: h.last}
	if err := s.resume(segments, h, whole); err != nil {
		return err
	}
	if r := s.report; r.Recovered+r.Lost+r.TornBytes > 0 || r.CacheRebuilt || r.CacheClosed {
		s.o.Logger.Warn("the store was repaired", "recovered", r.Recovered, "lost", r.Lost, "voids", r.Voids,
			"torn bytes", r.TornBytes, "cache doubt", r.CacheDoubt, "cache closed", r.CacheClosed)
	}
	s.eraseAside()
	s.layBallast()
	return nil
}

// recoverCache opens the cache. On a full disk the store does without it, but
// only if the journal needs no repair.
func (s *Store) recoverCache(k *keys, keyProven, whole bool) error {
	err := s.o.room(s.dir, 0)
	if err == nil {
		s.cache, s.report.CacheDoubt, err = openCache(s.dir, k, s.o, keyProven)
		s.report.CacheRebuilt = s.report.CacheDoubt != ""
	}
	if err = diskError(err); errors.Is(err, ErrDiskFull) && whole {
		s.report.CacheClosed = true
		return nil
	}
	return err
}

// resume goes on in the last segment if nothing is wrong with it, and otherwise
// in a new one, to which it copies what lives.
func (s *Store) resume(segments []segmentOnDisk, h history, whole bool) error {
	s.copiedFrom = h.first
	if whole && len(segments) == 1 && s.report.Recovered+s.report.Lost+s.report.Voids == 0 && !h.wasteful(s.state) {
		seg := segments[0]
		file, err := s.o.OpenSegment(segmentPath(s.dir, seg.n))
		if err != nil {
			return diskError(err)
		}
		s.journal.file, s.journal.header = file, seg.header
		s.journal.size, s.journal.limit = int64(seg.end), max(compactAbove, 2*int64(seg.end))
		s.journal.tag = seg.frames[len(seg.frames)-1].tag
		s.completeCopies(h)
		return nil
	}
	if s.state.stream == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		s.state.fork(id.String(), s.state.waitingIDs())
	}
	next := uint64(1)
	for _, seg := range segments {
		next = max(next, seg.n+1)
	}
	if err := s.compact(next); err != nil {
		return err
	}
	if len(segments) == 0 {
		syncNewDir(s.dir)
	}
	for _, seg := range segments {
		if err := s.retire(segmentPath(s.dir, seg.n), seg.whole); err != nil {
			return err
		}
	}
	return nil
}

// syncNewDir makes the store's directory itself durable, and those that were
// perhaps made for it. Not all of them need to be readable, so errors are none.
func syncNewDir(dir string) {
	for range 3 {
		if files.SyncFolder(dir) != nil {
			return
		}
		dir = filepath.Dir(dir)
	}
}

// completeCopies queues copies of what the cache has none of, and removes those
// of what an earlier compaction left behind.
func (s *Store) completeCopies(h history) {
	if s.cache == nil {
		return
	}
	for seq := h.first; seq <= h.last; seq++ {
		if plain := s.cache.copied(seq); !slices.Equal(plain, h.plains[seq]) {
			s.cache.copies.add(copyEntry{seq, h.plains[seq]})
		}
	}
	for _, seq := range s.cache.copiedSequences() {
		if seq < h.first {
			s.cache.copies.add(copyEntry{seq: seq})
		}
	}
}

// removeUnfinished removes segments whose compaction was cut short.
func removeUnfinished(dir string) error {
	dir = filepath.Join(dir, journalDir)
	names, err := fs.Glob(os.DirFS(dir), "*"+segmentExt+newExt)
	for _, name := range names {
		err = errors.Join(err, files.RemoveIfThere(filepath.Join(dir, name)))
	}
	return err
}

// readSegments reads all segments, in their order.
func readSegments(dir string, k *keys) ([]segmentOnDisk, error) {
	entries, err := os.ReadDir(filepath.Join(dir, journalDir))
	if err != nil {
		return nil, err
	}
	var segments []segmentOnDisk
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), segmentExt)
		n, err := strconv.ParseUint(name, 10, 64)
		if !ok || err != nil {
			continue
		}
		data, err := files.Read(filepath.Join(dir, journalDir, e.Name()))
		if err != nil {
			return nil, err
		}
		segments = append(segments, segmentOnDisk{n, parseSegment(k, data)})
	}
	slices.SortFunc(segments, func(a, b segmentOnDisk) int { return int(a.n) - int(b.n) })
	return segments, nil
}

// history is all that could be read of the journal's records, by sequence.
type history struct {
	plains   map[uint64][]byte
	records  map[uint64]record
	copied   map[uint64]bool   // taken from a copy
	numbers  map[uint64]uint64 // of damaged frames: their number in the stream
	first    uint64            // where the state begins: a checkpoint, if it can be read
	last     uint64
	torn     int
	segments int
}

// gather collects what the segments hold.
func gather(segments []segmentOnDisk) history {
	h := history{
		plains: map[uint64][]byte{}, records: map[uint64]record{},
		copied: map[uint64]bool{}, numbers: map[uint64]uint64{},
	}
	h.segments = len(segments)
	frames := 0
	for i, seg := range segments {
		if i == len(segments)-1 {
			h.torn = seg.torn
		}
		if seg.verdict == headerGood {
			h.first = max(h.first, seg.header.first)
		}
		frames += len(seg.frames)
		for _, f := range seg.frames {
			if f.plain != nil {
				h.add(f.seq, f.plain)
			} else if !f.cut {
				h.numbers[f.seq] = f.number
			}
		}
	}
	// The header of a damaged frame is not authenticated: it counts only where
	// it is plausible.
	end := max(h.last, h.first) + uint64(frames)
	maps.DeleteFunc(h.numbers, func(seq, _ uint64) bool { return seq > end })
	return h
}

func (h *history) add(seq uint64, plain []byte) {
	r, err := decodeRecord(plain)
	if err != nil {
		return // authentic, but not of this format: counts as unreadable
	}
	h.plains[seq], h.records[seq] = plain, r
	h.last = max(h.last, seq)
}

// addCopies fills in what the journal lacks: frames that cannot be read, its
// end, or all of it.
func (h *history) addCopies(c *cache) {
	const probed = 64 // records after the last one, in case the list is cut short
	wanted := map[uint64]bool{}
	for seq := range h.numbers {
		wanted[seq] = true
	}
	for seq := max(h.first, 1); seq <= h.last+probed; seq++ {
		wanted[seq] = true
	}
	for _, seq := range c.copiedSequences() {
		wanted[seq] = wanted[seq] || seq >= h.first
	}
	for seq := range wanted {
		if _, ok := h.records[seq]; ok || !wanted[seq] {
			continue
		}
		if plain := c.copied(seq); plain != nil {
			h.add(seq, plain)
			h.copied[seq] = true
		}
	}
}

// replay applies the records in their order and counts those that were taken
// from copies, and those that are lost.
func (h *history) replay() (st *state, recovered, lost int) {
	begin := uint64(0)
	for seq, r := range h.records {
		if r.Kind == recordCheckpoint {
			begin = max(begin, seq)
		}
	}
	end := h.last
	for seq := range h.numbers {
		end = max(end, seq)
	}
	if begin == 0 { // no checkpoint: the stream's numbers are not known
		begin = end + 1
		for seq := range h.records {
			begin = min(begin, seq)
		}
		for seq := range h.numbers {
			begin = min(begin, seq)
		}
		if h.first > 0 {
			begin = min(begin, h.first)
		}
	}
	if begin == end+1 && h.segments > 0 {
		lost++ // each segment has at least a checkpoint, and not even that is left
	}
	st = newState("")
	for seq := begin; seq <= end; seq++ {
		r, ok := h.records[seq]
		if ok {
			if h.copied[seq] {
				recovered++
				h.torn = 0 // the end was not torn: it had been acknowledged
			}
			st.apply(r)
			continue
		}
		lost++
		if n := h.numbers[seq]; st.stream != "" && n >= st.next && n-st.next <= uint64(len(h.numbers)) {
			st.voidUpTo(n + 1)
		}
	}
	st.finish()
	h.first, h.last = begin, max(end, h.first)
	return st, recovered, lost
}

// wasteful says whether a compaction is due.
func (h *history) wasteful(st *state) bool {
	return len(h.records) > 2*(len(st.operations)+len(st.drafts))+100
}
