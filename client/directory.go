package client

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"plenary/api"
	"plenary/rules"
)

// typeNDJSON is the media type of the directory: one JSON object per line.
const typeNDJSON = "application/x-ndjson"

// Directory returns all organizations and the directory's ETag. With the ETag
// of an earlier answer, changed is false and the list empty if nothing is new.
func (c *Client) Directory(ctx context.Context, etag string) (all []api.Organization, newETag string, changed bool, err error) {
	k := call{
		name: "fetch the directory", method: http.MethodGet, path: "/v1/directory", etag: etag,
		accept: typeNDJSON, limit: limitDirectory, repeat: true, timeout: 4 * c.o.Timeout,
	}
	a, err := c.exchange(ctx, k)
	if err != nil {
		return nil, "", false, err
	}
	if a.status == http.StatusNotModified {
		return nil, etag, false, nil
	}
	if err := checkType(a, typeNDJSON); err != nil {
		return nil, "", false, fmt.Errorf("%s: %w", k.name, err)
	}
	all, err = rules.DecodeDirectory(bytes.NewReader(a.body))
	if err != nil {
		return nil, "", false, fmt.Errorf("%s: %w: %w", k.name, ErrBrokenAnswer, err)
	}
	return all, a.header.Get("ETag"), true, nil
}
