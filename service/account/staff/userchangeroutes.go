package staff

import (
	"context"

	"plenary/api"
	"plenary/service/caller"
)

// ActivateUser is the change "activate" of an account, or "send-activation" of a sign-up.
func (a *Staff) ActivateUser(ctx context.Context, p caller.Caller, id string, in api.Reason) (api.Outcome, error) {
	out, err := a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: api.KindActivate, Reason: in.Reason})
	if api.HasCode(err, api.CodeWrongState) {
		return a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: api.KindSendActivation, Reason: in.Reason})
	}
	return out, err
}

// SetResetAddress is the change "reset-address".
func (a *Staff) SetResetAddress(ctx context.Context, p caller.Caller, id string, in api.SetResetAddress) (api.Outcome, error) {
	return a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: api.KindResetAddress, Reason: in.Reason, Email: in.Email})
}

// ChangeRoles is the change "roles".
func (a *Staff) ChangeRoles(ctx context.Context, p caller.Caller, id string, in api.ChangeRoles) (api.Outcome, error) {
	return a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: api.KindRoles, Reason: in.Reason, Roles: in.Roles})
}

// RemoveUserSecondFactor is the change "remove-second-factor".
func (a *Staff) RemoveUserSecondFactor(ctx context.Context, p caller.Caller, id string, in api.Reason) (api.Outcome, error) {
	return a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: api.KindRemoveSecondFactor, Reason: in.Reason})
}

// DeactivateUser is the change "deactivate".
func (a *Staff) DeactivateUser(ctx context.Context, p caller.Caller, id string, in api.Reason) error {
	_, err := a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: api.KindDeactivate, Reason: in.Reason})
	return err
}

// EndUserSessions is the change "end-sessions".
func (a *Staff) EndUserSessions(ctx context.Context, p caller.Caller, id string, in api.Reason) error {
	_, err := a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: api.KindEndSessions, Reason: in.Reason})
	return err
}

// RemoveResetAddress is the change "remove-reset-address".
func (a *Staff) RemoveResetAddress(ctx context.Context, p caller.Caller, id string) error {
	_, err := a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: api.KindRemoveResetAddress})
	return err
}
