package organizations

import (
	"context"
	"strings"
	"unicode/utf8"

	"plenary/api"
	"plenary/rules"
	"plenary/service/account"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/directory"
	"plenary/service/store"
)

// pageSize is how many entered organizations a page has at most.
const pageSize = 50

// Entered gives the organizations that people entered, the oldest first, behind
// a cursor, with the likeliest ones of the directory.
func (o *Organizations) Entered(ctx context.Context, _ caller.Caller, after string) (api.EnteredOrganizations, error) {
	page := api.EnteredOrganizations{Organizations: []api.EnteredOrganization{}}
	err := o.db.View(ctx, func(tx *store.Tx) error {
		page.Organizations = page.Organizations[:0]
		// Ids are UUIDv7: in the order in which they were made.
		for scan := range tx.Each(`SELECT e.id, e.name, e.city, e.website, e.country, e.membership, a.username, e.created_at
			FROM entered_organizations e JOIN accounts a ON a.id = e.account_id
			WHERE e.id > $1 ORDER BY e.id LIMIT $2`, after, pageSize+1) {
			var e api.EnteredOrganization
			var created int64
			scan(&e.ID, &e.Name, &e.City, &e.Website, &e.Country, &e.Membership, &e.By, &created)
			e.Entered = store.Time(created)
			page.Organizations = append(page.Organizations, e)
		}
		return nil
	})
	if err != nil {
		return api.EnteredOrganizations{}, err
	}
	if len(page.Organizations) > pageSize {
		page.Organizations = page.Organizations[:pageSize]
		page.Next = page.Organizations[pageSize-1].ID
	}
	d := o.Directory()
	for i := range page.Organizations {
		e := &page.Organizations[i]
		e.Suggestions = d.suggest(e.Name, e.Country)
	}
	return page, nil
}

// ExportEntered notes that somebody is going to keep the list.
func (o *Organizations) ExportEntered(ctx context.Context, _ caller.Caller) error {
	// READ COMMITTED: an entry of the log.
	return o.db.UpdateCommitted(ctx, func(tx *store.Tx) error {
		o.log.Note(tx, audit.OrganizationsExported, "")
		return nil
	})
}

// nameKey is what two names have in common that mean the same: words, folded.
func nameKey(name string) string {
	if words := rules.Tokens(name); len(words) > 0 {
		return strings.Join(words, " ")
	}
	return strings.TrimSpace(rules.Fold(name))
}

// Accept adds an entered organization to the directory as staff gives it; those
// who entered the same name in the same country belong to it from now on.
//
// Errors: api.CodeNotFound when it is no longer there, api.CodeInvalid for
// fields, /name not-accepted when the directory has this one: merge it then.
func (o *Organizations) Accept(ctx context.Context, _ caller.Caller, id string, in api.AcceptOrganization) error {
	into, err := valid(in)
	if err != nil {
		return err
	}
	if err := o.Refresh(ctx); err != nil {
		return err
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		members, found := takeEntered(tx, id)
		if !found {
			return api.Refuse(api.CodeNotFound)
		}
		if o.Directory().has(into) {
			return invalid("/name", api.FieldNotAccepted)
		}
		if tx.Do(`INSERT INTO accepted_organizations (id, name, country, membership, accepted_at)
			VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`, into.ID, into.Name, into.Country, into.Membership, store.Micros(o.now())) == 0 {
			return invalid("/name", api.FieldNotAccepted)
		}
		return o.join(tx, members, into, audit.OrganizationAccepted)
	})
	if err != nil {
		return err
	}
	return o.Refresh(ctx)
}

// Merge makes those who entered an organization, under the same name in the same
// country, members of one of the directory.
//
// Errors: api.CodeNotFound when it is no longer there, api.CodeInvalid for an
// organization that the directory does not have.
func (o *Organizations) Merge(ctx context.Context, _ caller.Caller, id string, in api.MergeOrganization) error {
	if err := o.Refresh(ctx); err != nil {
		return err
	}
	into, ok := o.Find(in.OrganizationID)
	return o.db.Update(ctx, func(tx *store.Tx) error {
		members, found := takeEntered(tx, id)
		if !found {
			return api.Refuse(api.CodeNotFound)
		}
		if !ok {
			return invalid("/organization_id", api.FieldUnknown)
		}
		return o.join(tx, members, into, audit.OrganizationMerged)
	})
}

func invalid(pointer, code string) error {
	return api.Invalid(api.FieldError{Pointer: pointer, Code: code})
}

// valid gives what staff accepts as an organization of the directory, its name
// cleaned as at sign-up.
func valid(in api.AcceptOrganization) (api.Organization, error) {
	into := api.Organization{Country: in.Country, Membership: in.Membership}
	var wrong []api.FieldError
	bad := func(pointer, code string) { wrong = append(wrong, api.FieldError{Pointer: pointer, Code: code}) }
	var ok bool
	into.Name, ok = rules.Line(in.Name)
	switch {
	case !ok:
		bad("/name", api.FieldInvalid)
	case into.Name == "":
		bad("/name", api.FieldRequired)
	case utf8.RuneCountInString(into.Name) > 200:
		bad("/name", api.FieldTooLong)
	}
	if !rules.IsCountry(in.Country) {
		bad("/country", api.FieldInvalid)
	}
	if !rules.Membership(in.Membership).Real() {
		bad("/membership", api.FieldUnknown)
	}
	if len(wrong) > 0 {
		return into, api.Invalid(wrong...)
	}
	into.ID = directory.ID(into)
	return into, nil
}

// member is an account and the organization that it entered.
type member struct{ account, entered string }

// takeEntered removes an entered organization, and those of the same name in the
// same country, and gives the accounts that entered them. It is not found if
// somebody else has taken it.
func takeEntered(tx *store.Tx, id string) (members []member, found bool) {
	var name, country string
	if !tx.Get(`SELECT name, country FROM entered_organizations WHERE id = $1`, id).Into(&name, &country) {
		return nil, false
	}
	members = sameName(tx, nameKey(name), country)
	for _, m := range members {
		tx.Do(`DELETE FROM entered_organizations WHERE id = $1`, m.entered)
	}
	return members, true
}

func sameName(tx *store.Tx, key, country string) (same []member) {
	for scan := range tx.Each(`SELECT id, account_id, name FROM entered_organizations WHERE country = $1 ORDER BY id`, country) {
		var m member
		var name string
		scan(&m.entered, &m.account, &name)
		if nameKey(name) == key {
			same = append(same, m)
		}
	}
	return same
}

// join makes accounts members of an organization, unless they belong to another
// one by now, and notes it.
func (o *Organizations) join(tx *store.Tx, members []member, into api.Organization, event audit.Event) error {
	for _, m := range members {
		subject := ""
		if tx.Do(`UPDATE accounts SET organization_id = $1, organization_name = $2, country = $3, membership = $4
			WHERE id = $5 AND organization_id = $6`, into.ID, into.Name, into.Country, into.Membership, m.account, m.entered) == 1 {
			subject = m.account
			account.EndWith(tx, account.OrganizationChanged, m.account, "")
			account.Index(tx, m.account)
		}
		o.log.Note(tx, event, subject, audit.Fact(api.DetailOrganization, into.ID))
	}
	return nil
}
