// Package notify shows notifications of the person's system: a few words that stand over
// whatever is on the screen for some seconds.
package notify

import (
	"errors"
	"strings"
	"unicode"
)

// Notification is what is said. Title and Text may come from the service.
type Notification struct {
	Title, Text string
	// Link is what Notifier.Open is given when the person clicks; it may be empty.
	Link string
}

// Notifier shows notifications in the name of a program.
type Notifier struct {
	// ID names the program as its shortcut (Windows) and its desktop entry (Linux) do, Name
	// to people.
	ID, Name string
	// Open is called, on another goroutine, when the person clicks on a notification. On
	// Windows the system opens the notification's link instead, and on macOS it brings the
	// program to the front.
	Open func(link string)
	// Way shows a notification on macOS.
	Way func(title, text string) error
}

// ErrNone: the system shows no notifications, or none of this program.
var ErrNone = errors.New("the system shows no notifications")

// most is how much of a text is shown, in characters: no system shows more.
const most = 300

// plain is a text in one line, without what would change the text around it.
func plain(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.Join(strings.Fields(text), " ") {
		if n++; n > most {
			return b.String() + "…"
		}
		if unicode.IsGraphic(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}
