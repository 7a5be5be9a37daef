package main

import (
	"os"
	"runtime/debug"
)

// A password hash takes 19 MiB and leaves them. By Go's own target the service, of
// which some 10 MB live, would be collected at nearly every hash. The ballast counts as
// living as well, and takes no memory, since nobody touches it: the collector begins
// some 70 MB later. A memory limit delays it as much, but near it the runtime gives
// what is free back to the system at once, and the next hash has to get it again, page
// by page (measured: 7 % of a log-in).
const (
	ballastSize = 96 << 20
	gcPercent   = 50
)

// tuneCollector sets the collector's target, as long as the ballast is kept, unless the
// operator has set one by GOGC or GOMEMLIMIT.
func tuneCollector() (ballast []byte) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return nil
	}
	debug.SetGCPercent(gcPercent)
	return make([]byte, ballastSize)
}
