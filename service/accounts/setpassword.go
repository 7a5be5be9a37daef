package accounts

import (
	"plenary/api"
	"plenary/rules"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
	"plenary/service/store"
)

// setPassword sets a password for somebody who has no session: everything that could
// be somebody else's ends. The account is held. Error: api.CodeNotFound.
func (a *Accounts) setPassword(tx *store.Tx, accountID, hash string) error {
	return a.replacePassword(tx, caller.Caller{AccountID: accountID}, hash, audit.PasswordReset)
}

// replacePassword sets a password, ends what ends with it (whatEnds) but for the
// session of whoever asks, if there is one, forgets failures, and tells the owner.
// The account is held. Error: api.CodeNotFound.
func (a *Accounts) replacePassword(tx *store.Tx, who caller.Caller, hash string, event audit.Event) error {
	tx.Do(`UPDATE credentials SET password = $1, changed_at = $2 WHERE account_id = $3`, hash, store.Micros(a.Now()), who.AccountID)
	endWith(tx, passwordChanged, who.AccountID, who.SessionID)
	a.log.Note(tx, audit.SessionsEnded, who.AccountID, string(event))
	account, err := a.Profile(tx, who.AccountID)
	if err != nil {
		return err
	}
	throttle.Forget(tx, append(a.guessBudgetsOf(account), a.lockNotice(who.AccountID), a.resetSeconds(who.AccountID))...)
	a.log.Note(tx, event, who.AccountID, "")
	a.tell(tx, account, mail.Message{Template: mail.PasswordChanged})
	return nil
}

// guessBudgetsOf are the guessBudgets of an account.
func (a *Accounts) guessBudgetsOf(p api.Account) []budget {
	return a.guessBudgets(target{accountID: p.ID, emailKey: rules.EmailKey(p.Email), usernameKey: rules.UsernameKey(p.Username)})
}
