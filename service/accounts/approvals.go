package accounts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/store"
)

const (
	// approvalLife is how long a change waits for a second administrator.
	approvalLife = 72 * time.Hour
	// approvalsPage is how many a page has.
	approvalsPage = 200
)

// ask lets a change wait for a second administrator. What the same one has asked
// for before, of the same kind and for the same user, gives way.
func (a *Accounts) ask(ctx context.Context, tx *store.Tx, p Principal, userID string, c change) (out api.Outcome, err error) {
	text, err := json.Marshal(c)
	if err != nil {
		return out, fmt.Errorf("accounts: write change: %w", err)
	}
	id, err := newID()
	if err != nil {
		return out, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM approvals WHERE account_id = $1 AND kind = $2 AND asked_by = $3`,
		userID, c.Kind, p.AccountID); err != nil {
		return out, fmt.Errorf("accounts: replace approval: %w", err)
	}
	now := a.Now()
	if _, err := tx.Exec(ctx, `INSERT INTO approvals (id, account_id, kind, change, reason, asked_by, asked_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, userID, c.Kind, string(text), c.Reason, p.AccountID, store.Micros(now), store.Micros(now.Add(approvalLife))); err != nil {
		return out, fmt.Errorf("accounts: ask for approval: %w", err)
	}
	out = api.Outcome{Waiting: true, Approval: id}
	a.log.NoteReason(tx, audit.ApprovalAsked, userID, c.Kind, c.Reason)
	return out, nil
}

// Approvals lists what waits for a second administrator, the oldest first, behind
// a cursor, which is the id of the last one: ids are UUIDv7.
//
// Errors: api.CodeInvalid for a cursor that there is not.
func (a *Accounts) Approvals(ctx context.Context, p Principal, after string) (page api.Approvals, err error) {
	if after != "" && uuid.Validate(after) != nil {
		return page, invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		page.Approvals, err = a.approvals(ctx, tx, p, "", after, approvalsPage+1)
		return err
	})
	if len(page.Approvals) > approvalsPage {
		page.Approvals = page.Approvals[:approvalsPage]
		page.Next = page.Approvals[approvalsPage-1].ID
	}
	if page.Approvals == nil {
		page.Approvals = []api.Approval{}
	}
	return page, err
}

// waiting is an approval as it stands in the database.
type waiting struct {
	id, userID, askedBy string
	by                  string // username of who asked, while there is one
	asked, expires      time.Time
	change              change
}

const waitingColumns = `id, account_id, asked_by, COALESCE((SELECT username FROM accounts w WHERE w.id = asked_by), ''),
	asked_at, expires_at, kind, change, reason`

func scanWaiting(row interface{ Scan(...any) error }) (w waiting, err error) {
	var text string
	var asked, expires int64
	if err := row.Scan(&w.id, &w.userID, &w.askedBy, &w.by, &asked, &expires, &w.change.Kind, &text, &w.change.Reason); err != nil {
		return w, fmt.Errorf("accounts: read approval: %w", err)
	}
	if err := json.Unmarshal([]byte(text), &w.change); err != nil {
		return w, fmt.Errorf("accounts: read approval %s: %w", w.id, err)
	}
	w.asked, w.expires = store.Time(asked), store.Time(expires)
	return w, nil
}

// approvals gives up to n of what waits about one user, or about all if the id is
// empty, behind an id.
func (a *Accounts) approvals(ctx context.Context, tx *store.Tx, p Principal, userID, after string, n int) ([]api.Approval, error) {
	rows, err := tx.Query(ctx, `SELECT `+waitingColumns+` FROM approvals WHERE expires_at > $1 AND ($2 = '' OR account_id = $2) AND id > $3
		ORDER BY id LIMIT $4`, store.Micros(a.Now()), userID, after, n)
	if err != nil {
		return nil, fmt.Errorf("accounts: list approvals: %w", err)
	}
	defer rows.Close()
	var all []waiting
	for rows.Next() {
		w, err := scanWaiting(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	var q usersQuery
	var places []string
	for _, w := range all {
		places = append(places, q.place(w.userID))
	}
	if len(places) == 0 {
		return nil, nil
	}
	users, err := a.queryUsers(ctx, tx, `SELECT `+listedColumns+` FROM accounts a WHERE a.id IN (`+strings.Join(places, ", ")+`)`, q.args...)
	if err != nil {
		return nil, err
	}
	about := make(map[string]api.UserSummary, len(users))
	for _, u := range users {
		about[u.ID] = u.UserSummary
	}
	list := make([]api.Approval, len(all))
	for i, w := range all {
		list[i] = api.Approval{
			ID: w.id, Kind: w.change.Kind, User: about[w.userID], Email: w.change.Email, Roles: w.change.Roles, Reason: w.change.Reason,
			By: w.by, Asked: w.asked, Expires: w.expires, Own: w.askedBy == p.AccountID,
		}
	}
	return list, nil
}

// DecideApproval is the second administrator's decision. Who asked can take the
// change back by refusing it; whom it is about decides nothing. Of many
// decisions that come at once, one counts.
//
// Errors: api.CodeNotFound for what was decided already or has expired;
// api.CodeSecondPerson to whoever asked for it; api.CodeOwnRoles;
// api.CodeForbidden when who decides is no active administrator any more;
// api.CodeLastAdministrator; api.CodeWrongState when the change has become
// impossible meanwhile, which ends it.
func (a *Accounts) DecideApproval(ctx context.Context, p Principal, id string, in api.DecideApproval) error {
	if uuid.Validate(id) != nil {
		return refused(api.CodeNotFound)
	}
	reason := ""
	if in.Reason != "" {
		var err error
		if reason, err = staffReason(in.Reason); err != nil {
			return err
		}
	}
	var verdict error // of an approval that this call ended: to be committed
	err := a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		verdict = nil
		w, err := scanWaiting(tx.QueryRow(ctx, `SELECT `+waitingColumns+` FROM approvals WHERE id = $1 AND expires_at > $2`, id, store.Micros(a.Now())))
		if errors.Is(err, store.ErrNoRows) {
			return refused(api.CodeNotFound)
		}
		if err != nil {
			return err
		}
		u, err := a.userToChange(ctx, tx, p, w.userID)
		if err != nil {
			return err
		}
		if in.Approve && w.askedBy == p.AccountID {
			return refused(api.CodeSecondPerson)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM approvals WHERE id = $1`, id); err != nil {
			return fmt.Errorf("accounts: end approval: %w", err)
		}
		if !in.Approve {
			a.log.NoteReason(tx, audit.ApprovalRefused, u.ID, w.change.Kind, reason)
			return nil
		}
		possible, err := a.possible(ctx, tx, u, w)
		if err != nil {
			return err
		}
		if !possible {
			verdict = refused(api.CodeWrongState)
			a.log.Note(tx, audit.ApprovalRefused, u.ID, w.change.Kind+" is not possible any more")
			return nil
		}
		a.log.NoteReason(tx, audit.ApprovalGiven, u.ID, w.change.Kind, reason)
		return a.apply(ctx, tx, u, w.askedBy, w.change)
	})
	if err == nil {
		err = verdict
	}
	return err
}

// possible tells whether a change is still the one that was asked for, by
// somebody who may.
func (a *Accounts) possible(ctx context.Context, tx *store.Tx, u listedUser, w waiting) (bool, error) {
	if ok, err := activeAdministrator(ctx, tx, w.askedBy); err != nil || !ok {
		return false, err
	}
	if w.change.Kind == changeRoles && !slices.Equal(u.Roles, w.change.Before) {
		return false, nil
	}
	needed, err := a.needed(ctx, tx, u, w.change)
	if _, ok := errors.AsType[*api.Problem](err); ok {
		return false, nil
	}
	return needed, err
}
