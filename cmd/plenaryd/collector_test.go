package main

import "testing"

func TestMemoryLimit_isAFloorOrTwiceWhatLives(t *testing.T) {
	for live, want := range map[uint64]int64{
		0:         heapFloor,
		60 << 20:  heapFloor,
		80 << 20:  160 << 20,
		100 << 20: 208 << 20,
		1 << 30:   2 << 30,
	} {
		if got := memoryLimit(live); got != want {
			t.Errorf("%d MiB live: %d MiB, want %d", live>>20, got>>20, want>>20)
		}
	}
}
