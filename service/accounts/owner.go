package accounts

import (
	"context"
	"errors"
	"fmt"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/store"
)

// owner is what has to be known of an account whose password was right. One
// statement reads it, once the account is held.
type owner struct {
	account     api.Account
	password    string // PHC string
	deactivated bool   // by staff
	second      secondFactor
	devices     int  // that are known
	loggedIn    bool // before
	failures    int  // that count: under whichever of its names, or on the known device
}

func (a *Accounts) owner(ctx context.Context, tx *store.Tx, t *attempt) (o owner, err error) {
	r := profileRow{account: api.Account{ID: t.accountID}}
	var sealed []byte
	var confirmed int64
	failures, args := a.throttle.MostFailures([]any{t.accountID, store.Micros(a.Now()), string(audit.LoggedIn)}, a.failureBudgets(t)...)
	err = tx.QueryRow(ctx, `SELECT `+profileColumns+`, c.password, EXISTS (SELECT 1 FROM deactivated x WHERE x.account_id = a.id),
			f.secret, COALESCE(f.confirmed_at, 0), (SELECT COUNT(*) FROM devices k WHERE k.account_id = a.id),
			EXISTS (SELECT 1 FROM audit l WHERE l.subject = a.id AND l.event = $3), `+failures+`
		FROM `+profileTables+`
		JOIN credentials c ON c.account_id = a.id
		LEFT JOIN second_factors f ON f.account_id = a.id
		WHERE a.id = $1`, args...).
		Scan(append(r.into(), &o.password, &o.deactivated, &sealed, &confirmed, &o.devices, &o.loggedIn, &o.failures)...)
	if errors.Is(err, store.ErrNoRows) {
		return o, refused(api.CodeCredentials)
	}
	if err != nil {
		return o, fmt.Errorf("accounts: read account: %w", err)
	}
	if o.account, err = a.profile(ctx, tx, r); err != nil || sealed == nil {
		return o, err
	}
	o.second, err = a.openSecond(t.accountID, sealed, confirmed)
	return o, err
}
