package meetings

import (
	"slices"

	"plenary/api"
	"plenary/service/store"
)

// Manages tells whether an account manages a meeting, by the roles that it has in
// force: it has the role, and either it is one of the meeting's managers, or the meeting
// has none whose account has the role. Who acts on that in a transaction holds the
// meeting (Lock), as does whoever changes its managers.
func (m *Meetings) Manages(tx *store.Tx, code, accountID string, roles []string) bool {
	if !slices.Contains(roles, api.RoleMeetingManager) {
		return false
	}
	var all, itself int
	tx.Get(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN m.account_id = $3 THEN 1 ELSE 0 END), 0)
		FROM meeting_managers m JOIN account_roles r ON r.account_id = m.account_id AND r.role = $2
		WHERE m.meeting = $1`, code, api.RoleMeetingManager, accountID).Into(&all, &itself)
	return itself > 0 || all == 0
}
