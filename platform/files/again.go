package files

import (
	"math/rand/v2"
	"time"
)

// patience is how long what a passing error stops is tried again; as cmd/go has it.
const patience = 2 * time.Second

// again runs do until it succeeds, fails with an error that does not pass by
// itself, or patience ends: then its last error. It waits a millisecond at
// first, and longer each time.
func again(do func() error, passes func(error) bool) error {
	start, wait := time.Now(), time.Millisecond
	for {
		err := do()
		if err == nil || !passes(err) || time.Since(start)+wait > patience {
			return err
		}
		time.Sleep(wait)
		wait += rand.N(wait)
	}
}
