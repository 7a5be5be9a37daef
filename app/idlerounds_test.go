package app

import (
	"testing"
	"time"
)

// An hour in which there is no news and nobody looks has 30 to 45 rounds of Sync at
// most; withservice measures what one costs.
func TestSync_roundsOfAnIdleHour(t *testing.T) {
	t.Parallel()
	rounds := 0
	for gone := time.Duration(0); gone < time.Hour; rounds++ {
		gone += quietPause(pollLoggedIn, rounds) * 3 / 4 // see jitter
	}
	if rounds < 30 || rounds > 45 {
		t.Errorf("%d rounds", rounds)
	}
}
