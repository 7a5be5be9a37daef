package files_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plenary/platform/files"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := files.Write(path, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := files.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// scan opens a file as a scanner does, without leave to remove or replace it,
// and lets go of it soon.
func scan(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan struct{})
	time.AfterFunc(200*time.Millisecond, func() {
		f.Close()
		close(closed)
	})
	t.Cleanup(func() { <-closed })
}

func TestWrite_replacesWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "settings 会议.json")
	write(t, path, strings.Repeat("long ", 1000))
	write(t, path, "short")
	if got := read(t, path); got != "short" {
		t.Errorf("%q", got)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestWrite_leavesTheOldOneWhereItFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "in the way")
	if err := os.MkdirAll(filepath.Join(path, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := files.Write(path, []byte("x")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if err := files.Write(filepath.Join(dir, "missing", "file"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in a folder that is missing: %v", err)
	}
}

// On Windows these fail without repetition; elsewhere they are as good as no test.
func TestFiles_waitForWhoeverHasOneOpen(t *testing.T) {
	dir := t.TempDir()
	target, source, folder := filepath.Join(dir, "target"), filepath.Join(dir, "source"), filepath.Join(dir, "folder")
	if err := os.MkdirAll(filepath.Join(folder, "within"), 0o700); err != nil {
		t.Fatal(err)
	}
	inFolder := filepath.Join(folder, "within", "file")
	for _, path := range []string{target, source, inFolder} {
		write(t, path, "old")
	}
	scan(t, target)
	write(t, target, "new")
	if got := read(t, target); got != "new" {
		t.Errorf("replaced by %q", got)
	}
	scan(t, target)
	if err := files.Rename(source, target); err != nil {
		t.Errorf("rename over an open file: %v", err)
	}
	scan(t, target)
	if err := files.Remove(target); err != nil {
		t.Errorf("remove an open file: %v", err)
	}
	scan(t, inFolder)
	if err := files.RemoveAll(folder); err != nil {
		t.Errorf("remove a folder with an open file: %v", err)
	}
	for _, path := range []string{target, source, folder} {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there: %v", path, err)
		}
	}
}

func TestRename_movesFoldersAndLongPaths(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 30), strings.Repeat("path", 30), strings.Repeat("more", 30))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	if err := os.Mkdir(from, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(from, "file"), "text")
	if err := files.Rename(from, to); err != nil {
		t.Fatal(err)
	}
	if got := read(t, filepath.Join(to, "file")); got != "text" {
		t.Errorf("%q", got)
	}
}

func TestRemove_ofWhatIsNotThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "missing")
	if err := files.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Remove: %v", err)
	}
	if err := files.RemoveIfThere(path); err != nil {
		t.Errorf("RemoveIfThere: %v", err)
	}
	if err := files.RemoveAll(path); err != nil {
		t.Errorf("RemoveAll: %v", err)
	}
}

func TestFree_tellsTheRoom(t *testing.T) {
	if free, err := files.Free(t.TempDir()); err != nil || free == 0 {
		t.Errorf("%d, %v", free, err)
	}
	if _, err := files.Free(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a folder that is missing has room")
	}
}

func TestSyncFolder(t *testing.T) {
	if err := files.SyncFolder(t.TempDir()); err != nil {
		t.Error(err)
	}
}

func TestIsNotFolder_whereAFileIsInTheWay(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	if err := os.MkdirAll(file, 0o700); !files.IsNotFolder(err) {
		t.Errorf("the folder itself: %v", err)
	}
	if err := os.MkdirAll(filepath.Join(file, "below"), 0o700); !files.IsNotFolder(err) {
		t.Errorf("below it: %v", err)
	}
}
