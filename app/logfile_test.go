package app

import (
	"bytes"
	"errors"
	"io/fs"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func TestLogFile_keepsTheNewestLinesWithinItsLimit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	l, err := openLog(dir, 1000)
	if err != nil {
		t.Fatal(err)
	}
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
	again, err := openLog(dir, 1000)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := again.Write([]byte(line)); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(logPath(dir)); err != nil || info.Size() != 600 {
		t.Errorf("the next start does not go on with the log: %v, %v", info.Size(), err)
	}
}

func TestLogFile_isWrittenByManyAtOnce(t *testing.T) {
	l, err := openLog(t.TempDir(), 10_000)
	if err != nil {
		t.Fatal(err)
	}
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

func TestLogFile_hasCrashes(t *testing.T) {
	if dir := os.Getenv(crashHere); dir != "" {
		l, err := openLog(dir, 20)
		if err != nil {
			t.Fatal(err)
		}
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
	if err != nil || !strings.Contains(string(text), "nil pointer dereference") || !strings.Contains(string(text), "TestLogFile_hasCrashes") {
		t.Errorf("the crash is not in the log: %q, %v", text, err)
	}
}

func TestLibraryLog_namesTheErrorAndNobody(t *testing.T) {
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
