package staff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

const (
	// ApprovalLife is how long a change waits for a second administrator.
	ApprovalLife = 72 * time.Hour
	// ApprovalsPage is how many a page has.
	ApprovalsPage = 200
)

// ask lets a change wait for a second administrator. What the same one has asked
// for before, of the same kind and for the same user, gives way.
func (s *staffChange) ask() api.Outcome {
	tx, c := s.tx, s.change
	text, err := json.Marshal(c)
	tx.Fail(err)
	id, err := account.NewID()
	tx.Fail(err)
	tx.Do(`DELETE FROM approvals WHERE account_id = $1 AND kind = $2 AND asked_by = $3`, s.user.ID, c.Kind, s.by)
	now := s.Now()
	tx.Do(`INSERT INTO approvals (id, account_id, kind, change, reason, asked_by, asked_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, s.user.ID, c.Kind, string(text), c.Reason, s.by, store.Micros(now), store.Micros(now.Add(ApprovalLife)))
	s.log.NoteReason(tx, audit.ApprovalAsked, s.user.ID, c.Reason, audit.Fact(api.DetailKind, c.Kind))
	return api.Outcome{Waiting: true, Approval: id}
}

// Approvals lists what waits for a second administrator, the oldest first, behind
// a cursor, which is the id of the last one: ids are UUIDv7.
//
// Errors: api.CodeInvalid for a cursor that there is not.
func (a *Staff) Approvals(ctx context.Context, p caller.Caller, after string) (page api.Approvals, err error) {
	if after != "" && uuid.Validate(after) != nil {
		return page, api.Invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		page.Approvals = a.approvals(tx, p, "", after, ApprovalsPage+1)
		return nil
	})
	if len(page.Approvals) > ApprovalsPage {
		page.Approvals = page.Approvals[:ApprovalsPage]
		page.Next = page.Approvals[ApprovalsPage-1].ID
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

// scanWaiting reads waitingColumns; not found where there is no row.
func scanWaiting(tx *store.Tx, scan store.Scan) (w waiting, found bool) {
	var text string
	var asked, expires int64
	if !scan(&w.id, &w.userID, &w.askedBy, &w.by, &asked, &expires, &w.change.Kind, &text, &w.change.Reason) {
		return w, false
	}
	if err := json.Unmarshal([]byte(text), &w.change); err != nil {
		tx.Fail(fmt.Errorf("staff: read approval %s: %w", w.id, err))
	}
	w.asked, w.expires = store.Time(asked), store.Time(expires)
	return w, true
}

// approvals gives up to n of what waits about one user, or about all if the id is
// empty, behind an id.
func (a *Staff) approvals(tx *store.Tx, p caller.Caller, userID, after string, n int) []api.Approval {
	var all []waiting
	for scan := range tx.Each(`SELECT `+waitingColumns+` FROM approvals WHERE expires_at > $1 AND ($2 = '' OR account_id = $2) AND id > $3
		ORDER BY id LIMIT $4`, store.Micros(a.Now()), userID, after, n) {
		w, _ := scanWaiting(tx, scan)
		all = append(all, w)
	}
	if len(all) == 0 {
		return nil
	}
	var q usersQuery
	var places []string
	for _, w := range all {
		places = append(places, q.place(w.userID))
	}
	users := a.queryUsers(tx, `SELECT `+listedColumns+` FROM accounts a WHERE a.id IN (`+strings.Join(places, ", ")+`)`, q.args...)
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
	return list
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
func (a *Staff) DecideApproval(ctx context.Context, p caller.Caller, id string, in api.DecideApproval) error {
	if uuid.Validate(id) != nil {
		return api.Refuse(api.CodeNotFound)
	}
	reason := ""
	if in.Reason != "" {
		var err error
		if reason, err = staffReason(in.Reason); err != nil {
			return err
		}
	}
	var verdict error // of an approval that this call ended: to be committed
	// SERIALIZABLE: who may do it is read, and another administrator may take the role
	// away meanwhile. The account is held.
	err := a.DB.Update(ctx, func(tx *store.Tx) error {
		verdict = nil
		w, found := scanWaiting(tx, tx.Get(`SELECT `+waitingColumns+` FROM approvals WHERE id = $1 AND expires_at > $2`, id, store.Micros(a.Now())).Into)
		if !found {
			return api.Refuse(api.CodeNotFound)
		}
		s, err := a.beginChange(tx, p, w.userID, w.change)
		if err != nil {
			return err
		}
		s.by = w.askedBy
		if in.Approve && w.askedBy == p.AccountID {
			return api.Refuse(api.CodeSecondPerson)
		}
		tx.Do(`DELETE FROM approvals WHERE id = $1`, id)
		if !in.Approve {
			a.Audit.NoteReason(tx, audit.ApprovalRefused, w.userID, reason, audit.Fact(api.DetailKind, w.change.Kind))
			return nil
		}
		possible, err := s.possible()
		if err != nil {
			return err
		}
		if !possible {
			verdict = api.Refuse(api.CodeWrongState)
			a.Audit.Note(tx, audit.ApprovalRefused, w.userID, audit.Fact(api.DetailKind, w.change.Kind), audit.Fact(api.DetailCause, api.CauseImpossible))
			return nil
		}
		a.Audit.NoteReason(tx, audit.ApprovalGiven, w.userID, reason, audit.Fact(api.DetailKind, w.change.Kind))
		return s.apply()
	})
	if err == nil {
		err = verdict
	}
	return err
}

// possible tells whether a change is still the one that was asked for, by
// somebody who may.
func (s *staffChange) possible() (bool, error) {
	if !activeAdministrator(s.tx, s.by) {
		return false, nil
	}
	needed, err := s.needed()
	if _, ok := errors.AsType[*api.Problem](err); ok {
		return false, nil
	}
	return needed, err
}
