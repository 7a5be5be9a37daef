package localdb

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// testSegment returns the bytes of a segment with something of each kind, and
// what it amounts to.
func testSegment(t testing.TB) (data []byte, want *state) {
	t.Helper()
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	fillStore(t, s)
	data, err := os.ReadFile(segmentPaths(dir, 1)[0])
	if err != nil {
		t.Fatal(err)
	}
	return data, s.state
}

// TestSegment_accountsForEveryDamagedByte damages each byte of a segment, in both
// of its files alike: every operation is there as it was, or its number
// is void, or the loss is counted; and nothing is there that never was.
func TestSegment_accountsForEveryDamagedByte(t *testing.T) {
	data, want := testSegment(t)
	k := deriveKeys(testKey)
	ends := map[int]bool{headersSize: true} // of frames
	end := headersSize
	for _, f := range parseSegment(k, data).frames {
		end += frameHeaderSize + int(f.length)
		ends[end] = true
	}
	for how, d := range damages {
		for at := range data {
			if how == "cut" && ends[at] && at > headersSize {
				continue // looks as if the rest had never been written
			}
			seg := parseSegment(k, d.change(slices.Clone(data), at))
			h := gather([]segmentOnDisk{{n: 1, merged: seg}})
			got, _, lost := h.replay()
			void := map[uint64]bool{}
			for _, v := range got.voids {
				void[v.Number] = true
			}
			for id, op := range want.operations {
				found := got.operations[id]
				if found == nil && !void[op.Number] && lost == 0 && h.torn == 0 {
					t.Errorf("%s at %d: operation %d is lost in silence", how, at, op.Number)
				}
				if found != nil && void[op.Number] {
					t.Errorf("%s at %d: operation %d is there, and void", how, at, op.Number)
				}
				if found != nil && lost == 0 && h.torn == 0 && cmp.Diff(op.Operation, found.Operation) != "" {
					t.Errorf("%s at %d: %s", how, at, cmp.Diff(op.Operation, found.Operation))
				}
			}
			for id := range got.operations {
				if want.operations[id] == nil && lost == 0 && h.torn == 0 {
					t.Errorf("%s at %d: a dismissed operation came back", how, at)
				}
			}
			if lost == 0 && h.torn == 0 {
				if diff := cmp.Diff(want.drafts, got.drafts); diff != "" {
					t.Errorf("%s at %d: drafts: %s", how, at, diff)
				}
			}
		}
	}
}

// goldenSegment was written by fillStore in format 1, with testKey. It is never
// written anew: every later version has to read it.
const goldenSegment = "testdata/format1.seg"

func TestSegment_readsTheFirstFormat(t *testing.T) {
	data, err := os.ReadFile(goldenSegment)
	if err != nil {
		t.Fatal(err)
	}
	seg := parseSegment(deriveKeys(testKey), data)
	if !seg.whole || seg.torn > 0 {
		t.Fatalf("whole %v, torn %d", seg.whole, seg.torn)
	}
	h := gather([]segmentOnDisk{{n: 1, merged: seg}})
	st, _, lost := h.replay()
	if lost > 0 || len(st.waitingIDs()) != 3 || len(st.operations) != 6-1 || string(st.drafts["registration"]) != "secret draft" {
		t.Errorf("%d lost, %d operations, %d wait", lost, len(st.operations), len(st.waitingIDs()))
	}
}

func TestSegment_rejectsFramesFromElsewhere(t *testing.T) {
	data, _ := testSegment(t)
	k := deriveKeys(testKey)
	whole := parseSegment(k, data)
	if !whole.whole || whole.torn != 0 {
		t.Fatalf("whole %v, torn %d", whole.whole, whole.torn)
	}
	// Another frame of the same sequence, as from an older copy of the disk.
	last := whole.frames[len(whole.frames)-1]
	start := len(data) - frameHeaderSize - int(last.length)
	forged := last.frameHeader
	forged.previous[0] ^= 1
	other := appendFrame(slices.Clone(data[:start]), whole.header, forged, last.plain)
	if seg := parseSegment(k, other); seg.frames[len(seg.frames)-1].plain != nil {
		t.Error("a frame was taken whose previous tag is not that of the frame before it")
	}
	// The same frame in another segment of the same key.
	header, b := newSegmentHeader(k, 2, 1)
	header.data = whole.header.data
	b = append(b, data[headersSize:]...)
	for _, f := range parseSegment(k, b).frames {
		if f.plain != nil {
			t.Error("a frame of another segment was taken")
		}
	}
}

func TestOpen_refusesANewerFormatAndLeavesItAlone(t *testing.T) {
	dir := t.TempDir()
	mustClose(t, mustOpen(t, dir, Options{}))
	for _, path := range segmentPaths(dir, 1) { // one of them is enough
		err := rewrite(path, func(b []byte) []byte {
			for _, h := range [][]byte{b[:headerSize], b[headerSize:headersSize]} {
				binary.BigEndian.PutUint16(h[8:], formatVersion+1)
				binary.BigEndian.PutUint32(h[headerSize-4:], crc32.Checksum(h[:headerSize-4], castagnoli))
			}
			return b
		})
		if err != nil {
			t.Fatal(err)
		}
		before := fileSums(t, dir)
		for range 2 {
			if _, err := Open(dir, testKey, Options{}); !errors.Is(err, ErrNewerFormat) {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(before, fileSums(t, dir)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestOpen_keepsADamagedSegmentAsideForAYear(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 5, 12, 9, 0, 0, 0, time.UTC)
	var contact time.Time
	o := Options{Now: func() time.Time { return now }, Contact: func() time.Time { return contact }}
	s := mustOpen(t, dir, o)
	want := fillStore(t, s)
	mustClose(t, s)
	if err := rewriteBoth(dir, 1, func(b []byte) []byte {
		b[len(b)-1] ^= 1 // the last draft
		return b
	}); err != nil {
		t.Fatal(err)
	}
	delete(want.Drafts, "last")
	s = mustOpen(t, dir, o)
	if r := s.Report(); r.Lost != 1 || r.Voids != 0 {
		t.Errorf("%+v", r)
	}
	if diff := cmp.Diff(want, contentsOf(t, s)); diff != "" {
		t.Error(diff)
	}
	year := 365 * 24 * time.Hour
	for _, step := range []struct {
		name            string
		device, contact time.Duration // since then
		left            int
	}{
		{"at once", 0, 0, 2},
		{"a year later, by a clock that is wrong", year + time.Hour, time.Hour, 2},
		{"a year later", year, year + time.Hour, 0},
	} {
		mustClose(t, s)
		began := time.Date(2026, 5, 12, 9, 0, 0, 0, time.UTC)
		now, contact = began.Add(step.device), began.Add(step.contact)
		s = mustOpen(t, dir, o)
		if left, err := filepath.Glob(filepath.Join(dir, journalDir, "*."+damaged+"-*")); len(left) != step.left || err != nil {
			t.Errorf("%s: %v, %v", step.name, left, err)
		}
	}
	if diff := cmp.Diff(want, contentsOf(t, s)); diff != "" {
		t.Error(diff)
	}
}

// TestOpen_sendsVoidsForWhatCannotBeRead damages a frame in both files.
func TestOpen_sendsVoidsForWhatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	a, b, c := mustEnqueue(t, s, "a"), mustEnqueue(t, s, "b"), mustEnqueue(t, s, "c")
	mustClose(t, s)
	k := deriveKeys(testKey)
	if err := rewriteBoth(dir, 1, func(data []byte) []byte {
		frames := parseSegment(k, data).frames
		at := headersSize
		for _, f := range frames {
			at += frameHeaderSize + int(f.length)
			if f.number == b.Number {
				data[at-1] ^= 1
			}
		}
		return data
	}); err != nil {
		t.Fatal(err)
	}
	var first []Void
	for i := range 2 {
		s = mustOpen(t, dir, Options{})
		if r := s.Report(); i == 0 && (r.Lost != 1 || r.Voids != 1) {
			t.Errorf("%+v", r)
		}
		if diff := cmp.Diff([]Operation{a, c}, mustPending(t, s)); diff != "" {
			t.Error(diff)
		}
		voids, err := s.Voids()
		if err != nil || len(voids) != 1 || voids[0].Number != 2 || voids[0].Stream != a.Stream || voids[0].ID == "" || voids[0].Made.IsZero() {
			t.Fatalf("%+v, %v", voids, err)
		}
		if i == 0 {
			first = voids
		}
		if diff := cmp.Diff(first, voids); diff != "" {
			t.Errorf("a void changed: %s", diff)
		}
		mustClose(t, s)
	}
	s = mustOpen(t, dir, Options{})
	for range 2 {
		if err := s.SettleVoid(2); err != nil {
			t.Fatal(err)
		}
	}
	mustClose(t, s)
	s = mustOpen(t, dir, Options{})
	if voids, err := s.Voids(); len(voids) != 0 || err != nil {
		t.Errorf("%v, %v", voids, err)
	}
	if d := mustEnqueue(t, s, "d"); d.Number != 4 {
		t.Errorf("number %d", d.Number)
	}
}

// TestOpen_beginsANewStreamWhenItsNumbersAreUnknown damages the checkpoint in both
// files.
func TestOpen_beginsANewStreamWhenItsNumbersAreUnknown(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	a, b, c := mustEnqueue(t, s, "a"), mustEnqueue(t, s, "b"), mustEnqueue(t, s, "c")
	if err := s.Settle(a.ID); err != nil {
		t.Fatal(err)
	}
	mustClose(t, s)
	if err := rewriteBoth(dir, 1, func(data []byte) []byte {
		data[headersSize+frameHeaderSize] ^= 1
		return data
	}); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, dir, Options{})
	if r := s.Report(); r.Lost != 1 || r.Voids != 0 {
		t.Errorf("%+v", r)
	}
	stream, last, err := s.Stream()
	if err != nil || stream == "" || stream == a.Stream || last != 2 {
		t.Errorf("stream %q, last number %d, %v", stream, last, err)
	}
	b.Stream, b.Number = stream, 1
	c.Stream, c.Number = stream, 2
	if diff := cmp.Diff([]Operation{b, c}, mustPending(t, s)); diff != "" {
		t.Error(diff)
	}
}

func FuzzJournalSegment(f *testing.F) {
	// A file, as the fuzzer's processes have to agree on it.
	data, err := os.ReadFile(goldenSegment)
	if err != nil {
		f.Fatal(err)
	}
	k := deriveKeys(testKey)
	authentic := map[string]bool{}
	for _, frame := range parseSegment(k, data).frames {
		authentic[string(frame.plain)] = true
	}
	f.Add(data)
	f.Add(data[headerSize:])
	f.Add(data[:len(data)-7])
	f.Add(slices.Concat(data[:headersSize], data[headersSize+100:], data[headersSize:]))
	f.Add([]byte(segmentMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		seg := parseSegment(k, data)
		for _, frame := range seg.frames {
			if frame.plain != nil && !authentic[string(frame.plain)] {
				t.Fatal("a frame that was never written")
			}
		}
		if seg.end+seg.torn != len(data) && seg.verdict != headerWrongKey && seg.verdict != headerNewer {
			t.Fatalf("end %d and torn %d of %d bytes", seg.end, seg.torn, len(data))
		}
		h := gather([]segmentOnDisk{{n: 1, merged: seg}})
		h.replay()
	})
}

func FuzzJournalRecord(f *testing.F) {
	for _, r := range []record{
		{Kind: recordOperation, Operation: &Operation{ID: "a", Number: 1}, data: []byte("{}")},
		{Kind: recordCheckpoint, Checkpoint: &checkpoint{Stream: "s", Next: 2, Waiting: []uint64{1}}},
		{Kind: recordDraft, Name: "d", data: []byte{0, 1}},
	} {
		b, err := r.encode()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decodeRecord(b)
		if err != nil {
			return
		}
		again, err := r.encode()
		if err != nil {
			return // what JSON reads as a time it may not write
		}
		second, err := decodeRecord(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, second, cmp.AllowUnexported(record{}), cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}
