package main

import (
	"io"
	"log/slog"
	"os"
	"sync"

	"plenary/app"
)

// logOutput is where the log goes: to the file in the data folder once that is
// this process's, and to standard error before, and where there can be no file.
type logOutput struct {
	mu   sync.Mutex
	file *app.LogFile
}

func (o *logOutput) Write(line []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var to io.Writer = os.Stderr
	if o.file != nil {
		to = o.file
	}
	return to.Write(line)
}

// logLevel is that of the policy, info if it names none.
func logLevel(name string) slog.Level {
	level := slog.LevelInfo
	_ = level.UnmarshalText([]byte(name)) // what is no level was said where the policy was read
	return level
}

// open begins the log of a data folder, unless one is open. A folder that cannot
// be written is said in the window, so no error comes of it here.
func (o *logOutput) open(dir string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.file == nil {
		o.file, _ = app.OpenLog(dir)
	}
}

// path is where the log's file is; empty while there is none.
func (o *logOutput) path() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.file == nil {
		return ""
	}
	return o.file.Path()
}

func (o *logOutput) close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.file == nil {
		return nil
	}
	err := o.file.Close()
	o.file = nil
	return err
}
