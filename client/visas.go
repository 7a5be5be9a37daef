package client

import (
	"context"
	"net/url"

	"plenary/api"
)

// Visas returns a page of the cases of visa support, for the role visa.
func (c *Client) Visas(ctx context.Context, f api.VisaFilter) (api.VisaCases, error) {
	return read[api.VisaCases](ctx, c, "list the visa cases", "/v1/visas", map[string]string{"state": f.State, "after": f.After})
}

// Visa returns a case with its passport, for the role visa and whose it is. It stands in the
// audit log each time. Error to test for: api.CodeNotFound.
func (c *Client) Visa(ctx context.Context, number string) (api.VisaCase, error) {
	return read[api.VisaCase](ctx, c, "read the visa case", "/v1/visas/"+url.PathEscape(number), nil)
}
