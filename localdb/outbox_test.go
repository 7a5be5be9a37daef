package localdb

import (
	"errors"
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
