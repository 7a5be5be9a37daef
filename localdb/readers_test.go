package localdb_test

import (
	"errors"
	"testing"

	"plenary/localdb"
	"plenary/localdb/localdbtest"
)

// Whoever reads gets what was there before the write under way, and waits for no disk: if
// it did, the disk would not be released.
func TestStore_readersDoNotWaitForTheDisk(t *testing.T) {
	disk := &localdbtest.FakeDisk{}
	s, err := localdb.Open(t.TempDir(), localdb.NewKey(), localdb.Options{OpenSegment: disk.Open})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	earlier, err := s.Enqueue("test", "earlier")
	if err != nil {
		t.Fatal(err)
	}
	large := make([]byte, 700<<10) // the journal is compacted from 1 MiB on
	for _, write := range []struct {
		name string
		do   func() error
	}{
		{"an operation", func() error { _, err := s.Enqueue("test", "later"); return err }},
		{"a draft", func() error { return s.PutDraft("d", large) }},
		{"a settlement", func() error { return s.Settle(earlier.ID) }},
		{"a draft that makes a compaction due", func() error { return s.PutDraft("d", large) }},
		{"the end of a draft", func() error { return s.DeleteDraft("d") }},
	} {
		waiting, release := disk.Hang()
		written := make(chan error, 1)
		go func() { written <- write.do() }()
		<-waiting
		_, _, counts := s.Counts()
		_, pending := s.Pending()
		_, attention := s.NeedAttention()
		_, drafts := s.Drafts()
		_, voids := s.Voids()
		_, _, stream := s.Stream()
		_, draft := s.Draft("d")
		if errors.Is(draft, localdb.ErrNotFound) {
			draft = nil
		}
		s.Report()
		if err := errors.Join(counts, pending, attention, drafts, voids, stream, draft); err != nil {
			t.Errorf("%s: %v", write.name, err)
		}
		release()
		if err := <-written; err != nil {
			t.Errorf("%s: %v", write.name, err)
		}
	}
}
