package account

import (
	"plenary/api"
	"plenary/rules"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

// ResetPassword sets a password for somebody who has no session: everything that could
// be somebody else's ends. The account is held. Error: api.CodeNotFound.
func (a *Accounts) ResetPassword(tx *store.Tx, accountID, hash string) error {
	return a.ReplacePassword(tx, caller.Caller{AccountID: accountID}, hash, audit.PasswordReset)
}

// ReplacePassword sets a password, ends what ends with it (whatEnds) but for the
// session of whoever asks, if there is one, forgets failures, and tells the owner.
// The account is held. Error: api.CodeNotFound.
func (a *Accounts) ReplacePassword(tx *store.Tx, who caller.Caller, hash string, event audit.Event) error {
	tx.Do(`UPDATE credentials SET password = $1, changed_at = $2 WHERE account_id = $3`, hash, store.Micros(a.Now()), who.AccountID)
	EndWith(tx, PasswordChanged, who.AccountID, who.SessionID)
	a.Audit.Note(tx, audit.SessionsEnded, who.AccountID, audit.Fact(api.DetailCause, string(event)))
	account, err := a.Profile(tx, who.AccountID)
	if err != nil {
		return err
	}
	throttle.Forget(tx, append(a.guessBudgetsOf(account), a.LockNotice(who.AccountID), a.ResetFactorBudget(who.AccountID))...)
	a.Audit.Note(tx, event, who.AccountID)
	a.Tell(tx, account, mail.Message{Template: mail.PasswordChanged})
	return nil
}

// guessBudgetsOf are the GuessBudgets of an account.
func (a *Accounts) guessBudgetsOf(p api.Account) []throttle.Budget {
	return a.GuessBudgets(Target{AccountID: p.ID, EmailKey: rules.EmailKey(p.Email), UsernameKey: rules.UsernameKey(p.Username)})
}
