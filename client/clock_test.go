package client

import (
	"testing"
	"time"
)

func TestClock_prefersCloseEstimatesUntilTheyAreOld(t *testing.T) {
	start := time.Date(2026, 5, 12, 9, 0, 0, 0, time.UTC)
	type exchange struct{ at, took, offset time.Duration }
	tests := map[string]struct {
		exchanges []exchange
		want      time.Duration
	}{
		"one":                       {[]exchange{{0, time.Second, time.Hour}}, time.Hour},
		"a wider one is ignored":    {[]exchange{{0, 20 * time.Millisecond, time.Hour}, {time.Second, 4 * time.Second, time.Hour + time.Second}}, time.Hour},
		"a closer one is taken":     {[]exchange{{0, 4 * time.Second, time.Hour + time.Second}, {time.Second, 20 * time.Millisecond, time.Hour}}, time.Hour},
		"after a minute any":        {[]exchange{{0, 20 * time.Millisecond, time.Hour}, {2 * time.Minute, 4 * time.Second, time.Hour + time.Second}}, time.Hour + time.Second},
		"the device's clock jumped": {[]exchange{{0, 20 * time.Millisecond, time.Hour}, {time.Second, time.Second, 0}}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var c clock
			for _, e := range tt.exchanges {
				sent := start.Add(e.at)
				c.note(sent.Add(e.took/2+e.offset), sent, sent.Add(e.took))
			}
			if c.offset != tt.want {
				t.Errorf("offset is %v, want %v", c.offset, tt.want)
			}
		})
	}
}
