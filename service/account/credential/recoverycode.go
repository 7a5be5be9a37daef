package credential

import (
	"crypto/rand"
	"fmt"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// recoveryCodes is how many of them an account gets.
const recoveryCodes = 10

// recoveryPurpose is that of the signature as which a recovery code stands in the
// database: 50 random bits need no slow hash under a key that the database does not
// hold.
const recoveryPurpose = "recovery-code"

// NewRecoveryCodes makes ten codes of 50 bits.
func NewRecoveryCodes() (api.RecoveryCodes, error) {
	made := api.RecoveryCodes{Codes: make([]string, recoveryCodes)}
	for i := range made.Codes {
		var err error
		if made.Codes[i], err = rules.NewCode(rand.Reader); err != nil {
			return made, fmt.Errorf("credential: %w", err)
		}
	}
	return made, nil
}

// KeepRecoveryCodes puts codes in the place of earlier ones.
func (c *Credentials) KeepRecoveryCodes(tx *store.Tx, accountID string, made api.RecoveryCodes) {
	tx.Do(`DELETE FROM recovery_codes WHERE account_id = $1`, accountID)
	for _, code := range made.Codes {
		tx.Do(`INSERT INTO recovery_codes (account_id, mac) VALUES ($1, $2)`, accountID,
			c.Key.Sign(recoveryPurpose, []byte(accountID), []byte(code)))
	}
}

// useRecoveryCode uses a recovery code up: the one that deletes it has used it.
func (c *Credentials) useRecoveryCode(tx *store.Tx, accountID, code string) error {
	used := int64(0)
	for _, signed := range c.Key.Signatures(recoveryPurpose, []byte(accountID), []byte(code)) {
		used += tx.Do(`DELETE FROM recovery_codes WHERE account_id = $1 AND mac = $2`, accountID, signed)
	}
	if used != 1 {
		return wrong()
	}
	return nil
}

// RecoveryCodesLeft counts those of an account.
func RecoveryCodesLeft(tx *store.Tx, accountID string) (n int) {
	tx.Get(`SELECT COUNT(*) FROM recovery_codes WHERE account_id = $1`, accountID).Into(&n)
	return n
}
