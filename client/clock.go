package client

import "time"

// clock estimates how far the device's clock is from the service's, from the
// times in its answers.
type clock struct {
	offset time.Duration
	within time.Duration // half the round trip: the estimate is at most so wrong
	at     time.Time
	known  bool
	last   time.Time // of the last answer, by the service's clock
}

// clockAge is how long a close estimate is preferred to a newer, wider one:
// clocks drift, and people set them.
const clockAge = time.Minute

// note takes an answer into account that was asked for at sent and had come at
// received, by the device's clock.
func (c *clock) note(service, sent, received time.Time) {
	c.last = service
	within := received.Sub(sent) / 2
	offset := service.Sub(sent.Add(within))
	jumped := c.known && (offset-c.offset).Abs() > within+c.within
	if c.known && !jumped && within > c.within && received.Sub(c.at) < clockAge {
		return
	}
	*c = clock{offset: offset, within: within, at: received, known: true, last: service}
}

// Offset is the service's clock minus the device's, as of the last answers;
// zero and false before the first one.
func (c *Client) Offset() (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock.offset, c.clock.known
}

// LastAnswer is when the service last answered, by its clock; zero and false before the
// first answer.
func (c *Client) LastAnswer() (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.clock.last, c.clock.known
}

// MinimumVersion is the oldest version of Plenary that the service serves, as
// of its last answer; empty when it has not said.
func (c *Client) MinimumVersion() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.minimum
}
