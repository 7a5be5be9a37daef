package accounts

import (
	"context"
	"strconv"

	"plenary/api"
	"plenary/service/account/credential"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

// SecondFactor tells whether an account has two-step log-in, and whether one of
// its roles asks for it.
func (a *Accounts) SecondFactor(ctx context.Context, p caller.Caller) (api.SecondFactor, error) {
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
func (a *Accounts) SetUpSecondFactor(ctx context.Context, p caller.Caller) (api.SecondFactorSetup, error) {
	if a.Policies.Now().SecondFactor == api.SecondFactorOff {
		return api.SecondFactorSetup{}, refused(api.CodeForbidden)
	}
	account, err := a.Account(ctx, p.AccountID)
	if err != nil {
		return api.SecondFactorSetup{}, err
	}
	setup, err := credential.NewSecondFactor(a.Name(), account.Username)
	if err != nil {
		return api.SecondFactorSetup{}, err
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := hold(tx, p.AccountID); err != nil {
			return err
		}
		if !a.credentials.KeepSecondFactor(tx, p.AccountID, setup.Secret) {
			return refused(api.CodeWrongState)
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
func (a *Accounts) ConfirmSecondFactor(ctx context.Context, p caller.Caller, in api.ConfirmSecondFactor) (api.RecoveryCodes, error) {
	made, err := credential.NewRecoveryCodes()
	if err != nil {
		return api.RecoveryCodes{}, err
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := hold(tx, p.AccountID); err != nil {
			return err
		}
		if err := a.credentials.ConfirmSecondFactor(tx, p.AccountID, in.Code); err != nil {
			return err
		}
		if err := a.spendChange(tx, p.AccountID); err != nil {
			return err
		}
		a.credentials.KeepRecoveryCodes(tx, p.AccountID, made)
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
func (a *Accounts) NewRecoveryCodes(ctx context.Context, p caller.Caller) (api.RecoveryCodes, error) {
	made, err := credential.NewRecoveryCodes()
	if err != nil {
		return api.RecoveryCodes{}, err
	}
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	err = a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := hold(tx, p.AccountID); err != nil {
			return err
		}
		if f, _ := a.credentials.SecondFactor(tx, p.AccountID); !f.On {
			return refused(api.CodeWrongState)
		}
		a.credentials.KeepRecoveryCodes(tx, p.AccountID, made)
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
func (a *Accounts) RemoveSecondFactor(ctx context.Context, p caller.Caller) error {
	// SERIALIZABLE: it is rare, so that less would win nothing. The account is held.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := hold(tx, p.AccountID); err != nil {
			return err
		}
		on := secondFactorOn(tx, p.AccountID)
		credential.DropSecondFactor(tx, p.AccountID)
		if !on {
			return nil
		}
		a.log.Note(tx, audit.SecondFactorOff, p.AccountID, "")
		return a.tellAbout(tx, p.AccountID, mail.Message{Template: mail.SecondFactorOff})
	})
}

// secondFactorOn tells whether an account has two-step log-in.
func secondFactorOn(tx *store.Tx, accountID string) bool {
	return tx.Has(`SELECT 1 FROM second_factors WHERE account_id = $1 AND confirmed_at > 0`, accountID)
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

// useSecond uses up what was typed for a second factor that is asked for. The owner
// is told of a recovery code that was used.
func (a *Accounts) useSecond(tx *store.Tx, accountID string, f credential.SecondFactor, typed string) error {
	recovery, err := a.credentials.UseSecondFactor(tx, accountID, f, typed)
	if err != nil || !recovery {
		return err
	}
	a.log.Note(tx, audit.RecoveryCodeUsed, accountID, "")
	return a.tellAbout(tx, accountID, mail.Message{
		Template: mail.RecoveryCodeUsed, Params: map[string]string{"Left": strconv.Itoa(credential.RecoveryCodesLeft(tx, accountID))},
	})
}

// askedSecondFactor gives the second factor of an account that is to be asked for:
// one that is on. The policy "off" asks no participant; whoever has a role keeps
// the protection, so that no administrator takes it from another one by a policy.
func (a *Accounts) askedSecondFactor(tx *store.Tx, accountID string) (f credential.SecondFactor, asked bool) {
	if f, _ = a.credentials.SecondFactor(tx, accountID); !f.On {
		return f, false
	}
	return f, a.asks(f, len(granted(tx, accountID)))
}

// asks tells whether a second factor is to be asked for, of an account that was
// given so many roles, participant among them.
func (a *Accounts) asks(f credential.SecondFactor, roles int) bool {
	return f.On && (roles > 1 || a.Policies.Now().SecondFactor != api.SecondFactorOff)
}
