package accounts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"plenary/api"
	"plenary/service/mail"
	"plenary/service/store"
)

// Profile gives an account as its owner sees it, or api.CodeNotFound.
func (a *Accounts) Profile(ctx context.Context, tx *store.Tx, accountID string) (api.Account, error) {
	p := api.Account{ID: accountID}
	o := &p.Organization
	err := tx.QueryRow(ctx, `SELECT username, email, title, first_name, family_name, phone, language,
			organization_id, organization_name, country, membership
		FROM accounts WHERE id = $1`, accountID).Scan(&p.Username, &p.Email, &p.Title, &p.FirstName, &p.FamilyName,
		&p.Phone, &p.Language, &o.ID, &o.Name, &o.Country, &o.Membership)
	if errors.Is(err, store.ErrNoRows) {
		return p, refused(api.CodeNotFound)
	}
	if err != nil {
		return p, fmt.Errorf("accounts: read profile: %w", err)
	}
	p.Roles, err = roles(ctx, tx, accountID)
	return p, err
}

// Account is Profile in a transaction of its own.
func (a *Accounts) Account(ctx context.Context, accountID string) (p api.Account, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err = a.Profile(ctx, tx, accountID)
		return err
	})
	return p, err
}

// roles gives an account's roles, participant first.
func roles(ctx context.Context, tx *store.Tx, accountID string) ([]string, error) {
	rows, err := tx.Query(ctx, `SELECT role FROM account_roles WHERE account_id = $1`, accountID)
	if err != nil {
		return nil, fmt.Errorf("accounts: read roles: %w", err)
	}
	defer rows.Close()
	list := []string{api.RoleParticipant}
	for rows.Next() {
		var role string
		if err := rows.Scan(&role); err != nil {
			return nil, fmt.Errorf("accounts: read roles: %w", err)
		}
		list = append(list, role)
	}
	slices.Sort(list[1:])
	return list, rows.Err()
}

// fullName is how e-mails and pages name a person.
func fullName(title, first, family string) string {
	return strings.Join(strings.Fields(title+" "+first+" "+family), " ")
}

// tell queues an e-mail to the owner of an account, at its own address.
func (a *Accounts) tell(ctx context.Context, tx *store.Tx, p api.Account, m mail.Message) error {
	m.To, m.Language = p.Email, p.Language
	m.Params = map[string]string{
		"Name":         fullName(p.Title, p.FirstName, p.FamilyName),
		"Username":     p.Username,
		"Organization": p.Organization.Name,
	}
	return a.Mail.Queue(ctx, tx, m)
}
