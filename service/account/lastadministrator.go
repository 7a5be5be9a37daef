package account

import (
	"plenary/api"
	"plenary/service/store"
)

// TakeTurns makes transactions that count administrators, or hold several of them, wait
// for each other. It comes before any account is held, or two would wait for each other
// for ever. Nobody who has the turn writes the settings, policies or mail servers, so
// those may have been written before.
func TakeTurns(tx *store.Tx) {
	tx.Do(`UPDATE account_roles SET role = role WHERE role = $1`, api.RoleAdministrator)
}

// RefuseLastAdministrator is api.CodeLastAdministrator for the only administrator
// who is not deactivated and will not be erased. TakeTurns comes before it.
func RefuseLastAdministrator(tx *store.Tx, accountID string) error {
	return RefuseLast(tx, accountID, false)
}

// RefuseLast is RefuseLastAdministrator; with leaving, administrators who have asked
// for their deletion count as well.
func RefuseLast(tx *store.Tx, accountID string, leaving bool) error {
	var itself, others int
	tx.Get(`SELECT COUNT(CASE WHEN r.account_id = $1 THEN 1 END), COUNT(CASE WHEN r.account_id <> $1
				AND NOT EXISTS (SELECT 1 FROM deactivated x WHERE x.account_id = r.account_id)
				AND ($3 = 1 OR NOT EXISTS (SELECT 1 FROM deletions y WHERE y.account_id = r.account_id)) THEN 1 END)
		FROM account_roles r WHERE r.role = $2`, accountID, api.RoleAdministrator, store.Bool(leaving)).Into(&itself, &others)
	if itself == 1 && others == 0 {
		return api.Refuse(api.CodeLastAdministrator)
	}
	return nil
}
