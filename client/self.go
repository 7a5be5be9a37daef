package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"plenary/api"
)

// Many of these ask for a fresh proof (api.CodeProofNeeded), which Prove gives.

// ChangeProfile returns the account as it is then.
func (c *Client) ChangeProfile(ctx context.Context, in api.ChangeProfile) (api.Account, error) {
	return change[api.Account](ctx, c, "change the profile", http.MethodPut, "/v1/account/profile", in)
}

// ChangeUsername returns the account as it is then; a taken name got a number.
func (c *Client) ChangeUsername(ctx context.Context, username string) (api.Account, error) {
	in := api.ChangeUsername{Username: username}
	return change[api.Account](ctx, c, "change the username", http.MethodPut, "/v1/account/username", in)
}

// ChangeEmail has a code sent to the new address, for ConfirmEmail.
func (c *Client) ChangeEmail(ctx context.Context, email string) error {
	in := api.ChangeEmail{Email: email}
	return c.do(ctx, c.changingAccount("change the e-mail address", http.MethodPost, "/v1/account/email", in), nil)
}

// ConfirmEmail returns the account with its new address, and ends all other sessions.
// Tries are counted. Errors to test for: api.CodeCodeWrong, CodeCodeExpired.
func (c *Client) ConfirmEmail(ctx context.Context, code string) (api.Account, error) {
	in := api.ConfirmEmail{Code: code}
	return change[api.Account](ctx, c, "confirm the e-mail address", http.MethodPost, "/v1/account/email/confirm", in)
}

// AdoptEmail makes the reset address that was used the account's own.
func (c *Client) AdoptEmail(ctx context.Context) error {
	return c.do(ctx, c.changingAccount("adopt the reset address", http.MethodPost, "/v1/account/email/adopt", nil), nil)
}

// Sessions lists the account's sessions, the one used last first.
func (c *Client) Sessions(ctx context.Context) ([]api.SessionInfo, error) {
	return readAllPages(ctx, c, "list the sessions", "/v1/sessions", func(p *api.Sessions) ([]api.SessionInfo, string) {
		return p.Sessions, p.Next
	})
}

// EndSession ends one of the account's sessions.
func (c *Client) EndSession(ctx context.Context, id string) error {
	return c.perform(ctx, "end a session", http.MethodDelete, "/v1/sessions/"+url.PathEscape(id), nil)
}

// VoidDevice makes a device's token void; doing that twice is doing it once.
func (c *Client) VoidDevice(ctx context.Context, token string) error {
	k := c.changing("forget the device", http.MethodPost, "/v1/devices/forget", api.ForgetDevice{Device: token})
	k.repeat = true
	return c.do(ctx, k, nil)
}

// Export returns an api.Export as the service wrote it, so that what a newer
// service adds is in it too.
func (c *Client) Export(ctx context.Context) (json.RawMessage, error) {
	return read[json.RawMessage](ctx, c, "export the account", "/v1/account/export", nil)
}

const deletionPath = "/v1/account/deletion"

// Deletion tells whether the account is to be erased, and when.
func (c *Client) Deletion(ctx context.Context) (api.Deletion, error) {
	return read[api.Deletion](ctx, c, "ask about the deletion", deletionPath, nil)
}

// AskDeletion asks for the account to be erased after the grace period.
func (c *Client) AskDeletion(ctx context.Context) (out api.Deletion, err error) {
	err = c.do(ctx, c.changingAccount("ask for the deletion", http.MethodPost, deletionPath, nil), &out)
	return out, err
}

// TakeBackDeletion keeps the account.
func (c *Client) TakeBackDeletion(ctx context.Context) error {
	return c.do(ctx, c.changingAccount("take back the deletion", http.MethodDelete, deletionPath, nil), nil)
}
