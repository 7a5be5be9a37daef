package localdb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fakeFaultyFile is a segment whose disk can be made to fail.
type fakeFaultyFile struct {
	Segment
	path string
	disk *fakeDisk
}

// fakeDisk holds the faults to come.
type fakeDisk struct {
	only     string                         // extension of the files that the faults are for; empty: all
	before   func(path string, part []byte) // called before each write, sync and truncation
	room     atomic.Int64                   // bytes that still can be written; below 0: no limit
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
	return &fakeFaultyFile{f, path, d}, err
}

func (f *fakeFaultyFile) faulty() bool {
	return f.disk.only == "" || strings.HasSuffix(strings.TrimSuffix(f.path, newExt), f.disk.only)
}

func (f *fakeFaultyFile) about(part []byte) {
	if f.disk.before != nil {
		f.disk.before(f.path, part)
	}
}

func (f *fakeFaultyFile) Write(b []byte) (int, error) {
	f.about(b)
	room := f.disk.room.Load()
	if !f.faulty() || room < 0 || int64(len(b)) <= room {
		if room >= 0 && f.faulty() {
			f.disk.room.Add(-int64(len(b)))
		}
		return f.Segment.Write(b)
	}
	n, err := f.Segment.Write(b[:room]) // as a full disk does: a part
	f.disk.room.Store(0)
	return n, errors.Join(err, &os.PathError{Op: "write", Path: "segment", Err: syscall.ENOSPC})
}

func (f *fakeFaultyFile) Sync() error {
	f.about(nil)
	f.disk.syncs.Add(1)
	if f.faulty() && f.disk.failSync.Load() {
		return &os.PathError{Op: "sync", Path: "segment", Err: syscall.EIO}
	}
	return f.Segment.Sync()
}

func (f *fakeFaultyFile) Truncate(size int64) error {
	f.about(nil)
	if f.faulty() && f.disk.failTrim.Load() {
		return &os.PathError{Op: "truncate", Path: "segment", Err: syscall.EIO}
	}
	return f.Segment.Truncate(size)
}

func TestJournal_syncsBothFilesForEachOperationAndDraft(t *testing.T) {
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
	if n := disk.syncs.Load() - before; n != 6 {
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
	for _, disk.only = range []string{"", segmentExts[0], segmentExts[1]} {
		for _, room := range []int64{0, 1, frameHeaderSize - 1, frameHeaderSize + 20} {
			disk.room.Store(room)
			if _, err := s.Enqueue("register", "too much"); !errors.Is(err, ErrDiskFull) {
				t.Fatalf("with room for %d bytes: %v", room, err)
			}
			disk.room.Store(-1)
			want = append(want, mustEnqueue(t, s, fmt.Sprintf("after %d", room)))
		}
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
	for i, file := range s.journal.files {
		s.journal.files[i] = &fakeUntilReleased{file, disk, ballast}
	}
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
	for i := range 6 {
		failTrim := i%2 > 0
		dir, disk := t.TempDir(), newFakeDisk()
		disk.only = []string{"", segmentExts[0], segmentExts[1]}[i/2]
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
	if _, _, err := s.Scan("a"); !errors.Is(err, ErrDiskFull) {
		t.Errorf("load: %v", err)
	}
	if _, err := s.Draft("d"); !errors.Is(err, ErrNotFound) {
		t.Errorf("draft: %v", err)
	}
	mustClose(t, s)

	// The journal is repaired all the same, as long as the disk takes it.
	if err := rewrite(segmentPaths(dir, 1)[0], func(b []byte) []byte { return b[:len(b)-3] }); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, dir, o)
	if r := s.Report(); r != (Report{Repaired: 1, CacheClosed: true}) {
		t.Errorf("%+v", r)
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
	mustClose(t, s)
	segments, err := filepath.Glob(filepath.Join(dir, journalDir, "*"))
	if err != nil || len(segments) != 2 {
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
	old := segmentPaths("", s.journal.header.segment)
	s.writing.Lock()
	err := s.compact(s.journal.header.segment + 1)
	s.writing.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	current := segmentPaths("", s.journal.header.segment)
	newer, err := os.ReadFile(filepath.Join(dir, current[0]))
	if err != nil {
		t.Fatal(err)
	}
	after := copyFiles(t, dir) // both segments are there
	mustClose(t, s)

	with := func(name string, b []byte) func(d string) error {
		return func(d string) error { return os.WriteFile(filepath.Join(d, name), b, 0o600) }
	}
	without := func(name string) func(d string) error {
		return func(d string) error { return os.Remove(filepath.Join(d, name)) }
	}
	for name, step := range map[string]struct {
		from   string
		change []func(d string) error
	}{
		"while the first new file is written":  {before, []func(string) error{with(current[0]+newExt, newer[:len(newer)/2])}},
		"while the second new file is written": {before, []func(string) error{with(current[0]+newExt, newer), with(current[1]+newExt, newer[:len(newer)/2])}},
		"before the first rename":              {before, []func(string) error{with(current[0]+newExt, newer), with(current[1]+newExt, newer)}},
		"before the second rename":             {before, []func(string) error{with(current[0], newer), with(current[1]+newExt, newer)}},
		"with the renames the other way round": {before, []func(string) error{with(current[0]+newExt, newer), with(current[1], newer)}},
		"before the old files are removed":     {after, nil},
		"before the second old one is removed": {after, []func(string) error{without(old[0])}},
		"with the first old one left":          {after, []func(string) error{without(old[1])}},
		"after it":                             {after, []func(string) error{without(old[0]), without(old[1])}},
	} {
		t.Run(name, func(t *testing.T) {
			d := copyFiles(t, step.from)
			for _, change := range step.change {
				if err := change(d); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 {
				s := mustOpen(t, d, Options{})
				if diff := cmp.Diff(want, contentsOf(t, s)); diff != "" {
					t.Error(diff)
				}
				if r := s.Report(); r.Lost > 0 || r.Voids > 0 {
					t.Errorf("%+v", r)
				}
				mustClose(t, s)
			}
			left, err := filepath.Glob(filepath.Join(d, journalDir, "*"))
			if err != nil || len(left) != 2 {
				t.Errorf("%v, %v", left, err)
			}
		})
	}
}
