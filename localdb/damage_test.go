package localdb

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// contents is all that a store holds.
type contents struct {
	Pending, Attention []Operation
	Drafts             map[string]string
	Sets               map[string][32]byte // digest of the rows, by "name version"
}

func contentsOf(t testing.TB, s *Store) contents {
	t.Helper()
	c := contents{Drafts: map[string]string{}, Sets: map[string][32]byte{}}
	c.Pending = mustPending(t, s)
	var err error
	if c.Attention, err = s.NeedAttention(); err != nil {
		t.Fatal(err)
	}
	names, err := s.Drafts()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		draft, err := s.Draft(name)
		if err != nil {
			t.Fatal(err)
		}
		c.Drafts[name] = string(draft)
	}
	for _, set := range []string{"meetings", "directory"} {
		version, rows, err := s.Scan(set)
		if err == nil {
			c.Sets[set+" "+version] = sumOf(t, rows)
		} else if !errors.Is(err, ErrNotFound) {
			t.Errorf("load %s: %v", set, err)
		}
	}
	return c
}

func sumOf(t testing.TB, rows map[string][]byte) [32]byte {
	t.Helper()
	b, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(b)
}

// fillStore puts something of each kind into the store.
func fillStore(t testing.TB, s *Store) contents {
	t.Helper()
	var ops []Operation
	for i := range 6 {
		ops = append(ops, mustEnqueue(t, s, fmt.Sprintf("secret payload %d", i)))
	}
	big := make([]byte, 600_000)
	for i := range big {
		big[i] = byte(i * i >> 3)
	}
	for _, err := range []error{
		s.PutDraft("registration", []byte("an older draft")),
		s.Settle(ops[0].ID),
		s.Refuse(ops[3].ID, "meeting-full", "r-1"),
		s.Refuse(ops[4].ID, "meeting-full", "r-2"),
		s.Dismiss(ops[4].ID),
		s.PutDraft("registration", []byte("secret draft")),
		s.PutDraft("other", []byte("another")),
		s.PutDraft("sent", nil),
		s.DeleteDraft("sent"),
		s.Replace("meetings", "v1", map[string][]byte{"a": []byte("old")}),
		s.Replace("meetings", "v2", map[string][]byte{"a": []byte("secret value"), "b": []byte("2"), "c": nil}),
		s.Replace("directory", "v1", map[string][]byte{"all": big}),
		s.Apply("meetings", "v3", map[string][]byte{"b": []byte("secret third")}, []string{"c"}),
		s.PutDraft("last", []byte("the last one")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return contentsOf(t, s)
}

// damages are what can happen to a file, at a place in it; and at how many
// places that is tried.
var damages = map[string]struct {
	places int
	change func(b []byte, at int) []byte
}{
	"flipped": {4, func(b []byte, at int) []byte {
		b[at] ^= 0x10
		return b
	}},
	"cut":     {3, func(b []byte, at int) []byte { return b[:at] }},
	"without": {2, func(b []byte, at int) []byte { return append(b[:at], b[min(at+5, len(b)):]...) }},
	"zeroed": {2, func(b []byte, at int) []byte {
		clear(b[at:])
		return b
	}},
}

// TestOpen_losesNothingByAnyOneDamagedFile walks over every file of a store that
// was closed, and of one whose process was killed, and damages it in every way.
// What a person made has to be there afterwards; cached data may be gone, but
// never be other than it was.
func TestOpen_losesNothingByAnyOneDamagedFile(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	want := fillStore(t, s)
	mustClose(t, s)

	// The second time, there are tables, and newer data beside them.
	s = mustOpen(t, dir, Options{})
	if err := s.Put("meeting", "a", []byte("page")); err != nil {
		t.Fatal(err)
	}
	killed := copyFiles(t, dir)
	mustClose(t, s)

	for state, dir := range map[string]string{"closed": dir, "killed": killed} {
		image, err := readStore(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range image {
			if f.folder {
				continue
			}
			t.Run(state+" "+filepath.ToSlash(f.name), func(t *testing.T) {
				t.Parallel()
				damageFile(t, image, f, want)
			})
		}
	}
}

// damageFile tries all damages on one file of the image.
func damageFile(t *testing.T, image storeFiles, f storeFile, want contents) {
	t.Helper()
	for how, d := range damages {
		for _, at := range placesIn(len(f.used), d.places) {
			checkDamaged(t, fmt.Sprintf("%s at %d", how, at), image, want, func(dir string) error {
				return rewrite(filepath.Join(dir, f.name), func(b []byte) []byte { return d.change(b, at) })
			})
		}
	}
	checkDamaged(t, "deleted", image, want, func(dir string) error {
		return os.Remove(filepath.Join(dir, f.name))
	})
	if strings.HasPrefix(f.name, journalDir) {
		checkDamaged(t, "a folder in its place", image, want, func(dir string) error {
			path := filepath.Join(dir, f.name)
			return errors.Join(os.Remove(path), os.Mkdir(path, 0o700))
		})
	}
}

// checkDamaged opens a damaged copy of image and compares what is in it.
func checkDamaged(t *testing.T, what string, image storeFiles, want contents, damage func(dir string) error) {
	t.Helper()
	dir := openedFolder(t)
	defer os.RemoveAll(dir)
	if err := image.write(dir); err != nil {
		t.Fatal(err)
	}
	if err := damage(dir); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time it must be repaired
		s, err := Open(dir, testKey, Options{})
		if err != nil {
			t.Errorf("%s: %v", what, err)
			return
		}
		got := contentsOf(t, s)
		for set, rows := range want.Sets {
			if _, ok := got.Sets[set]; !ok {
				got.Sets[set] = rows // may be absent, to be fetched again
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
		if r := s.Report(); r.Lost > 0 || r.Voids > 0 {
			t.Errorf("%s: %+v", what, r)
		}
		repaired := s.Report() != Report{}
		if err := s.Close(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if !repaired {
			return
		}
	}
}

// placesIn returns offsets all over the part of a file that is not empty.
func placesIn(used, n int) []int {
	var places []int
	for i := range n {
		if at := (2*i + 1) * used / (2 * n); used > 0 && (len(places) == 0 || at > places[len(places)-1]) {
			places = append(places, at)
		}
	}
	return places
}

// rewriteBoth changes both files of a segment in the same way.
func rewriteBoth(dir string, n uint64, change func([]byte) []byte) (err error) {
	for _, path := range segmentPaths(dir, n) {
		err = errors.Join(err, rewrite(path, change))
	}
	return err
}

func rewrite(path string, change func([]byte) []byte) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, change(b), 0o600)
}
