package delegations

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/service/caller"
	"plenary/service/store"
)

// pageSize is how many people a page has at most.
const pageSize = 50

// Appointees gives a page of those who are appointed, or of those whom words find.
//
// Errors: api.CodeInvalid for a cursor that there is not.
func (ds *Delegations) Appointees(ctx context.Context, who caller.Caller, f api.AppointeeFilter) (page api.Appointees, err error) {
	page.People = []api.Appointee{}
	if strings.TrimSpace(f.Query) == "" {
		return ds.appointed(ctx, f.After)
	}
	found, err := ds.Users(ctx, who, api.UserFilter{Query: f.Query, State: api.UserActive, Limit: pageSize, After: f.After})
	if err != nil || len(found.Users) == 0 {
		return page, err
	}
	page.Next = found.Next
	err = ds.DB.View(ctx, func(tx *store.Tx) error {
		places, args := make([]string, len(found.Users)), make([]any, len(found.Users))
		for i, u := range found.Users {
			places[i], args[i] = fmt.Sprintf("$%d", i+1), u.ID
		}
		people, _ := ds.query(tx, `WHERE a.id IN (`+strings.Join(places, ", ")+`)`, args...)
		byID := map[string]api.Appointee{}
		for _, p := range people {
			byID[p.ID] = p
		}
		page.People = page.People[:0]
		for _, u := range found.Users { // in the order in which they were found
			if p, ok := byID[u.ID]; ok {
				page.People = append(page.People, p)
			}
		}
		return nil
	})
	return page, err
}

// appointed gives a page of those who are appointed, by family name. The cursor is the
// sort key of the last one.
func (ds *Delegations) appointed(ctx context.Context, after string) (page api.Appointees, err error) {
	key, err := base64.RawURLEncoding.DecodeString(after)
	if err != nil {
		return page, api.Invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	err = ds.DB.View(ctx, func(tx *store.Tx) error {
		people, keys := ds.query(tx, `WHERE f.kind IS NOT NULL AND a.sort_key > $1 ORDER BY a.sort_key LIMIT $2`, key, pageSize+1)
		page = api.Appointees{People: []api.Appointee{}}
		if len(people) > pageSize {
			people, page.Next = people[:pageSize], base64.RawURLEncoding.EncodeToString(keys[pageSize-1])
		}
		page.People = append(page.People, people...)
		return nil
	})
	return page, err
}

// query gives accounts with what they are appointed to, and their sort keys.
func (ds *Delegations) query(tx *store.Tx, where string, args ...any) (people []api.Appointee, keys [][]byte) {
	for scan := range tx.Each(`SELECT a.id, a.username, a.email, a.first_name, a.family_name, a.organization_id, a.organization_name,
			a.country, a.membership, a.sort_key, COALESCE(f.kind, ''), COALESCE(f.appointed_at, 0),
			COALESCE(b.first_name, ''), COALESCE(b.family_name, ''), c.account_id IS NOT NULL
		FROM accounts a
		LEFT JOIN focal_points f ON f.account_id = a.id AND f.organization_id = a.organization_id
		LEFT JOIN accounts b ON b.id = f.appointed_by
		LEFT JOIN confirmed_organizations c ON c.account_id = a.id AND c.organization_id = a.organization_id `+where, args...) {
		var (
			p                 api.Appointee
			o                 = &p.Organization
			first, family     string
			byFirst, byFamily string
			since             int64
			key               []byte
		)
		scan(&p.ID, &p.Username, &p.Email, &first, &family, &o.ID, &o.Name, &o.Country, &o.Membership, &key,
			&p.Kind, &since, &byFirst, &byFamily, &p.Confirmed)
		p.Name, p.By, p.Since = rules.FullName(first, family), rules.FullName(byFirst, byFamily), store.Time(since)
		_, p.Listed = ds.Accounts.Organization(o.ID)
		people, keys = append(people, p), append(keys, key)
	}
	return people, keys
}
