package credential

import (
	"crypto/subtle"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// sealedSecond is the purpose under which the secrets of authenticator apps are sealed.
const sealedSecond = "second-factor"

// What authenticator apps take for granted (RFC 6238, and the key URI format):
// SHA-1, six digits, steps of thirty seconds. A clock may be one step off.
const (
	totpDigits = otp.DigitsSix
	totpStep   = 30 // seconds
	totpSkew   = 1  // steps
	// totpNear is how far off, in steps, a clock is told of at set-up: an hour.
	totpNear = 120
)

// SecondFactor is an authenticator app's share in an account.
type SecondFactor struct {
	On     bool
	Since  time.Time // zero until it is on
	secret string
}

// SecondFactor reads that of an account, on or not yet; ok is false for none.
func (c *Credentials) SecondFactor(tx *store.Tx, accountID string) (f SecondFactor, ok bool) {
	var sealed []byte
	var confirmed int64
	if !tx.Get(`SELECT secret, confirmed_at FROM second_factors WHERE account_id = $1`, accountID).Into(&sealed, &confirmed) {
		return f, false
	}
	f, err := c.OpenSecondFactor(accountID, sealed, confirmed)
	tx.Fail(err)
	return f, err == nil
}

// OpenSecondFactor opens one whose row is read: the columns secret and confirmed_at
// of second_factors.
func (c *Credentials) OpenSecondFactor(accountID string, sealed []byte, confirmed int64) (SecondFactor, error) {
	secret, err := c.Key.Open(sealedSecond, []byte(accountID), sealed)
	if err != nil {
		return SecondFactor{}, fmt.Errorf("credential: open second factor: %w", err)
	}
	return SecondFactor{secret: string(secret), On: confirmed > 0, Since: store.Time(confirmed)}, nil
}

// NewSecondFactor makes a secret for an authenticator app, which shows issuer and
// username beside its codes.
func NewSecondFactor(issuer, username string) (api.SecondFactorSetup, error) {
	// The label of a key is "issuer:account".
	issuer = strings.TrimSpace(strings.ReplaceAll(issuer, ":", " "))
	if issuer == "" {
		issuer = "Plenary"
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: username, SecretSize: 20})
	if err != nil {
		return api.SecondFactorSetup{}, fmt.Errorf("credential: make second factor: %w", err)
	}
	return api.SecondFactorSetup{Secret: key.Secret(), URI: key.URL()}, nil
}

// KeepSecondFactor keeps a secret in the place of one that is not on. It tells
// whether it did: not where one is on.
func (c *Credentials) KeepSecondFactor(tx *store.Tx, accountID, secret string) bool {
	return tx.Do(`INSERT INTO second_factors (account_id, secret, confirmed_at, last_step) VALUES ($1, $2, 0, 0)
		ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret WHERE second_factors.confirmed_at = 0`,
		accountID, c.Key.Seal(sealedSecond, []byte(accountID), []byte(secret))) == 1
}

// ConfirmSecondFactor turns a second factor on with a code of it, which is used up.
// Errors: api.CodeWrongState where none waits to be confirmed; api.CodeSecondFactorWrong,
// which says of a code that is right for another time in which direction the clock of
// the app is off. Whoever may confirm may as well have a new secret made, and know it:
// so it tells nobody anything to guess with. Where a code lets somebody in, none is told.
func (c *Credentials) ConfirmSecondFactor(tx *store.Tx, accountID, typed string) error {
	f, ok := c.SecondFactor(tx, accountID)
	if !ok || f.On {
		return api.Refuse(api.CodeWrongState)
	}
	step, right, err := f.step(typed, c.Now())
	if err != nil {
		return err
	}
	if !right {
		return f.wrongAt(typed, c.Now())
	}
	tx.Do(`UPDATE second_factors SET confirmed_at = $1, last_step = $2 WHERE account_id = $3`, store.Micros(c.Now()), step, accountID)
	return nil
}

// UseSecondFactor uses up what was typed for a second factor that is on: each code
// of the app and each recovery code works once, also among many that come at once.
// recovery tells that it was a recovery code.
//
// Errors: api.CodeSecondFactorNeeded when nothing was typed;
// api.CodeSecondFactorWrong, which the caller counts as a failure.
func (c *Credentials) UseSecondFactor(tx *store.Tx, accountID string, f SecondFactor, typed string) (recovery bool, err error) {
	if strings.TrimSpace(typed) == "" {
		return false, api.Refuse(api.CodeSecondFactorNeeded)
	}
	if code, ok := rules.NormalizeCode(typed); ok {
		return true, c.useRecoveryCode(tx, accountID, code)
	}
	step, right, err := f.step(typed, c.Now())
	if err != nil {
		return false, err
	}
	if !right || tx.Do(`UPDATE second_factors SET last_step = $1 WHERE account_id = $2 AND confirmed_at = $3 AND last_step < $1`,
		step, accountID, store.Micros(f.Since)) != 1 {
		return false, wrong()
	}
	return false, nil
}

// step tells of which time step a typed code is, if it is right now or one step
// before or after.
func (f *SecondFactor) step(typed string, now time.Time) (step int64, right bool, err error) {
	middle := now.Unix() / totpStep
	return f.stepIn(typed, middle-totpSkew, middle+totpSkew)
}

// wrongAt is the error of a code that is not right now: api.CodeSecondFactorWrong, with
// api.FieldClockAhead or api.FieldClockBehind for one that is right up to an hour from
// now, or was.
func (f *SecondFactor) wrongAt(typed string, now time.Time) error {
	middle := now.Unix() / totpStep
	for _, c := range []struct {
		code     string
		from, to int64
	}{
		{api.FieldClockAhead, middle + totpSkew + 1, middle + totpNear},
		{api.FieldClockBehind, middle - totpNear, middle - totpSkew - 1},
	} {
		if _, found, err := f.stepIn(typed, c.from, c.to); err != nil {
			return err
		} else if found {
			return &api.Problem{Code: api.CodeSecondFactorWrong, Errors: []api.FieldError{{Pointer: "/code", Code: c.code}}}
		}
	}
	return wrong()
}

// stepIn tells of which of some time steps a typed code is, the last where it is of
// several.
func (f *SecondFactor) stepIn(typed string, from, to int64) (step int64, right bool, err error) {
	digits := strings.Join(rules.Tokens(typed), "")
	if len(digits) != totpDigits.Length() {
		return 0, false, nil
	}
	for s := from; s <= to; s++ {
		code, err := hotp.GenerateCodeCustom(f.secret, uint64(s), hotp.ValidateOpts{Digits: totpDigits, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, false, fmt.Errorf("credential: code of a second factor: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(code), []byte(digits)) == 1 {
			step, right = s, true
		}
	}
	return step, right, nil
}

// DropSecondFactor removes an account's second factor and its recovery codes.
func DropSecondFactor(tx *store.Tx, accountID string) {
	tx.Do(`DELETE FROM second_factors WHERE account_id = $1`, accountID)
	tx.Do(`DELETE FROM recovery_codes WHERE account_id = $1`, accountID)
}

// wrong is the error of a wrong code.
func wrong() error { return api.Refuse(api.CodeSecondFactorWrong) }
