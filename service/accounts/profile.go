package accounts

import (
	"cmp"
	"context"
	"maps"

	"plenary/api"
	"plenary/rules"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

// Profile gives an account as its owner sees it, or api.CodeNotFound. It runs at
// every refresh: what the window shall say stands in the same query. A used reset
// address is shown while nobody has it.
func (a *Accounts) Profile(tx *store.Tx, accountID string) (api.Account, error) {
	r := profileRow{account: api.Account{ID: accountID}}
	if !tx.Get(`SELECT `+profileColumns+` FROM `+profileTables+` WHERE a.id = $1`, accountID, store.Micros(a.Now())).Into(r.into()...) {
		return r.account, refused(api.CodeNotFound)
	}
	return a.profile(tx, r), nil
}

// What a profile is read from, in SQL; $2 is the time.
var (
	profileColumns = `a.username, a.email, a.title, a.first_name, a.family_name, a.phone, a.language,
			a.organization_id, a.organization_name, a.country, a.membership, a.news,
			COALESCE(d.due_at, 0), COALESCE(e.email, ''), COALESCE(r.email, ''), ` + grantsOf("a.id")
	profileTables = `accounts a
		LEFT JOIN deletions d ON d.account_id = a.id
		LEFT JOIN email_changes e ON e.account_id = a.id AND e.expires_at > $2
		LEFT JOIN reset_addresses r ON r.account_id = a.id AND r.used_at > 0`
)

// profileRow takes a row of profileColumns.
type profileRow struct {
	account        api.Account
	news, deletion int64
	grants         grants
}

func (r *profileRow) into() []any {
	p, o := &r.account, &r.account.Organization
	return []any{
		&p.Username, &p.Email, &p.Title, &p.FirstName, &p.FamilyName, &p.Phone, &p.Language,
		&o.ID, &o.Name, &o.Country, &o.Membership, &r.news, &r.deletion, &p.PendingEmail, &p.ResetAddress,
		&r.grants.names, &r.grants.twoSteps,
	}
}

// profile is the account of a row.
func (a *Accounts) profile(tx *store.Tx, r profileRow) api.Account {
	p := r.account
	p.News, p.Deletion = r.news == 1, store.Time(r.deletion)
	p.Roles, p.NeedsSecondFactor = a.inForce(r.grants)
	if p.ResetAddress != "" {
		if _, taken := accountOf(tx, rules.EmailKey(p.ResetAddress)); taken {
			p.ResetAddress = ""
		}
	}
	return p
}

// Own is the caller's account.
func (a *Accounts) Own(ctx context.Context, who caller.Caller) (api.Account, error) {
	return a.Account(ctx, who.AccountID)
}

// Account is Profile in a transaction of its own.
func (a *Accounts) Account(ctx context.Context, accountID string) (p api.Account, err error) {
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		p, err = a.Profile(tx, accountID)
		return err
	})
	return p, err
}

// tell queues an e-mail about an account to its owner: at the account's own
// address unless the message names another one. The parameters of the person are
// added to those that the message has.
func (a *Accounts) tell(tx *store.Tx, p api.Account, m mail.Message) {
	m.To, m.Subject, m.Language = cmp.Or(m.To, p.Email), cmp.Or(m.Subject, p.ID), p.Language
	params := map[string]string{
		"Name":         rules.AddressedName(p.Title, p.FirstName, p.FamilyName),
		"Username":     p.Username,
		"Organization": p.Organization.Name,
	}
	maps.Copy(params, m.Params)
	m.Params = params
	a.Mail.Queue(tx, m)
}
