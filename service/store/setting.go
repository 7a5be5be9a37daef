package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
)

// ReadSetting gives the value of a row of settings, or "" where there is none.
func (tx *Tx) ReadSetting(name string) (value string) {
	tx.Get(`SELECT value FROM settings WHERE name = $1`, name).Into(&value)
	return value
}

// WriteSetting writes a row of settings, in the place of an earlier one.
func (tx *Tx) WriteSetting(name, value string) {
	tx.Do(`INSERT INTO settings (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
}

// Epoch is in SQL which history of the database this is: a text of up to 8 letters and
// digits, another one since each restore. Numbers that were given out before one may be
// given out again, for something else.
const Epoch = `COALESCE((SELECT value FROM settings WHERE name = 'epoch'), '')`

// NewEpoch begins another history.
func (tx *Tx) NewEpoch() { tx.WriteSetting("epoch", rand.Text()[:8]) }

// Version names a value of settings, "" included: whoever changes one says which
// it was that they have read.
func Version(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:10])
}
