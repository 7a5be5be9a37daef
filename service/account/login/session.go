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
	var g account.Grants
	s, err := a.OpenSessions.Authenticate(ctx, access, `, `+account.GrantsOf("s.account_id"), &g.Names, &g.TwoSteps)
	if err != nil {
		return caller.Caller{}, err
	}
	p := caller.Caller{AccountID: s.AccountID, SessionID: s.ID, ProvedUntil: s.ProvedUntil}
	p.Roles, _ = a.RolesInForce(g)
	return p, nil
}

// Refresh gives a session's next tokens, and its account. Errors as
// session.Sessions.Refresh.
func (a *LogIns) Refresh(ctx context.Context, in api.Refresh) (api.Session, error) {
	accountID, s, err := a.OpenSessions.Refresh(ctx, in.Refresh)
	if err != nil {
		return api.Session{}, err
	}
	s.Account, err = a.Account(ctx, accountID)
	if api.HasCode(err, api.CodeNotFound) {
		err = api.Refuse(api.CodeSessionEnded) // erased meanwhile
	}
	if err != nil {
		return api.Session{}, err
	}
	return s, nil
}

// LogOut ends the session.
func (a *LogIns) LogOut(ctx context.Context, p caller.Caller) error {
	// READ COMMITTED: one row, named by its id.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		a.OpenSessions.End(tx, "logged out", p.AccountID, p.SessionID)
		return nil
	})
}
