package localdb

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// faulty does the same to a store and to a simple model of what was acknowledged, while
// its disk fails, its files are damaged and its process is killed.
type faulty struct {
	base, dir string
	disk      *fakeDisk
	s         *Store
	t         *rapid.T // of the action under way
	steps     int
	cutting   sync.Mutex // held in powerCut: the files are synced at the same time
	failed    string     // what is wrong after a power cut

	numbers map[string]uint64 // of operations that were acknowledged, by payload
	ids     map[string]string
	settled map[string]bool
	drafts  map[string]string
	unsure  map[string]bool // what was begun, and nobody heard whether it is kept
}

func (f *faulty) open(t *rapid.T) {
	f.t = t
	s, err := Open(f.dir, testKey, Options{OpenSegment: f.disk.open})
	check(t, err)
	f.s = s
	if r := s.Report(); r.Lost > 0 || r.Voids > 0 {
		t.Fatalf("%+v", r)
	}
	f.check("opened", s.state)
	// What nobody had heard of is known now.
	f.numbers, f.ids, f.settled = map[string]uint64{}, map[string]string{}, map[string]bool{}
	f.drafts, f.unsure = map[string]string{}, map[string]bool{}
	for id, op := range s.state.operations {
		f.numbers[string(op.Payload)], f.ids[string(op.Payload)] = op.Number, id
		f.settled[string(op.Payload)] = !op.settled.IsZero()
	}
	for name, draft := range s.state.drafts {
		f.drafts[name] = string(draft)
	}
}

func (f *faulty) check(when string, st *state) {
	if wrong := f.compare(st); wrong != "" {
		f.t.Fatalf("%s: %s", when, wrong)
	}
}

// compare looks for all that was acknowledged, and for anything that was not.
func (f *faulty) compare(st *state) (wrong string) {
	found := map[string]bool{}
	for _, op := range st.operations {
		payload := string(op.Payload)
		found[payload] = true
		number, known := f.numbers[payload]
		unsure, settled := f.unsure[payload], !op.settled.IsZero()
		switch {
		case !known && !unsure:
			return fmt.Sprintf("%.20s was not acknowledged", payload)
		case known && number != op.Number:
			return fmt.Sprintf("operation %d is number %d", number, op.Number)
		case known && settled != f.settled[payload] && !(settled && unsure):
			return fmt.Sprintf("operation %d is settled: %v", op.Number, settled)
		}
	}
	for payload := range f.numbers {
		if !found[payload] {
			return fmt.Sprintf("%.20s is lost", payload)
		}
	}
	for _, name := range []string{"a", "b"} {
		if got := string(st.drafts[name]); got != f.drafts[name] && !f.unsure[got] {
			return fmt.Sprintf("draft %.20q is %.20q", f.drafts[name], got)
		}
	}
	if len(st.voids) > 0 {
		return fmt.Sprintf("%d voids", len(st.voids))
	}
	return ""
}

// try begins what; known notes that it was acknowledged.
func (f *faulty) try(what string, err func() error, known func()) {
	f.unsure[what] = true
	switch err := err(); {
	case err == nil:
		known()
		delete(f.unsure, what)
	case errors.Is(err, ErrStopped):
	case errors.Is(err, ErrDiskFull):
		delete(f.unsure, what) // refused, so it must not come back
	default:
		f.t.Fatal(err)
	}
	if f.failed != "" {
		f.t.Fatalf("after a power cut: %s", f.failed)
	}
}

func (f *faulty) enqueue(t *rapid.T) {
	f.t = t
	f.steps++
	payload := fmt.Sprintf(`"%d%s"`, f.steps, strings.Repeat("x", rapid.IntRange(0, 2000).Draw(t, "size")))
	var op Operation
	f.try(payload, func() (err error) {
		op, err = f.s.Enqueue("register", json.RawMessage(payload))
		return err
	}, func() { f.numbers[payload], f.ids[payload] = op.Number, op.ID })
}

func (f *faulty) settle(t *rapid.T) {
	f.t = t
	for payload, id := range f.ids {
		if !f.settled[payload] {
			f.try(payload, func() error { return f.s.Settle(id) }, func() { f.settled[payload] = true })
			return
		}
	}
	t.Skip("none waits")
}

func (f *faulty) draft(t *rapid.T) {
	f.t = t
	f.steps++
	name, size := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name"), rapid.SampledFrom([]int{0, 100, 400_000}).Draw(t, "size")
	draft := fmt.Sprint(f.steps) + strings.Repeat(" ", size)
	f.try(draft, func() error { return f.s.PutDraft(name, []byte(draft)) }, func() { f.drafts[name] = draft })
}

// fail lets one of the journal's files fail from now on.
func (f *faulty) fail(t *rapid.T) {
	f.disk.only = rapid.SampledFrom(segmentExts[:]).Draw(t, "file")
	switch rapid.SampledFrom([]string{"full", "sync", "sync and truncation"}).Draw(t, "what") {
	case "full":
		check(t, errors.Join(os.RemoveAll(filepath.Join(f.dir, ballastName))))
		f.disk.room.Store(rapid.Int64Range(0, 3000).Draw(t, "room"))
	case "sync and truncation":
		f.disk.failTrim.Store(true)
		fallthrough
	case "sync":
		f.disk.failSync.Store(true)
	}
}

func (f *faulty) mend(*rapid.T) {
	f.disk.room.Store(-1)
	f.disk.failSync.Store(false)
	f.disk.failTrim.Store(false)
}

// damageOne changes one of the files in a journal's folder in any way.
func damageOne(t *rapid.T, path string) error {
	how := rapid.SampledFrom([]string{"deleted", "flipped", "cut", "zeroed", "without", "longer"}).Draw(t, "damage")
	if how == "deleted" {
		return os.Remove(path)
	}
	return rewrite(path, func(b []byte) []byte {
		if how == "longer" || len(b) == 0 {
			return append(b, rapid.SliceOfN(rapid.Byte(), 1, 50).Draw(t, "more")...)
		}
		return damages[how].change(b, rapid.IntRange(0, len(b)-1).Draw(t, "at"))
	})
}

// reopen closes the store, or kills it, damages one file or none, and opens it.
func (f *faulty) reopen(t *rapid.T) {
	f.t = t
	before := f.disk.before
	f.disk.before = nil
	journal, killed := filepath.Join(f.dir, journalDir), ""
	if rapid.Bool().Draw(t, "killed") {
		killed = f.image()
	}
	check(t, f.s.Close())
	if killed != "" {
		check(t, errors.Join(os.RemoveAll(journal), os.Rename(filepath.Join(killed, journalDir), journal), os.Remove(killed)))
	}
	f.mend(t)
	if rapid.Bool().Draw(t, "damaged") {
		entries, err := os.ReadDir(journal)
		check(t, err)
		check(t, damageOne(t, filepath.Join(journal, rapid.SampledFrom(entries).Draw(t, "file").Name())))
	}
	f.open(t)
	f.disk.before = before
}

// image copies the journal as it is now.
func (f *faulty) image() (dir string) {
	dir, err := os.MkdirTemp(f.base, "image")
	check(f.t, err)
	check(f.t, copyStore(filepath.Join(f.dir, journalDir), filepath.Join(dir, journalDir)))
	return dir
}

// powerCut looks, now and then, at what a power cut before or within the next step of a
// write would leave: any part of what is not synced in either file, or all of it, and one
// of the files damaged.
func (f *faulty) powerCut(path string, part []byte) {
	f.cutting.Lock()
	defer f.cutting.Unlock()
	if f.failed != "" || rapid.IntRange(0, 4).Draw(f.t, "power") > 0 {
		return
	}
	dir := f.image()
	defer os.RemoveAll(dir)
	path = filepath.Join(dir, journalDir, filepath.Base(path))
	check(f.t, rewrite(path, func(b []byte) []byte {
		return append(b, part[:rapid.IntRange(0, len(part)).Draw(f.t, "part")]...)
	}))
	if rapid.Bool().Draw(f.t, "damaged") {
		check(f.t, damageOne(f.t, path))
	} else {
		for _, path := range segmentPaths(dir, f.s.journal.header.segment) {
			check(f.t, rewrite(path, func(b []byte) []byte {
				return b[:rapid.IntRange(min(int(f.s.journal.size), len(b)), len(b)).Draw(f.t, "left")]
			}))
		}
	}
	segments, err := readSegments(dir, deriveKeys(testKey))
	check(f.t, err)
	h := gather(segments)
	st, _, lost := h.replay()
	if f.failed = f.compare(st); lost > 0 {
		f.failed = fmt.Sprintf("%d are lost", lost)
	}
}

// TestStore_losesNothingByFaultsOfOneFile: whatever fails or is damaged in one file of the
// journal, and whenever the process or the computer stops, what was acknowledged is there,
// and what was refused is not.
func TestStore_losesNothingByFaultsOfOneFile(t *testing.T) {
	root := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		base, err := os.MkdirTemp(root, "")
		check(t, err)
		f := &faulty{base: base, dir: filepath.Join(base, "store"), disk: newFakeDisk()}
		f.open(t)
		f.disk.before = f.powerCut
		defer func() {
			f.disk.before = nil
			check(t, f.s.Close())
			check(t, os.RemoveAll(base))
		}()
		t.Repeat(map[string]func(*rapid.T){
			"enqueue": f.enqueue, "enqueue again": f.enqueue, "settle": f.settle, "draft": f.draft, "draft again": f.draft,
			"fail": f.fail, "mend": f.mend, "reopen": f.reopen,
			"": func(t *rapid.T) {
				f.t = t
				f.check("while open", f.s.state)
			},
		})
	})
}
