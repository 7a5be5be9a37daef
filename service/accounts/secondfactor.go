package accounts

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// sealedSecond is the purpose under which the secrets of authenticator apps are sealed.
const sealedSecond = "second-factor"

// SecondFactor tells whether an account has two-step log-in, and whether one of
// its roles asks for it.
func (a *Accounts) SecondFactor(ctx context.Context, p Principal) (api.SecondFactor, error) {
	var f api.SecondFactor
	// One state of the database: codes and roles belong to the same second factor.
	err := a.DB.View(ctx, func(tx *store.Tx) error {
		f = api.SecondFactor{}
		var since int64
		f.On = tx.Get(`SELECT confirmed_at, (SELECT COUNT(*) FROM recovery_codes WHERE account_id = $1)
			FROM second_factors WHERE account_id = $1 AND confirmed_at > 0`, p.AccountID).Into(&since, &f.RecoveryCodes)
		f.Since = store.Time(since)
		f.Required = len(granted(tx, p.AccountID)) > 1 && a.Policies.Now().SecondFactor == api.SecondFactorStaff
		return nil
	})
	return f, err
}

// SetUpSecondFactor makes a new secret, which counts once ConfirmSecondFactor
// was given a code of it. Errors: api.CodeForbidden where the policy offers no
// two-step log-in, api.CodeWrongState while it is on.
func (a *Accounts) SetUpSecondFactor(ctx context.Context, p Principal) (api.SecondFactorSetup, error) {
	if a.Policies.Now().SecondFactor == api.SecondFactorOff {
		return api.SecondFactorSetup{}, refused(api.CodeForbidden)
	}
	account, err := a.Account(ctx, p.AccountID)
	if err != nil {
		return api.SecondFactorSetup{}, err
	}
	// The label of a key is "issuer:account".
	issuer := strings.TrimSpace(strings.ReplaceAll(a.Name(), ":", " "))
	if issuer == "" {
		issuer = "Plenary"
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account.Username, SecretSize: 20})
	if err != nil {
		return api.SecondFactorSetup{}, fmt.Errorf("accounts: make second factor: %w", err)
	}
	sealed := a.Key.Seal(sealedSecond, []byte(p.AccountID), []byte(key.Secret()))
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := hold(tx, p.AccountID); err != nil {
			return err
		}
		if tx.Do(`INSERT INTO second_factors (account_id, secret, confirmed_at, last_step) VALUES ($1, $2, 0, 0)
			ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret WHERE second_factors.confirmed_at = 0`, p.AccountID, sealed) != 1 {
			return refused(api.CodeWrongState)
		}
		return nil
	})
	if err != nil {
		return api.SecondFactorSetup{}, err
	}
	return api.SecondFactorSetup{Secret: key.Secret(), URI: key.URL()}, nil
}

// ConfirmSecondFactor turns two-step log-in on with a code of the new secret,
// and gives the recovery codes, this one time. The owner is told.
//
// Errors: api.CodeSecondFactorWrong; api.CodeWrongState when no secret waits;
// api.CodeTooMany.
func (a *Accounts) ConfirmSecondFactor(ctx context.Context, p Principal, in api.ConfirmSecondFactor) (api.RecoveryCodes, error) {
	made, err := newRecoveryCodes()
	if err != nil {
		return api.RecoveryCodes{}, err
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := hold(tx, p.AccountID); err != nil {
			return err
		}
		f, ok := a.secondFactor(tx, p.AccountID)
		if !ok || f.on {
			return refused(api.CodeWrongState)
		}
		step, right, err := f.step(in.Code, a.Now())
		if err != nil {
			return err
		}
		if !right {
			return refused(api.CodeSecondFactorWrong)
		}
		if err := a.spendChange(tx, p.AccountID); err != nil {
			return err
		}
		tx.Do(`UPDATE second_factors SET confirmed_at = $1, last_step = $2 WHERE account_id = $3`, store.Micros(a.Now()), step, p.AccountID)
		a.keepRecoveryCodes(tx, p.AccountID, made)
		a.log.Note(tx, audit.SecondFactorOn, p.AccountID, "")
		return a.tellAbout(tx, p.AccountID, mail.Message{Template: mail.SecondFactorOn})
	})
	if err != nil {
		return api.RecoveryCodes{}, err
	}
	return made, nil
}

// NewRecoveryCodes makes new recovery codes; earlier ones are void. Error:
// api.CodeWrongState where two-step log-in is off.
func (a *Accounts) NewRecoveryCodes(ctx context.Context, p Principal) (api.RecoveryCodes, error) {
	made, err := newRecoveryCodes()
	if err != nil {
		return api.RecoveryCodes{}, err
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := hold(tx, p.AccountID); err != nil {
			return err
		}
		if f, _ := a.secondFactor(tx, p.AccountID); !f.on {
			return refused(api.CodeWrongState)
		}
		a.keepRecoveryCodes(tx, p.AccountID, made)
		a.log.Note(tx, audit.RecoveryCodesMade, p.AccountID, "")
		return nil
	})
	if err != nil {
		return api.RecoveryCodes{}, err
	}
	return made, nil
}

// RemoveSecondFactor turns two-step log-in off, and tells the owner; where it is
// off, it does nothing.
func (a *Accounts) RemoveSecondFactor(ctx context.Context, p Principal) error {
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := hold(tx, p.AccountID); err != nil {
			return err
		}
		return a.dropSecondFactor(tx, p.AccountID, "")
	})
}

// dropSecondFactor turns an account's two-step log-in off, if it is on, notes it
// with the detail, and tells the owner.
func (a *Accounts) dropSecondFactor(tx *store.Tx, accountID, detail string) error {
	f, ok := a.secondFactor(tx, accountID)
	if !ok {
		return nil
	}
	tx.Do(`DELETE FROM second_factors WHERE account_id = $1`, accountID)
	tx.Do(`DELETE FROM recovery_codes WHERE account_id = $1`, accountID)
	if !f.on {
		return nil
	}
	a.log.Note(tx, audit.SecondFactorOff, accountID, detail)
	return a.tellAbout(tx, accountID, mail.Message{Template: mail.SecondFactorOff})
}

// useSecondFactor asks for the second factor where the account has one and the
// policy counts it, and uses up what was typed: each code of the app and each
// recovery code works once, also among many that come at once. It is nil where
// none is needed.
//
// Errors: api.CodeSecondFactorNeeded when nothing was typed,
// api.CodeSecondFactorWrong; the caller counts the latter as a failure.
func (a *Accounts) useSecondFactor(tx *store.Tx, accountID, typed string) error {
	f, asked := a.askedSecondFactor(tx, accountID)
	if !asked {
		return nil
	}
	return a.useSecond(tx, accountID, f, typed)
}

// useSecond uses up what was typed for a second factor that is asked for.
func (a *Accounts) useSecond(tx *store.Tx, accountID string, f secondFactor, typed string) error {
	if strings.TrimSpace(typed) == "" {
		return refused(api.CodeSecondFactorNeeded)
	}
	if code, ok := rules.NormalizeCode(typed); ok {
		return a.useRecoveryCode(tx, accountID, code)
	}
	step, right, err := f.step(typed, a.Now())
	if err != nil {
		return err
	}
	if !right || tx.Do(`UPDATE second_factors SET last_step = $1 WHERE account_id = $2 AND confirmed_at = $3 AND last_step < $1`,
		step, accountID, store.Micros(f.since)) != 1 {
		return refused(api.CodeSecondFactorWrong)
	}
	return nil
}

// askedSecondFactor gives the second factor of an account that is to be asked for:
// one that is on. The policy "off" asks no participant; whoever has a role keeps
// the protection, so that no administrator takes it from another one by a policy.
func (a *Accounts) askedSecondFactor(tx *store.Tx, accountID string) (f secondFactor, asked bool) {
	if f, _ = a.secondFactor(tx, accountID); !f.on {
		return f, false
	}
	return f, a.asks(f, len(granted(tx, accountID)))
}

// asks tells whether a second factor is to be asked for, of an account that was
// given so many roles, participant among them.
func (a *Accounts) asks(f secondFactor, roles int) bool {
	return f.on && (roles > 1 || a.Policies.Now().SecondFactor != api.SecondFactorOff)
}

// secondFactor is an authenticator app's share in an account.
type secondFactor struct {
	secret string
	on     bool
	since  time.Time
}

// secondFactor reads that of an account, on or not yet; ok is false for none.
func (a *Accounts) secondFactor(tx *store.Tx, accountID string) (f secondFactor, ok bool) {
	var sealed []byte
	var confirmed int64
	if !tx.Get(`SELECT secret, confirmed_at FROM second_factors WHERE account_id = $1`, accountID).Into(&sealed, &confirmed) {
		return f, false
	}
	f, err := a.openSecond(accountID, sealed, confirmed)
	tx.Fail(err)
	return f, err == nil
}

func (a *Accounts) openSecond(accountID string, sealed []byte, confirmed int64) (secondFactor, error) {
	secret, err := a.Key.Open(sealedSecond, []byte(accountID), sealed)
	if err != nil {
		return secondFactor{}, fmt.Errorf("accounts: open second factor: %w", err)
	}
	return secondFactor{secret: string(secret), on: confirmed > 0, since: store.Time(confirmed)}, nil
}

// newRecoveryCodes makes ten codes of 50 bits.
func newRecoveryCodes() (api.RecoveryCodes, error) {
	made := api.RecoveryCodes{Codes: make([]string, recoveryCodes)}
	for i := range made.Codes {
		var err error
		if made.Codes[i], err = rules.NewCode(rand.Reader); err != nil {
			return made, fmt.Errorf("accounts: %w", err)
		}
	}
	return made, nil
}
