// Package holds measures for how long the window's goroutine is held by the program:
// by what handles a key, a click or an answer, and by the layout that this asks for.
// The drawing of a frame is not meant, nor the questions of package where. It is part of builds with the tag e2e only.
package holds

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

const (
	// beat is how often the window's goroutine is asked whether it is free, and sample
	// how often, while it is not, what it does.
	beat   = 5 * time.Millisecond
	sample = 2 * time.Millisecond
	// noted is the shortest hold that is written down.
	noted = 6 * time.Millisecond
	// mostNamed is how many functions of a hold are named, the innermost and the outermost.
	mostNamed = 10
)

// Watched is a goroutine that runs functions which it is given, one after the other.
type Watched struct {
	// Do hands it a function and returns at once.
	Do func(func())
	// Runs is in the names of a function that is always on its stack, and Aside in
	// those of functions whose time does not count.
	Runs  string
	Aside []string
}

// Window is the window's goroutine of Fyne's driver for computers.
func Window(do func(func())) Watched {
	return Watched{Do: do, Runs: "glfw.(*gLDriver).runGL(", Aside: []string{"glfw.(*gLDriver).drawSingleFrame(", "plenary/e2e/where."}}
}

// File is the variable that names the file in which programs note what holds their
// window; without it they do not.
const File = "PLENARY_E2E_HOLDS"

// Write watches a goroutine for good, and writes each hold of 6 ms or more as a line of the
// file at path: milliseconds, and the functions of the program that it was in, innermost
// first. It returns when that fails.
func (w Watched) Write(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("noting what holds the window: %w", err)
	}
	defer f.Close()
	stacks := make([]byte, 1<<20)
	for {
		time.Sleep(beat)
		for _, h := range w.next(stacks) {
			if _, err := fmt.Fprintf(f, "%.1f %s\n", float64(h.time.Microseconds())/1000, h.in); err != nil {
				return fmt.Errorf("noting what holds the window: %w", err)
			}
		}
	}
}

// hold is a time in which the goroutine was in functions of the program.
type hold struct {
	time time.Duration
	in   string
}

// next asks whether the goroutine is free, and gives its holds until it was.
func (w Watched) next(stacks []byte) (list []hold) {
	free := make(chan struct{})
	began := time.Now()
	w.Do(func() { close(free) })
	var now hold
	end := func(at time.Time) {
		if now.time = at.Sub(began); now.in != "" && now.time >= noted {
			list = append(list, now)
		}
		now.in, began = "", at
	}
	for {
		select {
		case <-free:
			end(time.Now())
			return list
		case <-time.After(sample):
		}
		at := time.Now()
		in := w.in(stacks[:runtime.Stack(stacks, true)])
		if in == "" {
			end(at)
		} else if now.in == "" {
			now.in = in
		}
	}
}

// in gives the functions of the program on the goroutine's stack, innermost first; none
// where its time does not count.
func (w Watched) in(stacks []byte) string {
	for stack := range bytes.SplitSeq(stacks, []byte("\n\n")) {
		text := string(stack)
		if !strings.Contains(text, w.Runs) {
			continue
		}
		if slices.ContainsFunc(w.Aside, func(aside string) bool { return strings.Contains(text, aside) }) {
			return ""
		}
		var ours []string
		for line := range strings.Lines(text) {
			if name, ok := strings.CutPrefix(line, "plenary/"); ok {
				ours = append(ours, name[:strings.LastIndexByte(name, '(')])
			}
		}
		if len(ours) > mostNamed {
			ours = slices.Concat(ours[:mostNamed/2], []string{"…"}, ours[len(ours)-mostNamed/2:])
		}
		return strings.Join(ours, " < ")
	}
	return ""
}
