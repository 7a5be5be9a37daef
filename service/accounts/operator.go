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
	if !rules.PasswordAcceptable(password, a.passwords(), []string{username}) {
		return refused(api.CodePasswordRefused)
	}
	hash, err := a.hasher.hash(ctx, rules.NormalizePassword(password))
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := holdNamed(ctx, tx, username)
		if err != nil {
			return err
		}
		return a.setPassword(ctx, tx, id, hash)
	})
}

// holdNamed gives, and holds, the account with a username, or is api.CodeNotFound.
func holdNamed(ctx context.Context, tx *store.Tx, username string) (id string, err error) {
	err = tx.QueryRow(ctx, `SELECT id FROM accounts WHERE username_key = $1`, rules.UsernameKey(username)).Scan(&id)
	if errors.Is(err, store.ErrNoRows) {
		return "", refused(api.CodeNotFound)
	}
	if err != nil {
		return "", fmt.Errorf("accounts: find username: %w", err)
	}
	return id, hold(ctx, tx, id)
}

// Deactivate keeps everybody out of an account until Reactivate, as
// DeactivateUser does; the operator can do it to the last administrator too.
// Error: api.CodeNotFound.
func (a *Accounts) Deactivate(ctx context.Context, username string) error {
	return a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := holdNamed(ctx, tx, username)
		if err != nil {
			return err
		}
		return a.deactivate(ctx, tx, id, "")
	})
}

// Reactivate ends Deactivate, and also the lock after too many wrong passwords.
// Where there is neither, it changes nothing. Error: api.CodeNotFound.
func (a *Accounts) Reactivate(ctx context.Context, username string) error {
	return a.operate(ctx, username, change{Kind: changeActivate})
}

// SetRoles gives the account with a username these roles and no others, as the
// operator does where there is no second administrator to approve it.
//
// Errors: api.CodeNotFound, api.CodeInvalid, api.CodeLastAdministrator.
func (a *Accounts) SetRoles(ctx context.Context, username string, roles []string) error {
	known, err := knownRoles(roles)
	if err != nil {
		return err
	}
	return a.operate(ctx, username, change{Kind: changeRoles, Roles: known})
}

// operate does a change at once: whoever can run plenaryd on the service's data
// needs nobody's approval.
func (a *Accounts) operate(ctx context.Context, username string, c change) error {
	return a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := holdNamed(ctx, tx, username)
		if err != nil {
			return err
		}
		u, err := a.listed(ctx, tx, id)
		if err != nil {
			return err
		}
		if needed, err := a.needed(ctx, tx, u, c); err != nil || !needed {
			return err
		}
		return a.apply(ctx, tx, u, "", c)
	})
}
