package client

import (
	"context"
	"net/http"
	"net/url"

	"plenary/api"
)

// Notices returns what people were told of a meeting, newest first, to its managers.
func (c *Client) Notices(ctx context.Context, code string) ([]api.Notice, error) {
	list, err := read[api.Notices](ctx, c, "list the e-mails to participants", "/v1/managed/meetings/"+url.PathEscape(code)+"/notices", nil)
	return list.Notices, err
}

// Statistics returns a meeting's numbers, to its managers.
func (c *Client) Statistics(ctx context.Context, code string) (api.Statistics, error) {
	return read[api.Statistics](ctx, c, "read the statistics", "/v1/managed/meetings/"+url.PathEscape(code)+"/statistics", nil)
}

// PreviewMail returns an e-mail to participants as it would arrive; nothing is sent.
func (c *Client) PreviewMail(ctx context.Context, in api.MailParticipants) (api.MailPreview, error) {
	return change[api.MailPreview](ctx, c, "preview an e-mail", http.MethodPost, "/v1/managed/meetings/"+url.PathEscape(in.Meeting)+"/notices/preview", in)
}
