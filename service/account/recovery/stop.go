package recovery

import (
	"context"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/proof"
	"plenary/service/audit"
	"plenary/service/store"
)

// ResetAddressByLink says which reset address a stop link is for. It changes
// nothing. Once the address was used, taken back, stopped or has become too old,
// it is api.CodeCodeExpired.
func (a *Recoveries) ResetAddressByLink(ctx context.Context, in api.Link) (s api.LinkedResetAddress, err error) {
	// One state of the database: link and reset address belong together.
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		_, s, err = a.stoppable(tx, in.Token)
		return err
	})
	return s, err
}

func (a *Recoveries) stoppable(tx *store.Tx, token string) (accountID string, s api.LinkedResetAddress, err error) {
	shown, err := a.Proofs.ByLink(tx, proof.Stop, token)
	if err != nil {
		return "", s, err
	}
	var email string
	var set, until int64
	if !tx.Get(`SELECT r.account_id, a.username, r.email, r.set_at, r.expires_at
		FROM reset_addresses r JOIN accounts a ON a.id = r.account_id
		WHERE r.account_id = $1 AND r.used_at = 0 AND r.expires_at > $2`, shown.Flow, store.Micros(a.Now())).
		Into(&accountID, &s.Username, &email, &set, &until) {
		return "", s, api.Refuse(api.CodeCodeExpired)
	}
	s.Address, s.Set, s.Until = account.Mask(email), store.Time(set), store.Time(until)
	return accountID, s, nil
}

// StopResetAddress is the owner's "Stop it": the reset address ends, with every
// recovery that was sent there and every change of it that waits for a second
// administrator. Error: api.CodeCodeExpired.
func (a *Recoveries) StopResetAddress(ctx context.Context, in api.Link) error {
	// SERIALIZABLE: whose the link is, is read before the account is held.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		id, stopped, err := a.stoppable(tx, in.Token)
		if err != nil {
			return err
		}
		if err := account.HoldFor(tx, id, api.CodeCodeExpired); err != nil {
			return err
		}
		account.EndWith(tx, account.ResetAddressStopped, id, "")
		a.Audit.Note(tx, audit.ResetAddressStopped, id, audit.Fact(api.DetailBy, api.ByOwner), audit.Fact(api.DetailAddress, stopped.Address))
		return nil
	})
}
