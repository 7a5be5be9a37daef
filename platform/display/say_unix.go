//go:build !windows && !darwin

package display

import (
	"fmt"
	"os"
	"os/exec"
)

// dialogs are the programs that show a text, by what a desktop may have.
var dialogs = []struct {
	program string
	args    func(title, text string) []string
}{
	{"zenity", func(title, text string) []string {
		return []string{"--error", "--no-markup", "--title", title, "--text", text}
	}},
	{"kdialog", func(title, text string) []string { return []string{"--title", title, "--error", text} }},
	{"xmessage", func(title, text string) []string { return []string{"-center", "-title", title, text} }},
}

// Say writes a text to standard error. Where the display works and the desktop
// has a program for it, it is shown in a dialog too, which stays when the program
// ends. It is for what must be said where there is no window; else the window
// says it.
func Say(title, text string) {
	fmt.Fprintln(os.Stderr, text)
	if d := dialog(title, text); d != nil {
		_ = d.Start() // standard error has said it
	}
}

// dialog is the program that shows a text, nil if there is none.
func dialog(title, text string) *exec.Cmd {
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return nil
	}
	for _, d := range dialogs {
		if path, err := exec.LookPath(d.program); err == nil {
			return exec.Command(path, d.args(title, text)...)
		}
	}
	return nil
}
