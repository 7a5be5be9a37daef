package account

import (
	"time"

	"plenary/service/account/throttle"
	"plenary/service/mail"
	"plenary/service/store"
)

// NoteLock notes that a name is deactivated for security, within the
// transaction of the failure that did it. For names that do not exist
// (accountID is empty) the same is written, so that no answer differs.
func (a *Accounts) NoteLock(tx *store.Tx, accountID string) {
	id, err := NewID()
	tx.Fail(err)
	// None about an account that was erased meanwhile.
	tx.Do(`INSERT INTO lock_notices (id, account_id, at) SELECT $1, o.id, CAST($3 AS BIGINT) FROM owners o WHERE o.id = $2`,
		id, accountID, store.Micros(a.Now()))
}

// LockNotice is the budget of one notice about locks in their window.
func (a *Accounts) LockNotice(accountID string) throttle.Budget {
	return a.Budget("lock notice", 1, a.FailureWindow(), []byte(accountID))
}

// ToldChanges is how often in an hour an account can be changed in ways that its
// owner is told of, as often as it likes each. Nobody with an account, or a session
// of one, fills a mailbox, or keeps everybody's e-mails waiting.
const ToldChanges = 60

// SpendChange uses one of the account's changes that its owner is told of.
// Error: api.CodeTooMany.
func (a *Accounts) SpendChange(tx *store.Tx, accountID string) error {
	return a.ExplainFull(a.Spend(tx, a.Budget("told changes", ToldChanges, time.Hour, []byte(accountID))))
}

// TellAbout is tell for an account that was not read yet.
func (a *Accounts) TellAbout(tx *store.Tx, accountID string, m mail.Message) error {
	p, err := a.Profile(tx, accountID)
	if err != nil {
		return err
	}
	a.Tell(tx, p, m)
	return nil
}
