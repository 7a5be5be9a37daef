package app

import (
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

// LogFile is the program's log in the data folder, for the person alone (0600).
// What goes there names no person, address or file: kinds of errors, counts and
// the service's references. Only the owner of the folder (Instance) opens it, so
// two programs never write into one.
type LogFile struct {
	dir   string
	limit int64

	mu   sync.Mutex
	file *os.File // nil once closed, and after a file that could not be begun anew
	size int64
}

// OpenLog opens the log of a data folder, which is made if it is not there. A
// crash of the process is written there too, until Close.
func OpenLog(dir string) (*LogFile, error) { return openLog(dir, logLimit) }

func openLog(dir string, limit int64) (*LogFile, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	l := &LogFile{dir: dir, limit: limit}
	if err := l.open(); err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return l, nil
}

// Path is where the log is.
func (l *LogFile) Path() string { return logPath(l.dir) }

func logPath(dir string) string { return filepath.Join(dir, logName) }

// open is called with mu held, or by the only owner.
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

// Write appends a line. It gives up on a full disk and the like: there is
// nobody to tell, and the program goes on without a log.
func (l *LogFile) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil && l.size+int64(len(line)) > l.limit && l.size > 0 {
		l.turn()
	}
	if l.file == nil {
		return 0, fs.ErrClosed
	}
	n, err := l.file.Write(line)
	l.size += int64(n)
	return n, err
}

// turn makes the log the older one and begins a new one. Windows renames no
// file that is open, and the output of crashes has it open too.
func (l *LogFile) turn() {
	_ = l.shut()
	if err := files.Rename(logPath(l.dir), filepath.Join(l.dir, logOlderName)); err != nil {
		_ = os.Truncate(logPath(l.dir), 0) // never more than the limit, even so
	}
	_ = l.open() // without one, Write says so
}

func (l *LogFile) shut() error {
	if l.file == nil {
		return nil
	}
	err := debug.SetCrashOutput(nil, debug.CrashOptions{})
	err = errors.Join(err, l.file.Close())
	l.file = nil
	return err
}

// Close ends the log.
func (l *LogFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.shut()
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
