package rules

import (
	_ "embed"
	"strings"
)

// zones are those of zone.tab of the time zone database (IANA, in the public domain), one
// a line: at least one for each country.
//
//go:embed zones.txt
var zones string

// Zones are the time zones that people choose from, by their names in the IANA database.
func Zones() []string { return strings.Fields(zones) }
