// Package caller says who asks the service for something. Whoever serves an
// operation of package httpapi takes it after the context; what anyone may ask for
// takes none. Where a request comes from stands in its context (audit.Origin).
package caller

import (
	"slices"
	"time"

	"plenary/api"
)

// Caller is who makes a request, as its access token proves.
type Caller struct {
	AccountID string
	SessionID string
	Account   api.Account // as it was when the request was authenticated
	Roles     []string    // those in force
	// ProvedUntil is how long the session's newest proof of who is there counts
	// (api.Reauthenticate).
	ProvedUntil time.Time
	// Reference names the request in the service's log; empty where there is none.
	Reference string
}

// Has tells whether the account has a role.
func (c Caller) Has(role string) bool { return slices.Contains(c.Roles, role) }
