package session

import (
	"time"

	"plenary/service/account/token"
	"plenary/service/store"
)

// MaxDevices are the known devices that an account can have; the one that was
// not used for longest gives way.
const MaxDevices = 10

// KnownDevice gives the hash of a device token that belongs to the account, or nil.
func KnownDevice(tx *store.Tx, device, accountID string) []byte {
	hash, ok := token.Hash(device)
	if !ok || !IsDevice(tx, hash, accountID) {
		return nil
	}
	return hash
}

// IsDevice tells whether a device is known for the account.
func IsDevice(tx *store.Tx, hash []byte, accountID string) bool {
	return tx.Has(`SELECT 1 FROM devices WHERE hash = $1 AND account_id = $2`, hash, accountID)
}

// DeviceOf is the SQL of the known device on which session $2 of account a began;
// NULL when it is known no more.
const DeviceOf = `(SELECT d.hash FROM sessions s JOIN devices d ON d.hash = s.device AND d.account_id = s.account_id
	WHERE s.id = $2 AND s.account_id = a.id)`

// Remember gives a device its token after a full log-in: the one that it showed, where
// it is known (KnownDevice), or a new one, beside as many as were known before.
func Remember(tx *store.Tx, now time.Time, accountID, machine, device string, known []byte, before int) string {
	at := store.Micros(now)
	if known != nil && tx.Do(`UPDATE devices SET used_at = $1, machine = $2 WHERE hash = $3`, at, machine, known) == 1 {
		return device
	}
	device = token.New()
	hash, _ := token.Hash(device)
	tx.Do(`INSERT INTO devices (hash, account_id, machine, created_at, used_at) VALUES ($1, $2, $3, $4, $4)`, hash, accountID, machine, at)
	if before >= MaxDevices {
		tx.Do(`DELETE FROM devices WHERE account_id = $1 AND hash NOT IN
			(SELECT hash FROM devices WHERE account_id = $1 ORDER BY used_at DESC, hash LIMIT $2)`, accountID, MaxDevices)
	}
	return device
}

// Forget voids the token of a known device, and tells whether it was one of the
// account's.
func Forget(tx *store.Tx, device, accountID string) bool {
	hash, ok := token.Hash(device)
	return ok && tx.Do(`DELETE FROM devices WHERE hash = $1 AND account_id = $2`, hash, accountID) == 1
}
