package app

import (
	"context"
	"sync"
)

// Messages are what later instances and the system hand over, also before there
// is a window and while it is busy. They bring it to the front once; of several
// links the last one counts.
type Messages struct {
	came chan struct{} // holds one

	mu     sync.Mutex
	link   string
	ending bool
}

// NewMessages returns none.
func NewMessages() *Messages { return &Messages{came: make(chan struct{}, 1)} }

// Put takes a message (MessageRaise or a LinkMessage), on any goroutine, and
// never waits. It is false after Refuse: the message is not taken then.
func (m *Messages) Put(message string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ending {
		return false
	}
	if message != MessageRaise {
		m.link = message
	}
	select {
	case m.came <- struct{}{}:
	default:
	}
	return true
}

// Refuse takes no more: the window is closed, and nobody would see it.
func (m *Messages) Refuse() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ending = true
}

// Deliver has do called for what has come, with the link or nothing, until ctx
// ends. inWindow runs a function in the window's goroutine and waits for it.
func (m *Messages) Deliver(ctx context.Context, inWindow func(func()), do func(link string)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.came:
			inWindow(func() {
				m.mu.Lock()
				link := m.link
				m.link = ""
				m.mu.Unlock()
				do(link)
			})
		}
	}
}
