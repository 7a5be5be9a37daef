package localdb

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func ids(ops []Operation) []string {
	list := []string{}
	for _, op := range ops {
		list = append(list, op.ID)
	}
	return list
}

func TestOutbox_movesOperationsOn(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	a, b, c := mustEnqueue(t, s, "a"), mustEnqueue(t, s, "b"), mustEnqueue(t, s, "c")
	step := func(what string, err, want error, waiting, attention []string) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: %v", what, err)
		}
		att, err := s.NeedAttention()
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(waiting, ids(mustPending(t, s))); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
		if diff := cmp.Diff(attention, ids(att)); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	none := []string{}
	all := []string{a.ID, b.ID, c.ID}
	step("dismiss what waits", s.Dismiss(a.ID), ErrNotFound, all, none)
	step("settle an unknown one", s.Settle("unknown"), ErrNotFound, all, none)
	step("refuse an unknown one", s.Refuse("unknown", "c", "r"), ErrNotFound, all, none)
	step("refuse", s.Refuse(b.ID, "c", "r"), nil, []string{a.ID, c.ID}, []string{b.ID})
	step("refuse again", s.Refuse(b.ID, "c", "r"), nil, []string{a.ID, c.ID}, []string{b.ID})
	step("settle", s.Settle(a.ID), nil, []string{c.ID}, []string{b.ID})
	step("settle again", s.Settle(a.ID), nil, []string{c.ID}, []string{b.ID})
	step("refuse what is settled", s.Refuse(a.ID, "c", "r"), ErrNotFound, []string{c.ID}, []string{b.ID})
	step("dismiss what is settled", s.Dismiss(a.ID), ErrNotFound, []string{c.ID}, []string{b.ID})
	step("dismiss", s.Dismiss(b.ID), nil, []string{c.ID}, none)
	step("dismiss again", s.Dismiss(b.ID), ErrNotFound, []string{c.ID}, none)
	step("settle what was dismissed", s.Settle(b.ID), ErrNotFound, []string{c.ID}, none)
}

// What was revoked never waits again: not after a new start, nor when the service asks for
// what it has lost, nor in a new stream. Its number is consumed all the same.
func TestRevoke_leavesAVoid(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	a, b, c, d := mustEnqueue(t, s, "a"), mustEnqueue(t, s, "b"), mustEnqueue(t, s, "c"), mustEnqueue(t, s, "d")
	for _, err := range []error{s.Settle(a.ID), s.Refuse(b.ID, "c", "r"), s.Revoke(c.ID)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for what, id := range map[string]string{"settled": a.ID, "refused": b.ID, "revoked": c.ID, "unknown": "x"} {
		if err := s.Revoke(id); !errors.Is(err, ErrNotFound) {
			t.Errorf("revoking what is %s: %v", what, err)
		}
	}
	if err := s.Settle(c.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("settling what was revoked: %v", err)
	}
	first := ""
	for range 2 {
		if diff := cmp.Diff([]string{d.ID}, ids(mustPending(t, s))); diff != "" {
			t.Error(diff)
		}
		voids, err := s.Voids()
		if err != nil || len(voids) != 1 || voids[0].Number != c.Number || voids[0].Stream != c.Stream || voids[0].Reason != VoidRevoked {
			t.Fatalf("voids %+v, %v", voids, err)
		}
		if first == "" {
			first = voids[0].ID
		}
		if voids[0].ID != first {
			t.Error("the void has another id after a new start, which looks like a restored disk")
		}
		mustClose(t, s)
		s = mustOpen(t, dir, Options{})
		if r := s.Report(); r != (Report{}) {
			t.Errorf("a new start reports %+v", r)
		}
	}
	if e := mustEnqueue(t, s, "e"); e.Number != d.Number+1 {
		t.Errorf("the next number is %d", e.Number)
	}
	if n, err := s.Rewind(0); err != nil || n != 1 {
		t.Errorf("rewound %d, %v", n, err)
	}
	if err := s.Fork(); err != nil {
		t.Fatal(err)
	}
	for _, op := range mustPending(t, s) {
		if op.ID == c.ID {
			t.Error("it waits again")
		}
	}
	if voids, err := s.Voids(); err != nil || len(voids) != 0 {
		t.Errorf("voids of the old stream: %+v, %v", voids, err)
	}
}

func TestFork_numbersAnewAndKeepsIDs(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	a, b, c, d := mustEnqueue(t, s, "a"), mustEnqueue(t, s, "b"), mustEnqueue(t, s, "c"), mustEnqueue(t, s, "d")
	for _, err := range []error{s.Settle(a.ID), s.Refuse(b.ID, "c", "r"), s.Fork()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	stream, last, err := s.Stream()
	if err != nil || stream == a.Stream || last != 2 {
		t.Fatalf("stream %q, last number %d, %v", stream, last, err)
	}
	c.Stream, c.Number = stream, 1
	d.Stream, d.Number = stream, 2
	b.State, b.Code, b.Reference = StateAttention, "c", "r"
	for range 2 {
		if diff := cmp.Diff([]Operation{c, d}, mustPending(t, s)); diff != "" {
			t.Error(diff)
		}
		attention, err := s.NeedAttention()
		if diff := cmp.Diff([]Operation{b}, attention); diff != "" || err != nil {
			t.Error(err, diff)
		}
		mustClose(t, s)
		s = mustOpen(t, dir, Options{})
	}
	if e := mustEnqueue(t, s, "e"); e.Number != 3 || e.Stream != stream {
		t.Errorf("number %d", e.Number)
	}
}

func TestRewind_sendsAgainWhatARestoredServiceLacks(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 5, 12, 9, 0, 0, 0, time.UTC)
	o := Options{Now: func() time.Time { return now }}
	s := mustOpen(t, dir, o)
	a, b, c := mustEnqueue(t, s, "a"), mustEnqueue(t, s, "b"), mustEnqueue(t, s, "c")
	for _, op := range []Operation{a, b} {
		if err := s.Settle(op.ID); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.Rewind(2); n != 0 || err != nil {
		t.Errorf("nothing is missing: %d, %v", n, err)
	}
	if n, err := s.Rewind(1); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if diff := cmp.Diff([]Operation{b, c}, mustPending(t, s)); diff != "" {
		t.Error(diff)
	}
	if err := s.Settle(b.ID); err != nil {
		t.Fatal(err)
	}
	now = now.Add(15 * 24 * time.Hour)
	s.writing.Lock()
	err := s.compact(s.journal.header.segment + 1)
	s.writing.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	mustClose(t, s)
	s = mustOpen(t, dir, o)
	if n, err := s.Rewind(0); n != 0 || err != nil {
		t.Errorf("kept too long: %d, %v", n, err)
	}
}

// The disk may have lost the operation, or believe that it was unreadable: one void is left.
func TestRevoke_ofAnOperationThatCannotBeRead(t *testing.T) {
	revocation := record{Kind: recordRevoke, ID: "op", Stream: "s", Number: 2, Void: &Void{ID: "void", Stream: "s", Number: 2, Reason: VoidRevoked}}
	later := record{Kind: recordOperation, Operation: &Operation{ID: "later", Stream: "s", Number: 3}}
	for name, records := range map[string][]record{
		"lost":                  {revocation, later},
		"lost, as others after": {later, revocation},
	} {
		st := newState("s")
		for _, r := range records {
			st.apply(r)
		}
		st.finish()
		var got []string
		for _, v := range st.voids {
			got = append(got, v.Reason)
		}
		if diff := cmp.Diff([]string{VoidUnreadable, VoidRevoked}, got); diff != "" || st.voids[1].ID != "void" || st.next != 4 {
			t.Errorf("%s: voids %+v, next %d", name, st.voids, st.next)
		}
	}
}

// Another payload takes the place of an operation's, whatever became of it, also in the next
// run of the program, and once the journal was compacted.
func TestRewrite_takesThePlace(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	waits, refused, settled := mustEnqueue(t, s, "a"), mustEnqueue(t, s, "b"), mustEnqueue(t, s, "c")
	for _, err := range []error{
		s.Refuse(refused.ID, "code", ""), s.Rewrite(waits.ID, "x"), s.Rewrite(refused.ID, "y"), s.Rewrite(settled.ID, "z"),
		s.Settle(settled.ID), s.Rewrite(settled.ID, "zz"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Rewrite("unknown", "x"); !errors.Is(err, ErrNotFound) {
		t.Errorf("what is unknown: %v", err)
	}
	for run := range 4 {
		if run > 0 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = mustOpen(t, dir, Options{})
		}
		if run == 2 {
			if err := s.compact(s.journal.header.segment + 1); err != nil {
				t.Fatal(err)
			}
		}
		pending, err := s.Pending()
		attention, errAttention := s.NeedAttention()
		if err != nil || errAttention != nil || len(pending) != 1 || len(attention) != 1 ||
			string(pending[0].Payload) != `"x"` || string(attention[0].Payload) != `"y"` || attention[0].Code != "code" {
			t.Errorf("run %d: %+v, %+v", run, pending, attention)
		}
		if got := string(s.state.operations[settled.ID].Payload); got != `"zz"` {
			t.Errorf("run %d: settled %s", run, got)
		}
	}
	if n, err := s.Rewind(0); err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	pending, err := s.Pending()
	if err != nil || len(pending) != 2 || string(pending[1].Payload) != `"zz"` {
		t.Errorf("sent again: %+v, %v", pending, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// What was rewritten or deleted stands in no file any more once the journal was compacted.
func TestCompact_leavesNothingOfIt(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	op := mustEnqueue(t, s, strings.Repeat("a", 4000))
	if err := s.PutDraft("d", []byte(strings.Repeat("b", 4000))); err != nil {
		t.Fatal(err)
	}
	size := s.journal.size
	for _, err := range []error{s.Rewrite(op.ID, "x"), s.DeleteDraft("d"), s.Compact()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if s.journal.size > size-8000 {
		t.Errorf("%d bytes after %d", s.journal.size, size)
	}
	var left int64
	for _, path := range segmentPaths(dir, s.journal.header.segment-1) {
		if info, err := os.Stat(path); err == nil {
			left += info.Size()
		}
	}
	if left > 0 {
		t.Errorf("the segment of before has %d bytes", left)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Compact(); !errors.Is(err, ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}
