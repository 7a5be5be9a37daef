package accounts

import (
	"context"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

// usernameChanges is how often an account can have another username in a day.
const usernameChanges = 5

// ChangeProfile changes who somebody is, by the rules of a sign-up; without an
// organization, that stays as it is, with its country and membership.
//
// Errors: api.CodeInvalid with fields.
func (a *Accounts) ChangeProfile(ctx context.Context, who caller.Caller, in api.ChangeProfile) (account api.Account, err error) {
	v := validation{}
	p := a.person(&v, in)
	if len(v.fields) > 0 {
		return account, invalid(v.fields...)
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := hold(tx, who.AccountID); err != nil {
			return err
		}
		tx.Do(`UPDATE accounts SET title = $1, first_name = $2, family_name = $3, phone = $4, language = $5, news = $6
			WHERE id = $7`, p.Title, p.FirstName, p.FamilyName, p.Phone, p.Language, boolToInt(p.News), who.AccountID)
		if p.Name != "" {
			a.moveTo(tx, who.AccountID, p)
		}
		Index(tx, who.AccountID)
		a.log.Note(tx, audit.ProfileChanged, who.AccountID, "")
		account, err = a.Profile(tx, who.AccountID)
		return err
	})
	return account, err
}

// ChangeUsername gives the account another username, with a number when the
// wished one is taken, as at sign-up; the one of before becomes free. The owner
// is told by e-mail. The same one again changes nothing.
//
// Errors: api.CodeInvalid; api.CodeTooMany after five changes in a day.
func (a *Accounts) ChangeUsername(ctx context.Context, who caller.Caller, in api.ChangeUsername) (account api.Account, err error) {
	wish := rules.Typed(in.Username)
	if !rules.ValidUsername(wish) {
		return account, invalid(api.FieldError{Pointer: "/username", Code: api.FieldInvalid})
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := hold(tx, who.AccountID); err != nil {
			return err
		}
		if account, err = a.Profile(tx, who.AccountID); err != nil || account.Username == wish {
			return err
		}
		if err := a.spend(tx, a.budget("username", usernameChanges, 24*time.Hour, []byte(who.AccountID))); err != nil {
			return err
		}
		before := account.Username
		if account.Username, err = retakeUsername(tx, wish, who.AccountID); err != nil || account.Username == before {
			return err
		}
		tx.Do(`UPDATE accounts SET username = $1, username_key = $2 WHERE id = $3`,
			account.Username, rules.UsernameKey(account.Username), who.AccountID)
		Index(tx, who.AccountID)
		// Forget failures that strangers ran up before the name was taken.
		throttle.Forget(tx, a.identifierBudget(account.Username))
		a.log.Note(tx, audit.UsernameChanged, who.AccountID, "")
		a.tell(tx, account, mail.Message{Template: mail.UsernameChanged})
		return nil
	})
	return account, a.explainFull(err)
}
