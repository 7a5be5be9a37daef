package accounts

import (
	"context"

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
	// SERIALIZABLE: who may do it is read, and another administrator may take the role
	// away meanwhile. The account is held.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		u, err := a.userToChange(tx, p, id)
		if err != nil {
			return err
		}
		if err := refuseLastAdministrator(tx, id); err != nil {
			return err
		}
		return a.deactivate(tx, u.ID, reason)
	})
}

// deactivate is what DeactivateUser and the operator's Deactivate have in common.
// The account is held: a log-in under way has ended, and its session ends here, or
// it finds the deactivation.
func (a *Accounts) deactivate(tx *store.Tx, id, reason string) error {
	first := tx.Do(`INSERT INTO deactivated (account_id, since) VALUES ($1, $2)
		ON CONFLICT (account_id) DO NOTHING`, id, store.Micros(a.Now()))
	endWith(tx, deactivatedByStaff, id, "")
	if first == 0 {
		return nil
	}
	a.log.NoteReason(tx, audit.Deactivated, id, "", reason)
	return a.tellAbout(tx, id, mail.Message{Template: mail.Deactivated})
}

// reactivate ends a deactivation and a lock. The owner is told.
func (a *Accounts) reactivate(tx *store.Tx, u listedUser, owner api.Account, reason string) {
	// A lock after wrong passwords ends with the deactivation by staff.
	tx.Do(`DELETE FROM deactivated WHERE account_id = $1`, u.ID)
	throttle.Forget(tx, append(a.guessBudgets(u.target()), a.lockNotice(u.ID))...)
	a.log.NoteReason(tx, audit.Reactivated, u.ID, "", reason)
	a.tell(tx, owner, mail.Message{Template: mail.Reactivated})
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
	// SERIALIZABLE: who may do it is read, and another administrator may take the role
	// away meanwhile. The account is held.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		u, err := a.userToChange(tx, p, id)
		if err != nil {
			return err
		}
		endWith(tx, sessionsEndedByStaff, u.ID, "")
		a.log.NoteReason(tx, audit.SessionsEnded, u.ID, "by staff", reason)
		return nil
	})
}
