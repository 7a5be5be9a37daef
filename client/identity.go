package client

import (
	"context"
	"fmt"
	"time"

	"plenary/api"
)

// How long after an answer the service is known to be the one that it was: for any content,
// and for an access token alone, which lasts ten minutes and is good nowhere else. News is
// asked for with that, every two minutes.
const (
	knownFor      = time.Minute
	knownForToken = 5 * time.Minute
)

// Meet tells the client the id of the service that it talks to. From then on an answer of
// any other is ErrOtherService. Before a token, a password or any other content is sent,
// the service is asked who it is, unless it has answered lately and contact was not lost
// since: another one may be set up at its address at any time.
func (c *Client) Meet(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.service = id
}

// identify asks who the service is, if that may be another one by now and the call has
// anything in it that would be for the one that was met.
func (c *Client) identify(ctx context.Context, k call) error {
	if k.session == nil && k.body == nil || k.path == proofPath {
		return nil
	}
	limit := knownFor
	if k.body == nil {
		limit = knownForToken
	}
	c.mu.Lock()
	since := c.o.Now().Round(0).Sub(c.answered.Round(0)) // a computer that sleeps goes on counting
	known := c.service == "" || !c.answered.IsZero() && since >= 0 && since < limit
	c.mu.Unlock()
	if known {
		return nil
	}
	var info api.ServiceInfo
	a, err := c.once(ctx, askService, "") // whoever calls may repeat it all
	if err == nil {
		err = decode(askService, a, &info)
	}
	if err == nil {
		err = c.heard(info.ServiceID)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", k.name, err)
	}
	return nil
}

// heard notes that the service of an id has answered; an answer that does not say whose it
// is, "", tells nothing. Error: ErrOtherService.
func (c *Client) heard(id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case id == "":
		return nil
	case c.service != "" && id != c.service:
		c.answered = time.Time{}
		return ErrOtherService
	}
	c.answered = c.o.Now()
	return nil
}

// lost notes that contact was lost.
func (c *Client) lost() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answered = time.Time{}
}
