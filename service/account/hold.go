package account

import (
	"plenary/api"
	"plenary/service/store"
)

// Hold makes everything else that changes an account, or adds to what it has,
// wait until the transaction ends: log-ins, changes, e-mails to its owner,
// operations, its deletion. It comes before anything of the account is read, and
// before rows of meetings are locked. api.CodeNotFound for an account that is gone.
//
// What strangers can bring about without a proof holds nobody, since names that do
// not exist cannot be held: recoveries, notices of locks and network addresses
// refer to their owner, existing or nobody (table owners), and go with it.
func Hold(tx *store.Tx, accountID string) error { return HoldFor(tx, accountID, api.CodeNotFound) }

// HoldFor is Hold with another code for an account that is gone: to a stranger it looks
// like a code or link that is no good any more.
func HoldFor(tx *store.Tx, accountID string, gone api.Code) error {
	if !tx.HoldOwner(accountID) {
		return api.Refuse(gone)
	}
	return nil
}
