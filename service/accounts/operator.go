package accounts

import (
	"context"
	"errors"
	"fmt"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// SetPassword gives the account with a username another password, as the
// operator does where no e-mail arrives. As after a reset, all its sessions and
// devices end, guessing starts anew, and the owner gets an e-mail.
//
// Errors: api.CodeNotFound, api.CodePasswordRefused.
func (a *Accounts) SetPassword(ctx context.Context, username, password string) error {
	if !rules.PasswordAcceptable(password, a.Policy, []string{username}) {
		return refused(api.CodePasswordRefused)
	}
	hash, err := a.hasher.hash(ctx, rules.NormalizePassword(password))
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := accountNamed(ctx, tx, username)
		if err != nil {
			return err
		}
		return a.setPassword(ctx, tx, id, hash)
	})
}

// accountNamed gives the id of the account with a username, or api.CodeNotFound.
func accountNamed(ctx context.Context, tx *store.Tx, username string) (id string, err error) {
	err = tx.QueryRow(ctx, `SELECT id FROM accounts WHERE username_key = $1`, rules.UsernameKey(username)).Scan(&id)
	if errors.Is(err, store.ErrNoRows) {
		return "", refused(api.CodeNotFound)
	}
	if err != nil {
		return "", fmt.Errorf("accounts: find username: %w", err)
	}
	return id, nil
}
