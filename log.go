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
// be written is said in the window, so no error comes of it here. It is called by
// one goroutine at a time; the others, that of the window among them, go on
// logging meanwhile.
func (o *logOutput) open(dir string) {
	if o.path() != "" {
		return
	}
	file, err := app.OpenLog(dir)
	if err != nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.file = file
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

// close waits for the disk, a bounded time, and nobody who logs does.
func (o *logOutput) close() error {
	o.mu.Lock()
	file := o.file
	o.file = nil
	o.mu.Unlock()
	if file == nil {
		return nil
	}
	return file.Close()
}
