package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"net/http"
	"time"

	"plenary/api"
	"plenary/rules"

	"github.com/go-resty/resty/v2"
)

// Limits on answers, in bytes after decompression.
const (
	limitSmall     = 1 << 20
	limitLarge     = 16 << 20
	limitDirectory = 64 << 20
)

// repetitions of a call that may be repeated, after the first try.
const repetitions = 2

// call is one operation of the service.
type call struct {
	name   string // for errors, such as "log in"
	method string
	path   string
	query  map[string]string
	etag   string // If-None-Match
	body   any
	accept string // media type of the answer; JSON unless told
	limit  int64  // of the answer; limitSmall unless told
	// session, where the call needs one. changesAccount: see changingAccount.
	session        TokenSource
	changesAccount bool
	// repeat: doing it twice is doing it once, so it is tried again when the
	// answer was lost. True for GET, and for what a flow or an operation's id makes
	// the same; never for log-in and refresh.
	repeat  bool
	timeout time.Duration // Options.Timeout unless told
	// outdated: versions of Plenary that are too old are answered as well.
	outdated bool
}

// answer is what the service, and nobody else, said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do exchanges and decodes the answer into out, unless that is nil.
func (c *Client) do(ctx context.Context, k call, out any) error {
	a, err := c.exchange(ctx, k)
	if err != nil {
		return err
	}
	if err := decode(k, a, out); err != nil {
		return err
	}
	c.tellAccount(ctx, k, out)
	return nil
}

func decode(k call, a answer, out any) error {
	if out == nil {
		return nil
	}
	if err := checkType(a, "application/json"); err != nil {
		return fmt.Errorf("%s: %w", k.name, err)
	}
	if err := json.Unmarshal(a.body, out); err != nil {
		return fmt.Errorf("%s: %w: not the JSON that was agreed on", k.name, ErrBrokenAnswer)
	}
	return nil
}

func checkType(a answer, want string) error {
	if t, _, err := mime.ParseMediaType(a.header.Get("Content-Type")); err != nil || t != want {
		return fmt.Errorf("%w: not %s", ErrBrokenAnswer, want)
	}
	return nil
}

// exchange sends the call and returns the service's answer: a 2xx or a 304. Every other
// is an error. One that needs a session has its token from here, and another one if the
// service does not accept the first.
func (c *Client) exchange(ctx context.Context, k call) (answer, error) {
	if k.session == nil {
		return c.send(ctx, k, "")
	}
	for refused := ""; ; {
		token, err := k.session.Token(ctx, refused)
		if err != nil {
			return answer{}, fmt.Errorf("%s: %w", k.name, err)
		}
		a, err := c.send(ctx, k, token)
		if refused != "" || !api.HasCode(err, api.CodeUnauthenticated) {
			return a, err
		}
		refused = token
	}
}

// send sends the call, again if it may be repeated.
func (c *Client) send(ctx context.Context, k call, token string) (answer, error) {
	for try := 0; ; try++ {
		a, err := c.once(ctx, k, token)
		if err == nil || !k.repeat || try == repetitions {
			return a, err
		}
		wait, again := c.waitBefore(err, try)
		if !again {
			return a, err
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return a, err
		case <-t.C:
		}
	}
}

// maxWait is the longest wait within a call. Who is asked to wait longer is
// told so, and decides.
const maxWait = 2 * time.Second

// waitBefore says whether and after which wait a call that failed with err is
// worth another try: the service's own wait where it gave one, else a doubled
// and jittered one.
func (c *Client) waitBefore(err error, try int) (time.Duration, bool) {
	wait := c.o.RetryWait << try
	wait = min(wait/2+rand.N(wait/2+1), maxWait)
	switch {
	case api.HasCode(err, api.CodeBusy, api.CodeUnavailable, api.CodeOutcomeUnknown, api.CodeTooMany):
		if asked := retryAfterOf(err); asked > 0 {
			return asked, asked <= maxWait
		}
		return wait, true
	case isLost(err):
		return wait, true
	}
	return 0, false
}

// once is one exchange.
func (c *Client) once(ctx context.Context, k call, token string) (answer, error) {
	timeout := k.timeout
	if timeout == 0 {
		timeout = c.o.Timeout
	}
	inner, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := c.identify(inner, k); err != nil {
		return answer{}, err
	}
	sent := c.o.Now()
	res, err := c.request(inner, k, token).Execute(k.method, k.path)
	if err != nil {
		if res != nil && res.RawResponse != nil && res.RawResponse.Body != nil {
			res.RawResponse.Body.Close() // the redirection's; nothing was read
		}
		err = transportError(ctx, k.name, err)
		c.lost()
		if c.o.Lost != nil && (isLost(err) || errors.Is(err, ErrTimeout) || errors.Is(err, ErrProxyRefused)) {
			c.o.Lost()
		}
		return answer{}, err
	}
	raw := res.RawResponse
	defer raw.Body.Close()
	a := answer{status: raw.StatusCode, header: raw.Header}
	if err := c.checkOrigin(a, sent); err != nil {
		c.lost()
		return answer{}, fmt.Errorf("%s: %w", k.name, err)
	}
	if err := c.heard(a.header.Get(api.HeaderService)); err != nil {
		return answer{}, fmt.Errorf("%s: %w", k.name, err)
	}
	if a.body, err = readAll(raw.Body, k); err != nil {
		if inner.Err() != nil {
			return answer{}, transportError(ctx, k.name, inner.Err())
		}
		return answer{}, fmt.Errorf("%s: %w: %w", k.name, ErrBrokenAnswer, err)
	}
	if a.status/100 == 2 || a.status == http.StatusNotModified && k.etag != "" {
		return a, c.checkVersion(k, a)
	}
	p, err := parseProblem(a, c.o.Now())
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", k.name, err)
	}
	return answer{}, fmt.Errorf("%s: %w", k.name, p)
}

func (c *Client) request(ctx context.Context, k call, token string) *resty.Request {
	accept := k.accept
	if accept == "" {
		accept = "application/json"
	}
	r := c.http.R().SetContext(ctx).SetDoNotParseResponse(true).
		SetHeader("Accept", accept).
		SetHeader("User-Agent", "Plenary")
	for header, v := range map[string]string{
		api.HeaderVersion: c.o.Version,
		"If-None-Match":   k.etag,
	} {
		if v != "" {
			r.SetHeader(header, v)
		}
	}
	if token != "" {
		r.SetAuthToken(token)
	}
	if k.body != nil {
		r.SetBody(k.body)
	}
	if k.body != nil || k.method == http.MethodPost { // resty sends a body of unknown length in any case
		r.SetHeader("Content-Type", "application/json")
	}
	return r.SetQueryParams(k.query)
}

// maxProxyWait bounds the wait that a server before the service can ask for:
// it may be anybody's.
const maxProxyWait = 10 * time.Minute

// checkOrigin says whether the service itself answers, and notes its clock and
// the version that it asks for.
func (c *Client) checkOrigin(a answer, sent time.Time) error {
	at, err := time.Parse(time.RFC3339, a.header.Get(api.HeaderTime))
	if err != nil {
		switch a.status {
		case http.StatusProxyAuthRequired:
			return ErrProxyLogIn
		case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			err := fmt.Errorf("%w: a server before it answers %d", ErrUnreachable, a.status)
			if wait := min(parseRetryAfter(a.header, c.o.Now()), maxProxyWait); wait > 0 {
				return fmt.Errorf("%w: %w", &api.Problem{Status: a.status, Code: api.CodeBusy, RetryAfter: wait}, err)
			}
			return err
		}
		return fmt.Errorf("%w: status %d", ErrNotPlenary, a.status)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock.note(at, sent, c.o.Now())
	if v := a.header.Get(api.HeaderMinimumVersion); v != "" {
		c.minimum = v
	}
	return nil
}

// checkVersion refuses the answer of a service that has left this version
// behind: it may mean something else than we would understand.
func (c *Client) checkVersion(k call, a answer) error {
	if k.outdated || !rules.Older(c.o.Version, a.header.Get(api.HeaderMinimumVersion)) {
		return nil
	}
	return &api.Problem{
		Status: http.StatusUpgradeRequired, Code: api.CodeVersionTooOld,
		Reference: clip(a.header.Get(api.HeaderReference), maxReference),
	}
}

// readAll reads the whole body within the call's limit. A body that ends before
// its announced length, or within a chunk or a gzip stream, is an error.
func readAll(body io.Reader, k call) ([]byte, error) {
	limit := k.limit
	if limit == 0 {
		limit = limitSmall
	}
	b, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("longer than %d bytes", limit)
	}
	return b, nil
}
