package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"plenary/api"
)

// ChangeProfile returns the account as it is then.
func (c *Client) ChangeProfile(ctx context.Context, access string, in api.ChangeProfile) (api.Account, error) {
	var out api.Account
	err := c.change(ctx, access, "change the profile", http.MethodPut, "/v1/account/profile", in, &out)
	return out, err
}

// ChangeUsername returns the account as it is then; a taken name got a number.
func (c *Client) ChangeUsername(ctx context.Context, access string, in api.ChangeUsername) (api.Account, error) {
	var out api.Account
	err := c.change(ctx, access, "change the username", http.MethodPut, "/v1/account/username", in, &out)
	return out, err
}

// ChangeEmail sends a code to the new address.
func (c *Client) ChangeEmail(ctx context.Context, access string, in api.ChangeEmail) error {
	return c.change(ctx, access, "change the e-mail address", http.MethodPost, "/v1/account/email", in, nil)
}

// ConfirmEmail returns the account with its new address. Tries are counted.
func (c *Client) ConfirmEmail(ctx context.Context, access string, in api.ConfirmEmail) (api.Account, error) {
	var out api.Account
	err := c.change(ctx, access, "confirm the e-mail address", http.MethodPost, "/v1/account/email/confirm", in, &out)
	return out, err
}

// AdoptEmail makes the reset address that was used the account's own.
func (c *Client) AdoptEmail(ctx context.Context, access string) error {
	return c.change(ctx, access, "adopt the reset address", http.MethodPost, "/v1/account/email/adopt", nil, nil)
}

// Sessions lists the account's sessions; after is api.Sessions.Next.
func (c *Client) Sessions(ctx context.Context, access, after string) (api.Sessions, error) {
	var out api.Sessions
	err := c.read(ctx, access, "list the sessions", "/v1/sessions", map[string]string{"after": after}, &out)
	return out, err
}

// EndSession ends one of the account's sessions.
func (c *Client) EndSession(ctx context.Context, access, id string) error {
	return c.change(ctx, access, "end a session", http.MethodDelete, "/v1/sessions/"+url.PathEscape(id), nil, nil)
}

// ForgetDevice makes a device's token void; doing that twice is doing it once.
func (c *Client) ForgetDevice(ctx context.Context, access string, in api.ForgetDevice) error {
	return c.do(ctx, call{name: "forget the device", method: http.MethodPost, path: "/v1/devices/forget", access: access, body: in, repeat: true}, nil)
}

// Export returns an api.Export as the service wrote it, so that what a newer
// service adds is in it too.
func (c *Client) Export(ctx context.Context, access string) (json.RawMessage, error) {
	var out json.RawMessage
	err := c.read(ctx, access, "export the account", "/v1/account/export", nil, &out)
	return out, err
}

const deletionPath = "/v1/account/deletion"

// Deletion tells whether the account is to be erased, and when.
func (c *Client) Deletion(ctx context.Context, access string) (api.Deletion, error) {
	var out api.Deletion
	err := c.read(ctx, access, "ask about the deletion", deletionPath, nil, &out)
	return out, err
}

// AskDeletion asks for the account to be erased after the grace period.
func (c *Client) AskDeletion(ctx context.Context, access string) (api.Deletion, error) {
	var out api.Deletion
	err := c.change(ctx, access, "ask for the deletion", http.MethodPost, deletionPath, nil, &out)
	return out, err
}

// TakeBackDeletion keeps the account.
func (c *Client) TakeBackDeletion(ctx context.Context, access string) error {
	return c.change(ctx, access, "take back the deletion", http.MethodDelete, deletionPath, nil, nil)
}
