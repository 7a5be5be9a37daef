package accounts

import (
	"context"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/account/session"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// Authenticate gives whose session an access token is of, or
// api.CodeUnauthenticated.
func (a *Accounts) Authenticate(ctx context.Context, access string) (caller.Caller, error) {
	var g grants
	s, err := a.sessions.Authenticate(ctx, access, `, `+grantsOf("s.account_id"), &g.names, &g.twoSteps)
	if err != nil {
		return caller.Caller{}, err
	}
	p := caller.Caller{AccountID: s.AccountID, SessionID: s.ID, ProvedUntil: s.ProvedUntil}
	p.Roles, _ = a.inForce(g)
	return p, nil
}

// Refresh gives a session's next tokens, and its account. Errors as
// session.Sessions.Refresh.
func (a *Accounts) Refresh(ctx context.Context, in api.Refresh) (api.Session, error) {
	accountID, s, err := a.sessions.Refresh(ctx, in.Refresh)
	if err != nil {
		return api.Session{}, err
	}
	s.Account, err = a.Account(ctx, accountID)
	if api.HasCode(err, api.CodeNotFound) {
		err = refused(api.CodeSessionEnded) // erased meanwhile
	}
	if err != nil {
		return api.Session{}, err
	}
	return s, nil
}

// LogOut ends the session.
func (a *Accounts) LogOut(ctx context.Context, p caller.Caller) error {
	// READ COMMITTED: one row, named by its id.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		a.sessions.End(tx, "logged out", p.AccountID, p.SessionID)
		return nil
	})
}

// LogOutEverywhere ends all sessions of the account.
func (a *Accounts) LogOutEverywhere(ctx context.Context, p caller.Caller) error {
	// READ COMMITTED: the account is held, so that a log-in under way is ended too.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if err := hold(tx, p.AccountID); err != nil {
			return err
		}
		endWith(tx, loggedOutEverywhere, p.AccountID, "")
		a.log.Note(tx, audit.SessionsEnded, p.AccountID, string(loggedOutEverywhere))
		return nil
	})
}

// Sessions lists the living sessions of an account, the one used last first,
// behind a cursor.
//
// Errors: api.CodeInvalid for a cursor that there is not.
func (a *Accounts) Sessions(ctx context.Context, who caller.Caller, after string) (page api.Sessions, err error) {
	from, ok := session.ReadCursor(after)
	if !ok {
		return page, invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		page = a.sessions.List(tx, who.AccountID, who.SessionID, from)
		return nil
	})
	return page, err
}

// EndSession ends one of the account's own sessions. Any other id, also that of
// somebody else's session, is api.CodeNotFound.
func (a *Accounts) EndSession(ctx context.Context, who caller.Caller, id string) error {
	if uuid.Validate(id) != nil {
		return refused(api.CodeNotFound)
	}
	// READ COMMITTED: one row, named by its id.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if !a.sessions.End(tx, "ended in Settings", who.AccountID, id) {
			return refused(api.CodeNotFound)
		}
		return nil
	})
}

// ForgetDevice voids the token of a known device, if it is one of the account's.
func (a *Accounts) ForgetDevice(ctx context.Context, who caller.Caller, in api.ForgetDevice) error {
	// READ COMMITTED: one row, named by its hash.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if session.Forget(tx, in.Device, who.AccountID) {
			a.log.Note(tx, audit.DeviceForgotten, who.AccountID, "")
		}
		return nil
	})
}
