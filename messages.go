package main

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"

	"plenary/app"
)

// messages are what later instances and the system hand over, also before there
// is a window and while it is busy. They bring it to the front once; of several
// links the last one counts.
type messages struct {
	came chan struct{} // holds one

	mu   sync.Mutex
	link string
}

func newMessages() *messages { return &messages{came: make(chan struct{}, 1)} }

// put takes a message, on any goroutine, and never waits.
func (m *messages) put(message string) {
	if message != app.MessageRaise {
		m.mu.Lock()
		m.link = message
		m.mu.Unlock()
	}
	select {
	case m.came <- struct{}{}:
	default:
	}
}

// deliver has do called in the window's goroutine for what has come, with the
// link or nothing, until ctx ends.
func (m *messages) deliver(ctx context.Context, do func(link string)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.came:
			fyne.DoAndWait(func() {
				m.mu.Lock()
				link := m.link
				m.link = ""
				m.mu.Unlock()
				do(link)
			})
		}
	}
}
