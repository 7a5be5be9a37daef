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

// ChangeUser changes a user, or asks a second administrator to approve that.
func (c *Client) ChangeUser(ctx context.Context, access, id string, in api.ChangeUser) (api.Outcome, error) {
	var out api.Outcome
	err := c.change(ctx, access, "change the user", http.MethodPost, userPath(id, "/changes"), in, &out)
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
