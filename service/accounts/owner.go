package accounts

import (
	"plenary/api"
	"plenary/service/account/credential"
	"plenary/service/audit"
	"plenary/service/store"
)

// owner is what has to be known of an account whose password was right. One
// statement reads it, once the account is held.
type owner struct {
	account     api.Account
	password    string // PHC string
	deactivated bool   // by staff
	second      credential.SecondFactor
	devices     int  // that are known
	loggedIn    bool // before
	failures    int  // that count: under whichever of its names, or on the known device
}

func (a *Accounts) owner(tx *store.Tx, t *attempt) (o owner, err error) {
	r := profileRow{account: api.Account{ID: t.accountID}}
	var sealed []byte
	var confirmed int64
	failures, args := a.throttle.MostFailures([]any{t.accountID, store.Micros(a.Now()), string(audit.LoggedIn)}, a.failureBudgets(t)...)
	if !tx.Get(`SELECT `+profileColumns+`, c.password, EXISTS (SELECT 1 FROM deactivated x WHERE x.account_id = a.id),
			f.secret, COALESCE(f.confirmed_at, 0), (SELECT COUNT(*) FROM devices k WHERE k.account_id = a.id),
			EXISTS (SELECT 1 FROM audit l WHERE l.subject = a.id AND l.event = $3), `+failures+`
		FROM `+profileTables+`
		JOIN credentials c ON c.account_id = a.id
		LEFT JOIN second_factors f ON f.account_id = a.id
		WHERE a.id = $1`, args...).
		Into(append(r.into(), &o.password, &o.deactivated, &sealed, &confirmed, &o.devices, &o.loggedIn, &o.failures)...) {
		return o, refused(api.CodeCredentials)
	}
	o.account = a.profile(tx, r)
	if sealed != nil {
		o.second, err = a.credentials.OpenSecondFactor(t.accountID, sealed, confirmed)
	}
	return o, err
}
