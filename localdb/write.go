package localdb

import (
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"

	"plenary/platform/files"
)

// work says whether a write is refused when the disk is nearly full.
type work bool

const (
	newWork    work = true  // something that a person adds
	settlement work = false // what ends or moves something that is there
)

// errNothingToDo ends a write that would change nothing, without an error.
var errNothingToDo = errors.New("nothing to do")

// write appends the record that prepare returns to the journal, and applies it.
// It is the only way in which the state changes.
func (s *Store) write(w work, prepare func() (record, error)) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.closed {
		return ErrClosed
	}
	if w == newWork {
		if err := s.o.room(s.dir, 0); err != nil {
			return err
		}
	}
	r, err := prepare()
	if errors.Is(err, errNothingToDo) {
		return nil
	}
	if err != nil {
		return err
	}
	plain, err := r.encode()
	if err != nil {
		return err
	}
	if err := s.journal.append(plain, r.number()); err != nil {
		return err
	}
	s.mu.Lock()
	s.state.apply(r)
	s.mu.Unlock()
	if s.journal.size > s.journal.limit {
		s.tryCompact()
	}
	return nil
}

// Compact writes the journal anew at once, without what was deleted, or put another payload
// in the place of: no file has it then. Where that fails it is tried again when the journal
// has grown. Error to test for: ErrClosed.
func (s *Store) Compact() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.tryCompact()
	return nil
}

// tryCompact compacts; if that fails, the record is safe nevertheless, so
// the error is for the log, and it is tried again when the journal has grown.
func (s *Store) tryCompact() {
	old := s.journal.header.segment
	if err := s.compact(old + 1); err != nil {
		s.journal.limit = s.journal.size + compactAbove
		s.o.Logger.Warn("the journal was not compacted", "full", errors.Is(err, ErrDiskFull))
		return
	}
	for _, path := range segmentPaths(s.dir, old) {
		if err := files.RemoveIfThere(path); err != nil {
			s.o.Logger.Warn("an old segment of the journal cannot be removed yet")
		}
	}
}

// compact writes what lives to a new segment and goes on there. The old one is
// still to be removed.
func (s *Store) compact(segment uint64) error {
	keep := s.o.Now().Add(-s.o.KeepSettled)
	records := s.state.records(keep)
	plains, numbers := make([][]byte, len(records)), make([]uint64, len(records))
	for i, r := range records {
		var err error
		if plains[i], err = r.encode(); err != nil {
			return err
		}
		numbers[i] = r.number()
	}
	if err := s.journal.begin(segment, plains, numbers); err != nil {
		return fmt.Errorf("compact the journal: %w", err)
	}
	s.mu.Lock()
	s.state.forget(keep)
	s.mu.Unlock()
	return nil
}

// room returns ErrDiskFull if less than MinFree would be left after need more
// bytes. A disk that does not tell is taken to have room: the write will say.
func (o Options) room(dir string, need uint64) error {
	free, err := o.free(dir)
	if err == nil && free < o.MinFree+need {
		return fmt.Errorf("%w: %d MiB free", ErrDiskFull, free>>20)
	}
	return nil
}

// layBallast keeps a reserve that the journal can release (localdb-facts, 5). The store
// does without it where there is no room for it, be it by a quota that the free space of
// the disk does not tell.
func (s *Store) layBallast() {
	path := filepath.Join(s.dir, ballastName)
	if info, err := os.Stat(path); err == nil && info.Size() == ballastSize {
		return
	}
	if s.o.room(s.dir, ballastSize) != nil {
		return
	}
	var seed [32]byte
	rand.Read(seed[:])
	b := make([]byte, ballastSize)
	mathrand.NewChaCha8(seed).Read(b) // zeros take no room on some file systems
	if err := writeSynced(path, b); err != nil {
		s.o.Logger.Warn("there is no reserve for a full disk", "full", errors.Is(diskError(err), ErrDiskFull))
	}
}
