package client

import (
	"context"
	"net/http"
	"strconv"
)

// read asks for something that needs a session. It is repeated when the answer
// was lost.
func (c *Client) read(ctx context.Context, access, name, path string, query map[string]string, out any) error {
	return c.do(ctx, call{name: name, method: http.MethodGet, path: path, query: given(query), access: access, limit: limitLarge, repeat: true}, out)
}

// change does something that needs a session. It is not repeated: each of these
// counts, writes to somebody, or is in the audit log; who asks decides whether
// to ask again.
func (c *Client) change(ctx context.Context, access, name, method, path string, in, out any) error {
	return c.do(ctx, call{name: name, method: method, path: path, access: access, body: in}, out)
}

// number is one in a query, where 0 does not count.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// given leaves out of a query what is empty.
func given(query map[string]string) map[string]string {
	out := make(map[string]string, len(query))
	for k, v := range query {
		if v != "" {
			out[k] = v
		}
	}
	return out
}
