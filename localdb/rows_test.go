package localdb

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/dgraph-io/badger/v4"
	"github.com/google/go-cmp/cmp"
)

func mustScan(t testing.TB, s *Store, set string) (version string, rows map[string][]byte) {
	t.Helper()
	version, rows, err := s.Scan(set)
	if err != nil {
		t.Fatal(err)
	}
	return version, rows
}

func TestApply_takesASetFromVersionToVersion(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	if err := s.Apply("roster", "v1", map[string][]byte{"a": nil}, nil); !errors.Is(err, ErrNotFound) {
		t.Fatalf("changed a set that is not there: %v", err)
	}
	for _, err := range []error{
		s.Replace("roster", "v1", map[string][]byte{"a": []byte("1"), "b": []byte("2"), "c": []byte("3")}),
		s.Apply("roster", "v2", map[string][]byte{"b": []byte("4"), "d": {}}, []string{"c", "unknown"}),
		s.Apply("roster", "v3", map[string][]byte{"a": []byte("5")}, []string{"a"}), // put again
		s.Put("roster", "e", []byte("6")),
		s.Replace("other", "v9", map[string][]byte{"a": []byte("7")}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		version, rows := mustScan(t, s, "roster")
		want := map[string][]byte{"a": []byte("5"), "b": []byte("4"), "d": {}, "e": []byte("6")}
		if diff := cmp.Diff(want, rows); diff != "" || version != "v3" {
			t.Error(version, diff)
		}
		mustClose(t, s)
		s = mustOpen(t, dir, Options{})
	}
	if r := s.Report(); r != (Report{}) {
		t.Errorf("%+v", r)
	}
}

func TestApply_isAllOrNothing(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	want := map[string][]byte{"a": []byte("1")}
	if err := s.Replace("roster", "v1", want); err != nil {
		t.Fatal(err)
	}
	many := map[string][]byte{}
	for i := range 30 {
		many[fmt.Sprint(i)] = make([]byte, 100_000)
	}
	for _, err := range []error{
		s.Apply("roster", "v2", many, []string{"a"}),
		s.Apply("roster", "v2", map[string][]byte{"a": make([]byte, maxRow)}, nil),
		s.Put("roster", "a", make([]byte, maxRow)),
	} {
		if !errors.Is(err, ErrTooLarge) {
			t.Errorf("too much: %v", err)
		}
	}
	if version, rows := mustScan(t, s, "roster"); version != "v1" || cmp.Diff(want, rows) != "" {
		t.Errorf("version %s, %d rows", version, len(rows))
	}
	if err := s.Replace("roster", "v2", many); err != nil {
		t.Fatal(err)
	}
	if version, rows := mustScan(t, s, "roster"); version != "v2" || len(rows) != 30 {
		t.Errorf("version %s, %d rows", version, len(rows))
	}
	if err := s.Put("roster", "largest", make([]byte, maxRow-len("largest"))); err != nil {
		t.Error(err)
	}
}

func TestReplace_leavesNothingOfEarlierRows(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	for i := range 5 {
		if err := s.Replace("meetings", fmt.Sprint(i), map[string][]byte{"a": nil, "b": nil}); err != nil {
			t.Fatal(err)
		}
	}
	if keys := storedKeys(t, s); len(keys) != 3 { // a description and two rows
		t.Errorf("%d keys", len(keys))
	}
}

// storedKeys are badger's keys, sorted: descriptions come last.
func storedKeys(t testing.TB, s *Store) (keys [][]byte) {
	t.Helper()
	err := s.cache.db.View(func(txn *badger.Txn) error {
		for item := range prefixed(txn, nil) {
			keys = append(keys, item.KeyCopy(nil))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func storedValue(t testing.TB, s *Store, key []byte) (value []byte) {
	t.Helper()
	err := s.cache.db.View(func(txn *badger.Txn) error {
		item, err := txn.Get(key)
		if err == nil {
			value, err = item.ValueCopy(nil)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// TestScan_noticesWhatBadgerDidToRows puts badger's values elsewhere, back and away behind
// the store's back, as damage and an old copy of the disk would.
func TestScan_noticesWhatBadgerDidToRows(t *testing.T) {
	type keyed struct{ rows, old [][]byte }
	for name, change := range map[string]func(t *testing.T, s *Store, txn *badger.Txn, k keyed) error{
		"a row is lost": func(_ *testing.T, _ *Store, txn *badger.Txn, k keyed) error { return txn.Delete(k.rows[0]) },
		"a row is an old one": func(_ *testing.T, _ *Store, txn *badger.Txn, k keyed) error {
			return errors.Join(txn.Set(k.rows[0], k.old[0]), txn.Set(k.rows[1], k.old[1]))
		},
		"rows changed places": func(t *testing.T, s *Store, txn *badger.Txn, k keyed) error {
			a, b := storedValue(t, s, k.rows[0]), storedValue(t, s, k.rows[1])
			return errors.Join(txn.Set(k.rows[0], b), txn.Set(k.rows[1], a))
		},
		"a row is another one's": func(t *testing.T, s *Store, txn *badger.Txn, k keyed) error {
			return txn.Set(k.rows[0], storedValue(t, s, k.rows[1]))
		},
		"a row is damaged": func(t *testing.T, s *Store, txn *badger.Txn, k keyed) error {
			b := storedValue(t, s, k.rows[0])
			b[len(b)-1] ^= 1
			return txn.Set(k.rows[0], b)
		},
		"a row's revision is another one": func(t *testing.T, s *Store, txn *badger.Txn, k keyed) error {
			b := storedValue(t, s, k.rows[0])
			b[7]++
			return txn.Set(k.rows[0], b)
		},
		"a row is empty": func(_ *testing.T, _ *Store, txn *badger.Txn, k keyed) error { return txn.Set(k.rows[0], nil) },
		"the description is an old one": func(_ *testing.T, _ *Store, txn *badger.Txn, k keyed) error {
			return txn.Set(k.rows[2], k.old[2])
		},
		"the description is damaged": func(t *testing.T, s *Store, txn *badger.Txn, k keyed) error {
			b := storedValue(t, s, k.rows[2])
			b[20] ^= 1
			return txn.Set(k.rows[2], b)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustOpen(t, t.TempDir(), Options{})
			if err := s.Replace("roster", "v1", map[string][]byte{"a": []byte("1"), "b": []byte("2")}); err != nil {
				t.Fatal(err)
			}
			var k keyed
			k.rows = storedKeys(t, s)
			for _, key := range k.rows {
				k.old = append(k.old, storedValue(t, s, key))
			}
			if err := s.Apply("roster", "v2", map[string][]byte{"a": []byte("3"), "b": []byte("4")}, nil); err != nil {
				t.Fatal(err)
			}
			if err := s.cache.db.Update(func(txn *badger.Txn) error { return change(t, s, txn, k) }); err != nil {
				t.Fatal(err)
			}
			if _, rows, err := s.Scan("roster"); !errors.Is(err, ErrNotFound) {
				t.Errorf("%v, %v", rows, err)
			}
			if n := s.Report().CacheDamaged; n != 1 {
				t.Errorf("%d damaged", n)
			}
			// It is no longer there: nobody adds to a part of it.
			if err := s.Apply("roster", "v3", nil, nil); !errors.Is(err, ErrNotFound) {
				t.Errorf("changed what is damaged: %v", err)
			}
			if err := s.Put("roster", "c", []byte("5")); err != nil {
				t.Fatal(err)
			}
			if version, rows := mustScan(t, s, "roster"); version != "" || cmp.Diff([]string{"c"}, slices.Collect(maps.Keys(rows))) != "" {
				t.Errorf("begun anew: version %q, %v", version, rows)
			}
		})
	}
}

// rosterOf100000 is what a large meeting's desk holds.
func rosterOf100000(b *testing.B) *Store {
	b.Helper()
	s := mustOpen(b, b.TempDir(), Options{})
	rows := map[string][]byte{}
	for i := range 100_000 {
		rows[fmt.Sprintf("participant-%06d", i)] = fmt.Appendf(make([]byte, 0, 313), "%0313d", i)
	}
	if err := s.Replace("roster", "v0", rows); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	return s
}

// The aim is 50 ms.
func BenchmarkApply_100of100000(b *testing.B) {
	s := rosterOf100000(b)
	n := 0
	for b.Loop() {
		changes := map[string][]byte{}
		for range 100 {
			n += 997
			changes[fmt.Sprintf("participant-%06d", n%100_000)] = fmt.Appendf(nil, "%0313d", n)
		}
		if err := s.Apply("roster", fmt.Sprint(n), changes, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// The aim is a second.
func BenchmarkScan_100000(b *testing.B) {
	s := rosterOf100000(b)
	for b.Loop() {
		if _, rows := mustScan(b, s, "roster"); len(rows) != 100_000 {
			b.Fatal(len(rows))
		}
	}
}
