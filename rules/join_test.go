package rules

import (
	"testing"
	"time"

	"plenary/api"
)

func TestNextSession(t *testing.T) {
	at := func(clock string) time.Time {
		when, err := time.Parse(time.RFC3339, "2026-11-22T"+clock+"Z")
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	m := &api.Meeting{Sessions: []api.MeetingSession{
		{Start: at("09:00:00"), End: at("12:00:00")},
		{Start: at("14:00:00"), End: at("17:00:00")},
	}}
	for _, c := range []struct {
		now  string
		next int
		live bool
	}{
		{"08:29:59", 0, false},
		{"08:30:00", 0, true},
		{"11:59:59", 0, true},
		{"12:00:00", 1, false},
		{"13:30:00", 1, true},
		{"16:59:59", 1, true},
		{"17:00:00", -1, false},
	} {
		if next, live := NextSession(m, at(c.now)); next != c.next || live != c.live {
			t.Errorf("at %s: session %d, live %v; want %d, %v", c.now, next, live, c.next, c.live)
		}
	}
}
