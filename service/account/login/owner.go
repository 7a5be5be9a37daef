package login

import (
	"plenary/api"
	"plenary/service/account"
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

func (a *LogIns) owner(tx *store.Tx, t *Attempt) (o owner, err error) {
	r := account.ProfileRow{Account: api.Account{ID: t.AccountID}}
	var sealed []byte
	var confirmed int64
	failures, args := a.Throttle.MostFailures([]any{t.AccountID, store.Micros(a.Now()), string(audit.LoggedIn)}, a.failureBudgets(t)...)
	if !tx.Get(`SELECT `+account.ProfileColumns+`, c.password, EXISTS (SELECT 1 FROM deactivated x WHERE x.account_id = a.id),
			f.secret, COALESCE(f.confirmed_at, 0), (SELECT COUNT(*) FROM devices k WHERE k.account_id = a.id),
			EXISTS (SELECT 1 FROM audit l WHERE l.subject = a.id AND l.event = $3), `+failures+`
		FROM `+account.ProfileTables+`
		JOIN credentials c ON c.account_id = a.id
		LEFT JOIN second_factors f ON f.account_id = a.id
		WHERE a.id = $1`, args...).
		Into(append(r.Into(), &o.password, &o.deactivated, &sealed, &confirmed, &o.devices, &o.loggedIn, &o.failures)...) {
		return o, api.Refuse(api.CodeCredentials)
	}
	o.account = a.OfRow(r)
	if sealed != nil {
		o.second, err = a.Credentials.OpenSecondFactor(t.AccountID, sealed, confirmed)
	}
	return o, err
}
