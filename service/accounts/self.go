package accounts

import (
	"context"
	"fmt"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// usernameChanges is how often an account can have another username in a day.
const usernameChanges = 5

// ChangeProfile changes who somebody is, by the rules of a sign-up; without an
// organization, that stays as it is, with its country and membership.
//
// Errors: api.CodeInvalid with fields.
func (a *Accounts) ChangeProfile(ctx context.Context, who Principal, in api.ChangeProfile) (account api.Account, err error) {
	v := validation{}
	p := a.person(&v, in)
	if len(v.fields) > 0 {
		return account, invalid(v.fields...)
	}
	organization, err := p.organizationID()
	if err != nil {
		return account, err
	}
	err = a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := hold(ctx, tx, who.AccountID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE accounts SET title = $1, first_name = $2, family_name = $3, phone = $4, language = $5, news = $6
			WHERE id = $7`, p.Title, p.FirstName, p.FamilyName, p.Phone, p.Language, number(p.News), who.AccountID); err != nil {
			return fmt.Errorf("accounts: change profile: %w", err)
		}
		if p.Name != "" {
			if err := a.moveTo(ctx, tx, who.AccountID, organization, p); err != nil {
				return err
			}
		}
		if err := Index(ctx, tx, who.AccountID); err != nil {
			return err
		}
		a.log.Note(tx, audit.ProfileChanged, who.AccountID, "")
		account, err = a.Profile(ctx, tx, who.AccountID)
		return err
	})
	return account, err
}

// moveTo gives an account the organization of a profile. One that the person
// has entered before is no longer of use.
func (a *Accounts) moveTo(ctx context.Context, tx *store.Tx, accountID, organization string, p profile) error {
	if _, err := tx.Exec(ctx, `UPDATE accounts SET organization_id = $1, organization_name = $2, country = $3, membership = $4
		WHERE id = $5`, organization, p.Name, p.Country, p.Membership, accountID); err != nil {
		return fmt.Errorf("accounts: change organization: %w", err)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM entered_organizations WHERE account_id = $1`, accountID); err != nil {
		return fmt.Errorf("accounts: forget entered organization: %w", err)
	}
	return a.noteEntered(ctx, tx, organization, accountID, p)
}

// organizationID is that of the directory's entry, or a new one for what the
// person entered.
func (p *profile) organizationID() (string, error) {
	if p.Entered == nil {
		return p.Directory, nil
	}
	return newID()
}

// number is how the database holds a yes or no.
func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// ChangeUsername gives the account another username, with a number when the
// wished one is taken, as at sign-up; the one of before becomes free. The owner
// is told by e-mail. The same one again changes nothing.
//
// Errors: api.CodeInvalid; api.CodeTooMany after five changes in a day.
func (a *Accounts) ChangeUsername(ctx context.Context, who Principal, in api.ChangeUsername) (account api.Account, err error) {
	wish := rules.Typed(in.Username)
	if !rules.ValidUsername(wish) {
		return account, invalid(api.FieldError{Pointer: "/username", Code: api.FieldInvalid})
	}
	err = a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := hold(ctx, tx, who.AccountID); err != nil {
			return err
		}
		if account, err = a.Profile(ctx, tx, who.AccountID); err != nil {
			return err
		}
		if account.Username == wish {
			return nil
		}
		if err := a.spend(ctx, tx, a.budget("username", usernameChanges, 24*time.Hour, []byte(who.AccountID))); err != nil {
			return err
		}
		before := account.Username
		if account.Username, err = retakeUsername(ctx, tx, wish, who.AccountID); err != nil || account.Username == before {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE accounts SET username = $1, username_key = $2 WHERE id = $3`,
			account.Username, rules.UsernameKey(account.Username), who.AccountID); err != nil {
			return fmt.Errorf("accounts: change username: %w", err)
		}
		if err := Index(ctx, tx, who.AccountID); err != nil {
			return err
		}
		// What somebody tried while the name was nobody's is not the owner's.
		if err := throttle.Forget(ctx, tx, a.identifierBudget(account.Username)); err != nil {
			return err
		}
		a.log.Note(tx, audit.UsernameChanged, who.AccountID, "")
		return a.tell(ctx, tx, account, mail.Message{Template: mail.UsernameChanged})
	})
	return account, a.explainFull(err)
}

// retakeUsername takes a username instead of the one that the owner has, which
// counts as free: who asks for it gets it back.
func retakeUsername(ctx context.Context, tx *store.Tx, wish, owner string) (string, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM usernames WHERE owner = $1`, owner); err != nil {
		return "", fmt.Errorf("accounts: release username: %w", err)
	}
	return takeUsername(ctx, tx, wish, owner)
}
