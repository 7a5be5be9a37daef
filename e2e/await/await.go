// Package await waits for conditions: that a widget appears, an e-mail
// arrives, a picture changes. Nothing in e2e waits for time to pass.
package await

import (
	"fmt"
	"time"
)

// every is how often a condition is tried.
const every = 20 * time.Millisecond

// Until tries a condition until it is true or limit has passed; then, or when
// the condition itself fails, the error names what was awaited.
func Until(limit time.Duration, what string, condition func() (bool, error)) error {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		done, err := condition()
		if err != nil {
			return fmt.Errorf("waiting for %s: %w", what, err)
		}
		if done {
			return nil
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			return fmt.Errorf("waited %v for %s in vain", limit, what)
		}
	}
}
