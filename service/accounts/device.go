package accounts

import (
	"context"
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

// deviceOfSession is the SQL of the known device on which session $2 of account a
// began; NULL when it is known no more.
const deviceOfSession = `(SELECT d.hash FROM sessions s JOIN devices d ON d.hash = s.device AND d.account_id = s.account_id
	WHERE s.id = $2 AND s.account_id = a.id)`

// remember gives the device its token after a full log-in: the one it showed,
// or a new one, beside as many as were known before.
func (a *Accounts) remember(ctx context.Context, tx *store.Tx, t *try, machine, token string, before int) (string, error) {
	now := store.Micros(a.Now())
	if t.device != nil {
		n, err := tx.Exec(ctx, `UPDATE devices SET used_at = $1, machine = $2 WHERE hash = $3`, now, machine, t.device)
		if err != nil {
			return "", fmt.Errorf("accounts: use device: %w", err)
		}
		if n == 1 {
			return token, nil
		}
	}
	token = newToken()
	if _, err := tx.Exec(ctx, `INSERT INTO devices (hash, account_id, machine, created_at, used_at) VALUES ($1, $2, $3, $4, $4)`,
		mustHash(token), t.accountID, machine, now); err != nil {
		return "", fmt.Errorf("accounts: add device: %w", err)
	}
	if before < maxDevices {
		return token, nil
	}
	if _, err := tx.Exec(ctx, `DELETE FROM devices WHERE account_id = $1 AND hash NOT IN
			(SELECT hash FROM devices WHERE account_id = $1 ORDER BY used_at DESC, hash LIMIT $2)`,
		t.accountID, maxDevices); err != nil {
		return "", fmt.Errorf("accounts: forget devices: %w", err)
	}
	return token, nil
}
