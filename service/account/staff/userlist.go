package staff

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
	"plenary/service/wordsearch"
)

// UsersPage is how many users a page has, unless more or fewer are asked for.
const UsersPage = 50

// moreUsers is how many users are read at once where the first page's worth did
// not have enough that fit.
const moreUsers = 500

// Users gives a page of accounts, and of sign-ups whose address was not verified
// yet, by family name; where words are searched for, by the words that are found.
//
// Errors: api.CodeInvalid for a state, role or cursor that there is not.
func (a *Staff) Users(ctx context.Context, _ caller.Caller, f api.UserFilter) (page api.Users, err error) {
	l := userList{Staff: a, filter: f, query: readQuery(f.Query, f.Inside)}
	if f.Role == api.RoleParticipant {
		l.filter.Role = "" // everybody is
	}
	if l.after, err = afterOf(f); err != nil {
		return api.Users{Users: []api.UserSummary{}}, err
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		page = api.Users{Users: []api.UserSummary{}}
		l.query.chooseDriver(tx, l.after)
		users := l.collect(tx)
		if n := l.limit(); len(users) > n {
			users = users[:n]
			page.Next = users[n-1].place.cursor()
		}
		for _, u := range users {
			page.Users = append(page.Users, u.UserSummary)
		}
		return nil
	})
	return page, err
}

// ExportUsers notes that somebody is going to keep the users that a filter chooses: by
// the names of the service, and by nothing that was typed.
func (a *Staff) ExportUsers(ctx context.Context, _ caller.Caller, in api.ExportUsers) error {
	if _, err := afterOf(api.UserFilter{State: in.State, Role: in.Role}); err != nil {
		return err
	}
	// READ COMMITTED: an entry of the log.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		var details []audit.Detail
		for _, d := range []audit.Detail{audit.Fact(api.DetailUserState, in.State), audit.Fact(api.DetailUserRole, in.Role)} {
			if d.After != "" {
				details = append(details, d)
			}
		}
		a.Audit.Note(tx, audit.UsersExported, "", details...)
		return nil
	})
}

// afterOf reads the cursor, and refuses what chooses nothing that there is.
func afterOf(f api.UserFilter) (after place, err error) {
	known := []string{"", api.UserActive, api.UserLocked, api.UserDeactivated, api.UserNoPassword, api.UserDeleting, api.UserUnverified, api.UserInvited}
	switch {
	case f.Role != "" && f.Role != api.RoleParticipant && !slices.Contains(roleNames, f.Role):
		return after, api.Invalid(api.FieldError{Pointer: "/role", Code: api.FieldUnknown})
	case !slices.Contains(known, f.State):
		return after, api.Invalid(api.FieldError{Pointer: "/state", Code: api.FieldUnknown})
	}
	after, ok := readPlace(f.After)
	if !ok {
		err = api.Invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	return after, err
}

// cursor writes a place as text: base64 of the word, its length before it, and the
// sort key.
func (p place) cursor() string {
	return base64.RawURLEncoding.EncodeToString(slices.Concat([]byte{byte(len(p.word))}, []byte(p.word), p.key))
}

func readPlace(cursor string) (p place, ok bool) {
	if cursor == "" {
		return place{key: []byte{}}, true // less than every other one; nil would be NULL
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) == 0 || len(b) <= int(b[0]) {
		return p, false
	}
	n := 1 + int(b[0])
	return place{word: string(b[1:n]), key: b[n:]}, true
}

// userList is a list under way.
type userList struct {
	*Staff
	filter api.UserFilter
	query  userQuery
	after  place
}

// limit is how many users a page has.
func (l *userList) limit() int { return cmp.Or(l.filter.Limit, UsersPage) }

// collect gives the users of a page, and one more where there are more.
func (l *userList) collect(tx *store.Tx) []listedUser {
	waiting := l.signUps(tx)
	if onlySignUps(l.filter.State) {
		return waiting
	}
	var users []listedUser
	for at, n := l.after, l.limit()+1; len(users) <= l.limit(); n = max(moreUsers, l.limit()) {
		batch := l.accounts(tx, at, n)
		found := slices.DeleteFunc(slices.Clone(batch), func(u listedUser) bool {
			word, ok := l.query.find(&u.profile)
			return !ok || word != u.place.word // under a later word of the same user
		})
		l.mark(tx, found)
		for _, u := range found {
			if l.filter.State != "" && u.State != l.filter.State {
				continue
			}
			for len(waiting) > 0 && waiting[0].place.compare(u.place) < 0 {
				users, waiting = append(users, waiting[0]), waiting[1:]
			}
			users = append(users, u)
		}
		if len(batch) < n {
			return append(users, waiting...)
		}
		at = batch[len(batch)-1].place
	}
	return users
}

// accounts reads up to n accounts behind a place. What a lock makes of a state is
// judged afterwards: the counters' names tell nobody whom they count.
func (l *userList) accounts(tx *store.Tx, after place, n int) []listedUser {
	if len(l.query.words) > 0 {
		return l.byWord(tx, after, n)
	}
	q := usersQuery{}
	conditions := []string{"a.sort_key > " + q.place(after.key)}
	for _, part := range l.query.parts {
		conditions = append(conditions, q.like("a.search", part))
	}
	more := l.conditions(tx, &q)
	// Found by itself, which an index on sort key, search and id alone does.
	return scanUsers(tx, fmt.Sprintf(`SELECT %[1]s FROM accounts a WHERE a.id IN
			(SELECT a.id FROM accounts a WHERE %[2]s ORDER BY a.sort_key LIMIT %[3]d) ORDER BY a.sort_key`,
		listedColumns, strings.Join(append(conditions, more...), " AND "), n), q.args...)
}

// byWord reads accounts in the order of the words that the looked up one begins.
// An account with several of them comes several times.
func (l *userList) byWord(tx *store.Tx, after place, n int) (list []listedUser) {
	for _, p := range wordsearch.Prefixes(l.query.words[l.query.driver]) {
		if len(list) == n {
			break
		}
		// Behind a place before the range is where the range begins: PostgreSQL goes
		// through the index from the place on.
		from, key := p.From, []byte{}
		if after.word >= string(from) {
			from, key = []byte(after.word), after.key
		}
		var q usersQuery
		conditions := []string{
			"w.word >= " + q.place(from), "w.word < " + q.place(p.To),
			fmt.Sprintf("(w.word, w.sort_key) > (%s, %s)", q.place(from), q.place(key)), "a.id = w.account_id",
		}
		more := l.conditions(tx, &q)
		list = append(list, scanUsers(tx, fmt.Sprintf(`SELECT %s, w.word FROM account_words w CROSS JOIN accounts a
			WHERE %s ORDER BY w.word, w.sort_key LIMIT %d`, listedAccount, strings.Join(append(conditions, more...), " AND "), n-len(list)), q.args...)...)
	}
	return list
}

// usersQuery collects the arguments of a SELECT.
type usersQuery struct{ args []any }

// place adds an argument and gives its place in the text.
func (q *usersQuery) place(arg any) string {
	q.args = append(q.args, arg)
	return fmt.Sprintf("$%d", len(q.args))
}

// like is true for a column that one of the patterns fits.
func (q *usersQuery) like(column string, patterns []string) string {
	var any []string
	for _, pattern := range patterns {
		any = append(any, column+" LIKE "+q.place(pattern)+" ESCAPE '!'")
	}
	return "(" + strings.Join(any, " OR ") + ")"
}

// conditions are those of state and role on accounts a.
func (l *userList) conditions(tx *store.Tx, q *usersQuery) (conditions []string) {
	among := func(table, column, where string, args ...any) {
		conditions = append(conditions, q.among(tx, table, column, where, args...))
	}
	switch l.filter.State {
	case api.UserActive:
		conditions = append(conditions, "NOT EXISTS (SELECT 1 FROM deactivated d WHERE d.account_id = a.id)",
			"NOT EXISTS (SELECT 1 FROM deletions d WHERE d.account_id = a.id)",
			"NOT EXISTS (SELECT 1 FROM credentials c WHERE c.account_id = a.id AND c.password = '')")
	case api.UserNoPassword:
		among("credentials", "account_id", "password = ''")
	case api.UserDeactivated:
		among("deactivated", "account_id", "1 = 1")
	case api.UserDeleting:
		among("deletions", "account_id", "1 = 1")
	case api.UserLocked:
		// Locks are in the audit log; which of them still hold is looked at in the
		// counters. No window of failures is longer than a week (api.LimitPolicy).
		conditions = append(conditions, "a.id IN (SELECT subject FROM audit WHERE event = "+q.place(string(audit.Locked))+
			" AND at > "+q.place(store.Micros(l.Now().AddDate(0, 0, -7)))+" UNION SELECT account_id FROM lock_notices)")
	}
	if l.filter.Role != "" {
		among("account_roles", "account_id", "role = %s", l.filter.Role)
	}
	return conditions
}

// fewUsers is up to how many users a filter leaves so few that they are found
// first, and put into order afterwards; where it leaves more, the list is gone
// through in its order. Databases without statistics do not know which is faster.
const fewUsers = 5000

// among is true for accounts a that a table names. where may have places (%s) for
// its arguments.
func (q *usersQuery) among(tx *store.Tx, table, column, where string, args ...any) string {
	var count usersQuery
	filled := func(q *usersQuery) string {
		places := make([]any, len(args))
		for i, arg := range args {
			places[i] = q.place(arg)
		}
		return fmt.Sprintf(where, places...)
	}
	condition := filled(&count)
	var n int
	tx.Get(fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT 1 FROM %s t WHERE %s LIMIT %d) n`, table, condition, fewUsers+1), count.args...).Into(&n)
	if n <= fewUsers {
		return fmt.Sprintf("a.id IN (SELECT t.%s FROM %s t WHERE %s)", column, table, filled(q))
	}
	return fmt.Sprintf("EXISTS (SELECT 1 FROM %s t WHERE t.%s = a.id AND %s)", table, column, filled(q))
}
