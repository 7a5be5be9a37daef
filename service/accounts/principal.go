package accounts

import "slices"

// Principal is who makes a request, as its access token proves.
type Principal struct {
	AccountID string
	SessionID string
	Roles     []string
}

// Has tells whether the account has a role.
func (p Principal) Has(role string) bool {
	return slices.Contains(p.Roles, role)
}
