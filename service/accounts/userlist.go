package accounts

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/store"
)

// usersPage is how many users a page has.
const usersPage = 50

// UserFilter says which users are listed; empty fields do not.
type UserFilter struct {
	Query string // words, each part of username, name, e-mail or organization
	State string // one of api.User*
	Role  string // one of api.Role*
	After string // Next of the page before
}

// listedUser is a user in a list with what its state follows from.
type listedUser struct {
	api.UserSummary
	standing
	usernameKey, emailKey string
	created               time.Time
}

// Users gives a page of accounts, and of sign-ups whose address was not
// verified yet, by username.
//
// Errors: api.CodeInvalid for a state or role that there is not.
func (a *Accounts) Users(ctx context.Context, f UserFilter) (api.Users, error) {
	page := api.Users{Users: []api.UserSummary{}}
	q, err := a.usersQuery(f)
	if err != nil {
		return page, err
	}
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		page = api.Users{Users: []api.UserSummary{}}
		after := printable(f.After)
		for {
			q.args[0] = after
			list, err := a.queryUsers(ctx, tx, q.text, q.args...)
			if err != nil {
				return err
			}
			for _, u := range list {
				if f.State != "" && u.State != f.State {
					continue
				}
				if len(page.Users) == usersPage {
					page.Next = rules.UsernameKey(page.Users[usersPage-1].Username)
					return nil
				}
				page.Users = append(page.Users, u.UserSummary)
			}
			if len(list) <= usersPage {
				return nil
			}
			after = list[len(list)-1].usernameKey
		}
	})
	return page, err
}

// usersQuery is a SELECT with its arguments; the first is the username to begin
// after.
type usersQuery struct {
	text string
	args []any
}

// listedColumns of accounts, in the order that scanUser reads.
const listedColumns = `a.id, a.username_key AS username_key, a.username, a.email, a.email_key, a.title, a.first_name, a.family_name,
	a.organization_name, a.country, a.created_at, '' AS profile,
	EXISTS (SELECT 1 FROM deactivated d WHERE d.account_id = a.id) AS out,
	EXISTS (SELECT 1 FROM deletions d WHERE d.account_id = a.id) AS leaving,
	COALESCE((SELECT c.password FROM credentials c WHERE c.account_id = a.id), '') = '' AS no_password`

// listedSignUpColumns are the same of sign-ups s.
const listedSignUpColumns = `s.id, s.username_key, '' AS username, '' AS email, s.email_key, '' AS title, '' AS first_name, '' AS family_name,
	'' AS organization_name, '' AS country, s.created_at, s.profile, FALSE AS out, FALSE AS leaving, FALSE AS no_password`

// usersQuery selects what can be in the list. What a lock makes of a state is
// judged afterwards: the counters' names tell nobody whom they count.
func (a *Accounts) usersQuery(f UserFilter) (usersQuery, error) {
	q := usersQuery{args: []any{""}}
	if f.Role == api.RoleParticipant {
		f.Role = "" // everybody is
	}
	if f.Role != "" && !slices.Contains(roleNames, f.Role) {
		return q, invalid(api.FieldError{Pointer: "/role", Code: api.FieldUnknown})
	}
	states := []string{"", api.UserActive, api.UserLocked, api.UserDeactivated, api.UserNoPassword, api.UserDeleting, api.UserUnverified}
	if !slices.Contains(states, f.State) {
		return q, invalid(api.FieldError{Pointer: "/state", Code: api.FieldUnknown})
	}
	// Each part is cut by itself, so that neither database sorts all of it first;
	// and found by itself, which an index on username, search and id alone does.
	var parts []string
	part := func(columns, from, alias string, conditions []string) {
		parts = append(parts, fmt.Sprintf(`SELECT %[1]s FROM %[2]s %[3]s WHERE %[3]s.id IN
			(SELECT %[3]s.id FROM %[2]s %[3]s WHERE %[4]s ORDER BY %[3]s.username_key LIMIT %[5]d)`,
			columns, from, alias, strings.Join(conditions, " AND "), usersPage+1))
	}
	if f.State != api.UserUnverified {
		part(listedColumns, "accounts", "a", a.ofAccounts(&q, f))
	}
	if f.State == "" && f.Role == "" || f.State == api.UserUnverified {
		part(listedSignUpColumns, "sign_ups", "s", a.ofSignUps(&q, f))
	}
	q.text = fmt.Sprintf(`%s ORDER BY username_key LIMIT %d`, strings.Join(parts, ` UNION ALL `), usersPage+1)
	return q, nil
}

// place adds an argument and gives its place in the text.
func (q *usersQuery) place(arg any) string {
	q.args = append(q.args, arg)
	return fmt.Sprintf("$%d", len(q.args))
}

// ofAccounts are the conditions on accounts a.
func (a *Accounts) ofAccounts(q *usersQuery, f UserFilter) []string {
	const (
		deactivated = "a.id IN (SELECT d.account_id FROM deactivated d)"
		deleting    = "a.id IN (SELECT d.account_id FROM deletions d)"
		noPassword  = "a.id IN (SELECT c.account_id FROM credentials c WHERE c.password = '')"
	)
	conditions := []string{"a.username_key > $1"}
	for _, pattern := range searchPatterns(f.Query) {
		conditions = append(conditions, "a.search LIKE "+q.place(pattern)+" ESCAPE '!'")
	}
	switch f.State {
	case api.UserActive:
		conditions = append(conditions, "NOT "+deactivated, "NOT "+deleting, "NOT "+noPassword)
	case api.UserNoPassword:
		conditions = append(conditions, noPassword)
	case api.UserDeactivated:
		conditions = append(conditions, deactivated)
	case api.UserDeleting:
		conditions = append(conditions, deleting)
	case api.UserLocked:
		// Locks are in the audit log; which of them still hold is looked at in the
		// counters. No window of failures is longer than a week (api.LimitPolicy).
		conditions = append(conditions, "a.id IN (SELECT subject FROM audit WHERE event = "+q.place(string(audit.Locked))+
			" AND at > "+q.place(store.Micros(a.Now().AddDate(0, 0, -7)))+" UNION SELECT account_id FROM lock_notices)")
	}
	if f.Role != "" {
		conditions = append(conditions, "a.id IN (SELECT r.account_id FROM account_roles r WHERE r.role = "+q.place(f.Role)+")")
	}
	return conditions
}

// ofSignUps are the conditions on sign-ups s, which have no role.
func (a *Accounts) ofSignUps(q *usersQuery, f UserFilter) []string {
	conditions := []string{"s.username_key > $1", "s.state = " + q.place(api.SignUpWaiting), "s.expires_at > " + q.place(store.Micros(a.Now()))}
	for _, pattern := range searchPatterns(f.Query) {
		conditions = append(conditions, "s.search LIKE "+q.place(pattern)+" ESCAPE '!'")
	}
	if f.Role != "" {
		conditions = append(conditions, "FALSE")
	}
	return conditions
}

// queryUsers gives the users that a query of listedColumns finds, with their
// roles and states.
func (a *Accounts) queryUsers(ctx context.Context, tx *store.Tx, query string, args ...any) ([]listedUser, error) {
	list, err := scanUsers(ctx, tx, query, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	if err := a.markLocked(ctx, tx, list); err != nil {
		return nil, err
	}
	if err := markRoles(ctx, tx, list); err != nil {
		return nil, err
	}
	for i := range list {
		list[i].State = stateOf(list[i].standing)
	}
	return list, nil
}

func scanUsers(ctx context.Context, tx *store.Tx, query string, args ...any) ([]listedUser, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("accounts: list users: %w", err)
	}
	defer rows.Close()
	var list []listedUser
	for rows.Next() {
		u, err := scanUser(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, rows.Err()
}

func scanUser(row interface{ Scan(...any) error }) (u listedUser, err error) {
	var p profile
	var text string
	var created int64
	err = row.Scan(&u.ID, &u.usernameKey, &p.Username, &p.Email, &u.emailKey, &p.Title, &p.FirstName, &p.FamilyName,
		&p.Name, &p.Country, &created, &text, &u.deactivated, &u.deleting, &u.noPassword)
	if err == nil && text != "" {
		u.unverified = true
		err = json.Unmarshal([]byte(text), &p)
	}
	if err != nil {
		return u, fmt.Errorf("accounts: read user: %w", err)
	}
	u.created = store.Time(created)
	u.Username, u.Name, u.Email, u.Organization, u.Country = p.Username, p.fullName(), p.Email, p.Name, p.Country
	return u, nil
}

// markRoles reads the roles of the listed users, in force or not.
func markRoles(ctx context.Context, tx *store.Tx, list []listedUser) error {
	at := map[string]int{}
	places, args := []string{}, []any{}
	for i, u := range list {
		list[i].Roles = []string{api.RoleParticipant}
		at[u.ID] = i
		args = append(args, u.ID)
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	rows, err := tx.Query(ctx, `SELECT account_id, role FROM account_roles WHERE account_id IN (`+strings.Join(places, ", ")+`) ORDER BY role`, args...)
	if err != nil {
		return fmt.Errorf("accounts: read roles: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, role string
		if err := rows.Scan(&id, &role); err != nil {
			return fmt.Errorf("accounts: read roles: %w", err)
		}
		list[at[id]].Roles = append(list[at[id]].Roles, role)
	}
	return rows.Err()
}
