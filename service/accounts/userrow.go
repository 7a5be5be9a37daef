package accounts

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"plenary/api"
	"plenary/service/store"
)

// listedUser is a user in a list with what its state follows from.
type listedUser struct {
	api.UserSummary
	standing
	usernameKey, emailKey string
	created               time.Time
	profile               profile // as far as it is listed
	place                 place
}

// listedAccount are the columns of accounts a that scan reads, but for the word
// under which one was found.
const listedAccount = `a.id, a.username_key AS username_key, a.username, a.email, a.email_key, a.title, a.first_name, a.family_name,
	a.organization_name, a.country, a.created_at, '' AS profile,
	EXISTS (SELECT 1 FROM deactivated d WHERE d.account_id = a.id) AS out,
	EXISTS (SELECT 1 FROM deletions d WHERE d.account_id = a.id) AS leaving,
	COALESCE((SELECT c.password FROM credentials c WHERE c.account_id = a.id), '') = '' AS no_password, a.sort_key AS sort_key`

// listedColumns are those where no word was looked for.
const listedColumns = listedAccount + `, '' AS word`

// listedSignUpColumns are the same of sign-ups s.
const listedSignUpColumns = `s.id, s.username_key, '' AS username, '' AS email, s.email_key, '' AS title, '' AS first_name, '' AS family_name,
	'' AS organization_name, '' AS country, s.created_at, s.profile, FALSE AS out, FALSE AS leaving, FALSE AS no_password, '' AS sort_key, '' AS word`

// signUps gives the sign-ups of the list that wait, behind its cursor, in order.
// There are as many as people signed up in a day and have not activated yet.
func (l *userList) signUps(ctx context.Context, tx *store.Tx) ([]listedUser, error) {
	if l.filter.Role != "" || l.filter.State != "" && l.filter.State != api.UserUnverified {
		return nil, nil
	}
	var q usersQuery
	conditions := []string{"s.state = " + q.place(api.SignUpWaiting), "s.expires_at > " + q.place(store.Micros(l.Now()))}
	for _, part := range l.query.parts {
		conditions = append(conditions, q.like("s.search", part))
	}
	list, err := scanUsers(ctx, tx, `SELECT `+listedSignUpColumns+` FROM sign_ups s WHERE `+strings.Join(conditions, " AND "), q.args...)
	if err != nil {
		return nil, err
	}
	behind := list[:0]
	for _, u := range list {
		word, ok := l.query.find(&u.profile)
		u.place = place{word: word, key: u.profile.sortKey()}
		if ok && u.place.compare(l.after) > 0 {
			u.Roles, u.State = []string{api.RoleParticipant}, stateOf(u.standing)
			behind = append(behind, u)
		}
	}
	slices.SortFunc(behind, func(a, b listedUser) int { return a.place.compare(b.place) })
	return behind, nil
}

// queryUsers gives the users that a query of listedColumns finds, with their
// roles and states.
func (a *Accounts) queryUsers(ctx context.Context, tx *store.Tx, query string, args ...any) ([]listedUser, error) {
	list, err := scanUsers(ctx, tx, query, args...)
	if err != nil {
		return nil, err
	}
	return list, a.mark(ctx, tx, list)
}

// mark finds out the roles and states of listed users.
func (a *Accounts) mark(ctx context.Context, tx *store.Tx, list []listedUser) error {
	if len(list) == 0 {
		return nil
	}
	if err := a.markLocked(ctx, tx, list); err != nil {
		return err
	}
	if err := markRoles(ctx, tx, list); err != nil {
		return err
	}
	for i := range list {
		list[i].State = stateOf(list[i].standing)
	}
	return nil
}

// scanUsers reads rows of listedColumns.
func scanUsers(ctx context.Context, tx *store.Tx, query string, args ...any) ([]listedUser, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("accounts: list users: %w", err)
	}
	defer rows.Close()
	var list []listedUser
	for rows.Next() {
		var u listedUser
		if err := u.scan(rows); err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, rows.Err()
}

func (u *listedUser) scan(row interface{ Scan(...any) error }) error {
	p := &u.profile
	var text string
	var word []byte
	var created int64
	err := row.Scan(&u.ID, &u.usernameKey, &p.Username, &p.Email, &u.emailKey, &p.Title, &p.FirstName, &p.FamilyName,
		&p.Name, &p.Country, &created, &text, &u.deactivated, &u.deleting, &u.noPassword, &u.place.key, &word)
	if err == nil && text != "" {
		u.unverified = true
		err = json.Unmarshal([]byte(text), p)
	}
	if err != nil {
		return fmt.Errorf("accounts: read user: %w", err)
	}
	u.created, u.place.word = store.Time(created), string(word)
	u.Username, u.Name, u.Email, u.Organization, u.Country = p.Username, p.fullName(), p.Email, p.Name, p.Country
	return nil
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
