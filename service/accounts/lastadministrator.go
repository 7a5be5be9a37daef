package accounts

import (
	"plenary/api"
	"plenary/service/store"
)

// refuseLastAdministrator is api.CodeLastAdministrator for the only administrator
// who is not deactivated and will not be erased. Of several that run at once, one
// looks after the other.
func refuseLastAdministrator(tx *store.Tx, accountID string) error {
	return refuseLast(tx, accountID, false)
}

// refuseLast counts also those who have asked for their deletion, if leaving.
func refuseLast(tx *store.Tx, accountID string, leaving bool) error {
	if tx.Do(`UPDATE account_roles SET role = role WHERE role = $1`, api.RoleAdministrator) == 0 {
		return nil
	}
	var itself, others int
	tx.Get(`SELECT COUNT(CASE WHEN r.account_id = $1 THEN 1 END), COUNT(CASE WHEN r.account_id <> $1
				AND NOT EXISTS (SELECT 1 FROM deactivated x WHERE x.account_id = r.account_id)
				AND ($3 = 1 OR NOT EXISTS (SELECT 1 FROM deletions y WHERE y.account_id = r.account_id)) THEN 1 END)
		FROM account_roles r WHERE r.role = $2`, accountID, api.RoleAdministrator, boolToInt(leaving)).Into(&itself, &others)
	if itself == 1 && others == 0 {
		return refused(api.CodeLastAdministrator)
	}
	return nil
}
