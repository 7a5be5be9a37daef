package settings

import (
	"context"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

// SecondFactor tells whether an account has two-step log-in, and whether one of
// its roles asks for it.
func (a *Settings) SecondFactor(ctx context.Context, p caller.Caller) (api.SecondFactor, error) {
	var f api.SecondFactor
	// One state of the database: codes and roles belong to the same second factor.
	err := a.DB.View(ctx, func(tx *store.Tx) error {
		f = api.SecondFactor{}
		var since int64
		f.On = tx.Get(`SELECT confirmed_at, (SELECT COUNT(*) FROM recovery_codes WHERE account_id = $1)
			FROM second_factors WHERE account_id = $1 AND confirmed_at > 0`, p.AccountID).Into(&since, &f.RecoveryCodes)
		f.Since = store.Time(since)
		f.Required = len(account.Granted(tx, p.AccountID)) > 1 && a.Policies.Now().SecondFactor == api.SecondFactorStaff
		return nil
	})
	return f, err
}

// SetUpSecondFactor makes a new secret, which counts once ConfirmSecondFactor
// was given a code of it. Errors: api.CodeForbidden where the policy offers no
// two-step log-in, api.CodeWrongState while it is on.
func (a *Settings) SetUpSecondFactor(ctx context.Context, p caller.Caller) (api.SecondFactorSetup, error) {
	if a.Policies.Now().SecondFactor == api.SecondFactorOff {
		return api.SecondFactorSetup{}, api.Refuse(api.CodeForbidden)
	}
	owner, err := a.Account(ctx, p.AccountID)
	if err != nil {
		return api.SecondFactorSetup{}, err
	}
	setup, err := credential.NewSecondFactor(a.Name(), owner.Username)
	if err != nil {
		return api.SecondFactorSetup{}, err
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := account.Hold(tx, p.AccountID); err != nil {
			return err
		}
		if !a.Credentials.KeepSecondFactor(tx, p.AccountID, setup.Secret) {
			return api.Refuse(api.CodeWrongState)
		}
		return nil
	})
	if err != nil {
		return api.SecondFactorSetup{}, err
	}
	return setup, nil
}

// ConfirmSecondFactor turns two-step log-in on with a code of the new secret,
// and gives the recovery codes, this one time. The owner is told.
//
// Errors: api.CodeSecondFactorWrong; api.CodeWrongState when no secret waits;
// api.CodeTooMany.
func (a *Settings) ConfirmSecondFactor(ctx context.Context, p caller.Caller, in api.ConfirmSecondFactor) (api.RecoveryCodes, error) {
	made, err := credential.NewRecoveryCodes()
	if err != nil {
		return api.RecoveryCodes{}, err
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := account.Hold(tx, p.AccountID); err != nil {
			return err
		}
		if err := a.Credentials.ConfirmSecondFactor(tx, p.AccountID, in.Code); err != nil {
			return err
		}
		if err := a.SpendChange(tx, p.AccountID); err != nil {
			return err
		}
		a.Credentials.KeepRecoveryCodes(tx, p.AccountID, made)
		a.Audit.Note(tx, audit.SecondFactorOn, p.AccountID)
		return a.TellAbout(tx, p.AccountID, mail.Message{Template: mail.SecondFactorOn})
	})
	if err != nil {
		return api.RecoveryCodes{}, err
	}
	return made, nil
}

// NewRecoveryCodes makes new recovery codes; earlier ones are void. Error:
// api.CodeWrongState where two-step log-in is off.
func (a *Settings) NewRecoveryCodes(ctx context.Context, p caller.Caller) (api.RecoveryCodes, error) {
	made, err := credential.NewRecoveryCodes()
	if err != nil {
		return api.RecoveryCodes{}, err
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := account.Hold(tx, p.AccountID); err != nil {
			return err
		}
		if f, _ := a.Credentials.SecondFactor(tx, p.AccountID); !f.On {
			return api.Refuse(api.CodeWrongState)
		}
		a.Credentials.KeepRecoveryCodes(tx, p.AccountID, made)
		a.Audit.Note(tx, audit.RecoveryCodesMade, p.AccountID)
		return nil
	})
	if err != nil {
		return api.RecoveryCodes{}, err
	}
	return made, nil
}

// RemoveSecondFactor turns two-step log-in off, and tells the owner; where it is
// off, it does nothing.
func (a *Settings) RemoveSecondFactor(ctx context.Context, p caller.Caller) error {
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := account.Hold(tx, p.AccountID); err != nil {
			return err
		}
		on := account.SecondFactorOn(tx, p.AccountID)
		credential.DropSecondFactor(tx, p.AccountID)
		if !on {
			return nil
		}
		a.Audit.Note(tx, audit.SecondFactorOff, p.AccountID)
		return a.TellAbout(tx, p.AccountID, mail.Message{Template: mail.SecondFactorOff})
	})
}
