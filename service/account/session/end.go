package session

import (
	"plenary/api"
	"plenary/service/audit"
	"plenary/service/store"
)

// End ends a session of an account, if there is one of this id: its tokens go with
// it. It notes the cause (api.Cause...), and tells whether there was one.
func (s *Sessions) End(tx *store.Tx, cause, accountID, id string) bool {
	if tx.Do(`DELETE FROM sessions WHERE id = $1 AND account_id = $2`, id, accountID) == 0 {
		return false
	}
	s.Log.Note(tx, audit.SessionEnded, accountID, audit.Fact(api.DetailCause, cause))
	return true
}
