package localdb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fakeFaultyFile is a segment whose disk can be made to fail.
type fakeFaultyFile struct {
	Segment
	disk *fakeDisk
}

// fakeDisk holds the faults to come.
type fakeDisk struct {
	room     atomic.Int64 // bytes that still can be written; below 0: no limit
	failSync atomic.Bool
	failTrim atomic.Bool
	syncs    atomic.Int64
}

func newFakeDisk() *fakeDisk {
	d := &fakeDisk{}
	d.room.Store(-1)
	return d
}

func (d *fakeDisk) open(path string) (Segment, error) {
	f, err := OpenSegment(path)
	return &fakeFaultyFile{f, d}, err
}

func (f *fakeFaultyFile) Write(b []byte) (int, error) {
	room := f.disk.room.Load()
	if room < 0 || int64(len(b)) <= room {
		if room >= 0 {
			f.disk.room.Add(-int64(len(b)))
		}
		return f.Segment.Write(b)
	}
	n, err := f.Segment.Write(b[:room]) // as a full disk does: a part
	f.disk.room.Store(0)
	return n, errors.Join(err, &os.PathError{Op: "write", Path: "segment", Err: syscall.ENOSPC})
}

func (f *fakeFaultyFile) Sync() error {
	f.disk.syncs.Add(1)
	if f.disk.failSync.Load() {
		return &os.PathError{Op: "sync", Path: "segment", Err: syscall.EIO}
	}
	return f.Segment.Sync()
}

func (f *fakeFaultyFile) Truncate(size int64) error {
	if f.disk.failTrim.Load() {
		return &os.PathError{Op: "truncate", Path: "segment", Err: syscall.EIO}
	}
	return f.Segment.Truncate(size)
}

func TestJournal_syncsOnceForEachOperationAndDraft(t *testing.T) {
	disk := newFakeDisk()
	s := mustOpen(t, t.TempDir(), Options{OpenSegment: disk.open})
	before := disk.syncs.Load()
	op := mustEnqueue(t, s, "one")
	if err := s.PutDraft("d", []byte("two")); err != nil {
		t.Fatal(err)
	}
	if err := s.Settle(op.ID); err != nil {
		t.Fatal(err)
	}
	if n := disk.syncs.Load() - before; n != 3 {
		t.Errorf("%d syncs for three records", n)
	}
}

func TestJournal_goesOnAfterAFullDisk(t *testing.T) {
	dir, disk := t.TempDir(), newFakeDisk()
	s := mustOpen(t, dir, Options{OpenSegment: disk.open})
	want := []Operation{mustEnqueue(t, s, "before")}
	if err := os.Remove(filepath.Join(dir, ballastName)); err != nil {
		t.Fatal(err)
	}
	for _, room := range []int64{0, 1, frameHeaderSize - 1, frameHeaderSize + 20} {
		disk.room.Store(room)
		if _, err := s.Enqueue("register", "too much"); !errors.Is(err, ErrDiskFull) {
			t.Fatalf("with room for %d bytes: %v", room, err)
		}
		disk.room.Store(-1)
		want = append(want, mustEnqueue(t, s, fmt.Sprintf("after %d", room)))
	}
	mustClose(t, s)
	s = mustOpen(t, dir, Options{})
	if diff := cmp.Diff(want, mustPending(t, s)); diff != "" {
		t.Error(diff)
	}
	if r := s.Report(); r != (Report{}) {
		t.Errorf("%+v", r)
	}
}

func TestJournal_releasesItsBallastForWhatIsUnderWay(t *testing.T) {
	dir, disk := t.TempDir(), newFakeDisk()
	s := mustOpen(t, dir, Options{OpenSegment: func(path string) (Segment, error) { return disk.open(path) }})
	op := mustEnqueue(t, s, "sent")
	ballast := filepath.Join(dir, ballastName)
	// The fake disk has room again as soon as the ballast is gone.
	disk.room.Store(10)
	s.journal.file = &fakeUntilReleased{s.journal.file, disk, ballast}
	if err := s.Settle(op.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(ballast); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the ballast is still there: %v", err)
	}
	mustClose(t, s)
	s = mustOpen(t, dir, Options{})
	if ops := mustPending(t, s); len(ops) != 0 {
		t.Errorf("%d operations wait", len(ops))
	}
	if _, err := os.Stat(ballast); err != nil {
		t.Errorf("no new ballast: %v", err)
	}
}

// fakeUntilReleased is a file on a full disk that has room once the ballast is
// gone.
type fakeUntilReleased struct {
	Segment
	disk    *fakeDisk
	ballast string
}

func (f *fakeUntilReleased) Write(b []byte) (int, error) {
	if _, err := os.Stat(f.ballast); errors.Is(err, os.ErrNotExist) {
		f.disk.room.Store(-1)
	}
	return f.Segment.Write(b)
}

func TestJournal_stopsForGoodAfterAFailedSync(t *testing.T) {
	for _, failTrim := range []bool{false, true} {
		dir, disk := t.TempDir(), newFakeDisk()
		s := mustOpen(t, dir, Options{OpenSegment: disk.open})
		op := mustEnqueue(t, s, "safe")
		disk.failSync.Store(true)
		disk.failTrim.Store(failTrim)
		if _, err := s.Enqueue("register", "unsure"); !errors.Is(err, ErrStopped) {
			t.Fatalf("a failed sync: %v", err)
		}
		disk.failSync.Store(false)
		disk.failTrim.Store(false)
		syncs := disk.syncs.Load()
		_, enqueue := s.Enqueue("register", "later")
		for _, err := range []error{enqueue, s.PutDraft("d", nil), s.Settle(op.ID), s.Fork()} {
			if !errors.Is(err, ErrStopped) {
				t.Errorf("after a failed sync: %v", err)
			}
		}
		if disk.syncs.Load() != syncs {
			t.Error("synced again after a failed sync")
		}
		if diff := cmp.Diff([]Operation{op}, mustPending(t, s)); diff != "" {
			t.Error(diff)
		}
		mustClose(t, s)
		s = mustOpen(t, dir, Options{})
		got := mustPending(t, s)
		if len(got) == 0 || got[0].ID != op.ID || (!failTrim && len(got) != 1) {
			t.Errorf("after a new start %d wait", len(got))
		}
		mustEnqueue(t, s, "goes on")
	}
}

func TestStore_refusesNewWorkOnAnAlmostFullDisk(t *testing.T) {
	dir := t.TempDir()
	var free atomic.Uint64
	free.Store(1 << 40)
	o := Options{free: func(string) (uint64, error) { return free.Load(), nil }}
	s := mustOpen(t, dir, o)
	first, second := mustEnqueue(t, s, 1), mustEnqueue(t, s, 2)
	if err := s.PutDraft("d", []byte("draft")); err != nil {
		t.Fatal(err)
	}
	free.Store(64<<20 - 1)
	_, enqueue := s.Enqueue("register", 2)
	for i, err := range []error{enqueue, s.PutDraft("d", nil), s.Replace("a", "", nil), s.Put("a", "b", nil)} {
		if !errors.Is(err, ErrDiskFull) {
			t.Errorf("new work %d: %v", i, err)
		}
	}
	for i, err := range []error{
		s.Refuse(first.ID, "c", "r"), s.Dismiss(first.ID), s.Settle(second.ID), s.DeleteDraft("d"), s.Fork(),
	} {
		if err != nil {
			t.Errorf("settlement %d: %v", i, err)
		}
	}
	mustClose(t, s)

	// Badger is not opened then, what a person made can be read.
	s = mustOpen(t, dir, o)
	if r := s.Report(); !r.CacheClosed || r.Lost > 0 {
		t.Errorf("%+v", r)
	}
	if _, _, err := s.Load("a"); !errors.Is(err, ErrDiskFull) {
		t.Errorf("load: %v", err)
	}
	if _, err := s.Draft("d"); !errors.Is(err, ErrNotFound) {
		t.Errorf("draft: %v", err)
	}
	mustClose(t, s)

	// A journal that needs repair waits for room: its copies are in badger.
	if err := rewrite(segmentPath(dir, 1), func(b []byte) []byte { return b[:len(b)-3] }); err != nil {
		t.Fatal(err)
	}
	before := fileSums(t, dir)
	if _, err := Open(dir, testKey, o); !errors.Is(err, ErrDiskFull) {
		t.Errorf("repaired without room: %v", err)
	}
	if diff := cmp.Diff(before, fileSums(t, dir)); diff != "" {
		t.Error(diff)
	}
}

// TestClose_leavesBadgerAloneOnAFullDisk: its Close would write to a mapped
// file, and the process would die.
func TestClose_leavesBadgerAloneOnAFullDisk(t *testing.T) {
	dir := openedFolder(t)
	var free atomic.Uint64
	free.Store(1 << 40)
	s := mustOpen(t, dir, Options{free: func(string) (uint64, error) { return free.Load(), nil }})
	want := fillStore(t, s)
	free.Store(closeNeeds - 1)
	mustClose(t, s)
	s = mustOpen(t, copyFiles(t, dir), Options{})
	if diff := cmp.Diff(want, contentsOf(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestCompaction_keepsWhatLivesAndDropsTheRest(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	want := fillStore(t, s)
	big := make([]byte, 100_000)
	for i := range 40 {
		big[0] = byte(i)
		if err := s.PutDraft("big", big); err != nil {
			t.Fatal(err)
		}
	}
	if s.journal.header.segment < 2 {
		t.Fatalf("no compaction at %d bytes", s.journal.size)
	}
	if err := s.DeleteDraft("big"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, contentsOf(t, s)); diff != "" {
		t.Error(diff)
	}
	s.cache.copies.flush()
	seqs := s.cache.copiedSequences()
	if len(seqs) == 0 || seqs[0] != s.copiedFrom || uint64(len(seqs)) != s.journal.seq-s.copiedFrom+1 {
		t.Errorf("copies of %v, the journal has %d to %d", seqs, s.copiedFrom, s.journal.seq)
	}
	mustClose(t, s)
	segments, err := filepath.Glob(filepath.Join(dir, journalDir, "*"))
	if err != nil || len(segments) != 1 {
		t.Errorf("%v, %v", segments, err)
	}
	s = mustOpen(t, dir, Options{})
	if diff := cmp.Diff(want, contentsOf(t, s)); diff != "" {
		t.Error(diff)
	}
}

// TestCompaction_canEndAnywhere leaves the files as a kill between any two steps
// of a compaction would.
func TestCompaction_canEndAnywhere(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	want := fillStore(t, s)
	before := copyFiles(t, dir)
	old := segmentPath("", s.journal.header.segment)
	s.writing.Lock()
	err := s.compact(s.journal.header.segment + 1)
	s.writing.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	current := segmentPath("", s.journal.header.segment)
	newer, err := os.ReadFile(filepath.Join(dir, current))
	if err != nil {
		t.Fatal(err)
	}
	after := copyFiles(t, dir) // both segments are there
	mustClose(t, s)

	for name, change := range map[string]func() (string, error){
		"while the new segment is written": func() (string, error) {
			d := copyFiles(t, before)
			return d, os.WriteFile(filepath.Join(d, current+".new"), newer[:len(newer)/2], 0o600)
		},
		"before its rename": func() (string, error) {
			d := copyFiles(t, before)
			return d, os.WriteFile(filepath.Join(d, current+".new"), newer, 0o600)
		},
		"before the copies are written": func() (string, error) {
			d := copyFiles(t, before)
			return d, os.WriteFile(filepath.Join(d, current), newer, 0o600)
		},
		"before the old one is removed": func() (string, error) { return copyFiles(t, after), nil },
		"after it": func() (string, error) {
			d := copyFiles(t, after)
			return d, os.Remove(filepath.Join(d, old))
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := change()
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				s := mustOpen(t, d, Options{})
				if diff := cmp.Diff(want, contentsOf(t, s)); diff != "" {
					t.Error(diff)
				}
				if r := s.Report(); r.Lost > 0 || r.Recovered > 0 {
					t.Errorf("%+v", r)
				}
				mustClose(t, s)
			}
			left, err := filepath.Glob(filepath.Join(d, journalDir, "*"))
			if err != nil || len(left) != 1 {
				t.Errorf("%v, %v", slices.Compact(left), err)
			}
		})
	}
}
