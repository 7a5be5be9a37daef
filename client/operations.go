package client

import (
	"context"
	"net/http"

	"plenary/api"
)

// Deliver hands operations over, at most 100. It is not repeated here although
// their ids would allow it: the sync decides when, and in which order.
func (c *Client) Deliver(ctx context.Context, in api.Deliver) (api.Delivered, error) {
	var out api.Delivered
	err := c.do(ctx, call{
		name: "deliver operations", method: http.MethodPost, path: "/v1/operations",
		session: c.session(), body: in, limit: limitLarge,
	}, &out)
	return out, err
}
