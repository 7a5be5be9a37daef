package account

import (
	"strconv"

	"plenary/api"
	"plenary/service/account/credential"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// SecondFactorOn tells whether an account has two-step log-in.
func SecondFactorOn(tx *store.Tx, accountID string) bool {
	return tx.Has(`SELECT 1 FROM second_factors WHERE account_id = $1 AND confirmed_at > 0`, accountID)
}

// UseSecondFactor asks for the second factor where the account has one and the
// policy counts it, and uses up what was typed: each code of the app and each
// recovery code works once, also among many that come at once. It is nil where
// none is needed.
//
// Errors: api.CodeSecondFactorNeeded when nothing was typed,
// api.CodeSecondFactorWrong; the caller counts the latter as a failure.
func (a *Accounts) UseSecondFactor(tx *store.Tx, accountID, typed string) error {
	f, asked := a.AskedSecondFactor(tx, accountID)
	if !asked {
		return nil
	}
	return a.UseAskedSecondFactor(tx, accountID, f, typed)
}

// UseAskedSecondFactor uses up what was typed for a second factor that is asked for.
// The owner is told of a recovery code that was used.
func (a *Accounts) UseAskedSecondFactor(tx *store.Tx, accountID string, f credential.SecondFactor, typed string) error {
	recovery, err := a.Credentials.UseSecondFactor(tx, accountID, f, typed)
	if err != nil || !recovery {
		return err
	}
	a.Audit.Note(tx, audit.RecoveryCodeUsed, accountID)
	return a.TellAbout(tx, accountID, mail.Message{
		Template: mail.RecoveryCodeUsed, Params: map[string]string{"Left": strconv.Itoa(credential.RecoveryCodesLeft(tx, accountID))},
	})
}

// AskedSecondFactor gives the second factor of an account that is to be asked for:
// one that is on. The policy "off" asks no participant; whoever has a role keeps
// the protection, so that no administrator takes it from another one by a policy.
func (a *Accounts) AskedSecondFactor(tx *store.Tx, accountID string) (f credential.SecondFactor, asked bool) {
	if f, _ = a.Credentials.SecondFactor(tx, accountID); !f.On {
		return f, false
	}
	return f, a.AsksSecondFactor(f, len(Granted(tx, accountID)))
}

// AsksSecondFactor tells whether a second factor is to be asked for, of an account
// that was given so many roles, participant among them.
func (a *Accounts) AsksSecondFactor(f credential.SecondFactor, roles int) bool {
	return f.On && (roles > 1 || a.Policies.Now().SecondFactor != api.SecondFactorOff)
}
