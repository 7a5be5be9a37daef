package accounts

import (
	"context"

	"plenary/api"
	"plenary/service/caller"
)

// ActivateUser is the change "activate" of an account, or "send-activation" of a sign-up.
func (a *Accounts) ActivateUser(ctx context.Context, p caller.Caller, id string, in api.Reason) (api.Outcome, error) {
	out, err := a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: changeActivate, Reason: in.Reason})
	if api.HasCode(err, api.CodeWrongState) {
		return a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: changeSendActivation, Reason: in.Reason})
	}
	return out, err
}

// SetResetAddress is the change "reset-address".
func (a *Accounts) SetResetAddress(ctx context.Context, p caller.Caller, id string, in api.SetResetAddress) (api.Outcome, error) {
	return a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: changeResetAddress, Reason: in.Reason, Email: in.Email})
}

// ChangeRoles is the change "roles".
func (a *Accounts) ChangeRoles(ctx context.Context, p caller.Caller, id string, in api.ChangeRoles) (api.Outcome, error) {
	return a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: changeRoles, Reason: in.Reason, Roles: in.Roles})
}

// RemoveUserSecondFactor is the change "remove-second-factor".
func (a *Accounts) RemoveUserSecondFactor(ctx context.Context, p caller.Caller, id string, in api.Reason) (api.Outcome, error) {
	return a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: changeRemoveSecondFactor, Reason: in.Reason})
}

// DeactivateUser is the change "deactivate".
func (a *Accounts) DeactivateUser(ctx context.Context, p caller.Caller, id string, in api.Reason) error {
	_, err := a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: changeDeactivate, Reason: in.Reason})
	return err
}

// EndUserSessions is the change "end-sessions".
func (a *Accounts) EndUserSessions(ctx context.Context, p caller.Caller, id string, in api.Reason) error {
	_, err := a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: changeEndSessions, Reason: in.Reason})
	return err
}

// RemoveResetAddress is the change "remove-reset-address".
func (a *Accounts) RemoveResetAddress(ctx context.Context, p caller.Caller, id string) error {
	_, err := a.ChangeUser(ctx, p, id, api.ChangeUser{Kind: changeRemoveResetAddress, Reason: "Taken back"})
	return err
}
