package localdb

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"plenary/platform/files"
)

const (
	lockName    = "lock"
	journalDir  = "journal"
	newExt      = ".new" // after a file's extension: not finished yet
	ballastName = "ballast"
	ballastSize = 2 << 20

	// compactAbove is the segment's size in bytes below which no compaction is
	// worth it.
	compactAbove = 1 << 20
)

// segmentExts are the extensions of a segment's two files, which hold the same.
var segmentExts = [2]string{".seg", ".mirror"}

// Segment is an open file of a segment. It is an interface so that tests can force a
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

// OpenSegment opens a file of a segment to append to, or begins a new one.
func OpenSegment(path string) (Segment, error) {
	f, err := files.Open(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND)
	if err != nil {
		return nil, err
	}
	return appendFile{f}, nil
}

// journal writes the current segment to its two files. It is not safe for concurrent use.
type journal struct {
	dir         string // of the store
	keys        *keys
	openSegment func(path string) (Segment, error)

	files   [2]Segment // nil before the first segment
	header  segmentHeader
	size    int64
	limit   int64         // size at which a compaction is due
	seq     uint64        // of the last frame
	tag     [tagSize]byte // of the last frame
	stopped error         // why nothing can be appended any more
	buffer  []byte
}

func segmentPaths(dir string, n uint64) (paths [2]string) {
	for i, ext := range segmentExts {
		paths[i] = filepath.Join(dir, journalDir, fmt.Sprintf("%08d%s", n, ext))
	}
	return paths
}

// append writes one record and returns when the disk has it twice. A write that
// does not fit is taken back and reported as ErrDiskFull; a failed sync stops the
// journal for good, since nobody can know then what the disk has.
func (j *journal) append(plain []byte, number uint64) error {
	if j.stopped != nil {
		return j.stopped
	}
	f := frameHeader{seq: j.seq + 1, number: number, previous: j.tag}
	j.buffer = appendFrame(j.buffer[:0], j.header, f, plain)
	for _, file := range j.files {
		if err := j.write(file); err != nil {
			if undo := j.truncate(); undo != nil {
				return j.stop(errors.Join(err, undo))
			}
			return diskError(err)
		}
	}
	if err := j.sync(); err != nil {
		// Not acknowledged, so it should not come back either; if this fails
		// as well, it may.
		return j.stop(errors.Join(err, j.truncate()))
	}
	j.seq = f.seq
	j.tag = [tagSize]byte(j.buffer[len(j.buffer)-tagSize:])
	j.size += int64(len(j.buffer))
	return nil
}

// write appends the buffer to a file; on a full disk it releases the ballast.
func (j *journal) write(file Segment) error {
	_, err := file.Write(j.buffer)
	if files.IsDiskFull(err) && j.releaseBallast() {
		if err = file.Truncate(j.size); err == nil {
			_, err = file.Write(j.buffer)
		}
	}
	return err
}

// sync syncs both files, at the same time, which takes less than twice as long. It is
// sound since an append changes no byte that is there, and disks write a sector whole or
// not at all: a power cut may spoil the ends of both files, and nothing before them.
func (j *journal) sync() error {
	var errs [2]error
	var first sync.WaitGroup
	first.Go(func() { errs[0] = j.files[0].Sync() })
	errs[1] = j.files[1].Sync()
	first.Wait()
	return errors.Join(errs[:]...)
}

// truncate takes back what was written after the last record.
func (j *journal) truncate() error {
	return errors.Join(j.files[0].Truncate(j.size), j.files[1].Truncate(j.size))
}

func (j *journal) stop(err error) error {
	j.stopped = fmt.Errorf("%w: %w", ErrStopped, diskError(err))
	return j.stopped
}

// begin writes the records, the first a checkpoint, to a new segment and goes on
// there. The new segment counts from its first rename on; until then an error leaves
// everything as it was, after it an error stops the journal.
func (j *journal) begin(segment uint64, plains [][]byte, numbers []uint64) error {
	header, b := newSegmentHeader(j.keys, segment, j.seq+1)
	f := frameHeader{seq: j.seq}
	for i, plain := range plains {
		f.seq++
		f.number = numbers[i]
		b = appendFrame(b, header, f, plain)
		f.previous = [tagSize]byte(b[len(b)-tagSize:])
	}
	paths := segmentPaths(j.dir, segment)
	err := j.writeNew(paths, b)
	if files.IsDiskFull(err) && j.releaseBallast() {
		err = j.writeNew(paths, b)
	}
	if err == nil {
		err = files.Rename(paths[0]+newExt, paths[0])
	}
	if err != nil {
		return diskError(errors.Join(err, files.RemoveIfThere(paths[0]+newExt), files.RemoveIfThere(paths[1]+newExt)))
	}
	if err := files.Rename(paths[1]+newExt, paths[1]); err != nil {
		return j.stop(err)
	}
	if err := files.SyncFolder(filepath.Dir(paths[0])); err != nil {
		return j.stop(err)
	}
	opened, err := j.open(paths)
	if err != nil {
		return j.stop(err)
	}
	err = j.close() // all of it was synced
	j.files, j.header, j.seq, j.tag = opened, header, f.seq, f.previous
	j.size = int64(len(b))
	j.limit = max(compactAbove, 2*j.size)
	return err
}

// writeNew writes and syncs the two files of a new segment.
func (j *journal) writeNew(paths [2]string, b []byte) error {
	for _, path := range paths {
		if err := j.writeFile(path+newExt, b); err != nil {
			return err
		}
	}
	return nil
}

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

// open opens the two files of a segment to append to.
func (j *journal) open(paths [2]string) (opened [2]Segment, err error) {
	for i, path := range paths {
		if opened[i], err = j.openSegment(path); err != nil {
			for _, before := range opened[:i] {
				err = errors.Join(err, before.Close())
			}
			return [2]Segment{}, err
		}
	}
	return opened, nil
}

// releaseBallast frees the reserve that lets settlements be written on a full
// disk, and says whether there was one.
func (j *journal) releaseBallast() bool {
	return files.Remove(filepath.Join(j.dir, ballastName)) == nil
}

func (j *journal) close() (err error) {
	for _, file := range j.files {
		if file != nil {
			err = errors.Join(err, file.Close())
		}
	}
	return err
}

// diskError makes what the system says about a full disk testable as
// ErrDiskFull.
func diskError(err error) error {
	if files.IsDiskFull(err) {
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	}
	return err
}
