package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// Setting gives the value of a row of settings, or "" where there is none.
func (tx *Tx) Setting(ctx context.Context, name string) (value string, err error) {
	err = tx.QueryRow(ctx, `SELECT value FROM settings WHERE name = $1`, name).Scan(&value)
	if err != nil && !errors.Is(err, ErrNoRows) {
		return "", fmt.Errorf("store: read setting %s: %w", name, err)
	}
	return value, nil
}

// SetSetting writes a row of settings, in the place of an earlier one.
func (tx *Tx) SetSetting(ctx context.Context, name, value string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO settings (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value); err != nil {
		return fmt.Errorf("store: write setting %s: %w", name, err)
	}
	return nil
}

// Version names a value of settings, "" included: whoever changes one says which
// it was that they have read.
func Version(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:10])
}
