package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"plenary/api"
)

// fileTimeout is how long a file may take, in Options.Timeout.
const fileTimeout = 3

// SendFile sends a file that an operation is going to name. Doing that twice is doing it
// once. Errors to test for: api.CodeInvalid, with what is wrong with the file, CodeNotFound,
// CodeKeyReused, CodeTooManyFiles.
func (c *Client) SendFile(ctx context.Context, id string, in api.SendFile) error {
	k := c.changing("send a file", http.MethodPut, "/v1/files/"+url.PathEscape(id), in)
	k.repeat, k.timeout = true, fileTimeout*c.o.Timeout
	return c.do(ctx, k, nil)
}

// File reads a file. What nobody has sent, or is not for who asks, is api.CodeNotFound.
func (c *Client) File(ctx context.Context, id string) ([]byte, error) {
	k := c.reading("read a file", "/v1/files/"+url.PathEscape(id), nil)
	k.accept, k.timeout = "*/*", fileTimeout*c.o.Timeout
	a, err := c.exchange(ctx, k)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc([]string{api.MediaPDF, api.MediaJPEG, api.MediaPNG}, func(media string) bool { return checkType(a, media) == nil }) {
		return nil, fmt.Errorf("read a file: %w: it is none", ErrBrokenAnswer)
	}
	return a.body, nil
}
