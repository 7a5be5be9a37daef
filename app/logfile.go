package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"plenary/platform/files"
)

// Files of the log in the data folder.
const (
	logName      = "plenary.log"
	logOlderName = "plenary.1.log"
)

// logLimit is how large the log grows before it becomes the older one, in
// bytes. There is one older one.
const logLimit = 1 << 20

const (
	// logQueue is how many lines wait for the disk at most.
	logQueue = 1000
	// logPatience is how long Close waits for the disk.
	logPatience = 2 * time.Second
)

// LogFile is the program's log in the data folder, for the person alone (0600).
// What goes there names no person, address or file: kinds of errors, counts and
// the service's references. Only the owner of the folder (Instance) opens it, so
// two programs never write into one.
//
// A goroutine of its own writes the lines: who logs never waits for the disk. A
// line that finds the queue full, or that the disk does not take, is left out,
// and how many these were is the next line.
type LogFile struct {
	dir      string
	limit    int64
	patience time.Duration // of Close
	wake     chan struct{} // there are lines, or it is the end
	done     chan struct{} // closed when all is written

	mu       sync.Mutex
	queue    [][]byte
	overflow int // lines after those of queue, which had no room there
	closed   bool

	// The writing goroutine's own.
	file *os.File // nil after one that could not be begun anew
	size int64
	lost int   // lines that are missing and of which the log does not say so yet
	err  error // of the end, to be read once done is closed
}

// OpenLog opens the log of a data folder, which is made if it is not there. A
// crash of the process is written there too, also after Close: the panic that
// leads to it runs deferred functions first, which may close the log.
func OpenLog(dir string) (*LogFile, error) { return openLog(dir, logLimit) }

func openLog(dir string, limit int64) (*LogFile, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	l := &LogFile{
		dir: dir, limit: limit, patience: logPatience,
		wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
	if err := l.open(); err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	go l.run()
	return l, nil
}

// Path is where the log is.
func (l *LogFile) Path() string { return logPath(l.dir) }

func logPath(dir string) string { return filepath.Join(dir, logName) }

// Write takes a line, which is written soon. It does not wait; the error is
// fs.ErrClosed after Close, and nothing else is told: there would be nobody to
// do something about it.
func (l *LogFile) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return 0, fs.ErrClosed
	}
	if len(l.queue) < logQueue {
		l.queue = append(l.queue, bytes.Clone(line))
	} else {
		l.overflow++
	}
	l.nudge()
	return len(line), nil
}

func (l *LogFile) nudge() {
	select {
	case l.wake <- struct{}{}:
	default: // it is going to look anyway
	}
}

// Close ends the log once all lines are written. A disk that hangs is waited for
// two seconds, and then left with them: the error is os.ErrDeadlineExceeded.
func (l *LogFile) Close() error {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.nudge()
	select {
	case <-l.done:
		return l.err
	case <-time.After(l.patience):
		return fmt.Errorf("close the log: %w", os.ErrDeadlineExceeded)
	}
}

// run writes what is queued until the end.
func (l *LogFile) run() {
	defer close(l.done)
	for range l.wake {
		l.mu.Lock()
		lines, overflow, closed := l.queue, l.overflow, l.closed
		l.queue, l.overflow = nil, 0
		l.mu.Unlock()
		for _, line := range lines {
			l.put(line)
		}
		l.lost += overflow
		l.sayLost()
		if closed {
			if l.file != nil {
				l.err = l.file.Close()
			}
			return
		}
	}
}

// put writes a line, and before it how many are missing there.
func (l *LogFile) put(line []byte) {
	l.sayLost()
	if l.lost > 0 || !l.append(line) {
		l.lost++
	}
}

func (l *LogFile) sayLost() {
	if l.lost == 0 {
		return
	}
	line := fmt.Appendf(nil, "time=%s level=WARN msg=\"lines are missing here\" count=%d\n",
		time.Now().Format("2006-01-02T15:04:05.000Z07:00"), l.lost)
	if l.append(line) {
		l.lost = 0
	}
}

// append says whether the disk has taken a line; it takes all of it or nothing.
func (l *LogFile) append(line []byte) bool {
	if l.file != nil && l.size+int64(len(line)) > l.limit && l.size > 0 {
		l.turn()
	}
	if l.file == nil && l.open() != nil {
		return false
	}
	n, err := l.file.Write(line)
	if err != nil && n > 0 && l.file.Truncate(l.size) == nil {
		n = 0
	}
	l.size += int64(n)
	return err == nil
}

func (l *LogFile) open() error {
	f, err := os.OpenFile(logPath(l.dir), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		err = debug.SetCrashOutput(f, debug.CrashOptions{})
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	l.file, l.size = f, info.Size()
	return nil
}

// turn makes the log the older one and begins a new one. Windows renames no
// file that is open, and the output of crashes has it open too.
func (l *LogFile) turn() {
	_ = errors.Join(debug.SetCrashOutput(nil, debug.CrashOptions{}), l.file.Close())
	l.file = nil
	if err := files.Rename(logPath(l.dir), filepath.Join(l.dir, logOlderName)); err != nil {
		_ = os.Truncate(logPath(l.dir), 0) // never more than the limit, even so
	}
	_ = l.open() // without one, the next line tries again
}

// LibraryLog takes what Fyne writes with the standard logger. It brings to log
// where in Fyne's source that was, which says what has failed, and leaves out
// the rest: the texts name files and folders, and so people.
func LibraryLog(log *slog.Logger) io.Writer { return libraryLog{log} }

type libraryLog struct{ log *slog.Logger }

func (l libraryLog) Write(line []byte) (int, error) {
	if place, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "At: "); ok {
		folder, file := path.Split(filepath.ToSlash(place))
		l.log.Warn("Fyne met an error", "at", path.Join(path.Base(folder), file))
	}
	return len(line), nil
}
