package account

import (
	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// Insert makes an account's rows. Its username is reserved already, so that it is
// an owner.
func (a *Accounts) Insert(tx *store.Tx, id string, p Person, password string, roles []string) {
	now, organization := store.Micros(a.Now()), p.organizationID(tx)
	tx.Do(`INSERT INTO accounts (id, username, username_key, email, email_key, title, first_name, family_name,
			phone, language, country, membership, organization_id, organization_name, news, created_at, activated_at, search, sort_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17, $18)`,
		id, p.Username, rules.UsernameKey(p.Username), p.Email, rules.EmailKey(p.Email), p.Title, p.FirstName, p.FamilyName,
		p.Phone, p.Language, p.Country, p.Membership, organization, p.Name, store.Bool(p.News), now, p.SearchText(), p.SortKey())
	tx.Do(`INSERT INTO credentials (account_id, password, changed_at) VALUES ($1, $2, $3)`, id, password, now)
	for _, role := range roles {
		tx.Do(`INSERT INTO account_roles (account_id, role) VALUES ($1, $2) ON CONFLICT (account_id, role) DO NOTHING`, id, role)
	}
	p.indexWords(tx, id)
	a.noteEntered(tx, organization, id, p)
}

// noteEntered keeps the organization that a person entered by hand, if the
// profile has one, for staff to accept or merge.
func (a *Accounts) noteEntered(tx *store.Tx, organization, accountID string, p Person) {
	if p.Entered == nil {
		return
	}
	tx.Do(`INSERT INTO entered_organizations (id, account_id, name, city, website, country, membership, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		organization, accountID, p.Entered.Name, p.Entered.City, p.Entered.Website, p.Country, p.Membership, store.Micros(a.Now()))
}

// Moves tells whether a profile has another organization than an account has, and not
// none, or the same that its owner entered by hand.
func (a *Accounts) Moves(now api.Organization, p Person) bool {
	switch _, listed := a.Organization(now.ID); {
	case p.Name == "":
		return false
	case p.Entered == nil || listed:
		return p.Directory != now.ID
	}
	return p.Name != now.Name || p.Country != now.Country || p.Membership != now.Membership
}

// MoveTo gives a held account the organization of a profile. One that the person
// has entered before is no longer of use.
func (a *Accounts) MoveTo(tx *store.Tx, accountID string, p Person) error {
	organization, before := p.organizationID(tx), ""
	tx.Get(`SELECT organization_id FROM accounts WHERE id = $1`, accountID).Into(&before)
	if organization != before {
		if err := a.TellAppointmentEnds(tx, accountID, api.CauseOrganizationChanged); err != nil {
			return err
		}
		EndWith(tx, OrganizationChanged, accountID, "")
	}
	tx.Do(`UPDATE accounts SET organization_id = $1, organization_name = $2, country = $3, membership = $4
		WHERE id = $5`, organization, p.Name, p.Country, p.Membership, accountID)
	tx.Do(`DELETE FROM entered_organizations WHERE account_id = $1`, accountID)
	a.noteEntered(tx, organization, accountID, p)
	return nil
}
