package client

import (
	"context"
	"net/http"
	"strconv"

	"plenary/api"
)

// TokenSource gives the access tokens of one session.
type TokenSource interface {
	// Token returns an access token that lasts for a call; refused is one that the
	// service did not accept, whose place it takes, or empty. Its errors are those of
	// the call, which sends nothing then: the source's own for nobody who is logged
	// in, a *api.Problem where the service has ended the session (api.CodeSessionEnded),
	// what else kept a new token from coming, and ctx's.
	Token(ctx context.Context, refused string) (string, error)
}

// StaticToken is the source of one token that has no successor.
type StaticToken string

// Token returns the token, or api.CodeUnauthenticated once it was refused.
func (t StaticToken) Token(_ context.Context, refused string) (string, error) {
	if t == "" || refused != "" {
		return "", &api.Problem{Status: http.StatusUnauthorized, Code: api.CodeUnauthenticated}
	}
	return string(t), nil
}

// As returns a client for the session of t. It shares connections with c, and what is
// known of the service.
func (c *Client) As(t TokenSource) *Client {
	return &Client{shared: c.shared, tokens: func() TokenSource { return t }}
}

// session is that of a call which begins now and keeps to it: it never goes on as
// somebody else, in another try or on another page.
func (c *Client) session() TokenSource {
	if c.tokens == nil {
		return StaticToken("")
	}
	return c.tokens()
}

// read asks for something that needs a session. It is repeated when the answer
// was lost.
func read[T any](ctx context.Context, c *Client, name, path string, query map[string]string) (out T, err error) {
	err = c.do(ctx, c.reading(name, path, query), &out)
	return out, err
}

func (c *Client) reading(name, path string, query map[string]string) call {
	return call{name: name, method: http.MethodGet, path: path, query: given(query), session: c.session(), limit: limitLarge, repeat: true}
}

// readAllPages is read for a list of which all pages are wanted; rows are those of one
// page, and where the next one begins.
func readAllPages[P, T any](ctx context.Context, c *Client, name, path string, rows func(*P) ([]T, string)) ([]T, error) {
	var all []T
	_, _, err := pages(ctx, c, c.reading(name, path, nil), func(page *P) (next string, _ error) {
		some, next := rows(page)
		all = append(all, some...)
		return next, nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// change does something that needs a session and is answered by a T. It is not
// repeated: each of these counts, writes to somebody, or is in the audit log; who asks
// decides whether to ask again.
func change[T any](ctx context.Context, c *Client, name, method, path string, in any) (out T, err error) {
	err = c.do(ctx, c.changing(name, method, path, in), &out)
	return out, err
}

// perform is change for what is answered by nothing.
func (c *Client) perform(ctx context.Context, name, method, path string, in any) error {
	return c.do(ctx, c.changing(name, method, path, in), nil)
}

func (c *Client) changing(name, method, path string, in any) call {
	return call{name: name, method: method, path: path, session: c.session(), body: in}
}

// changingAccount is a call that changes the account without answering it: it is looked
// at then, where somebody wants to know.
func (c *Client) changingAccount(name, method, path string, in any) call {
	k := c.changing(name, method, path, in)
	k.changesAccount = true
	return k
}

// tellAccount tells Options.OnAccount what the account has become by a call whose answer
// was out. What cannot be had now comes with the session's next refresh.
func (c *Client) tellAccount(ctx context.Context, k call, out any) {
	if k.session == nil || c.o.OnAccount == nil {
		return
	}
	if a, ok := out.(*api.Account); ok {
		c.o.OnAccount(k.session, *a)
	} else if k.changesAccount {
		c.As(k.session).Account(ctx)
	}
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
