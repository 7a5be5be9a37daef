package localdb

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// addSettled adds n operations that were settled at a time, without the disk.
func addSettled(s *Store, n int, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		id := fmt.Sprintf("settled-%d", s.state.next)
		op := Operation{ID: id, Stream: s.state.stream, Number: s.state.next, State: StateWaiting}
		s.state.apply(record{Kind: recordOperation, Operation: &op, At: at, data: []byte(`"payload"`)})
	}
}

// A desk settles an operation at each check-in, for days.
func BenchmarkOutbox_besideSettled(b *testing.B) {
	for _, n := range []int{0, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := mustOpen(b, b.TempDir(), Options{})
			addSettled(s, n, time.Now())
			mustEnqueue(b, s, "waits")
			for b.Loop() {
				_, errPending := s.Pending()
				_, errAttention := s.NeedAttention()
				_, _, errCounts := s.Counts()
				if err := errors.Join(errPending, errAttention, errCounts); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Nobody who reads the outbox walks what is settled: here it would meet a nil operation.
func TestOutbox_readersDoNotWalkWhatIsSettled(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	addSettled(s, 100, time.Now())
	waits, refused := mustEnqueue(t, s, "waits"), mustEnqueue(t, s, "refused")
	if err := s.Refuse(refused.ID, "full", "r"); err != nil {
		t.Fatal(err)
	}
	settled := 0
	for id, op := range s.state.operations {
		if !op.settled.IsZero() {
			settled++
			s.state.operations[id] = nil
		}
	}
	attention, err := s.NeedAttention()
	if err != nil || len(attention) != 1 || attention[0].ID != refused.ID {
		t.Errorf("%+v need attention, %v", attention, err)
	}
	if pending := mustPending(t, s); len(pending) != 1 || pending[0].ID != waits.ID {
		t.Errorf("%+v wait", pending)
	}
	if waiting, refused, err := s.Counts(); waiting != 1 || refused != 1 || err != nil {
		t.Errorf("%d wait, %d need attention, %v", waiting, refused, err)
	}
	if settled != 100 {
		t.Errorf("%d are settled", settled)
	}
}

// Compaction writes an operation once more, settled; the record that settled it may be lost.
func TestState_anOperationIsWhatItsLastRecordSays(t *testing.T) {
	s := newState("stream")
	op := Operation{ID: "a", Stream: "stream", Number: 1, State: StateWaiting}
	s.apply(record{Kind: recordOperation, Operation: &op})
	s.apply(record{Kind: recordOperation, Operation: &op, At: time.Unix(1, 0)})
	if list := s.list(StateWaiting); len(list) != 0 {
		t.Errorf("%+v waits", list)
	}
}

// Compaction drops operations that were settled long ago from the file: they are no use in
// the memory either, since nothing would bring them back after the next start.
func TestCompaction_dropsWhatWasSettledLongAgoFromMemoryToo(t *testing.T) {
	now := time.Date(2026, 5, 12, 9, 0, 0, 0, time.UTC)
	s := mustOpen(t, t.TempDir(), Options{Now: func() time.Time { return now }})
	long, lately := mustEnqueue(t, s, "settled long ago"), mustEnqueue(t, s, "settled lately")
	if err := s.Settle(long.ID); err != nil {
		t.Fatal(err)
	}
	now = now.Add(15 * 24 * time.Hour)
	if err := s.Settle(lately.ID); err != nil {
		t.Fatal(err)
	}
	segment := s.journal.header.segment
	for draft := make([]byte, 300<<10); s.journal.header.segment == segment; {
		if err := s.PutDraft("draft", draft); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.Rewind(0); n != 1 || err != nil {
		t.Errorf("%d operations are sent again, %v", n, err)
	}
	if err := s.Settle(long.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("settled again: %v", err)
	}
}
