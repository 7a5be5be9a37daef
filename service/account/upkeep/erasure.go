package upkeep

import (
	"context"
	"errors"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// EraseDue erases the accounts whose deletion is due, each in a transaction of its
// own. An account that cannot be erased holds no other back.
func (a *Upkeep) EraseDue(ctx context.Context) error {
	var due []string
	err := a.DB.Peek(ctx, func(tx *store.Tx) error {
		due = tx.Strings(`SELECT account_id FROM deletions WHERE due_at <= $1 ORDER BY due_at`, store.Micros(a.Now()))
		return nil
	})
	for _, id := range due {
		// READ COMMITTED: meetings are busy rows, under serializable isolation it would
		// lose each of them. The account is held, and so is what hangs on it.
		e := a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error { return a.erase(tx, id) })
		if api.HasCode(e, api.CodeLastAdministrator) {
			continue // who became the last one since stays until there is another
		}
		err = errors.Join(err, e)
	}
	return err
}

// erase removes everything that is personal of an account whose deletion is due.
// The audit log keeps its id. The last e-mail takes the address along, until it
// was sent.
//
// Nothing comes in meanwhile: what is done to the account holds it, and waits or
// was before; what strangers bring about refers to its owner, and goes with it.
func (a *Upkeep) erase(tx *store.Tx, accountID string) error {
	account.TakeTurns(tx)
	if err := account.Hold(tx, accountID); api.HasCode(err, api.CodeNotFound) {
		return nil // erased by another node
	} else if err != nil {
		return err
	}
	if tx.Do(`DELETE FROM deletions WHERE account_id = $1 AND due_at <= $2`, accountID, store.Micros(a.Now())) == 0 {
		return nil // taken back
	}
	// Those who will be erased later are still there.
	if err := account.RefuseLast(tx, accountID, true); err != nil {
		return err
	}
	owner, err := a.Profile(tx, accountID)
	if err != nil {
		return err
	}
	if a.Held.Erase != nil {
		if err := a.Held.Erase(tx, accountID); err != nil {
			return err
		}
	}
	// Before they go: it finds the e-mails that they sent.
	account.EndWith(tx, account.Erased, accountID, "")
	a.Mail.Erase(tx, owner.Email, accountID)
	a.EndSignUps(tx, rules.EmailKey(owner.Email), "")
	// With these rows go all that refer to them.
	tx.Do(`DELETE FROM accounts WHERE id = $1`, accountID)
	tx.DeleteOwner(accountID)
	a.Audit.Note(tx, audit.Deleted, accountID)
	a.Tell(tx, owner, mail.Message{Template: mail.Deleted, Expires: a.Now().Add(deletedMailLife)})
	return nil
}

// deletedMailLife is how long the last e-mail may keep the address while no mail
// server takes it.
const deletedMailLife = 7 * 24 * time.Hour
