package app

import (
	"context"
	"time"

	"plenary/api"
)

// Meetings are those of the service, readable without network.
type Meetings struct{}

// List returns all meetings, the next one first, those that are over last.
func (m *Meetings) List() []api.Meeting { return nil }

// Get returns a meeting that is known here.
func (m *Meetings) Get(code string) (api.Meeting, bool) { return api.Meeting{}, false }

// Find returns a meeting, from the service if it is not known here.
func (m *Meetings) Find(ctx context.Context, code string) (api.Meeting, error) {
	return api.Meeting{}, nil
}

// Refresh asks the service for news.
func (m *Meetings) Refresh(ctx context.Context) error { return nil }

// Refreshed is when the service last confirmed the list; zero for never.
func (m *Meetings) Refreshed() time.Time { return time.Time{} }

// Subscribe calls f after each change of the list, on any goroutine.
func (m *Meetings) Subscribe(f func()) (cancel func()) { return func() {} }
