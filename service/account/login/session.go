package login

import (
	"context"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/caller"
	"plenary/service/store"
)

// Authenticate gives whose session an access token is of, or
// api.CodeUnauthenticated.
func (a *LogIns) Authenticate(ctx context.Context, access string) (caller.Caller, error) {
	var r account.ProfileRow
	s, err := a.OpenSessions.Authenticate(ctx, access, r.Owner())
	if err != nil {
		return caller.Caller{}, err
	}
	r.Account.ID = s.AccountID
	owner := a.OfRow(r)
	return caller.Caller{
		AccountID: s.AccountID, SessionID: s.ID, ProvedUntil: s.ProvedUntil, Account: owner, Roles: owner.Roles,
	}, nil
}

// Refresh gives a session's next tokens, and its account. Errors as
// session.Sessions.Refresh.
func (a *LogIns) Refresh(ctx context.Context, in api.Refresh) (api.Session, error) {
	var r account.ProfileRow
	accountID, s, err := a.OpenSessions.Refresh(ctx, in.Refresh, r.Owner())
	if err != nil {
		return api.Session{}, err
	}
	r.Account.ID = accountID
	s.Account = a.OfRow(r)
	return s, nil
}

// LogOut ends the session.
func (a *LogIns) LogOut(ctx context.Context, p caller.Caller) error {
	// READ COMMITTED: one row, named by its id.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		a.OpenSessions.End(tx, api.CauseLoggedOut, p.AccountID, p.SessionID)
		return nil
	})
}
