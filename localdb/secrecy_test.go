package localdb

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestStore_writesNothingInClear looks for what was put into a store in all its
// files, while it is open and after it was closed, and in its log.
func TestStore_writesNothingInClear(t *testing.T) {
	var log bytes.Buffer
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	fillStore(t, s)
	if err := s.PutDraft("draft of jane@example.org", []byte("secret draft")); err != nil {
		t.Fatal(err)
	}
	if err := s.Put("registration of jane", "C-00016105", []byte("secret single value")); err != nil {
		t.Fatal(err)
	}
	killed := copyFiles(t, dir)
	mustClose(t, s)

	clear := []string{
		"secret", "payload", "jane", "C-00016105", "registration", "meeting-full", "register", "waiting", "operation",
		"meetings", "directory", string(testKey[:]),
	}
	for _, dir := range []string{dir, killed} {
		for _, name := range listFiles(t, dir) {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range clear {
				if bytes.Contains(b, []byte(text)) {
					t.Errorf("%s holds %q in clear", name, text)
				}
			}
		}
		// Badger makes no data key, and then encrypts nothing, if its rotation
		// is longer than the time since 1970.
		if info, err := os.Stat(filepath.Join(dir, "cache-1", "KEYREGISTRY")); err != nil || info.Size() <= 28 {
			t.Errorf("badger has no data key: %v", err)
		}
	}
	for _, text := range append(clear, dir) {
		if strings.Contains(log.String(), text) {
			t.Errorf("the log holds %q", text)
		}
	}
}

// TestStore_forgetsItsKeysWhenClosed looks at every place that holds a key, or contents,
// after the store was closed.
func TestStore_forgetsItsKeysWhenClosed(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	fillStore(t, s)
	held := map[string][]byte{"badger": s.keys.badger, "names": s.keys.names, "digests": s.keys.digests}
	for name, key := range held {
		if len(key) != 32 || bytes.Equal(key, make([]byte, 32)) {
			t.Fatalf("no key for %s in an open store", name)
		}
	}
	mustClose(t, s)
	for name, key := range held {
		if !bytes.Equal(key, make([]byte, 32)) {
			t.Errorf("the key for %s is still there", name)
		}
	}
	for name, there := range map[string]bool{
		"the key that wraps": s.keys.wrap != nil, "the values' key": s.keys.values != nil,
		"the segment's key": s.journal.header.data != nil, "the last record": s.journal.buffer != nil,
		"badger": s.cache.db != nil, "operations and drafts": s.state != nil,
	} {
		if there {
			t.Errorf("a closed store still holds %s", name)
		}
	}
}
