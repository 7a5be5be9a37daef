package accounts

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/store"
)

// sessionsPage is how many sessions a page has.
const sessionsPage = 200

// Sessions lists the living sessions of an account, the one used last first,
// behind a cursor.
//
// Errors: api.CodeInvalid for a cursor that there is not.
func (a *Accounts) Sessions(ctx context.Context, who Principal, after string) (page api.Sessions, err error) {
	from, ok := readSessionPlace(after)
	if !ok {
		return page, invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		page.Sessions, err = a.sessionsOf(ctx, tx, who, from, sessionsPage+1)
		return err
	})
	if len(page.Sessions) > sessionsPage {
		page.Sessions = page.Sessions[:sessionsPage]
		last := page.Sessions[sessionsPage-1]
		page.Next = sessionPlace{used: store.Micros(last.LastUsed), id: last.ID}.cursor()
	}
	return page, err
}

// sessionPlace is where a session stands in the list.
type sessionPlace struct {
	used int64 // microseconds
	id   string
}

// firstSession is where the list begins.
var firstSession = sessionPlace{used: math.MaxInt64}

func (p sessionPlace) cursor() string { return strconv.FormatInt(p.used, 10) + "." + p.id }

// readSessionPlace reads a cursor; the list begins without one.
func readSessionPlace(cursor string) (p sessionPlace, ok bool) {
	if cursor == "" {
		return firstSession, true
	}
	used, id, _ := strings.Cut(cursor, ".")
	n, err := strconv.ParseInt(used, 10, 64)
	return sessionPlace{used: n, id: id}, err == nil && uuid.Validate(id) == nil
}

func (a *Accounts) sessionsOf(ctx context.Context, tx *store.Tx, who Principal, after sessionPlace, n int) ([]api.SessionInfo, error) {
	rows, err := tx.Query(ctx, `SELECT id, machine, created_at, used_at, keep FROM sessions
		WHERE account_id = $1 AND expires_at > $2 AND (used_at < $3 OR used_at = $3 AND id > $4) ORDER BY used_at DESC, id LIMIT $5`,
		who.AccountID, store.Micros(a.Now()), after.used, after.id, n)
	if err != nil {
		return nil, fmt.Errorf("accounts: list sessions: %w", err)
	}
	defer rows.Close()
	list := []api.SessionInfo{}
	for rows.Next() {
		var s api.SessionInfo
		var since, used, keep int64
		if err := rows.Scan(&s.ID, &s.Machine, &since, &used, &keep); err != nil {
			return nil, fmt.Errorf("accounts: list sessions: %w", err)
		}
		s.Since, s.LastUsed, s.Kept, s.Current = store.Time(since), store.Time(used), keep == 1, s.ID == who.SessionID
		list = append(list, s)
	}
	return list, rows.Err()
}

// EndSession ends one of the account's own sessions. Any other id, also that of
// somebody else's session, is api.CodeNotFound.
func (a *Accounts) EndSession(ctx context.Context, who Principal, session string) error {
	if uuid.Validate(session) != nil {
		return refused(api.CodeNotFound)
	}
	// READ COMMITTED: one row, named by its id.
	return a.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM sessions WHERE id = $1 AND account_id = $2`, session, who.AccountID)
		if err != nil {
			return fmt.Errorf("accounts: end session: %w", err)
		}
		if n == 0 {
			return refused(api.CodeNotFound)
		}
		a.log.Note(tx, audit.SessionEnded, who.AccountID, "ended in Settings")
		return nil
	})
}

// ForgetDevice voids the token of a known device, if it is one of the account's.
func (a *Accounts) ForgetDevice(ctx context.Context, who Principal, in api.ForgetDevice) error {
	hash, ok := hashToken(in.Device)
	if !ok {
		return nil
	}
	// READ COMMITTED: one row, named by its hash.
	return a.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM devices WHERE hash = $1 AND account_id = $2`, hash, who.AccountID)
		if err != nil {
			return fmt.Errorf("accounts: forget device: %w", err)
		}
		if n == 0 {
			return nil
		}
		a.log.Note(tx, audit.DeviceForgotten, who.AccountID, "")
		return nil
	})
}
