package kit

import (
	"sync"
	"time"
	_ "time/tzdata" // Windows has no database of time zones
)

// zones are the time zones that were asked for, by name: Go reads a file each time.
var zones sync.Map

// Zone is a time zone by its IANA name; UTC where this machine does not know it.
func Zone(name string) *time.Location {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(name) // of "" it is UTC
	if err != nil {
		zone = time.UTC
	}
	zones.Store(name, zone)
	return zone
}
