//go:build unix

package app

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A pipe that nobody reads stands for a disk that hangs: a write waits for ever
// once it is full.
func TestLogFile_nobodyWaitsForADiskThatHangs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mkfifo(logPath(dir), 0o600); err != nil {
		t.Fatal(err)
	}
	disk, err := os.OpenFile(logPath(dir), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	l, err := openLog(dir, 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	defer debug.SetCrashOutput(nil, debug.CrashOptions{})
	// What the pipe, a batch under way and the queue take is less than this.
	const lines = 5000
	fill := strings.Repeat("x", 100)
	for i := range lines {
		if _, err := fmt.Fprintf(l, "%s %d\n", fill, i); err != nil {
			t.Fatal(err)
		}
	}
	l.patience = 10 * time.Millisecond
	if err := l.Close(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("the end does not say that lines are left: %v", err)
	}

	// The disk is back: all that was queued comes, in order, and how many are missing.
	read, missing, next := bufio.NewReader(disk), 0, 0
	for next+missing < lines {
		line, err := read.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		number, count := 0, 0
		if _, err := fmt.Sscanf(line, fill+" %d", &number); err == nil {
			if number != next+missing {
				t.Fatalf("line %d comes after %d with %d missing", number, next, missing)
			}
			next++
			continue
		}
		_, after, _ := strings.Cut(line, "msg=\"lines are missing here\" ")
		if _, err := fmt.Sscanf(after, "count=%d", &count); err != nil {
			t.Fatalf("the log says %q", line)
		}
		missing += count
	}
	if missing == 0 || next < logQueue {
		t.Errorf("%d lines are written, %d missing", next, missing)
	}
	l.patience = time.Minute
	if err := l.Close(); err != nil {
		t.Errorf("ended once more: %v", err)
	}
}

func TestLogFile_onAFullDiskSaysWhatIsMissingOnceThereIsRoom(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) { // macOS has none: a file that nobody may write
		full, err = os.Open(os.DevNull)
	}
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	l := &LogFile{dir: dir, limit: logLimit, file: full}
	l.put([]byte("one\n"))
	l.put([]byte("two\n"))
	if err := full.Close(); err != nil {
		t.Fatal(err)
	}
	l.file = nil
	l.put([]byte("three\n"))
	defer l.file.Close()
	defer debug.SetCrashOutput(nil, debug.CrashOptions{})
	text, err := os.ReadFile(filepath.Join(dir, logName))
	if err != nil || !strings.HasSuffix(string(text), "count=2\nthree\n") || strings.Contains(string(text), "one") {
		t.Errorf("the log says %q, %v", text, err)
	}
}
