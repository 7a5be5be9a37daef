package app

import "time"

// Status is how this machine and the service stand to each other.
type Status struct {
	Online    bool
	Since     time.Time     // when Online last changed
	Waiting   int           // operations to be sent
	Attention int           // operations that the service refused
	Refreshed time.Time     // when the service was last heard
	Offset    time.Duration // the service's clock minus the device's
	Kind      string        // why it is not online, see Explain; empty online
	RetryAt   time.Time     // the next try
}

// Sync carries what waits to the service and brings news.
type Sync struct{}

// Status is the state now.
func (s *Sync) Status() Status { return Status{} }

// Subscribe calls f at every change, on any goroutine.
func (s *Sync) Subscribe(f func(Status)) (cancel func()) { return func() {} }

// Now tries at once, unless the service asked to wait.
func (s *Sync) Now() {}
