package main

import (
	"os"
	"time"
)

const (
	// endPatience is how long Fyne may take to end once it was told to.
	endPatience = 3 * time.Second
	// closePatience is how long closing the folders may take, when Fyne has not ended.
	closePatience = 10 * time.Second
)

// quit ends the program. Everything that the person typed is written by then.
//
// Fyne's Run does not always return: while it empties its queue of functions, one
// that it waits for can be on its way there, and is lost (Fyne 2.8.1,
// internal/driver/glfw, runGL and runOnMainWithWait). That must not keep the
// folders locked, nor the process alive.
func (p *program) quit(fyneQuit func()) {
	endAnyway(p.close, os.Exit)
	fyneQuit()
}

// endAnyway ends the process once patience is over, whatever Fyne does. It closes
// the folders before, unless that hangs too.
func endAnyway(closeFolders func(), exit func(status int)) {
	time.AfterFunc(endPatience, func() {
		time.AfterFunc(closePatience, func() { exit(0) })
		closeFolders()
		exit(0)
	})
}
