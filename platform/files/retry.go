package files

import (
	"math/rand/v2"
	"time"
)

// patience is how long retry tries; as cmd/go has it.
const patience = 2 * time.Second

// retry runs do until it succeeds, fails with an error that is not transient, or
// patience ends: then its last error. It waits a millisecond at first, and longer
// each time.
func retry(do func() error, transient func(error) bool) error {
	start, wait := time.Now(), time.Millisecond
	for {
		err := do()
		if err == nil || !transient(err) || time.Since(start)+wait > patience {
			return err
		}
		time.Sleep(wait)
		wait += rand.N(wait)
	}
}
