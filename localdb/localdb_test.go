package localdb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var testKey = Key{1, 2, 3}

// mustOpen opens the store and closes it when the test ends.
func mustOpen(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(dir, testKey, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func mustClose(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustEnqueue(t testing.TB, s *Store, payload any) Operation {
	t.Helper()
	op, err := s.Enqueue("register", payload)
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func mustPending(t testing.TB, s *Store) []Operation {
	t.Helper()
	ops, err := s.Pending()
	if err != nil {
		t.Fatal(err)
	}
	return ops
}

func TestStore_keepsEverythingOverReopening(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	first := mustEnqueue(t, s, map[string]string{"meeting": "C-00016105"})
	second := mustEnqueue(t, s, "two")
	third := mustEnqueue(t, s, "three")
	if first.Number != 1 || second.Number != 2 || first.Stream == "" || first.Stream != second.Stream {
		t.Fatalf("numbers %d, %d in streams %q, %q", first.Number, second.Number, first.Stream, second.Stream)
	}
	if err := s.Settle(first.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.Refuse(second.ID, "meeting-full", "r-1"); err != nil {
		t.Fatal(err)
	}
	if err := s.PutDraft("registration", []byte("a draft")); err != nil {
		t.Fatal(err)
	}
	if err := s.Replace("meetings", "v7", map[string][]byte{"a": []byte("1"), "b": {}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Put("meeting", "C-1", []byte("page")); err != nil {
		t.Fatal(err)
	}
	mustClose(t, s)

	s = mustOpen(t, dir, Options{})
	if r := s.Report(); r != (Report{}) {
		t.Errorf("after a clean close: %+v", r)
	}
	if diff := cmp.Diff([]Operation{third}, mustPending(t, s)); diff != "" {
		t.Error(diff)
	}
	second.State, second.Code, second.Reference = StateAttention, "meeting-full", "r-1"
	attention, err := s.NeedAttention()
	if diff := cmp.Diff([]Operation{second}, attention); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if draft, err := s.Draft("registration"); string(draft) != "a draft" || err != nil {
		t.Errorf("draft %q, %v", draft, err)
	}
	version, rows, err := s.Scan("meetings")
	if diff := cmp.Diff(map[string][]byte{"a": []byte("1"), "b": {}}, rows); version != "v7" || diff != "" || err != nil {
		t.Error(version, err, diff)
	}
	if page, err := s.Get("meeting", "C-1"); string(page) != "page" || err != nil {
		t.Errorf("value %q, %v", page, err)
	}
	if next := mustEnqueue(t, s, nil); next.Number != 4 || next.Stream != first.Stream {
		t.Errorf("number %d after a new start", next.Number)
	}
}

func TestOpen_refusesASecondTime(t *testing.T) {
	dir := t.TempDir()
	mustOpen(t, dir, Options{})
	if _, err := Open(dir, testKey, Options{}); !errors.Is(err, ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	if err := Erase(dir); !errors.Is(err, ErrInUse) {
		t.Errorf("erased while open: %v", err)
	}
}

func TestOpen_leavesAStoreOfAnotherKeyAlone(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	op := mustEnqueue(t, s, "kept")
	mustClose(t, s)
	before := fileSums(t, dir)
	if _, err := Open(dir, NewKey(), Options{}); !errors.Is(err, ErrWrongKey) {
		t.Fatalf("opened with a wrong key: %v", err)
	}
	if diff := cmp.Diff(before, fileSums(t, dir)); diff != "" {
		t.Errorf("a wrong key changed files: %s", diff)
	}
	s = mustOpen(t, dir, Options{})
	if diff := cmp.Diff([]Operation{op}, mustPending(t, s)); diff != "" {
		t.Error(diff)
	}
}

func TestErase_leavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "[person's] store") // no pattern
	s := mustOpen(t, dir, Options{})
	mustEnqueue(t, s, "gone")
	mustClose(t, s)
	if err := Erase(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("left behind: %v", err)
	}
	if err := Erase(dir); err != nil {
		t.Errorf("nothing to erase: %v", err)
	}
}

func TestErase_leavesForeignFilesAlone(t *testing.T) {
	dir := t.TempDir()
	mustClose(t, mustOpen(t, dir, Options{}))
	foreign := filepath.Join(dir, "config.json")
	if err := os.WriteFile(foreign, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Erase(dir); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestStore_refusesEverythingOnceClosed(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	mustClose(t, s)
	_, enqueue := s.Enqueue("register", nil)
	_, pending := s.Pending()
	_, attention := s.NeedAttention()
	_, voids := s.Voids()
	_, draft := s.Draft("a")
	_, _, load := s.Scan("a")
	_, get := s.Get("a", "b")
	for i, err := range []error{
		enqueue, pending, attention, voids, draft, load, get, s.Settle("a"), s.Refuse("a", "", ""), s.Dismiss("a"),
		s.PutDraft("a", nil), s.DeleteDraft("a"), s.Fork(), s.Replace("a", "", nil), s.Put("a", "b", nil),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

func TestStore_servesManyAtOnce(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for n := range 10 {
				op, err := s.Enqueue("register", n)
				if err == nil && n%2 == 0 {
					err = s.Settle(op.ID)
				}
				if err == nil {
					err = s.Replace("shared", fmt.Sprint(n), map[string][]byte{"n": fmt.Append(nil, n)})
				}
				if err == nil {
					err = s.PutDraft(fmt.Sprint(i), fmt.Append(nil, n))
				}
				if err != nil {
					t.Error(err)
				}
				version, rows, err := s.Scan("shared")
				if err != nil || string(rows["n"]) != version {
					t.Errorf("read %q of version %q: %v", rows["n"], version, err)
				}
			}
		})
	}
	wg.Wait()
	seen := map[uint64]bool{}
	for _, op := range mustPending(t, s) {
		seen[op.Number] = true
	}
	if _, last, err := s.Stream(); last != 80 || len(seen) != 40 || err != nil {
		t.Errorf("last number %d, %d wait, %v", last, len(seen), err)
	}
}

func TestEnqueue_keepsTheDevicesClockInUTC(t *testing.T) {
	now := time.Date(2026, 5, 12, 9, 0, 0, 123, time.FixedZone("", 7200))
	s := mustOpen(t, t.TempDir(), Options{Now: func() time.Time { return now }})
	if op := mustEnqueue(t, s, nil); !op.Made.Equal(now) || op.Made.Location() != time.UTC {
		t.Errorf("made at %v", op.Made)
	}
}

// A quota, which the free space of the disk does not tell, or a folder in its place: the
// reserve is not worth a store that does not open.
func TestOpen_doesWithoutItsReserve(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, ballastName, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	mustEnqueue(t, mustOpen(t, dir, Options{}), "one")
}
