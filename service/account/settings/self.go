package settings

import (
	"context"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
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
// Errors: api.CodeInvalid with fields; api.CodeOutdated where it was changed since it
// was read, unless it is as is asked for already.
func (a *Settings) ChangeProfile(ctx context.Context, who caller.Caller, in api.ChangeProfile) (owner api.Account, err error) {
	v := account.Validation{}
	p := a.ValidPerson(&v, in)
	if len(v.Fields) > 0 {
		return owner, api.Invalid(v.Fields...)
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := account.Hold(tx, who.AccountID); err != nil {
			return err
		}
		if owner, err = a.Profile(tx, who.AccountID); err != nil || !a.differs(owner, p) {
			return err
		}
		if owner.Version != in.Version {
			return api.Refuse(api.CodeOutdated)
		}
		tx.Do(`UPDATE accounts SET title = $1, first_name = $2, family_name = $3, phone = $4, language = $5, news = $6
			WHERE id = $7`, p.Title, p.FirstName, p.FamilyName, p.Phone, p.Language, store.Bool(p.News), who.AccountID)
		if p.Name != "" {
			if err := a.MoveTo(tx, who.AccountID, p); err != nil {
				return err
			}
		}
		account.Index(tx, who.AccountID)
		a.Audit.Note(tx, audit.ProfileChanged, who.AccountID)
		owner, err = a.Profile(tx, who.AccountID)
		return err
	})
	return owner, err
}

// differs tells whether a profile is another one than the account has.
func (a *Settings) differs(owner api.Account, p account.Person) bool {
	return p.Title != owner.Title || p.FirstName != owner.FirstName || p.FamilyName != owner.FamilyName || p.Phone != owner.Phone ||
		p.Language != owner.Language || p.News != owner.News || a.Moves(owner.Organization, p)
}

// ChangeUsername gives the account another username, with a number when the
// wished one is taken, as at sign-up; the one of before becomes free. The owner
// is told by e-mail. The same one again changes nothing.
//
// Errors: api.CodeInvalid; api.CodeTooMany after five changes in a day.
func (a *Settings) ChangeUsername(ctx context.Context, who caller.Caller, in api.ChangeUsername) (owner api.Account, err error) {
	wish := rules.Typed(in.Username)
	if !rules.ValidUsername(wish) {
		return owner, api.Invalid(api.FieldError{Pointer: "/username", Code: api.FieldInvalid})
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := account.Hold(tx, who.AccountID); err != nil {
			return err
		}
		if owner, err = a.Profile(tx, who.AccountID); err != nil || owner.Username == wish {
			return err
		}
		if err := a.Spend(tx, a.Budget("username", usernameChanges, 24*time.Hour, []byte(who.AccountID))); err != nil {
			return err
		}
		before := owner.Username
		if owner.Username, err = account.RetakeUsername(tx, wish, who.AccountID); err != nil || owner.Username == before {
			return err
		}
		tx.Do(`UPDATE accounts SET username = $1, username_key = $2 WHERE id = $3`,
			owner.Username, rules.UsernameKey(owner.Username), who.AccountID)
		account.Index(tx, who.AccountID)
		// Forget failures that strangers ran up before the name was taken.
		throttle.Forget(tx, a.IdentifierBudget(owner.Username))
		a.Audit.Note(tx, audit.UsernameChanged, who.AccountID)
		a.Tell(tx, owner, mail.Message{Template: mail.UsernameChanged})
		return nil
	})
	return owner, a.ExplainFull(err)
}
