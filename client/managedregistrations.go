package client

import (
	"context"
	"net/http"
	"net/url"

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
