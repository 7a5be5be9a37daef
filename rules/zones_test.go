package rules

import (
	"slices"
	"testing"
	"time"
)

func TestZones_areThere(t *testing.T) {
	all := Zones()
	if len(all) < 400 || !slices.IsSorted(all) || !slices.Contains(all, "Europe/Zurich") {
		t.Fatalf("%d zones", len(all))
	}
	for _, name := range all {
		if _, err := time.LoadLocation(name); err != nil {
			t.Error(err)
		}
	}
}
