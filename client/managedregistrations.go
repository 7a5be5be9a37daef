package client

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"plenary/api"
)

// ManagedRegistrations returns a page of a meeting's registrations, as its managers see
// them.
func (c *Client) ManagedRegistrations(ctx context.Context, f api.RegistrationFilter) (api.RegistrationRows, error) {
	query := map[string]string{
		"query": f.Query, "state": f.State, "participation": f.Participation, "membership": f.Membership,
		"country": f.Country, "visa": f.Visa, "sort": f.Sort, "after": f.After,
	}
	if f.Limit != 0 {
		query["limit"] = number(f.Limit)
	}
	if f.Full {
		query["full"] = "true"
	}
	if f.Descending {
		query["descending"] = "true"
	}
	return read[api.RegistrationRows](ctx, c, "list the meeting's registrations",
		"/v1/managed/meetings/"+url.PathEscape(f.Meeting)+"/registrations", query)
}

// ManagedRegistration returns a registration with all answers and history, as the managers
// of its meeting see it.
func (c *Client) ManagedRegistration(ctx context.Context, number string) (api.Registration, error) {
	return read[api.Registration](ctx, c, "read the registration", "/v1/registrations/"+url.PathEscape(number), nil)
}

// ExportRegistrations notes in the audit log that registrations for a meeting are going to
// be read and kept.
func (c *Client) ExportRegistrations(ctx context.Context, code string, in api.ExportRegistrations) error {
	return c.perform(ctx, "export the registrations", http.MethodPost, "/v1/managed/meetings/"+url.PathEscape(code)+"/exports", in)
}

// ImportRegistrations registers several people for a meeting, or says what would become of
// them. The same again, by its id, does nothing more.
func (c *Client) ImportRegistrations(ctx context.Context, code string, in api.ImportRegistrations) (out api.Imported, err error) {
	k := c.changing("import registrations", http.MethodPost, managed(code)+"/imports", in)
	k.repeat, k.limit, k.timeout = true, limitLarge, importTimeout
	err = c.do(ctx, k, &out)
	return out, err
}

// importTimeout is longer than the service works for one call.
const importTimeout = 2 * time.Minute

// Invitations returns all invitations to a meeting, by e-mail address.
func (c *Client) Invitations(ctx context.Context, code string) ([]api.Invitation, error) {
	return readAllPages(ctx, c, "list the invitations", managed(code)+"/invitations", func(page *api.Invitations) ([]api.Invitation, string) {
		return page.Invitations, page.Next
	})
}

// Invite invites people to a meeting. The same again, by its id, sends nothing more.
func (c *Client) Invite(ctx context.Context, code string, in api.Invite) error {
	k := c.changing("invite to the meeting", http.MethodPost, managed(code)+"/invitations", in)
	k.repeat, k.timeout = true, importTimeout
	return c.do(ctx, k, nil)
}

// SendInvitation sends an invitation again, with a new link.
func (c *Client) SendInvitation(ctx context.Context, id string, in api.SendInvitation) error {
	return c.perform(ctx, "send the invitation", http.MethodPost, "/v1/invitations/"+url.PathEscape(id)+"/send", in)
}

// WithdrawInvitation takes an invitation back.
func (c *Client) WithdrawInvitation(ctx context.Context, id string) error {
	return c.perform(ctx, "take the invitation back", http.MethodDelete, "/v1/invitations/"+url.PathEscape(id), nil)
}

// ReadInvitation returns what the link of an invitation is worth to the account.
func (c *Client) ReadInvitation(ctx context.Context, token string) (api.InvitationFound, error) {
	return change[api.InvitationFound](ctx, c, "read the invitation", http.MethodPost, "/v1/invitation", api.ReadInvitation{Token: token})
}
