package account

import (
	"cmp"
	"context"
	"maps"
	"strconv"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account/session"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

// organizationID is that of the directory's entry, or a new one for what the
// person entered.
func (p *Person) organizationID(tx *store.Tx) string {
	if p.Entered == nil {
		return p.Directory
	}
	id, err := NewID()
	tx.Fail(err)
	return id
}

// Profile gives an account as its owner sees it, or api.CodeNotFound.
func (a *Accounts) Profile(tx *store.Tx, accountID string) (api.Account, error) {
	r := ProfileRow{Account: api.Account{ID: accountID}}
	if !tx.Get(`SELECT `+ProfileColumns+` FROM `+ProfileTables+` WHERE a.id = $1`, accountID, store.Micros(a.Now())).Into(r.Into()...) {
		return r.Account, api.Refuse(api.CodeNotFound)
	}
	return a.OfRow(r), nil
}

// What a profile is read from, in SQL; $2 is the time. It is read at every request, so
// one query reads all that the window shows. A reset address that was used is shown
// until it is somebody's address.
var (
	ProfileColumns = `a.username, a.email, a.title, a.first_name, a.family_name, a.phone, a.language,
			a.organization_id, a.organization_name, a.country, a.membership, a.news,
			COALESCE(d.due_at, 0), COALESCE(e.email, ''), COALESCE(r.email, ''),
			COALESCE(fp.kind, ''), ` + GrantsOf("a.id")
	ProfileTables = `accounts a
		LEFT JOIN deletions d ON d.account_id = a.id
		LEFT JOIN focal_points fp ON fp.account_id = a.id AND fp.organization_id = a.organization_id
		LEFT JOIN email_changes e ON e.account_id = a.id AND e.expires_at > $2
		LEFT JOIN reset_addresses r ON r.account_id = a.id AND r.used_at > 0
			AND NOT EXISTS (SELECT 1 FROM accounts o WHERE o.email_key = r.email_key)`
)

// ProfileRow takes a row of ProfileColumns.
type ProfileRow struct {
	Account        api.Account
	news, deletion int64
	grants         Grants
}

// Into is where the columns go, in their order.
func (r *ProfileRow) Into() []any {
	p, o := &r.Account, &r.Account.Organization
	return []any{
		&p.Username, &p.Email, &p.Title, &p.FirstName, &p.FamilyName, &p.Phone, &p.Language,
		&o.ID, &o.Name, &o.Country, &o.Membership, &r.news, &r.deletion, &p.PendingEmail, &p.ResetAddress, &p.Appointed,
		&r.grants.Names, &r.grants.TwoSteps,
	}
}

// Owner reads the row with a session.
func (r *ProfileRow) Owner() session.Owner {
	return session.Owner{Columns: ProfileColumns, Tables: ProfileTables, Into: r.Into()}
}

// OfRow is the account of a row.
func (a *Accounts) OfRow(r ProfileRow) api.Account {
	p := r.Account
	p.News, p.Deletion = r.news == 1, store.Time(r.deletion)
	p.Version = profileVersion(p)
	p.Roles, p.NeedsSecondFactor = a.RolesInForce(r.grants)
	return p
}

// profileVersion names what stands in a profile.
func profileVersion(p api.Account) string {
	o := p.Organization
	return store.Version(strings.Join([]string{
		p.Title, p.FirstName, p.FamilyName, p.Phone, p.Language, strconv.FormatBool(p.News), o.ID, o.Name, o.Country, o.Membership,
	}, "\x00"))
}

// Own is the caller's account, which was read when the request was authenticated.
func (a *Accounts) Own(_ context.Context, who caller.Caller) (api.Account, error) {
	return who.Account, nil
}

// Account is Profile in a transaction of its own.
func (a *Accounts) Account(ctx context.Context, accountID string) (p api.Account, err error) {
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		p, err = a.Profile(tx, accountID)
		return err
	})
	return p, err
}

// Tell queues an e-mail about an account to its owner: at the account's own
// address unless the message names another one. The parameters of the person are
// added to those that the message has.
func (a *Accounts) Tell(tx *store.Tx, p api.Account, m mail.Message) {
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

// Person is what a sign-up holds until it becomes an account.
type Person struct {
	Username   string               `json:"username"`
	Email      string               `json:"email"`
	Title      string               `json:"title,omitempty"`
	FirstName  string               `json:"first_name,omitempty"`
	FamilyName string               `json:"family_name,omitempty"`
	Phone      string               `json:"phone,omitempty"`
	Language   string               `json:"language"`
	Country    string               `json:"country"`
	Membership string               `json:"membership"`
	News       bool                 `json:"news,omitempty"`
	Directory  string               `json:"directory,omitempty"` // id of the organization in the directory
	Name       string               `json:"name"`                // of the organization
	Entered    *api.NewOrganization `json:"entered,omitempty"`
}

// FullName is how the person is addressed.
func (p *Person) FullName() string { return rules.AddressedName(p.Title, p.FirstName, p.FamilyName) }
