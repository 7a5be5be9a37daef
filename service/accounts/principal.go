package accounts

import (
	"slices"
	"time"
)

// Principal is who makes a request, as its access token proves.
type Principal struct {
	AccountID string
	SessionID string
	Roles     []string
	// ProvedUntil is how long the session's newest proof of who is there counts
	// (api.Reauthenticate).
	ProvedUntil time.Time
}

// Has tells whether the account has a role.
func (p Principal) Has(role string) bool {
	return slices.Contains(p.Roles, role)
}
