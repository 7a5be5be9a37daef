package accounts

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/store"
)

// shownSessions are the sessions that a list shows at most; "Log out everywhere"
// ends those beyond it too.
const shownSessions = 200

// Sessions lists the living sessions of an account, the one used last first.
func (a *Accounts) Sessions(ctx context.Context, who Principal) (list []api.SessionInfo, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		list, err = a.sessionsOf(ctx, tx, who)
		return err
	})
	return list, err
}

func (a *Accounts) sessionsOf(ctx context.Context, tx *store.Tx, who Principal) ([]api.SessionInfo, error) {
	rows, err := tx.Query(ctx, `SELECT id, machine, created_at, used_at, keep FROM sessions
		WHERE account_id = $1 AND expires_at > $2 ORDER BY used_at DESC, id LIMIT $3`,
		who.AccountID, store.Micros(a.Now()), shownSessions)
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
		return a.log.Note(ctx, tx, audit.SessionEnded, who.AccountID, "ended in Settings")
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
		return a.log.Note(ctx, tx, audit.DeviceForgotten, who.AccountID, "")
	})
}
