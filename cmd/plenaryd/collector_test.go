package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestTuneCollector(t *testing.T) {
	for name, tt := range map[string]struct {
		gogc, limit string
		tuned       bool
	}{
		"by itself":           {"", "", true},
		"with GOGC":           {"80", "", false},
		"with a memory limit": {"", "200MiB", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOGC", tt.gogc)
			t.Setenv("GOMEMLIMIT", tt.limit)
			before := debug.SetGCPercent(100)
			t.Cleanup(func() { debug.SetGCPercent(before) })
			defer runtime.KeepAlive(tuneCollector())
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			if tuned := m.NextGC >= ballastSize*(100+gcPercent)/100; tuned != tt.tuned {
				t.Errorf("the next collection is at %d MiB", m.NextGC>>20)
			}
		})
	}
}
