package accounts

import (
	"context"
	"errors"
	"fmt"

	"plenary/service/store"
)

// maxDevices are the known devices that an account can have; the one that was
// not used for longest gives way.
const maxDevices = 10

// knownDevice gives the hash of a device token that belongs to the account, or nil.
func knownDevice(ctx context.Context, tx *store.Tx, token, accountID string) ([]byte, error) {
	hash, ok := hashToken(token)
	if !ok {
		return nil, nil
	}
	n, err := countDevice(ctx, tx, hash, accountID)
	if err != nil || n == 0 {
		return nil, err
	}
	return hash, nil
}

// countDevice is 1 if a device is known for the account, else 0.
func countDevice(ctx context.Context, tx *store.Tx, hash []byte, accountID string) (n int, err error) {
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM devices WHERE hash = $1 AND account_id = $2`, hash, accountID).Scan(&n); err != nil {
		return 0, fmt.Errorf("accounts: find device: %w", err)
	}
	return n, nil
}

// deviceOfSession gives the hash of the known device on which a session began,
// or nil when it is known no more.
func deviceOfSession(ctx context.Context, tx *store.Tx, p Principal) (hash []byte, err error) {
	err = tx.QueryRow(ctx, `SELECT d.hash FROM sessions s JOIN devices d ON d.hash = s.device AND d.account_id = s.account_id
		WHERE s.id = $1 AND s.account_id = $2`, p.SessionID, p.AccountID).Scan(&hash)
	if errors.Is(err, store.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("accounts: find device of session: %w", err)
	}
	return hash, nil
}

// remember gives the device its token after a full log-in: the one it showed,
// or a new one.
func (a *Accounts) remember(ctx context.Context, tx *store.Tx, accountID, machine, token string, known []byte) (string, error) {
	now := store.Micros(a.Now())
	if known != nil {
		n, err := tx.Exec(ctx, `UPDATE devices SET used_at = $1, machine = $2 WHERE hash = $3`, now, machine, known)
		if err != nil {
			return "", fmt.Errorf("accounts: use device: %w", err)
		}
		if n == 1 {
			return token, nil
		}
	}
	token = newToken()
	if _, err := tx.Exec(ctx, `INSERT INTO devices (hash, account_id, machine, created_at, used_at) VALUES ($1, $2, $3, $4, $4)`,
		mustHash(token), accountID, machine, now); err != nil {
		return "", fmt.Errorf("accounts: add device: %w", err)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM devices WHERE account_id = $1 AND hash NOT IN
			(SELECT hash FROM devices WHERE account_id = $1 ORDER BY used_at DESC, hash LIMIT $2)`,
		accountID, maxDevices); err != nil {
		return "", fmt.Errorf("accounts: forget devices: %w", err)
	}
	return token, nil
}
