package client

import (
	"context"
	"net/url"

	"plenary/api"
)

// Participants returns a page of a meeting's participants who stand in its list.
func (c *Client) Participants(ctx context.Context, f api.ParticipantFilter) (api.Participants, error) {
	return read[api.Participants](ctx, c, "list the participants", "/v1/meetings/"+url.PathEscape(f.Meeting)+"/participants",
		map[string]string{"query": f.Query, "after": f.After})
}
