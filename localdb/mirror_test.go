package localdb

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A journal of before there were mirrors is one file.
func TestOpen_givesAJournalItsSecondFile(t *testing.T) {
	golden, err := os.ReadFile(goldenSegment)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, journalDir), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(segmentPaths(dir, 1)[0], golden, 0o600); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, dir, Options{})
	if r := s.Report(); r.Repaired == 0 || r.Lost+r.Voids > 0 {
		t.Errorf("%+v", r)
	}
	want := contentsOf(t, s)
	if len(want.Pending) != 3 || want.Drafts["registration"] != "secret draft" {
		t.Errorf("%+v", want)
	}
	mustClose(t, s)
	left, err := os.ReadDir(filepath.Join(dir, journalDir))
	if err != nil || len(left) != 2 {
		t.Fatalf("%v, %v", left, err)
	}
	if err := os.Remove(filepath.Join(dir, journalDir, left[0].Name())); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, contentsOf(t, mustOpen(t, dir, Options{}))); diff != "" {
		t.Error(diff)
	}
}

func TestOpen_takesAFileOfAnotherStoreForDamage(t *testing.T) {
	other := t.TempDir()
	o, err := Open(other, NewKey(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		mustEnqueue(t, o, "of another store")
	}
	mustClose(t, o)
	foreign, err := os.ReadFile(segmentPaths(other, 1)[0])
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		dir := t.TempDir()
		s := mustOpen(t, dir, Options{})
		want := []Operation{mustEnqueue(t, s, "of this one")}
		mustClose(t, s)
		if err := os.WriteFile(segmentPaths(dir, 1)[i], foreign, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, NewKey(), Options{}); !errors.Is(err, ErrWrongKey) {
			t.Errorf("opened with a wrong key: %v", err)
		}
		s = mustOpen(t, dir, Options{})
		if r := s.Report(); r.Repaired == 0 || r.Lost+r.Voids > 0 {
			t.Errorf("%+v", r)
		}
		if diff := cmp.Diff(want, mustPending(t, s)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestOpen_saysThatTheWholeJournalIsLost(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	op := mustEnqueue(t, s, "one")
	mustClose(t, s)
	for _, path := range segmentPaths(dir, 1) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	s = mustOpen(t, dir, Options{})
	if r := s.Report(); r.Lost != 1 {
		t.Errorf("%+v", r)
	}
	if next := mustEnqueue(t, s, "two"); next.Stream == op.Stream {
		t.Error("the stream goes on, though its numbers are not known")
	}
}

// The new segment counts from the first rename on: what would be appended to the old one
// after it would be lost.
func TestCompaction_stopsForGoodBetweenItsRenames(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	want := fillStore(t, s)
	inTheWay := filepath.Join(segmentPaths(dir, 2)[1], "folder")
	if err := os.MkdirAll(inTheWay, 0o700); err != nil {
		t.Fatal(err)
	}
	s.writing.Lock()
	err := s.compact(2)
	s.writing.Unlock()
	if !errors.Is(err, ErrStopped) {
		t.Fatalf("compacted: %v", err)
	}
	if _, err := s.Enqueue("register", "later"); !errors.Is(err, ErrStopped) {
		t.Errorf("appended to the old segment: %v", err)
	}
	mustClose(t, s)
	if err := os.RemoveAll(filepath.Dir(inTheWay)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, contentsOf(t, mustOpen(t, dir, Options{}))); diff != "" {
		t.Error(diff)
	}
}
