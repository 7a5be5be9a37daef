package localdb

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"plenary/platform/files"
)

const (
	lockName    = "lock"
	journalDir  = "journal"
	segmentExt  = ".seg"
	newExt      = ".new" // after segmentExt: not finished yet
	ballastName = "ballast"
	ballastSize = 1 << 20

	// compactAbove is the segment's size in bytes below which no compaction is
	// worth it.
	compactAbove = 1 << 20
)

// Segment is an open segment. It is an interface so that tests can force a
// full disk, and syncs that fail or hang.
type Segment interface {
	io.WriteCloser
	Sync() error
	Truncate(size int64) error
}

// appendFile truncates by its path: a file that was opened for appending cannot
// be truncated on Windows.
type appendFile struct{ *os.File }

func (f appendFile) Truncate(size int64) error { return os.Truncate(f.Name(), size) }

// OpenSegment opens a segment to append to, or begins a new one.
func OpenSegment(path string) (Segment, error) {
	f, err := files.Open(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND)
	if err != nil {
		return nil, err
	}
	return appendFile{f}, nil
}

// journal writes the current segment. It is not safe for concurrent use.
type journal struct {
	dir         string // of the store
	keys        *keys
	openSegment func(path string) (Segment, error)

	file    Segment
	header  segmentHeader
	size    int64
	limit   int64         // size at which a compaction is due
	seq     uint64        // of the last frame
	tag     [tagSize]byte // of the last frame
	stopped error         // why nothing can be appended any more
	buffer  []byte
}

func segmentPath(dir string, n uint64) string {
	return filepath.Join(dir, journalDir, fmt.Sprintf("%08d%s", n, segmentExt))
}

// append writes one record and returns when the disk has it. A write that does
// not fit is taken back and reported as ErrDiskFull; a failed sync stops the
// journal for good, since nobody can know then what the disk has.
func (j *journal) append(plain []byte, number uint64) (seq uint64, err error) {
	if j.stopped != nil {
		return 0, j.stopped
	}
	f := frameHeader{seq: j.seq + 1, number: number, previous: j.tag}
	j.buffer = appendFrame(j.buffer[:0], j.header, f, plain)

	_, err = j.file.Write(j.buffer)
	if files.IsDiskFull(err) && j.releaseBallast() {
		if err = j.file.Truncate(j.size); err == nil {
			_, err = j.file.Write(j.buffer)
		}
	}
	if err != nil {
		if undo := j.file.Truncate(j.size); undo != nil {
			return 0, j.stop(errors.Join(err, undo))
		}
		return 0, diskError(err)
	}
	if err := j.file.Sync(); err != nil {
		// Not acknowledged, so it should not come back either; if this fails
		// as well, it may.
		return 0, j.stop(errors.Join(err, j.file.Truncate(j.size)))
	}
	j.seq = f.seq
	j.tag = [tagSize]byte(j.buffer[len(j.buffer)-tagSize:])
	j.size += int64(len(j.buffer))
	return j.seq, nil
}

func (j *journal) stop(err error) error {
	j.stopped = fmt.Errorf("%w: %w", ErrStopped, diskError(err))
	return j.stopped
}

// begin writes the records, the first a checkpoint, to a new segment and goes
// on there. It returns the sequence of the first one. The new segment counts
// from its rename on; until then an error leaves everything as it was.
func (j *journal) begin(segment uint64, plains [][]byte, numbers []uint64) (first uint64, err error) {
	first = j.seq + 1
	header, b := newSegmentHeader(j.keys, segment, first)
	f := frameHeader{seq: j.seq}
	for i, plain := range plains {
		f.seq++
		f.number = numbers[i]
		b = appendFrame(b, header, f, plain)
		f.previous = [tagSize]byte(b[len(b)-tagSize:])
	}
	path := segmentPath(j.dir, segment)
	temporary := path + newExt
	err = j.writeFile(temporary, b)
	if files.IsDiskFull(err) && j.releaseBallast() {
		err = j.writeFile(temporary, b)
	}
	if err != nil {
		return 0, diskError(errors.Join(err, files.RemoveIfThere(temporary)))
	}
	if err := files.Rename(temporary, path); err != nil {
		return 0, errors.Join(err, files.RemoveIfThere(temporary))
	}
	if err := files.SyncFolder(filepath.Dir(path)); err != nil {
		return 0, j.stop(err)
	}
	file, err := j.openSegment(path)
	if err != nil {
		return 0, j.stop(err)
	}
	if j.file != nil {
		err = j.file.Close() // all of it was synced
	}
	j.file, j.header, j.seq, j.tag = file, header, f.seq, f.previous
	j.size = int64(len(b))
	j.limit = max(compactAbove, 2*j.size)
	return first, err
}

// writeFile writes and syncs a new file.
func (j *journal) writeFile(path string, b []byte) error {
	if err := files.RemoveIfThere(path); err != nil {
		return err
	}
	f, err := j.openSegment(path)
	if err != nil {
		return err
	}
	if _, err := f.Write(b); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Sync(); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}

// releaseBallast frees the reserve that lets settlements be written on a full
// disk, and says whether there was one.
func (j *journal) releaseBallast() bool {
	return files.Remove(filepath.Join(j.dir, ballastName)) == nil
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}

// diskError makes what the system says about a full disk testable as
// ErrDiskFull.
func diskError(err error) error {
	if files.IsDiskFull(err) {
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	}
	return err
}
