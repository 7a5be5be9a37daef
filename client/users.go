package client

import (
	"context"
	"net/http"
	"net/url"

	"plenary/api"
)

// Users returns a page of users.
func (c *Client) Users(ctx context.Context, access string, f api.UserFilter) (api.Users, error) {
	query := map[string]string{"query": f.Query, "state": f.State, "role": f.Role, "after": f.After}
	if f.Inside {
		query["inside"] = "true"
	}
	var out api.Users
	err := c.read(ctx, access, "list the users", "/v1/users", query, &out)
	return out, err
}

func userPath(id, rest string) string { return "/v1/users/" + url.PathEscape(id) + rest }

// User returns one user.
func (c *Client) User(ctx context.Context, access, id string) (api.User, error) {
	var out api.User
	err := c.read(ctx, access, "read the user", userPath(id, ""), nil, &out)
	return out, err
}

// ActivateUser ends a user's deactivation.
func (c *Client) ActivateUser(ctx context.Context, access, id string, in api.Reason) (api.Outcome, error) {
	var out api.Outcome
	err := c.change(ctx, access, "activate the user", http.MethodPost, userPath(id, "/activate"), in, &out)
	return out, err
}

// DeactivateUser keeps a user out.
func (c *Client) DeactivateUser(ctx context.Context, access, id string, in api.Reason) error {
	return c.change(ctx, access, "deactivate the user", http.MethodPost, userPath(id, "/deactivate"), in, nil)
}

// EndUserSessions ends all sessions of a user.
func (c *Client) EndUserSessions(ctx context.Context, access, id string, in api.Reason) error {
	return c.change(ctx, access, "end the user's sessions", http.MethodPost, userPath(id, "/end-sessions"), in, nil)
}

// RemoveUserSecondFactor turns a user's two-step log-in off.
func (c *Client) RemoveUserSecondFactor(ctx context.Context, access, id string, in api.Reason) (api.Outcome, error) {
	var out api.Outcome
	err := c.change(ctx, access, "remove the user's second factor", http.MethodPost, userPath(id, "/remove-second-factor"), in, &out)
	return out, err
}

// SetResetAddress says where a user's next reset e-mail goes.
func (c *Client) SetResetAddress(ctx context.Context, access, id string, in api.SetResetAddress) (api.Outcome, error) {
	var out api.Outcome
	err := c.change(ctx, access, "set the reset address", http.MethodPut, userPath(id, "/reset-address"), in, &out)
	return out, err
}

// RemoveResetAddress takes a reset address back.
func (c *Client) RemoveResetAddress(ctx context.Context, access, id string) error {
	return c.change(ctx, access, "remove the reset address", http.MethodDelete, userPath(id, "/reset-address"), nil, nil)
}

// ChangeRoles sets a user's roles.
func (c *Client) ChangeRoles(ctx context.Context, access, id string, in api.ChangeRoles) (api.Outcome, error) {
	var out api.Outcome
	err := c.change(ctx, access, "change the user's roles", http.MethodPut, userPath(id, "/roles"), in, &out)
	return out, err
}

// Approvals lists the changes that wait for a second administrator; after is
// api.Approvals.Next.
func (c *Client) Approvals(ctx context.Context, access, after string) (api.Approvals, error) {
	var out api.Approvals
	err := c.read(ctx, access, "list the approvals", "/v1/approvals", map[string]string{"after": after}, &out)
	return out, err
}

// DecideApproval decides on one of them.
func (c *Client) DecideApproval(ctx context.Context, access, id string, in api.DecideApproval) error {
	return c.change(ctx, access, "decide on the approval", http.MethodPost, "/v1/approvals/"+url.PathEscape(id), in, nil)
}
