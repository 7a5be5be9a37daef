package main

import (
	"os"
	"strings"

	"fyne.io/fyne/v2"

	"plenary/platform/notify"
)

// notificationWay is Fyne's way to show a notification, for a program in a bundle: without,
// Fyne writes the text into a script, and runs that.
func notificationWay(a fyne.App) func(title, text string) error {
	return func(title, text string) error {
		if self, err := os.Executable(); err != nil || !strings.Contains(self, ".app/Contents/MacOS/") {
			return notify.ErrNone
		}
		a.SendNotification(fyne.NewNotification(title, text))
		return nil
	}
}
