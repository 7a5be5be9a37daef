package accounts

import (
	"context"
	"errors"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/words"
)

// AskDeletion notes that the account is to be erased once the days have passed
// that the policy gives, and tells the owner when that is. Asked again, it
// answers the same. Errors: api.CodeLastAdministrator, api.CodeTooMany.
func (a *Accounts) AskDeletion(ctx context.Context, who caller.Caller) (d api.Deletion, err error) {
	// SERIALIZABLE: how many administrators there are is read. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := hold(tx, who.AccountID); err != nil {
			return err
		}
		if d = a.deletion(tx, who.AccountID); !d.Due.IsZero() {
			return nil
		}
		if err := refuseLastAdministrator(tx, who.AccountID); err != nil {
			return err
		}
		if err := a.spendChange(tx, who.AccountID); err != nil {
			return err
		}
		d.Asked = a.Now().UTC()
		d.Due = d.Asked.Add(time.Duration(d.GraceDays) * 24 * time.Hour)
		tx.Do(`INSERT INTO deletions (account_id, asked_at, due_at) VALUES ($1, $2, $3)`,
			who.AccountID, store.Micros(d.Asked), store.Micros(d.Due))
		a.log.Note(tx, audit.DeletionAsked, who.AccountID, "")
		account, err := a.Profile(tx, who.AccountID)
		if err != nil {
			return err
		}
		a.tell(tx, account, mail.Message{
			Template: mail.DeletionAsked, Params: map[string]string{"When": words.For(account.Language).Date(d.Due)},
		})
		return nil
	})
	return d, err
}

// Deletion tells when the account will be erased, if its owner has asked for it.
func (a *Accounts) Deletion(ctx context.Context, who caller.Caller) (d api.Deletion, err error) {
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		d = a.deletion(tx, who.AccountID)
		return nil
	})
	return d, err
}

func (a *Accounts) deletion(tx *store.Tx, accountID string) api.Deletion {
	var asked, due int64
	tx.Get(`SELECT asked_at, due_at FROM deletions WHERE account_id = $1`, accountID).Into(&asked, &due)
	return api.Deletion{Asked: store.Time(asked), Due: store.Time(due), GraceDays: a.Policies.Now().DeletionDays}
}

// TakeBackDeletion keeps the account. Where no deletion was asked for, it does
// nothing.
func (a *Accounts) TakeBackDeletion(ctx context.Context, who caller.Caller) error {
	// READ COMMITTED: one row, which erase removes before anything else.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if tx.Do(`DELETE FROM deletions WHERE account_id = $1`, who.AccountID) > 0 {
			a.log.Note(tx, audit.DeletionTakenBack, who.AccountID, "")
		}
		return nil
	})
}

// eraseDue erases the accounts whose deletion is due, each in a transaction of its
// own. An account that cannot be erased holds no other back.
func (a *Accounts) eraseDue(ctx context.Context) error {
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
func (a *Accounts) erase(tx *store.Tx, accountID string) error {
	if err := hold(tx, accountID); api.HasCode(err, api.CodeNotFound) {
		return nil // erased by another node
	} else if err != nil {
		return err
	}
	if tx.Do(`DELETE FROM deletions WHERE account_id = $1 AND due_at <= $2`, accountID, store.Micros(a.Now())) == 0 {
		return nil // taken back
	}
	// Those who will be erased later are still there.
	if err := refuseLast(tx, accountID, true); err != nil {
		return err
	}
	account, err := a.Profile(tx, accountID)
	if err != nil {
		return err
	}
	if a.Held.Erase != nil {
		if err := a.Held.Erase(tx, accountID); err != nil {
			return err
		}
	}
	// Before they go: it finds the e-mails that they sent.
	endWith(tx, erased, accountID, "")
	a.Mail.Erase(tx, account.Email, accountID)
	a.endSignUps(tx, rules.EmailKey(account.Email), "")
	// With these rows go all that refer to them.
	tx.Do(`DELETE FROM accounts WHERE id = $1`, accountID)
	tx.DeleteOwner(accountID)
	a.log.Note(tx, audit.Deleted, accountID, "")
	a.tell(tx, account, mail.Message{Template: mail.Deleted, Expires: a.Now().Add(deletedMailLife)})
	return nil
}

// deletedMailLife is how long the last e-mail may keep the address while no mail
// server takes it.
const deletedMailLife = 7 * 24 * time.Hour
