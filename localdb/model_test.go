package localdb

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// model is what a store should hold, kept as simply as possible.
type model struct {
	stream    string
	next      uint64
	waiting   []Operation
	voids     []uint64
	attention []Operation
	gone      []string // ids
	drafts    map[string]string
	sets      map[string]modelSet
}

type modelSet struct {
	version string
	rows    map[string]int // lengths of the values
}

// machine runs the same actions on a store and on the model, opens the store
// anew, and crashes: goes on with a copy of the files of an open store.
type machine struct {
	model
	base    string
	dir     string
	s       *Store
	crashes int // since the last Close
}

func (m *machine) open(t *rapid.T) {
	s, err := Open(m.dir, testKey, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := s.Report()
	if m.crashes == maxUnclean {
		if !r.CacheRebuilt {
			t.Fatalf("a cache was kept after %d crashes", m.crashes)
		}
		m.crashes, r.CacheRebuilt, r.CacheDoubt = 0, false, ""
		clear(m.sets)
	}
	if r != (Report{}) {
		t.Fatalf("a store without damage was repaired: %+v", r)
	}
	m.s = s
}

func check(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func (m *machine) enqueue(t *rapid.T) {
	op, err := m.s.Enqueue("register", rapid.String().Draw(t, "payload"))
	check(t, err)
	if m.stream == "" {
		m.stream = op.Stream
	}
	if op.Number != m.next || op.Stream != m.stream {
		t.Fatalf("number %d in stream %s, want %d in %s", op.Number, op.Stream, m.next, m.stream)
	}
	m.next++
	m.waiting = append(m.waiting, op)
}

// take removes a drawn operation from the list and returns it.
func take(t *rapid.T, list *[]Operation) Operation {
	if len(*list) == 0 {
		t.Skip("none there")
	}
	i := rapid.IntRange(0, len(*list)-1).Draw(t, "which")
	op := (*list)[i]
	*list = slices.Delete(*list, i, i+1)
	return op
}

func (m *machine) settle(t *rapid.T) {
	op := take(t, &m.waiting)
	check(t, m.s.Settle(op.ID))
	m.gone = append(m.gone, op.ID)
}

func (m *machine) refuse(t *rapid.T) {
	op := take(t, &m.waiting)
	op.State, op.Code, op.Reference = StateAttention, "meeting-full", rapid.StringN(0, 9, -1).Draw(t, "reference")
	check(t, m.s.Refuse(op.ID, op.Code, op.Reference))
	m.attention = append(m.attention, op)
}

func (m *machine) dismiss(t *rapid.T) {
	op := take(t, &m.attention)
	check(t, m.s.Dismiss(op.ID))
	m.gone = append(m.gone, op.ID)
}

func (m *machine) revoke(t *rapid.T) {
	op := take(t, &m.waiting)
	check(t, m.s.Revoke(op.ID))
	m.gone = append(m.gone, op.ID)
	m.voids = append(m.voids, op.Number)
	slices.Sort(m.voids)
}

func (m *machine) settleVoid(t *rapid.T) {
	if len(m.voids) == 0 {
		t.Skip("none there")
	}
	i := rapid.IntRange(0, len(m.voids)-1).Draw(t, "which")
	check(t, m.s.SettleVoid(m.voids[i]))
	m.voids = slices.Delete(m.voids, i, i+1)
}

func (m *machine) fork(t *rapid.T) {
	check(t, m.s.Fork())
	m.voids = nil
	stream, last, err := m.s.Stream()
	check(t, err)
	if stream == m.stream || last != uint64(len(m.waiting)) {
		t.Fatalf("forked to %s, last number %d", stream, last)
	}
	m.stream, m.next = stream, 1
	for i := range m.waiting {
		m.waiting[i].Stream, m.waiting[i].Number = stream, m.next
		m.next++
	}
}

var modelNames = rapid.SampledFrom([]string{"", "a", "b", "registration/C-1"})

func (m *machine) putDraft(t *rapid.T) {
	name, data := modelNames.Draw(t, "name"), rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "draft")
	check(t, m.s.PutDraft(name, data))
	m.drafts[name] = string(data)
}

func (m *machine) putBigDraft(t *rapid.T) {
	name, size := modelNames.Draw(t, "name"), rapid.IntRange(100_000, 700_000).Draw(t, "size")
	data := make([]byte, size)
	check(t, m.s.PutDraft(name, data))
	m.drafts[name] = string(data)
}

func (m *machine) deleteDraft(t *rapid.T) {
	name := modelNames.Draw(t, "name")
	check(t, m.s.DeleteDraft(name))
	delete(m.drafts, name)
}

func (m *machine) replace(t *rapid.T) {
	set, version := modelNames.Draw(t, "set"), rapid.StringN(0, 5, -1).Draw(t, "version")
	rows := modelRows.Draw(t, "rows")
	check(t, m.s.Replace(set, version, valuesOf(rows)))
	m.sets[set] = modelSet{version, rows}
}

var (
	modelKeys = rapid.StringMatching("[a-e]?")
	modelRows = rapid.MapOfN(modelKeys, rapid.IntRange(0, 150_000), 0, 5)
)

func valuesOf(rows map[string]int) map[string][]byte {
	values := map[string][]byte{}
	for key, size := range rows {
		values[key] = make([]byte, size)
	}
	return values
}

func (m *machine) apply(t *rapid.T) {
	set, version := modelNames.Draw(t, "set"), rapid.StringN(0, 5, -1).Draw(t, "version")
	rows, deletes := modelRows.Draw(t, "rows"), rapid.SliceOfN(modelKeys, 0, 3).Draw(t, "deletes")
	err := m.s.Apply(set, version, valuesOf(rows), deletes)
	was, ok := m.sets[set]
	if !ok {
		if !errors.Is(err, ErrNotFound) {
			t.Fatalf("applied to nothing: %v", err)
		}
		return
	}
	check(t, err)
	for _, key := range deletes {
		delete(was.rows, key)
	}
	maps.Copy(was.rows, rows)
	m.sets[set] = modelSet{version, was.rows}
}

func (m *machine) put(t *rapid.T) {
	set, key, size := modelNames.Draw(t, "set"), modelKeys.Draw(t, "key"), rapid.IntRange(0, 9_000).Draw(t, "size")
	check(t, m.s.Put(set, key, make([]byte, size)))
	if _, ok := m.sets[set]; !ok {
		m.sets[set] = modelSet{"", map[string]int{}}
	}
	m.sets[set].rows[key] = size
}

func (m *machine) reopen(t *rapid.T) {
	check(t, m.s.Close())
	m.crashes = 0
	m.open(t)
}

func (m *machine) crash(t *rapid.T) {
	// A kill leaves the files as they are at one moment: a copy during which
	// badger made or removed a file is not that, and made again.
	var dir string
	for {
		var err error
		dir, err = os.MkdirTemp(m.base, "")
		check(t, err)
		before, err := fileNames(m.dir)
		check(t, err)
		if err := copyStore(m.dir, dir); errors.Is(err, os.ErrNotExist) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		after, err := fileNames(m.dir)
		check(t, err)
		if slices.Equal(before, after) {
			break
		}
	}
	check(t, m.s.Close())
	m.dir = dir
	m.crashes++
	m.open(t)
}

func (m *machine) check(t *rapid.T) {
	waiting, err := m.s.Pending()
	check(t, err)
	if diff := cmp.Diff(append([]Operation{}, m.waiting...), waiting); diff != "" {
		t.Fatal(diff)
	}
	attention, err := m.s.NeedAttention()
	check(t, err)
	byID := func(a, b Operation) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(attention, byID)
	want := append([]Operation{}, m.attention...)
	slices.SortFunc(want, byID)
	if diff := cmp.Diff(want, attention); diff != "" {
		t.Fatal(diff)
	}
	for _, name := range []string{"", "a", "b", "registration/C-1"} {
		draft, err := m.s.Draft(name)
		if want, ok := m.drafts[name]; ok != (err == nil) || want != string(draft) || (err != nil && !errors.Is(err, ErrNotFound)) {
			t.Fatalf("draft %q: %d bytes, %v", name, len(draft), err)
		}
		version, rows, err := m.s.Scan(name)
		got := modelSet{version, map[string]int{}}
		for key, value := range rows {
			got.rows[key] = len(value)
		}
		if want, ok := m.sets[name]; ok != (err == nil) || ok && !reflect.DeepEqual(want, got) {
			t.Fatalf("set %q: %v, want %v, %v", name, got, want, err)
		}
	}
	voids, err := m.s.Voids()
	check(t, err)
	var numbers []uint64
	for _, v := range voids {
		numbers = append(numbers, v.Number)
		if v.Stream != m.stream || v.Reason != VoidRevoked || v.ID == "" || slices.Contains(m.gone, v.ID) {
			t.Fatalf("void %+v", v)
		}
	}
	if !slices.Equal(numbers, m.voids) {
		t.Fatalf("voids %v, want %v", numbers, m.voids)
	}
}

// TestStore_holdsWhatTheModelHolds does everything in any order, with new starts
// and crashes in between.
func TestStore_holdsWhatTheModelHolds(t *testing.T) {
	root := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		base, err := os.MkdirTemp(root, "")
		check(t, err)
		m := &machine{
			base: base, dir: filepath.Join(base, "first"),
			model: model{next: 1, drafts: map[string]string{}, sets: map[string]modelSet{}},
		}
		m.open(t)
		defer func() {
			check(t, m.s.Close())
			check(t, os.RemoveAll(base))
		}()
		t.Repeat(map[string]func(*rapid.T){
			"enqueue": m.enqueue, "enqueue again": m.enqueue, "settle": m.settle, "refuse": m.refuse,
			"dismiss": m.dismiss, "revoke": m.revoke, "settle void": m.settleVoid, "fork": m.fork, "put draft": m.putDraft, "put big draft": m.putBigDraft,
			"delete draft": m.deleteDraft, "replace": m.replace, "apply": m.apply, "put": m.put, "reopen": m.reopen, "crash": m.crash,
			"": m.check,
		})
	})
}
