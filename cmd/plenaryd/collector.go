package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// A password hash takes 19 MiB and leaves them. By Go's own target the service, of
// which some 40 MB live, would be collected after every second hash, and mark all of
// it each time. So the collector's target is a size: that of heapFloor, or twice
// what lives where that is more.
const (
	heapFloor = 150 << 20
	lookEvery = 2 * time.Second
)

const liveHeap = "/gc/heap/live:bytes" // what the last collection found

// tuneCollector keeps the collector's target until the context ends, unless the
// operator has set one by GOGC or GOMEMLIMIT.
func tuneCollector(ctx context.Context) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(heapFloor)
	go func() {
		sample := []metrics.Sample{{Name: liveHeap}}
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		limit := int64(heapFloor)
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			metrics.Read(sample)
			if sample[0].Value.Kind() != metrics.KindUint64 {
				continue
			}
			if next := memoryLimit(sample[0].Value.Uint64()); next != limit {
				limit = next
				debug.SetMemoryLimit(limit)
			}
		}
	}()
}

// memoryLimit is where the collector begins, by what lives, in steps of 16 MiB.
func memoryLimit(live uint64) int64 {
	const step = 16 << 20
	return max(heapFloor, int64(2*live+step-1)/step*step)
}
