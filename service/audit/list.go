package audit

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// pageSize is how many entries List gives at most.
const pageSize = 100

// Filter says which entries are wanted; what is zero does not matter.
type Filter struct {
	Event string
	User  string    // username or id of an account that the entry is about, or that did it; or a reference
	From  time.Time // and later
	Until time.Time // before it
	After string    // next of the page before
}

// List gives entries, the newest first, with the usernames of accounts that
// exist, and where the next page begins ("" at the end). A cursor that is none
// gives api.CodeInvalid.
func List(ctx context.Context, db *store.DB, f Filter) (list []api.AuditEntry, next string, err error) {
	q := query{}
	if err := q.filter(f); err != nil {
		return nil, "", err
	}
	err = db.View(ctx, func(tx *store.Tx) error {
		q := q.clone()
		q.user(tx, f.User)
		list, next = q.run(tx, pageSize)
		return nil
	})
	return list, next, err
}

// About gives the newest entries about an account, as List does, at most so many.
func About(tx *store.Tx, accountID string, most int) []api.AuditEntry {
	var q query
	q.and("a.subject = ?", accountID)
	list, _ := q.run(tx, most)
	return list
}

// query is a WHERE clause that grows.
type query struct {
	where []string
	args  []any
}

func (q *query) clone() *query {
	return &query{append([]string(nil), q.where...), append([]any(nil), q.args...)}
}

// and adds a condition; each ? in it is the value's place.
func (q *query) and(condition string, value any) {
	q.args = append(q.args, value)
	q.where = append(q.where, strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(q.args))))
}

func (q *query) filter(f Filter) error {
	if f.Event != "" {
		q.and("a.event = ?", f.Event)
	}
	if !f.From.IsZero() {
		q.and("a.at >= ?", store.Micros(f.From))
	}
	if !f.Until.IsZero() {
		q.and("a.at < ?", store.Micros(f.Until))
	}
	if f.After == "" {
		return nil
	}
	micros, id, ok := strings.Cut(f.After, ".")
	at, err := strconv.ParseInt(micros, 10, 64)
	if !ok || err != nil {
		return api.Invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	q.and("a.at <= ?", at)
	q.args = append(q.args, at, id)
	q.where = append(q.where, fmt.Sprintf("(a.at < $%d OR a.id < $%d)", len(q.args)-1, len(q.args)))
	return nil
}

// user wants the entries of the account with a username, or else with an id,
// which stays in the log when the account is gone, or of the request with a
// reference, which people read from their screens in whichever case.
func (q *query) user(tx *store.Tx, name string) {
	if name = strings.TrimSpace(name); name == "" {
		return
	}
	var id string
	if tx.Get(`SELECT id FROM accounts WHERE username_key = $1`, rules.UsernameKey(name)).Into(&id) {
		q.and("(a.subject = ? OR a.actor = ?)", id)
		return
	}
	q.args = append(q.args, name, strings.ToUpper(name))
	n := len(q.args)
	q.where = append(q.where, fmt.Sprintf("(a.subject = $%d OR a.actor = $%d OR a.reference = $%d AND a.reference <> '')", n-1, n-1, n))
}

// run gives the entries, at most so many, and where the rest begins ("" without one).
func (q *query) run(tx *store.Tx, limit int) (list []api.AuditEntry, next string) {
	where := ""
	if len(q.where) > 0 {
		where = "WHERE " + strings.Join(q.where, " AND ")
	}
	args := append(q.args, limit+1)
	list = []api.AuditEntry{}
	var last string
	for scan := range tx.Each(fmt.Sprintf(`SELECT a.id, a.at, a.event, a.subject, COALESCE(s.username, ''),
			a.actor, COALESCE(w.username, ''), a.details, a.reference, COALESCE(o.network, ''), COALESCE(r.reason, '')
		FROM audit a LEFT JOIN accounts s ON s.id = a.subject LEFT JOIN accounts w ON w.id = a.actor
			LEFT JOIN audit_origins o ON o.entry = a.id LEFT JOIN reasons r ON r.id = a.reason
		%s ORDER BY a.at DESC, a.id DESC LIMIT $%d`, where, len(args)), args...) {
		var e api.AuditEntry
		var at int64
		var actor, actorName, details string
		scan(&e.ID, &at, &e.Event, &e.Subject, &e.User, &actor, &actorName, &details, &e.Reference, &e.Network, &e.Reason)
		if len(list) == limit {
			return list, last
		}
		e.At, e.Details = store.Time(at), readDetails(details)
		if actor != e.Subject {
			e.Actor = actorName
			if actorName == "" {
				e.Actor = actor
			}
		}
		list = append(list, e)
		last = fmt.Sprintf("%d.%s", at, e.ID)
	}
	return list, ""
}
