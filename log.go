package main

import (
	"io"
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

// open begins the log of a data folder, unless one is open. A folder that cannot
// be written is said in the window, so no error comes of it here.
func (o *logOutput) open(dir string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.file == nil {
		o.file, _ = app.OpenLog(dir)
	}
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
