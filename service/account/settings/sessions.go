package settings

import (
	"context"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/session"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// LogOutEverywhere ends all sessions of the account.
func (a *Settings) LogOutEverywhere(ctx context.Context, p caller.Caller) error {
	// READ COMMITTED: the account is held, so that a log-in under way is ended too.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if err := account.Hold(tx, p.AccountID); err != nil {
			return err
		}
		account.EndWith(tx, account.LoggedOutEverywhere, p.AccountID, "")
		a.Audit.Note(tx, audit.SessionsEnded, p.AccountID, audit.Fact(api.DetailCause, api.CauseLoggedOutEverywhere))
		return nil
	})
}

// Sessions lists the living sessions of an account, the one used last first,
// behind a cursor.
//
// Errors: api.CodeInvalid for a cursor that there is not.
func (a *Settings) Sessions(ctx context.Context, who caller.Caller, after string) (page api.Sessions, err error) {
	from, ok := session.ReadCursor(after)
	if !ok {
		return page, api.Invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		page = a.OpenSessions.List(tx, who.AccountID, who.SessionID, from)
		return nil
	})
	return page, err
}

// EndSession ends one of the account's own sessions. Any other id, also that of
// somebody else's session, is api.CodeNotFound.
func (a *Settings) EndSession(ctx context.Context, who caller.Caller, id string) error {
	if uuid.Validate(id) != nil {
		return api.Refuse(api.CodeNotFound)
	}
	// READ COMMITTED: one row, named by its id.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if !a.OpenSessions.End(tx, api.CauseSettings, who.AccountID, id) {
			return api.Refuse(api.CodeNotFound)
		}
		return nil
	})
}

// ForgetDevice voids the token of a known device, if it is one of the account's.
func (a *Settings) ForgetDevice(ctx context.Context, who caller.Caller, in api.ForgetDevice) error {
	// READ COMMITTED: one row, named by its hash.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if session.Forget(tx, in.Device, who.AccountID) {
			a.Audit.Note(tx, audit.DeviceForgotten, who.AccountID)
		}
		return nil
	})
}
