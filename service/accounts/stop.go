package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"plenary/api"
	"plenary/service/account/proof"
	"plenary/service/audit"
	"plenary/service/store"
)

// Stoppable is a reset address as the page of the stop link shows it to the
// account's owner.
type Stoppable struct {
	Username string
	Address  string // masked
	Set      time.Time
	Until    time.Time
}

// ResetAddressByLink says which reset address a stop link is for. It changes
// nothing. Once the address was used, taken back, stopped or has become too old,
// it is api.CodeCodeExpired.
func (a *Accounts) ResetAddressByLink(ctx context.Context, token string) (s Stoppable, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, s, err = a.stoppable(ctx, tx, token)
		return err
	})
	return s, err
}

func (a *Accounts) stoppable(ctx context.Context, tx *store.Tx, token string) (accountID string, s Stoppable, err error) {
	shown, err := a.proofs.ByLink(tx, proof.Stop, token)
	if err != nil {
		return "", s, err
	}
	var email string
	var set, until int64
	err = tx.QueryRow(ctx, `SELECT r.account_id, a.username, r.email, r.set_at, r.expires_at
		FROM reset_addresses r JOIN accounts a ON a.id = r.account_id
		WHERE r.account_id = $1 AND r.used_at = 0 AND r.expires_at > $2`, shown.Flow, store.Micros(a.Now())).
		Scan(&accountID, &s.Username, &email, &set, &until)
	if errors.Is(err, store.ErrNoRows) {
		return "", s, refused(api.CodeCodeExpired)
	}
	if err != nil {
		return "", s, fmt.Errorf("accounts: find reset address: %w", err)
	}
	s.Address, s.Set, s.Until = mask(email), store.Time(set), store.Time(until)
	return accountID, s, nil
}

// StopResetAddress is the owner's "Stop it": the reset address ends, with every
// recovery that was sent there and every change of it that waits for a second
// administrator. Error: api.CodeCodeExpired.
func (a *Accounts) StopResetAddress(ctx context.Context, token string) error {
	return a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, stopped, err := a.stoppable(ctx, tx, token)
		if err != nil {
			return err
		}
		if err := holdFor(ctx, tx, id, api.CodeCodeExpired); err != nil {
			return err
		}
		if err := endWith(ctx, tx, resetAddressStopped, id, ""); err != nil {
			return err
		}
		a.log.Note(tx, audit.ResetAddressStopped, id, "by the owner "+stopped.Address)
		return nil
	})
}
