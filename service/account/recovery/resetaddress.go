package recovery

import (
	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/proof"
	"plenary/service/audit"
	"plenary/service/store"
)

// ResetAddressLife is how long a reset address that staff has set counts, and its
// owner can stop it (security.md, Staff's help).
var ResetAddressLife = proof.Stop.Life()

// activeResetAddress gives the address that staff has set for the next reset of
// an account, while it counts: for one reset within 72 hours. "Forgot password?"
// asks for it where a username was typed, and for nothing else: the address is
// not unique, an area manager's may serve several people.
func (a *Recoveries) activeResetAddress(tx *store.Tx, accountID string) (email string, ok bool) {
	ok = tx.Get(`SELECT email FROM reset_addresses WHERE account_id = $1 AND used_at = 0 AND expires_at > $2`,
		accountID, store.Micros(a.Now())).Into(&email)
	return email, ok
}

// useResetAddress uses an account's reset address up, in the transaction of the
// reset whose e-mail went to it. It is api.CodeCodeExpired when it counts no
// more: used by another reset, replaced, taken back, stopped by the owner, or too
// old. It stays known, so that the person can make it their own. A deactivation by
// staff ends: staff has set the address to let the person in.
func (a *Recoveries) useResetAddress(tx *store.Tx, accountID, email string) error {
	now := store.Micros(a.Now())
	if tx.Do(`UPDATE reset_addresses SET used_at = $1 WHERE account_id = $2 AND email = $3 AND used_at = 0 AND expires_at > $1`,
		now, accountID, email) != 1 {
		return api.Refuse(api.CodeCodeExpired)
	}
	tx.Do(`DELETE FROM deactivated WHERE account_id = $1`, accountID)
	a.Audit.Note(tx, audit.ResetAddressUsed, accountID, audit.Fact(api.DetailAddress, account.Mask(email)))
	return nil
}
