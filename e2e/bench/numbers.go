//go:build e2e

package main

import (
	"slices"
	"time"
)

// quantile gives the value below which a share q of the durations lie.
func quantile(durations []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(durations))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func median(durations []time.Duration) time.Duration { return quantile(durations, 0.5) }
