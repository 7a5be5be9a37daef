package staff

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/store"
)

// listedUser is a user in a list with what its state follows from.
type listedUser struct {
	api.UserSummary
	standing
	usernameKey, emailKey string
	created               time.Time
	profile               account.Person // as far as it is listed
	place                 place
}

// listedAccount are the columns of accounts a that scan reads, but for the word
// under which one was found.
const listedAccount = `a.id, a.username_key AS username_key, a.username, a.email, a.email_key, a.title, a.first_name, a.family_name,
	a.organization_name, a.country, a.created_at, '' AS profile,
	EXISTS (SELECT 1 FROM deactivated d WHERE d.account_id = a.id) AS out,
	EXISTS (SELECT 1 FROM deletions d WHERE d.account_id = a.id) AS leaving, FALSE AS invited,
	COALESCE((SELECT c.password FROM credentials c WHERE c.account_id = a.id), '') = '' AS no_password, a.sort_key AS sort_key`

// listedColumns are those where no word was looked for.
const listedColumns = listedAccount + `, '' AS word`

// listedSignUpColumns are the same of sign-ups s.
const listedSignUpColumns = `s.id, s.username_key, '' AS username, '' AS email, s.email_key, '' AS title, '' AS first_name, '' AS family_name,
	'' AS organization_name, '' AS country, s.created_at, s.profile, FALSE AS out, FALSE AS leaving,
	EXISTS (SELECT 1 FROM invitations i WHERE i.sign_up = s.id) AS invited, FALSE AS no_password, '' AS sort_key, '' AS word`

// signUps gives the sign-ups of the list that wait, behind its cursor, in order.
// There are as many as people signed up in a day and have not activated yet.
func (l *userList) signUps(tx *store.Tx) []listedUser {
	if l.filter.Role != "" || l.filter.State != "" && !onlySignUps(l.filter.State) {
		return nil
	}
	var q usersQuery
	conditions := []string{"s.state = " + q.place(api.SignUpWaiting), "s.expires_at > " + q.place(store.Micros(l.Now()))}
	for _, part := range l.query.parts {
		conditions = append(conditions, q.like("s.search", part))
	}
	list := scanUsers(tx, `SELECT `+listedSignUpColumns+` FROM sign_ups s WHERE `+strings.Join(conditions, " AND "), q.args...)
	behind := list[:0]
	for _, u := range list {
		word, ok := l.query.find(&u.profile)
		u.place = place{word: word, key: u.profile.SortKey()}
		u.Roles, u.State = []string{api.RoleParticipant}, stateOf(u.standing)
		if ok && u.place.compare(l.after) > 0 && (l.filter.State == "" || l.filter.State == u.State) {
			behind = append(behind, u)
		}
	}
	slices.SortFunc(behind, func(a, b listedUser) int { return a.place.compare(b.place) })
	return behind
}

// queryUsers gives the users that a query of listedColumns finds, with their
// roles and states.
func (a *Staff) queryUsers(tx *store.Tx, query string, args ...any) []listedUser {
	list := scanUsers(tx, query, args...)
	a.mark(tx, list)
	return list
}

// mark finds out the roles and states of listed users.
func (a *Staff) mark(tx *store.Tx, list []listedUser) {
	if len(list) == 0 {
		return
	}
	a.markLocked(tx, list)
	markRoles(tx, list)
	for i := range list {
		list[i].State = stateOf(list[i].standing)
	}
}

// scanUsers reads rows of listedColumns.
func scanUsers(tx *store.Tx, query string, args ...any) (list []listedUser) {
	for scan := range tx.Each(query, args...) {
		var u listedUser
		tx.Fail(u.scan(scan))
		list = append(list, u)
	}
	return list
}

func (u *listedUser) scan(scan store.Scan) error {
	p := &u.profile
	var text string
	var word []byte
	var created int64
	scan(&u.ID, &u.usernameKey, &p.Username, &p.Email, &u.emailKey, &p.Title, &p.FirstName, &p.FamilyName,
		&p.Name, &p.Country, &created, &text, &u.deactivated, &u.deleting, &u.invited, &u.noPassword, &u.place.key, &word)
	if text != "" {
		u.unverified = true
		if err := json.Unmarshal([]byte(text), p); err != nil {
			return fmt.Errorf("staff: read profile of sign-up %s: %w", u.ID, err)
		}
	}
	u.created, u.place.word = store.Time(created), string(word)
	u.Username, u.Name, u.Email, u.Organization, u.Country = p.Username, p.FullName(), p.Email, p.Name, p.Country
	return nil
}

// markRoles reads the roles of the listed users, in force or not.
func markRoles(tx *store.Tx, list []listedUser) {
	at := map[string]int{}
	places, args := []string{}, []any{}
	for i, u := range list {
		list[i].Roles = []string{api.RoleParticipant}
		at[u.ID] = i
		args = append(args, u.ID)
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	for scan := range tx.Each(`SELECT account_id, role FROM account_roles WHERE account_id IN (`+strings.Join(places, ", ")+`) ORDER BY role`, args...) {
		var id, role string
		if scan(&id, &role) {
			list[at[id]].Roles = append(list[at[id]].Roles, role)
		}
	}
}
