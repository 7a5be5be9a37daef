package app

import "time"

// RoundsOfAnIdleHour is how many rounds Sync has at most in an hour in which there is no
// news and nobody looks.
func RoundsOfAnIdleHour() (rounds int) {
	for gone := time.Duration(0); gone < time.Hour; rounds++ {
		gone += quietPause(pollLoggedIn, rounds) * 3 / 4 // see jitter
	}
	return rounds
}
