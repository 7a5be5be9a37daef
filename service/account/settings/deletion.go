package settings

import (
	"context"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
	"plenary/words"
)

// AskDeletion notes that the account is to be erased once the days have passed
// that the policy gives, and tells the owner when that is. Asked again, it
// answers the same. Errors: api.CodeLastAdministrator, api.CodeTooMany.
func (a *Settings) AskDeletion(ctx context.Context, who caller.Caller) (d api.Deletion, err error) {
	// SERIALIZABLE: how many administrators there are is read. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		account.TakeTurns(tx)
		if err := account.Hold(tx, who.AccountID); err != nil {
			return err
		}
		if d = a.deletion(tx, who.AccountID); !d.Due.IsZero() {
			return nil
		}
		if err := account.RefuseLastAdministrator(tx, who.AccountID); err != nil {
			return err
		}
		if err := a.SpendChange(tx, who.AccountID); err != nil {
			return err
		}
		d.Asked = a.Now().UTC()
		d.Due = d.Asked.Add(time.Duration(d.GraceDays) * 24 * time.Hour)
		tx.Do(`INSERT INTO deletions (account_id, asked_at, due_at) VALUES ($1, $2, $3)`,
			who.AccountID, store.Micros(d.Asked), store.Micros(d.Due))
		a.Audit.Note(tx, audit.DeletionAsked, who.AccountID)
		account, err := a.Profile(tx, who.AccountID)
		if err != nil {
			return err
		}
		a.Tell(tx, account, mail.Message{
			Template: mail.DeletionAsked, Params: map[string]string{"When": words.For(account.Language).Date(d.Due)},
		})
		return nil
	})
	return d, err
}

// Deletion tells when the account will be erased, if its owner has asked for it.
func (a *Settings) Deletion(ctx context.Context, who caller.Caller) (d api.Deletion, err error) {
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		d = a.deletion(tx, who.AccountID)
		return nil
	})
	return d, err
}

func (a *Settings) deletion(tx *store.Tx, accountID string) api.Deletion {
	var asked, due int64
	tx.Get(`SELECT asked_at, due_at FROM deletions WHERE account_id = $1`, accountID).Into(&asked, &due)
	return api.Deletion{Asked: store.Time(asked), Due: store.Time(due), GraceDays: a.Policies.Now().DeletionDays}
}

// TakeBackDeletion keeps the account. Where no deletion was asked for, it does
// nothing.
func (a *Settings) TakeBackDeletion(ctx context.Context, who caller.Caller) error {
	// READ COMMITTED: one row, which erase removes before anything else.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if tx.Do(`DELETE FROM deletions WHERE account_id = $1`, who.AccountID) > 0 {
			a.Audit.Note(tx, audit.DeletionTakenBack, who.AccountID)
		}
		return nil
	})
}
