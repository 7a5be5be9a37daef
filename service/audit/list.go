package audit

import (
	"context"
	"errors"
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
	err = db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := q.clone()
		if err := q.user(ctx, tx, f.User); err != nil {
			return err
		}
		list, next, err = q.run(ctx, tx, pageSize)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("audit: list: %w", err)
	}
	return list, next, nil
}

// About gives the newest entries about an account, as List does, at most so many.
func About(ctx context.Context, tx *store.Tx, accountID string, most int) ([]api.AuditEntry, error) {
	var q query
	q.and("a.subject = ?", accountID)
	list, _, err := q.run(ctx, tx, most)
	if err != nil {
		return nil, fmt.Errorf("audit: read history: %w", err)
	}
	return list, nil
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
		return &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/after", Code: api.FieldInvalid}}}
	}
	q.and("a.at <= ?", at)
	q.args = append(q.args, at, id)
	q.where = append(q.where, fmt.Sprintf("(a.at < $%d OR a.id < $%d)", len(q.args)-1, len(q.args)))
	return nil
}

// user wants the entries of the account with a username, or else with an id,
// which stays in the log when the account is gone, or of the request with a
// reference, which people read from their screens in whichever case.
func (q *query) user(ctx context.Context, tx *store.Tx, name string) error {
	if name = strings.TrimSpace(name); name == "" {
		return nil
	}
	var id string
	err := tx.QueryRow(ctx, `SELECT id FROM accounts WHERE username_key = $1`, rules.UsernameKey(name)).Scan(&id)
	switch {
	case errors.Is(err, store.ErrNoRows):
		id = name
		q.args = append(q.args, id, strings.ToUpper(id))
		n := len(q.args)
		q.where = append(q.where, fmt.Sprintf("(a.subject = $%d OR a.actor = $%d OR a.reference = $%d AND a.reference <> '')", n-1, n-1, n))
		return nil
	case err != nil:
		return err
	}
	q.and("(a.subject = ? OR a.actor = ?)", id)
	return nil
}

func (q *query) run(ctx context.Context, tx *store.Tx, limit int) (list []api.AuditEntry, next string, err error) {
	where := ""
	if len(q.where) > 0 {
		where = "WHERE " + strings.Join(q.where, " AND ")
	}
	args := append(q.args, limit+1)
	rows, err := tx.Query(ctx, fmt.Sprintf(`SELECT a.id, a.at, a.event, a.subject, COALESCE(s.username, ''),
			a.actor, COALESCE(w.username, ''), a.detail, a.reference, COALESCE(o.network, ''), COALESCE(r.reason, '')
		FROM audit a LEFT JOIN accounts s ON s.id = a.subject LEFT JOIN accounts w ON w.id = a.actor
			LEFT JOIN audit_origins o ON o.entry = a.id%s
		%s ORDER BY a.at DESC, a.id DESC LIMIT $%d`, joinReason, where, len(args)), args...)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	list = []api.AuditEntry{}
	var last string
	for rows.Next() {
		var e api.AuditEntry
		var at int64
		var actor, actorName, reason string
		if err := rows.Scan(&e.ID, &at, &e.Event, &e.Subject, &e.User, &actor, &actorName, &e.Detail, &e.Reference, &e.Network, &reason); err != nil {
			return nil, "", err
		}
		if len(list) == limit {
			return list, last, rows.Err()
		}
		e.At, e.Detail = store.Time(at), withReason(e.Detail, reason)
		if actor != e.Subject {
			e.Actor = actorName
			if actorName == "" {
				e.Actor = actor
			}
		}
		list = append(list, e)
		last = fmt.Sprintf("%d.%s", at, e.ID)
	}
	return list, "", rows.Err()
}
