package upkeep

import (
	"context"
	"errors"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// NoticesEvery is how often SendNotices is to be called.
const NoticesEvery = 3 * time.Second

// NoticesWait says in SQL whether SendNotices has anything to do.
const NoticesWait = `EXISTS (SELECT 1 FROM lock_notices)`

// noticesAtOnce is how many locks one transaction of SendNotices works off.
const noticesAtOnce = 50

// SendNotices tells owners whose names were deactivated for security, once in
// the time for which failures count, however many names of theirs are. It runs
// apart from the tries, whose answers must not differ. Nodes may run it at the
// same time.
func (a *Upkeep) SendNotices(ctx context.Context) error {
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

func (a *Upkeep) sendSomeNotices(tx *store.Tx) error {
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

func (a *Upkeep) tellLocked(tx *store.Tx, accountID string) error {
	err := account.Hold(tx, accountID)
	if api.HasCode(err, api.CodeNotFound) {
		return nil // erased meanwhile
	}
	if err != nil {
		return err
	}
	err = a.Spend(tx, a.LockNotice(accountID))
	if _, ok := errors.AsType[*throttle.Full](err); ok {
		return nil
	}
	if err != nil {
		return err
	}
	if err := a.TellAbout(tx, accountID, mail.Message{Template: mail.Locked}); err != nil {
		return err
	}
	a.Audit.Note(tx, audit.Locked, accountID)
	return nil
}
