package accounts

import (
	"crypto/subtle"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// What authenticator apps take for granted (RFC 6238, and the key URI format):
// SHA-1, six digits, steps of thirty seconds. A clock may be one step off.
const (
	totpDigits    = otp.DigitsSix
	totpStep      = 30 // seconds
	totpSkew      = 1  // steps
	recoveryCodes = 10
)

// step tells of which time step a typed code is, if it is right now or one step
// before or after.
func (f *secondFactor) step(typed string, now time.Time) (step int64, right bool, err error) {
	digits := strings.Join(rules.Tokens(typed), "")
	if len(digits) != totpDigits.Length() {
		return 0, false, nil
	}
	middle := now.Unix() / totpStep
	for s := middle - totpSkew; s <= middle+totpSkew; s++ {
		code, err := hotp.GenerateCodeCustom(f.secret, uint64(s), hotp.ValidateOpts{Digits: totpDigits, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, false, fmt.Errorf("accounts: code of a second factor: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(code), []byte(digits)) == 1 {
			step, right = s, true
		}
	}
	return step, right, nil
}

// recoveryPurpose is that of the signature as which a recovery code stands in the
// database: 50 random bits need no slow hash under a key that the database does not
// hold.
const recoveryPurpose = "recovery-code"

// keepRecoveryCodes puts codes in the place of earlier ones.
func (a *Accounts) keepRecoveryCodes(tx *store.Tx, accountID string, made api.RecoveryCodes) {
	tx.Do(`DELETE FROM recovery_codes WHERE account_id = $1`, accountID)
	for _, code := range made.Codes {
		tx.Do(`INSERT INTO recovery_codes (account_id, mac) VALUES ($1, $2)`, accountID,
			a.Key.Sign(recoveryPurpose, []byte(accountID), []byte(code)))
	}
}

// useRecoveryCode uses a recovery code up: the one that deletes it has used it.
func (a *Accounts) useRecoveryCode(tx *store.Tx, accountID, code string) error {
	used := int64(0)
	for _, signed := range a.Key.Signatures(recoveryPurpose, []byte(accountID), []byte(code)) {
		used += tx.Do(`DELETE FROM recovery_codes WHERE account_id = $1 AND mac = $2`, accountID, signed)
	}
	if used != 1 {
		return refused(api.CodeSecondFactorWrong)
	}
	var left int
	tx.Get(`SELECT COUNT(*) FROM recovery_codes WHERE account_id = $1`, accountID).Into(&left)
	a.log.Note(tx, audit.RecoveryCodeUsed, accountID, "")
	return a.tellAbout(tx, accountID, mail.Message{
		Template: mail.RecoveryCodeUsed, Params: map[string]string{"Left": strconv.Itoa(left)},
	})
}
