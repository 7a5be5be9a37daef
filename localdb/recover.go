package localdb

import (
	"errors"
	"maps"
	"os"
	"path/filepath"

	"plenary/platform/files"

	"github.com/google/uuid"
)

// recover reads the journal, repairs each of its files from the other one, opens the
// cache, and leaves the store ready to write. It changes nothing before the key is known
// to be right.
func (s *Store) recover(k *keys) error {
	segments, err := readSegments(s.dir, k)
	if err != nil {
		return err
	}
	for _, seg := range segments {
		switch seg.merged.verdict {
		case headerNewer:
			return ErrNewerFormat
		case headerWrongKey:
			return ErrWrongKey
		}
	}
	if err := removeUnfinished(s.dir); err != nil {
		return err
	}
	h := gather(segments)
	if len(segments) == 0 && used(s.dir) {
		h.segments = 1 // there was one: that is a loss
	}
	s.state, s.report.Repaired, s.report.Lost = h.replay()
	for i := range s.state.voids {
		if s.state.voids[i].Made.IsZero() {
			s.state.voids[i].Made = s.o.Now().Round(0).UTC()
			s.report.Voids++
		}
	}
	s.report.TornBytes = h.torn
	s.journal = &journal{dir: s.dir, keys: k, openSegment: s.o.OpenSegment, seq: h.last}
	if err := s.resume(segments, h); err != nil {
		return err
	}
	if err := s.recoverCache(k); err != nil {
		return err
	}
	if r := s.report; r != (Report{}) {
		s.o.Logger.Warn("the store was repaired", "repaired", r.Repaired, "lost", r.Lost, "voids", r.Voids,
			"torn bytes", r.TornBytes, "cache doubt", r.CacheDoubt, "cache closed", r.CacheClosed)
	}
	s.eraseAside()
	s.layBallast()
	return nil
}

// used reports whether a store was here whose journal is gone as a whole.
func used(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, ballastName))
	return err == nil
}

// recoverCache opens the cache. On a full disk the store does without it.
func (s *Store) recoverCache(k *keys) error {
	err := s.o.room(s.dir, 0)
	if err == nil {
		s.cache, s.report.CacheDoubt, err = openCache(s.dir, k, s.o)
		s.report.CacheRebuilt = s.report.CacheDoubt != ""
	}
	if err = diskError(err); errors.Is(err, ErrDiskFull) {
		s.report.CacheClosed = true
		return nil
	}
	return err
}

// resume goes on in the last segment if nothing is wrong with it, and otherwise
// in a new one, to which it copies what lives.
func (s *Store) resume(segments []segmentOnDisk, h history) error {
	if len(segments) == 1 && segments[0].sound && s.report.Lost+s.report.Voids == 0 && !h.wasteful(s.state) {
		seg := segments[0].merged
		opened, err := s.journal.open(segmentPaths(s.dir, segments[0].n))
		if err != nil {
			return diskError(err)
		}
		s.journal.files, s.journal.header = opened, seg.header
		s.journal.size, s.journal.limit = int64(seg.end), max(compactAbove, 2*int64(seg.end))
		s.journal.tag = seg.frames[len(seg.frames)-1].tag
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
		if err := s.retire(seg); err != nil {
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

// history is all that could be read of the journal's records, by sequence.
type history struct {
	records  map[uint64]record
	single   map[uint64]bool   // only one of the journal's files has them
	numbers  map[uint64]uint64 // of damaged frames: their number in the stream
	first    uint64            // where the state begins: a checkpoint, if it can be read
	last     uint64
	torn     int
	segments int
}

// gather collects what the segments hold.
func gather(segments []segmentOnDisk) history {
	h := history{records: map[uint64]record{}, single: map[uint64]bool{}, numbers: map[uint64]uint64{}}
	h.segments = len(segments)
	frames := 0
	for i, on := range segments {
		seg := on.merged
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
				h.single[f.seq] = on.single[f.seq]
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
	h.records[seq] = r
	h.last = max(h.last, seq)
}

// replay applies the records in their order and counts those that one of the journal's
// files lacked, and those that are lost.
func (h *history) replay() (st *state, repaired, lost int) {
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
			if h.single[seq] {
				repaired++
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
	h.last = max(end, h.first)
	return st, repaired, lost
}

// wasteful says whether a compaction is due.
func (h *history) wasteful(st *state) bool {
	return len(h.records) > 2*(len(st.operations)+len(st.drafts))+100
}
