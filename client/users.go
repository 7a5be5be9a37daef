package client

import (
	"context"
	"net/http"
	"net/url"

	"plenary/api"
)

// Users returns a page of users.
func (c *Client) Users(ctx context.Context, f api.UserFilter) (api.Users, error) {
	query := map[string]string{"query": f.Query, "state": f.State, "role": f.Role, "after": f.After}
	if f.Limit != 0 {
		query["limit"] = number(f.Limit)
	}
	if f.Inside {
		query["inside"] = "true"
	}
	return read[api.Users](ctx, c, "list the users", "/v1/users", query)
}

// ExportUsers notes in the audit log that users are going to be read and kept.
func (c *Client) ExportUsers(ctx context.Context, in api.ExportUsers) error {
	return c.perform(ctx, "export the users", http.MethodPost, "/v1/exports/users", in)
}

func userPath(id, rest string) string { return "/v1/users/" + url.PathEscape(id) + rest }

// User returns one user, with history.
func (c *Client) User(ctx context.Context, id string) (api.User, error) {
	return read[api.User](ctx, c, "read the user", userPath(id, ""), nil)
}

// InviteUser invites somebody. Errors to test for: api.CodeInvalid with its fields,
// CodeTooMany.
func (c *Client) InviteUser(ctx context.Context, in api.InviteUser) (api.Invited, error) {
	return change[api.Invited](ctx, c, "invite the user", http.MethodPost, "/v1/users", in)
}

// UserRegistrations returns a page of a user's registrations, the newest first.
func (c *Client) UserRegistrations(ctx context.Context, id, after string) (api.UserRegistrations, error) {
	return read[api.UserRegistrations](ctx, c, "list the user's registrations", userPath(id, "/registrations"), map[string]string{"after": after})
}

// ChangeUser changes a user, or asks a second administrator to approve that. Errors to
// test for: api.CodeOwnRoles, CodeWrongState, CodeLastAdministrator, CodeInvalid with
// its fields.
func (c *Client) ChangeUser(ctx context.Context, id string, in api.ChangeUser) (api.Outcome, error) {
	return change[api.Outcome](ctx, c, "change the user", http.MethodPost, userPath(id, "/changes"), in)
}

// Approvals lists the changes that wait for a second administrator, the oldest first.
func (c *Client) Approvals(ctx context.Context) ([]api.Approval, error) {
	return readAllPages(ctx, c, "list the approvals", "/v1/approvals", func(p *api.Approvals) ([]api.Approval, string) {
		return p.Approvals, p.Next
	})
}

// Decide approves or refuses one of them. Errors to test for: api.CodeSecondPerson,
// CodeWrongState.
func (c *Client) Decide(ctx context.Context, id string, approve bool, reason string) error {
	in := api.DecideApproval{Approve: approve, Reason: reason}
	return c.perform(ctx, "decide on the approval", http.MethodPost, "/v1/approvals/"+url.PathEscape(id), in)
}
