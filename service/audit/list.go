package audit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// Filter says which entries are wanted; what is zero does not matter.
type Filter struct {
	Event string
	User  string    // username or id of an account that the entry is about, or that did it; or a reference
	From  time.Time // and later
	Until time.Time // before it
	After string    // next of the page before

	Oldest bool // first, instead of the newest
	Limit  int  // how many at most; 100 if 0
}

// List gives entries with the usernames of accounts that exist, and where the next
// page begins ("" at the end). A cursor that is none gives api.CodeInvalid.
func List(ctx context.Context, db *store.DB, f Filter) (list []api.AuditEntry, next string, err error) {
	q := query{}
	if err := q.filter(f); err != nil {
		return nil, "", err
	}
	err = db.View(ctx, func(tx *store.Tx) error {
		q := q.clone()
		q.user(tx, f.User)
		list, next = q.run(tx, cmp.Or(f.Limit, 100))
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
	where  []string
	args   []any
	oldest bool // first
}

func (q *query) clone() *query {
	return &query{slices.Clone(q.where), slices.Clone(q.args), q.oldest}
}

// and adds a condition; each ? in it is the value's place.
func (q *query) and(condition string, value any) {
	q.args = append(q.args, value)
	q.where = append(q.where, strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(q.args))))
}

func (q *query) filter(f Filter) error {
	q.oldest = f.Oldest
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
	behind := "<"
	if q.oldest {
		behind = ">"
	}
	q.and("a.at "+behind+"= ?", at)
	q.args = append(q.args, at, id)
	q.where = append(q.where, fmt.Sprintf("(a.at %[1]s $%[2]d OR a.id %[1]s $%[3]d)", behind, len(q.args)-1, len(q.args)))
	return nil
}

// user wants the entries of the account with a username, or else with an id,
// which stays in the log when the account is gone, or of the request with a
// reference, which people read from their screens in whichever case.
func (q *query) user(tx *store.Tx, name string) {
	if name = strings.TrimSpace(name); name == "" {
		return
	}
	if id := accountNamed(tx, name); id != "" {
		q.and("(a.subject = ? OR a.actor = ?)", id)
		return
	}
	q.args = append(q.args, name, strings.ToUpper(name))
	n := len(q.args)
	q.where = append(q.where, fmt.Sprintf("(a.subject = $%d OR a.actor = $%d OR a.reference = $%d AND a.reference <> '')", n-1, n-1, n))
}

// accountNamed is the id of the account with a username, empty for none.
func accountNamed(tx *store.Tx, name string) (id string) {
	tx.Get(`SELECT id FROM accounts WHERE username_key = $1`, rules.UsernameKey(name)).Into(&id)
	return id
}

// run gives the entries, at most so many, and where the rest begins ("" without one).
func (q *query) run(tx *store.Tx, limit int) (list []api.AuditEntry, next string) {
	where := ""
	if len(q.where) > 0 {
		where = "WHERE " + strings.Join(q.where, " AND ")
	}
	order := "DESC"
	if q.oldest {
		order = "ASC"
	}
	args := append(q.args, limit+1)
	list = []api.AuditEntry{}
	var last string
	for scan := range tx.Each(fmt.Sprintf(`SELECT a.id, a.at, a.event, a.subject, COALESCE(s.username, ''),
			a.actor, COALESCE(w.username, ''), a.details, a.reference, COALESCE(o.network, ''), COALESCE(r.reason, ''), COALESCE(r.details, '')
		FROM audit a LEFT JOIN accounts s ON s.id = a.subject LEFT JOIN accounts w ON w.id = a.actor
			LEFT JOIN audit_origins o ON o.entry = a.id LEFT JOIN reasons r ON r.id = a.reason
		%[1]s ORDER BY a.at %[2]s, a.id %[2]s LIMIT $%[3]d`, where, order, len(args)), args...) {
		var e api.AuditEntry
		var at int64
		var actor, actorName, details, personal string
		scan(&e.ID, &at, &e.Event, &e.Subject, &e.User, &actor, &actorName, &details, &e.Reference, &e.Network, &e.Reason, &personal)
		if len(list) == limit {
			return list, last
		}
		e.At, e.Details = store.Time(at), append(readDetails(details), readDetails(personal)...)
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

// NoteExport notes that somebody is going to keep what a filter chooses: by the names of
// the service, and by nothing that was typed.
func (l *Log) NoteExport(ctx context.Context, db *store.DB, f Filter) error {
	// READ COMMITTED: an entry of the log.
	return db.UpdateCommitted(ctx, func(tx *store.Tx) error {
		var details []Detail
		fact := func(field, value string) {
			if value != "" {
				details = append(details, Fact(field, value))
			}
		}
		if slices.Contains(Events, Event(f.Event)) {
			fact(api.DetailEvent, f.Event)
		}
		id := accountNamed(tx, f.User)
		if name := strings.TrimSpace(f.User); id == "" && uuid.Validate(name) == nil {
			id = name
		}
		fact(api.DetailAccount, id)
		if !f.From.IsZero() {
			fact(api.DetailFrom, f.From.UTC().Format(time.RFC3339))
		}
		if !f.Until.IsZero() {
			fact(api.DetailUntil, f.Until.UTC().Format(time.RFC3339))
		}
		l.Note(tx, LogExported, "", details...)
		return nil
	})
}
