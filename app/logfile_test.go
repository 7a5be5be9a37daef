package app

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
)

// testLog opens a log and lets the output of crashes go at the end: Windows
// removes no folder with an open file.
func testLog(t *testing.T, dir string, limit int64) *LogFile {
	t.Helper()
	l, err := openLog(dir, limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(l.Close(), debug.SetCrashOutput(nil, debug.CrashOptions{})); err != nil {
			t.Error(err)
		}
	})
	return l
}

func TestLogFile_keepsTheOrder(t *testing.T) {
	t.Parallel()
	l := testLog(t, t.TempDir(), logLimit)
	var want strings.Builder
	for i := range logQueue {
		line := fmt.Sprintf("line %d\n", i)
		want.WriteString(line)
		if _, err := l.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(l.Path()); err != nil || string(text) != want.String() {
		t.Errorf("%d bytes of %d, or in another order: %v", len(text), want.Len(), err)
	}
}

func TestLogFile_keepsTheNewestLinesWithinItsLimit(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	l := testLog(t, dir, 1000)
	line := strings.Repeat("x", 99) + "\n"
	for range 25 {
		if _, err := l.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int64{logName: 500, logOlderName: 1000} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() != want {
			t.Errorf("%s has %d bytes, want %d", name, info.Size(), want)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %v: others may read it", name, info.Mode())
		}
	}
	if _, err := l.Write([]byte(line)); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("after its end the log says %v", err)
	}
	if err := l.Close(); err != nil {
		t.Errorf("ended twice: %v", err)
	}
	again := testLog(t, dir, 1000)
	if _, err := again.Write([]byte(line)); err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(logPath(dir)); err != nil || info.Size() != 600 {
		t.Errorf("the next start does not go on with the log: %v, %v", info.Size(), err)
	}
}

func TestLogFile_isWrittenByManyAtOnce(t *testing.T) {
	t.Parallel()
	l := testLog(t, t.TempDir(), 10_000)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if _, err := l.Write([]byte("a line\n")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(logPath(l.dir))
	if err != nil || string(text) != strings.Repeat("a line\n", 400) {
		t.Errorf("lines are lost or mixed: %d bytes, %v", len(text), err)
	}
}

func TestLogFile_saysThatTheFolderCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenLog(file); err == nil {
		t.Error("a log was opened in a file")
	}
}

// crashHere makes this test's program, started anew, crash with its log there.
const crashHere = "PLENARY_TEST_CRASH"

// The window's goroutine runs deferred functions before it crashes, and one of
// them ends the log: the crash is in it all the same, after the last lines.
func TestLogFile_hasCrashes(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(crashHere); dir != "" {
		l, err := openLog(dir, 20)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		for range 3 { // the log that counts is the one after a turn
			if _, err := l.Write([]byte("fifteen letters\n")); err != nil {
				t.Fatal(err)
			}
		}
		var nobody *LogFile
		nobody.size++
	}
	dir := t.TempDir()
	again := exec.Command(os.Args[0], "-test.run", "^TestLogFile_hasCrashes$")
	again.Env = append(os.Environ(), crashHere+"="+dir)
	if err := again.Run(); err == nil {
		t.Fatal("it did not crash")
	}
	text, err := os.ReadFile(logPath(dir))
	before, crash, found := strings.Cut(string(text), "panic: ")
	if err != nil || !found || before != "fifteen letters\n" ||
		!strings.Contains(crash, "nil pointer dereference") || !strings.Contains(crash, "TestLogFile_hasCrashes") {
		t.Errorf("the crash is not in the log: %q, %v", text, err)
	}
}

func TestLibraryLog_namesTheErrorAndNobody(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	lines := log.New(LibraryLog(slog.New(slog.NewTextHandler(&out, nil))), "", 0)
	lines.Println("Fyne error: ", "Unable to read ListableURI file:///home/zoe/Passport")
	lines.Println("  Cause:", "open /home/zoe/Passport: permission denied")
	lines.Printf("  At: %s:%d", "fyne.io/fyne/v2@v2.8.1/dialog/file.go", 429)
	lines.Println("http: TLS handshake error from 192.0.2.7:1234")
	if got := out.String(); strings.Contains(got, "zoe") || strings.Contains(got, "192.0.2") || !strings.Contains(got, "at=dialog/file.go:429") {
		t.Errorf("the log says %q", got)
	}
}
