package account

import (
	"strings"

	"plenary/rules"
	"plenary/service/account/throttle"
	"plenary/service/store"
)

// Target is the account that an attempt is about; none if nobody has the identifier.
type Target struct {
	AccountID   string // empty: none
	Password    string // PHC string
	EmailKey    string
	UsernameKey string
	Device      []byte // a known device's hash, nil if it is none
}

// Find finds the account for which a condition is true, if there is one, and
// the known device that an expression gives.
func Find(tx *store.Tx, condition, device string, args ...any) (of Target, ok bool) {
	ok = tx.Get(`SELECT a.id, c.password, a.email_key, a.username_key, `+device+`
		FROM accounts a JOIN credentials c ON c.account_id = a.id WHERE `+condition, args...).
		Into(&of.AccountID, &of.Password, &of.EmailKey, &of.UsernameKey, &of.Device)
	return of, ok
}

// Lookup says by which column of accounts and sign-ups an identifier is found, and
// by which key; what is neither address nor username is found by none.
func Lookup(identifier string) (column, key string) {
	identifier = strings.TrimSpace(identifier)
	if key = rules.EmailKey(identifier); key != "" {
		return "email_key", key
	}
	if key = rules.UsernameKey(identifier); rules.ValidUsername(key) {
		return "username_key", key
	}
	return "username_key", "@"
}

// Kinds of the budgets that count failures for a name, a device and an account,
// whichever way somebody proves who they are: log-in, proof within a session, change
// of password, answers to the secret question, second factors.
const (
	IdentifierKind = "identifier"
	DeviceKind     = "device"
	AccountKind    = "account"
)

// IdentifierBudget counts for an identifier in any of its spellings: as typed,
// or as the key by which an account is found.
func (a *Accounts) IdentifierBudget(identifier string) throttle.Budget {
	b := a.Budget(IdentifierKind, a.Limits().IdentifierFailures, a.FailureWindow(), []byte(rules.IdentifierKey(identifier)))
	b.BacksOff, b.Notifies = true, true
	return b
}

// DeviceBudget counts for a known device, by its hash.
func (a *Accounts) DeviceBudget(device []byte) throttle.Budget {
	b := a.Budget(DeviceKind, a.Limits().DeviceFailures, a.FailureWindow(), device)
	b.BacksOff, b.Notifies = true, true
	return b
}

// AccountBudget counts for the account behind all its identifiers; where there is no
// account, for a made-up one, so that the work is the same.
func (a *Accounts) AccountBudget(accountID, identifier string) throttle.Budget {
	by := accountID
	if by == "" {
		by = "none " + rules.IdentifierKey(identifier)
	}
	b := a.Budget(AccountKind, a.Limits().AccountFailures, a.FailureWindow(), []byte(by))
	b.Notifies = true
	return b
}

// GuessBudgets are the counters of wrong passwords that lock an account, which a
// reset, or the right password, clears.
func (a *Accounts) GuessBudgets(of Target) []throttle.Budget {
	return []throttle.Budget{a.IdentifierBudget(of.EmailKey), a.IdentifierBudget(of.UsernameKey), a.AccountBudget(of.AccountID, "")}
}

// ResetFactorBudget is the budget of wrong second factors at resets of an account.
func (a *Accounts) ResetFactorBudget(accountID string) throttle.Budget {
	return a.Budget("second factor at reset", a.Limits().IdentifierFailures, a.FailureWindow(), []byte(accountID))
}
