package localdb

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// benchDir returns a directory on the disk that holds the source, as the
// system's one for temporary files may be in memory.
func benchDir(b *testing.B) string {
	b.Helper()
	dir, err := os.MkdirTemp(".", "bench-")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			b.Error(err)
		}
	})
	return dir
}

// BenchmarkJournalAppend and BenchmarkBareWriteSync are the two halves of
// BenchmarkJournalAppendRatio; a draft of 300 bytes is an ordinary record.
func BenchmarkJournalAppend(b *testing.B) {
	s := mustOpen(b, benchDir(b), Options{})
	draft := make([]byte, 300)
	rand.Read(draft)
	for b.Loop() {
		if err := s.PutDraft("draft", draft); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBareWriteSync(b *testing.B) {
	f := bareFile(b, benchDir(b))
	frame := make([]byte, 300+appendedBytes(b))
	for b.Loop() {
		writeSync(b, f, frame)
	}
}

// BenchmarkJournalAppendRatio takes both in turn, so that a disk that changes
// its mood does not favour one; p50-ratio has the aim 2.2, since the journal is
// two files.
func BenchmarkJournalAppendRatio(b *testing.B) {
	dir := benchDir(b)
	s, f := mustOpen(b, filepath.Join(dir, "store"), Options{}), bareFile(b, dir)
	draft := make([]byte, 300)
	rand.Read(draft)
	frame := make([]byte, 300+appendedBytes(b))
	var journal, bare []time.Duration
	for b.Loop() {
		start := time.Now()
		if err := s.PutDraft("draft", draft); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		writeSync(b, f, frame)
		journal, bare = append(journal, middle.Sub(start)), append(bare, time.Since(middle))
	}
	slices.Sort(journal)
	slices.Sort(bare)
	p50 := func(d []time.Duration) float64 { return float64(d[len(d)/2].Microseconds()) }
	b.ReportMetric(p50(journal), "journal-p50-us")
	b.ReportMetric(p50(bare), "bare-p50-us")
	b.ReportMetric(p50(journal)/p50(bare), "p50-ratio")
}

// appendedBytes is what the journal adds to the draft's bytes.
func appendedBytes(b *testing.B) int {
	b.Helper()
	plain, err := record{Kind: recordDraft, Name: "draft"}.encode()
	if err != nil {
		b.Fatal(err)
	}
	return len(plain) + sealOverhead + frameHeaderSize
}

func bareFile(b *testing.B, dir string) *os.File {
	b.Helper()
	f, err := os.OpenFile(filepath.Join(dir, "bare"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := f.Close(); err != nil {
			b.Error(err)
		}
	})
	return f
}

func writeSync(b *testing.B, f *os.File, p []byte) {
	b.Helper()
	if _, err := f.Write(p); err != nil {
		b.Fatal(err)
	}
	if err := f.Sync(); err != nil {
		b.Fatal(err)
	}
}
