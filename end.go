package main

import (
	"os"
	"time"

	"plenary/app"
	"plenary/platform/shutdown"
)

const (
	// endPatience is how long Fyne may take to end once it was told to.
	endPatience = 3 * time.Second
	// closePatience is how long closing the folders may take, when nobody waits for the
	// window any more.
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

// endAnyway ends the process once patience is over, whatever Fyne does.
func endAnyway(closeFolders func(), exit func(status int)) {
	time.AfterFunc(endPatience, func() { endNow(closeFolders, func() { exit(0) }) })
}

// endNow ends the process. It closes the folders before, unless that hangs.
func endNow(closeFolders, exit func()) {
	time.AfterFunc(closePatience, exit)
	closeFolders()
	exit()
}

// watchSystem has the program end at once when the system shuts down or the person's
// session on it ends, whatever the window does: nobody can be asked then. What was typed
// is written, and what was not sent stays, sealed (app.App.Close).
func (p *program) watchSystem() {
	end := func(status int) {
		p.log.Info("the system ends Plenary")
		endNow(p.close, func() { os.Exit(status) })
	}
	hearSessionEnd(end)
	if err := shutdown.Watch(func() { end(0) }); err != nil {
		p.log.Warn("the end of the session will not be heard", "cause", app.Explain(err).Kind)
	}
}
