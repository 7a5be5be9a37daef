package accounts

import (
	"context"
	"fmt"

	"plenary/api"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/store"
)

// What needs no second administrator: it keeps people out, and lets nobody in.

// DeactivateUser keeps everybody out of an account until it is activated: its
// sessions, known devices, reset address and recoveries end at once, and what
// waits for a second administrator about it, or was asked for by it, is void.
// Doing it twice changes nothing.
//
// Errors: as ActivateUser; also api.CodeLastAdministrator, and api.CodeWrongState
// for a sign-up.
func (a *Accounts) DeactivateUser(ctx context.Context, p Principal, id string, in api.Reason) error {
	reason, err := staffReason(in.Reason)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		u, err := a.userToChange(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if err := refuseLastAdministrator(ctx, tx, id); err != nil {
			return err
		}
		return a.deactivate(ctx, tx, u.ID, reason)
	})
}

// deactivate is what DeactivateUser and the operator's Deactivate have in common.
// The account is held: a log-in under way has ended, and its session ends here, or
// it finds the deactivation.
func (a *Accounts) deactivate(ctx context.Context, tx *store.Tx, id, reason string) error {
	first, err := tx.Exec(ctx, `INSERT INTO deactivated (account_id, since) VALUES ($1, $2)
		ON CONFLICT (account_id) DO NOTHING`, id, store.Micros(a.Now()))
	if err != nil {
		return fmt.Errorf("accounts: deactivate: %w", err)
	}
	if err := endWith(ctx, tx, deactivatedByStaff, id, ""); err != nil {
		return err
	}
	if first == 0 {
		return nil
	}
	a.log.NoteReason(tx, audit.Deactivated, id, "", reason)
	return a.tellAbout(ctx, tx, id, mail.Message{Template: mail.Deactivated})
}

// reactivate ends a deactivation and a lock. The owner is told.
func (a *Accounts) reactivate(ctx context.Context, tx *store.Tx, u listedUser, owner api.Account, reason string) error {
	if err := a.letIn(ctx, tx, u); err != nil {
		return err
	}
	a.log.NoteReason(tx, audit.Reactivated, u.ID, "", reason)
	return a.tell(ctx, tx, owner, mail.Message{Template: mail.Reactivated})
}

// letIn ends a deactivation by staff and the lock after wrong passwords.
func (a *Accounts) letIn(ctx context.Context, tx *store.Tx, u listedUser) error {
	if _, err := tx.Exec(ctx, `DELETE FROM deactivated WHERE account_id = $1`, u.ID); err != nil {
		return fmt.Errorf("accounts: activate: %w", err)
	}
	throttle.Forget(tx, append(a.guessBudgets(u.target()), a.lockNotice(u.ID))...)
	return nil
}

// EndUserSessions logs a user out everywhere, and voids what "Forgot password?" has
// under way.
//
// Errors: as ActivateUser; also api.CodeWrongState for a sign-up.
func (a *Accounts) EndUserSessions(ctx context.Context, p Principal, id string, in api.Reason) error {
	reason, err := staffReason(in.Reason)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		u, err := a.userToChange(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if err := endWith(ctx, tx, sessionsEndedByStaff, u.ID, ""); err != nil {
			return err
		}
		a.log.NoteReason(tx, audit.SessionsEnded, u.ID, "by staff", reason)
		return nil
	})
}
