package localdb

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"plenary/platform/files"
)

// segmentOnDisk is a segment as its two files have it together: whatever one of them
// has is there.
type segmentOnDisk struct {
	n      uint64 // the number in the files' names
	merged segment
	single map[uint64]bool // sequences of the frames that only one of the files has
	there  [2]bool         // the file exists
	whole  [2]bool         // all of the file was read
	sound  bool            // both are whole, and the same
}

// readSegments reads all segments, in their order.
func readSegments(dir string, k *keys) ([]segmentOnDisk, error) {
	entries, err := os.ReadDir(filepath.Join(dir, journalDir))
	if err != nil {
		return nil, err
	}
	var numbers []uint64
	for _, e := range entries {
		ext := filepath.Ext(e.Name())
		n, err := strconv.ParseUint(strings.TrimSuffix(e.Name(), ext), 10, 64)
		if err == nil && slices.Contains(segmentExts[:], ext) {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	var segments []segmentOnDisk
	for _, n := range slices.Compact(numbers) {
		var data [2][]byte
		var failed [2]error
		for i, path := range segmentPaths(dir, n) {
			data[i], failed[i] = files.Read(path)
		}
		on := parseMirrored(k, n, data)
		for i, err := range failed {
			on.there[i] = !errors.Is(err, fs.ErrNotExist)
			if err != nil && on.there[i] && !on.whole[1-i] {
				return nil, err // with one that is whole, it is as good as missing
			}
		}
		segments = append(segments, on)
	}
	return segments, nil
}

// parseMirrored reads a segment from its two files; one that is missing is empty.
func parseMirrored(k *keys, n uint64, data [2][]byte) segmentOnDisk {
	on := segmentOnDisk{n: n, single: map[uint64]bool{}, there: [2]bool{true, true}}
	if bytes.Equal(data[0], data[1]) {
		on.merged = parseSegment(k, data[0])
		on.sound = on.merged.whole && on.merged.torn == 0
		on.whole = [2]bool{on.sound, on.sound}
		return on
	}
	var parsed [2]segment
	var verdicts [2]headerVerdict
	var header segmentHeader // one serves both files
	for i, b := range data {
		h, v := readSegmentHeader(k, b)
		if i == 0 || v > on.merged.verdict {
			header, on.merged.verdict = h, v
		}
		verdicts[i] = v
	}
	if v := on.merged.verdict; v == headerNewer || v == headerWrongKey {
		return on
	}
	for i, b := range data {
		if verdicts[i] != headerWrongKey { // beside a good one, that is damage
			parsed[i] = parseFrames(k, header, on.merged.verdict, b)
		}
		on.whole[i] = parsed[i].whole && parsed[i].torn == 0
	}
	parsed[0].dropUnfinished(parsed[1])
	parsed[1].dropUnfinished(parsed[0])
	on.merged.header = header
	on.merge(parsed)
	return on
}

// dropUnfinished drops the frame at the end if it cannot be read and the other file ends
// well before it: nobody heard that it was kept. Its bytes are in torn.
func (s *segment) dropUnfinished(other segment) {
	last := len(s.frames) - 1
	if last >= 0 && s.frames[last].plain == nil && other.whole && other.torn == 0 && s.frames[last].seq == other.last()+1 {
		s.frames = s.frames[:last]
	}
}

// merge takes the first good frame of each sequence.
func (on *segmentOnDisk) merge(parsed [2]segment) {
	// What an unfinished write left counts where nothing follows it in the other file.
	switch cmp.Compare(parsed[0].last(), parsed[1].last()) {
	case 1:
		on.merged.torn = parsed[0].torn
	case -1:
		on.merged.torn = parsed[1].torn
	case 0:
		on.merged.torn = max(parsed[0].torn, parsed[1].torn)
	}
	best := map[uint64]frame{}
	for _, s := range parsed {
		for _, f := range s.frames {
			was, known := best[f.seq]
			if !known || was.plain == nil && (f.plain != nil || was.cut) {
				best[f.seq] = f
			}
			if f.plain != nil {
				on.single[f.seq] = was.plain == nil
			}
		}
	}
	for _, f := range best {
		on.merged.frames = append(on.merged.frames, f)
	}
	slices.SortFunc(on.merged.frames, func(a, b frame) int { return cmp.Compare(a.seq, b.seq) })
}

// last is the sequence of the last frame that can be read.
func (s *segment) last() (seq uint64) {
	for _, f := range s.frames {
		if f.plain != nil {
			seq = max(seq, f.seq)
		}
	}
	return seq
}

// removeUnfinished removes segments whose compaction was cut short.
func removeUnfinished(dir string) (err error) {
	dir = filepath.Join(dir, journalDir)
	for _, ext := range segmentExts {
		names, failed := fs.Glob(os.DirFS(dir), "*"+ext+newExt)
		err = errors.Join(err, failed)
		for _, name := range names {
			err = errors.Join(err, files.RemoveIfThere(filepath.Join(dir, name)))
		}
	}
	return err
}
