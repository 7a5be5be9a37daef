package accounts

import (
	"context"
	"errors"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// NoticesEvery is how often SendNotices is to be called.
const NoticesEvery = 3 * time.Second

// NoticesWait says in SQL whether SendNotices has anything to do.
const NoticesWait = `EXISTS (SELECT 1 FROM lock_notices)`

// noteLock notes that a name is deactivated for security, within the
// transaction of the failure that did it. For names that do not exist
// (accountID is empty) the same is written, so that no answer differs.
func (a *Accounts) noteLock(tx *store.Tx, accountID string) {
	id, err := newID()
	tx.Fail(err)
	// None about an account that was erased meanwhile.
	tx.Do(`INSERT INTO lock_notices (id, account_id, at) SELECT $1, o.id, CAST($3 AS BIGINT) FROM owners o WHERE o.id = $2`,
		id, accountID, store.Micros(a.Now()))
}

// noticesAtOnce is how many locks one transaction of SendNotices works off.
const noticesAtOnce = 50

// SendNotices tells owners whose names were deactivated for security, once in
// the time for which failures count, however many names of theirs are. It runs
// apart from the tries, whose answers must not differ. Nodes may run it at the
// same time.
func (a *Accounts) SendNotices(ctx context.Context) error {
	for {
		waiting := false
		err := a.DB.Peek(ctx, func(tx *store.Tx) error {
			waiting = tx.Has(`SELECT 1 FROM lock_notices LIMIT 1`)
			return nil
		})
		if err != nil || !waiting {
			return err
		}
		// SERIALIZABLE: other nodes may take the same ones, and it is rare, so that less
		// would win nothing.
		if err := a.DB.Update(ctx, a.sendSomeNotices); err != nil {
			return err
		}
	}
}

func (a *Accounts) sendSomeNotices(tx *store.Tx) error {
	for _, id := range tx.Strings(`DELETE FROM lock_notices WHERE id IN (SELECT id FROM lock_notices ORDER BY id LIMIT $1)
		RETURNING account_id`, noticesAtOnce) {
		if id == "" {
			continue // a name that does not exist
		}
		if err := a.tellLocked(tx, id); err != nil {
			return err
		}
	}
	return nil
}

// lockNotice is the budget of one notice about locks in their window.
func (a *Accounts) lockNotice(accountID string) budget {
	return a.budget("lock notice", 1, a.failureWindow(), []byte(accountID))
}

func (a *Accounts) tellLocked(tx *store.Tx, accountID string) error {
	err := hold(tx, accountID)
	if api.HasCode(err, api.CodeNotFound) {
		return nil // erased meanwhile
	}
	if err != nil {
		return err
	}
	err = a.spend(tx, a.lockNotice(accountID))
	if _, ok := errors.AsType[*errFull](err); ok {
		return nil
	}
	if err != nil {
		return err
	}
	if err := a.tellAbout(tx, accountID, mail.Message{Template: mail.Locked}); err != nil {
		return err
	}
	a.log.Note(tx, audit.Locked, accountID, "")
	return nil
}

// toldChanges is how often in an hour an account can be changed in ways that its
// owner is told of, as often as it likes each. Nobody with an account, or a session
// of one, fills a mailbox, or keeps everybody's e-mails waiting.
const toldChanges = 60

// spendChange uses one of the account's changes that its owner is told of.
// Error: api.CodeTooMany.
func (a *Accounts) spendChange(tx *store.Tx, accountID string) error {
	return a.explainFull(a.spend(tx, a.budget("told changes", toldChanges, time.Hour, []byte(accountID))))
}

// tellAbout is tell for an account that was not read yet.
func (a *Accounts) tellAbout(tx *store.Tx, accountID string, m mail.Message) error {
	p, err := a.Profile(tx, accountID)
	if err != nil {
		return err
	}
	a.tell(tx, p, m)
	return nil
}
