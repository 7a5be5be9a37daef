package files_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"plenary/platform/files"
)

func TestLock_isHeldOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := files.Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := files.Lock(path); !errors.Is(err, files.ErrLocked) {
		t.Errorf("locked twice: %v, %v", second, err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := files.Lock(path)
	if err != nil {
		t.Fatalf("after it was released: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

func TestLock_doesNotMindWhoOnlyHasTheFileOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	scanner, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer scanner.Close()
	lock, err := files.Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := lock.Close(); err != nil {
		t.Error(err)
	}
}
