package client

import (
	"context"
	"net/http"
	"net/url"

	"plenary/api"
)

// Delegation returns what somebody who is appointed for an organization sees of its
// registrations, all pages together, and the list's ETag. With the ETag of an earlier
// answer, changed is false and the answer empty if nothing is new. Error to test for:
// api.CodeNotFound for who is not appointed.
func (c *Client) Delegation(ctx context.Context, etag string) (all api.Delegation, newETag string, changed bool, err error) {
	k := c.reading("list the delegation", "/v1/delegation", nil)
	k.etag = etag
	newETag, changed, err = pages(ctx, c, k, func(page *api.Delegation) (string, error) {
		page.Registrations = append(all.Registrations, page.Registrations...)
		all = *page
		return page.Next, nil
	})
	if err != nil {
		return api.Delegation{}, "", false, err
	}
	return all, newETag, changed, nil
}

// Appointees returns a page of those who are appointed for organizations, or of the
// accounts that words find.
func (c *Client) Appointees(ctx context.Context, f api.AppointeeFilter) (api.Appointees, error) {
	return read[api.Appointees](ctx, c, "list the focal points", "/v1/focal-points", map[string]string{"query": f.Query, "after": f.After})
}

// Appoint appoints an account for its organization. Errors to test for:
// api.CodeProofNeeded, CodeOutdated, CodeOwnRoles, CodeWrongState.
func (c *Client) Appoint(ctx context.Context, id string, in api.Appoint) error {
	return c.perform(ctx, "appoint for an organization", http.MethodPut, "/v1/focal-points/"+url.PathEscape(id), in)
}

// EndAppointment ends what an account is appointed to. Error to test for:
// api.CodeProofNeeded.
func (c *Client) EndAppointment(ctx context.Context, id string) error {
	return c.perform(ctx, "end the appointment", http.MethodDelete, "/v1/focal-points/"+url.PathEscape(id), nil)
}

// ConfirmOrganization says that an account is of the organization that its owner has
// chosen. Error to test for: api.CodeOutdated.
func (c *Client) ConfirmOrganization(ctx context.Context, in api.ConfirmOrganization) error {
	return c.perform(ctx, "confirm the organization", http.MethodPost, "/v1/confirmed-organizations", in)
}
