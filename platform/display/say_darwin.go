package display

import (
	"fmt"
	"os"
	"os/exec"
)

// Say shows a text in a dialog of the system, which stays when the
// program ends, and on standard error. It is for what must be said where there is no
// window; else the window says it.
func Say(title, text string) {
	fmt.Fprintln(os.Stderr, text)
	// The texts are arguments, not part of the script.
	script := "on run argv\n" +
		"display dialog (item 2 of argv) with title (item 1 of argv) buttons {\"OK\"} default button 1 with icon stop\n" +
		"end run"
	// Over ssh there is nobody to see it: standard error has said it.
	_ = exec.Command("/usr/bin/osascript", "-e", script, title, text).Start()
}
