package httpapi

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"path"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"plenary/api"
	"plenary/rules"
)

// noContent lets a browser do nothing with an answer that is no page.
const noContent = "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"

// outer is around everything: the headers that every answer has, the request's
// reference, the log, the numbers, and the answer to a panic.
func (s *API) outer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		q := &request{
			reference: newReference(),
			address:   clientAddress(r, s.TrustedProxies),
			bearer:    bearer(r),
		}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
		h := w.Header()
		h.Set(api.HeaderTime, s.now().UTC().Format("2006-01-02T15:04:05.000000Z"))
		h.Set(api.HeaderService, s.ServiceID)
		h.Set(api.HeaderMinimumVersion, s.MinimumVersion)
		h.Set(api.HeaderReference, q.reference)
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", noContent) // the pages have their own
		h.Set("Referrer-Policy", "no-referrer")
		if r.TLS != nil || proxied(r, s.TrustedProxies) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		a := &answerWriter{ResponseWriter: w}
		s.Observer.Begun()
		defer func() {
			if v := recover(); v != nil {
				if v == http.ErrAbortHandler {
					panic(v)
				}
				s.panicked(a, r, v)
			}
			s.seen(r, a, time.Since(start))
		}()
		if !encrypted(r, s.TrustedProxies) && r.URL.Path != healthPath && r.URL.Path != readyPath {
			s.refuseInClear(a, r)
			return
		}
		if s.stopping.Load() {
			// Whoever asks again does so on a connection that is not about to end.
			h.Set("Connection", "close")
		}
		next.ServeHTTP(a, r)
	})
}

// refuseInClear answers a request that came over a network in clear, whose
// password or token anybody there could have read. The first one is logged: it
// is likely a proxy that was not named as trusted.
func (s *API) refuseInClear(w http.ResponseWriter, r *http.Request) {
	requestOf(r.Context()).route = "in clear"
	s.clearOnce.Do(func() {
		s.log.Warn("requests that are not encrypted are refused: they come neither with TLS nor through one of trusted_proxies, " +
			"or that proxy says in X-Forwarded-Proto that it was reached without TLS")
	})
	s.writeProblem(w, r, api.Refuse(api.CodeNotEncrypted))
}

// panicked logs a panic without its value, which could hold anything, unless
// it is the runtime's own, and answers if nothing has been answered yet.
func (s *API) panicked(a *answerWriter, r *http.Request, v any) {
	what := fmt.Sprintf("%T", v)
	if e, ok := v.(runtime.Error); ok {
		what = e.Error()
	}
	q := requestOf(r.Context())
	s.log.Error("panic", slog.String("reference", q.reference), slog.String("route", q.route),
		slog.String("what", what), slog.String("stack", string(debug.Stack())))
	if a.status != 0 {
		panic(http.ErrAbortHandler) // the answer is half sent: cut it
	}
	s.writeProblem(a, r, api.Refuse(api.CodeInternal))
}

// seen logs and counts a request: its pattern, never its path, query or address.
func (s *API) seen(r *http.Request, a *answerWriter, took time.Duration) {
	q := requestOf(r.Context())
	status := a.status
	if status == 0 {
		status = http.StatusOK
	}
	s.Observer.Ended(q.route, method(r.Method), status, took)
	level := slog.LevelInfo
	if poll(r.Method, q.route, status) {
		level = slog.LevelDebug
	}
	s.log.LogAttrs(r.Context(), level, "request",
		slog.String("reference", q.reference), slog.String("method", method(r.Method)),
		slog.String("route", q.route), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000), slog.Int64("bytes", a.bytes))
}

// polled are the routes that programs ask again and again by themselves.
var polled = map[string]bool{
	healthPath: true, readyPath: true, servicePath: true, "/v1/meetings": true, "/v1/registrations": true, "/v1/delegation": true, "/v1/directory": true,
}

// poll tells whether a request is one of the very many that change nothing and
// that went well: 100,000 programs make thousands of them a second.
func poll(verb, route string, status int) bool {
	return (verb == http.MethodGet || verb == http.MethodHead) && polled[route] && status < http.StatusBadRequest
}

// method keeps invented methods out of the log and the numbers.
func method(m string) string {
	switch m {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return m
	}
	return "other"
}

// route checks what concerns all requests and finds who answers.
func (s *API) route(w http.ResponseWriter, r *http.Request) {
	q := requestOf(r.Context())
	if len(s.Hosts) > 0 && !slices.Contains(s.Hosts, r.Host) {
		q.route = "foreign host"
		s.writeProblem(w, r, &api.Problem{Code: api.CodeForbidden, Status: http.StatusMisdirectedRequest})
		return
	}
	handler, pattern := s.mux.Handler(r)
	if pattern == "" || path.Clean(r.URL.EscapedPath()) != r.URL.EscapedPath() {
		// The mux would send an address such as /v1//session on to another one.
		s.unrouted(w, r, handler)
		return
	}
	limit := cmp.Or(s.limits[pattern], maxBody)
	if _, after, ok := strings.Cut(pattern, " "); ok {
		pattern = after
	}
	q.route = pattern
	if strings.HasPrefix(pattern, "/v1/") || strings.HasPrefix(pattern, "/web/") {
		if err := s.acceptable(r, pattern, limit); err != nil {
			s.writeProblem(w, r, err)
			return
		}
	}
	s.mux.ServeHTTP(w, r)
}

// isPage tells whether an address is one of the pages and their files, and not one
// of those that answer programs.
func isPage(path string) bool {
	for _, own := range []string{"/v1", "/.well-known", healthPath, readyPath} {
		if path == own || strings.HasPrefix(path, own+"/") {
			return false
		}
	}
	return true
}

// unrouted answers what no operation is there for: pages, or else 404, or 405 with
// the methods that the address has.
func (s *API) unrouted(w http.ResponseWriter, r *http.Request, unmatched http.Handler) {
	refused := &discard{header: http.Header{}}
	unmatched.ServeHTTP(refused, r)
	wrongMethod := refused.status == http.StatusMethodNotAllowed
	q := requestOf(r.Context())
	if s.Pages != nil && !wrongMethod && isPage(path.Clean(r.URL.Path)) {
		q.route = "page"
		s.Pages.ServeHTTP(w, r)
		return
	}
	q.route = "none"
	problem := &api.Problem{Code: api.CodeNotFound}
	if wrongMethod {
		w.Header().Set("Allow", refused.header.Get("Allow"))
		problem.Code = api.CodeMethod
	}
	s.writeProblem(w, r, problem)
}

// textOnly tells whether the address of a request is made of text: UTF-8
// without NUL, which is all that a database takes.
func textOnly(r *http.Request) bool {
	query, err := url.QueryUnescape(r.URL.RawQuery)
	return err == nil && utf8.ValidString(r.URL.Path+query) && !strings.ContainsRune(r.URL.Path+query, 0)
}

// acceptable refuses addresses that are no text, programs that are too old,
// bodies that are no JSON, and bodies that say themselves that they are larger than
// their route takes.
func (s *API) acceptable(r *http.Request, pattern string, limit int64) error {
	if !textOnly(r) {
		return api.Refuse(api.CodeMalformed)
	}
	if pattern != servicePath && rules.Older(r.Header.Get(api.HeaderVersion), s.MinimumVersion) {
		return api.Refuse(api.CodeVersionTooOld)
	}
	if r.ContentLength > limit {
		return api.Refuse(api.CodeTooLarge)
	}
	if r.ContentLength == 0 || r.Body == http.NoBody {
		return nil
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return api.Refuse(api.CodeMediaType)
	}
	if r.Header.Get("Content-Encoding") != "" {
		return api.Refuse(api.CodeMediaType)
	}
	return nil
}

func bearer(r *http.Request) string {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return token
}

// answerWriter remembers what was answered.
type answerWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (a *answerWriter) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answerWriter) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(p)
	a.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answerWriter) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// discard takes the mux's own plain-text answer for its status and headers.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(status int)      { d.status = status }
