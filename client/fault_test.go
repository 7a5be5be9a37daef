package client_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"plenary/api"
	"plenary/client"
)

const serviceID = "6f1f5a5e-6d2c-4f57-9d7c-6d7a8a0b9c11"

// plenaryHeaders are on every answer of a service.
func plenaryHeaders(w http.ResponseWriter) {
	w.Header().Set(api.HeaderTime, time.Now().UTC().Format(time.RFC3339Nano))
	w.Header().Set(api.HeaderReference, "ref-1")
	w.Header().Set("Content-Type", "application/json")
}

func problem(w http.ResponseWriter, status int, code api.Code) {
	plenaryHeaders(w)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"status":%d,"code":%q,"reference":"ref-2","title":"x"}`, status, code)
}

func info(w http.ResponseWriter, _ *http.Request) {
	plenaryHeaders(w)
	fmt.Fprintf(w, `{"service_id":%q,"organization":"Org"}`, serviceID)
}

func newClient(t *testing.T, address string, o client.Options) *client.Client {
	t.Helper()
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Second
	}
	if o.RetryWait == 0 {
		o.RetryWait = time.Millisecond
	}
	c, err := client.New(address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdle)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// rawServer answers every connection with the same bytes, after the request's
// head, and closes it.
func rawServer(t *testing.T, text string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			buf := make([]byte, 4096)
			if _, err := conn.Read(buf); err == nil {
				fmt.Fprint(conn, text)
			}
			conn.Close()
		}
	}()
	return "http://" + l.Addr().String()
}

func TestCalls_saysWhatWentWrong(t *testing.T) {
	now := time.Now().UTC().Format(time.RFC3339Nano)
	head := "HTTP/1.1 200 OK\r\nPlenary-Time: " + now + "\r\nContent-Type: application/json\r\n"
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	fmt.Fprintf(z, `{"service_id":%q}`, serviceID)
	z.Close()

	tests := map[string]struct {
		address func(t *testing.T) string
		want    error
	}{
		"nobody listens": {func(t *testing.T) string {
			s := httptest.NewServer(http.NotFoundHandler())
			s.Close()
			return s.URL
		}, client.ErrUnreachable},
		"connection closed without an answer": {func(t *testing.T) string { return rawServer(t, "") }, client.ErrUnreachable},
		"body cut before its length": {func(t *testing.T) string {
			return rawServer(t, head+"Content-Length: 500\r\n\r\n{\"service_id\":")
		}, client.ErrBrokenAnswer},
		"chunked body cut": {func(t *testing.T) string {
			return rawServer(t, head+"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"ser\r\n")
		}, client.ErrBrokenAnswer},
		"half of the JSON without a length": {func(t *testing.T) string {
			return rawServer(t, head+"Connection: close\r\n\r\n{\"service_id\":")
		}, client.ErrBrokenAnswer},
		"gzip cut": {func(t *testing.T) string {
			return rawServer(t, head+"Content-Encoding: gzip\r\nConnection: close\r\n\r\n"+zipped.String()[:zipped.Len()-9])
		}, client.ErrBrokenAnswer},
		"two JSON values": {func(t *testing.T) string {
			return serve(t, func(w http.ResponseWriter, r *http.Request) { info(w, r); fmt.Fprint(w, `{}`) }).URL
		}, client.ErrBrokenAnswer},
		"other content type": {func(t *testing.T) string {
			return serve(t, func(w http.ResponseWriter, r *http.Request) {
				plenaryHeaders(w)
				w.Header().Set("Content-Type", "text/plain")
				fmt.Fprint(w, `{}`)
			}).URL
		}, client.ErrBrokenAnswer},
		"answer larger than its limit": {func(t *testing.T) string {
			return serve(t, func(w http.ResponseWriter, r *http.Request) {
				plenaryHeaders(w)
				fmt.Fprintf(w, `{"organization":%q}`, strings.Repeat("x", 2<<20))
			}).URL
		}, client.ErrBrokenAnswer},
		"answer that grows when unpacked": {func(t *testing.T) string {
			return serve(t, func(w http.ResponseWriter, r *http.Request) {
				plenaryHeaders(w)
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				fmt.Fprintf(z, `{"organization":%q}`, strings.Repeat("x", 2<<20))
				z.Close()
			}).URL
		}, client.ErrBrokenAnswer},
		"captive portal's page": {func(t *testing.T) string {
			return serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				fmt.Fprint(w, "<html>Welcome to the hotel</html>")
			}).URL
		}, client.ErrNotPlenary},
		"captive portal's page with status 511": {func(t *testing.T) string {
			return serve(t, func(w http.ResponseWriter, r *http.Request) {
				http.Error(w, "log in", http.StatusNetworkAuthenticationRequired)
			}).URL
		}, client.ErrNotPlenary},
		"captive portal's redirection": {func(t *testing.T) string {
			return serve(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "http://portal.invalid/login", http.StatusFound)
			}).URL
		}, client.ErrNotPlenary},
		"not HTTP": {func(t *testing.T) string { return rawServer(t, "220 mail.example.int ESMTP\r\n") }, client.ErrUnreachable},
		"plain HTTP where TLS was asked for": {func(t *testing.T) string {
			return strings.Replace(serve(t, info).URL, "http://", "https://", 1)
		}, client.ErrNotPlenary},
		"proxy before the service": {func(t *testing.T) string {
			return serve(t, func(w http.ResponseWriter, r *http.Request) { http.Error(w, "bad gateway", http.StatusBadGateway) }).URL
		}, client.ErrUnreachable},
		"certificate signed by itself": {func(t *testing.T) string {
			s := httptest.NewUnstartedServer(http.HandlerFunc(info))
			s.Config.ErrorLog = nil
			s.StartTLS()
			t.Cleanup(s.Close)
			return s.URL
		}, client.ErrUntrusted},
		"problem that is none": {func(t *testing.T) string {
			return serve(t, func(w http.ResponseWriter, r *http.Request) {
				plenaryHeaders(w)
				w.Header().Set("Content-Type", "application/problem+json")
				w.WriteHeader(400)
				fmt.Fprint(w, `{"code":"<script>"}`)
			}).URL
		}, client.ErrBrokenAnswer},
		"service that hangs": {func(t *testing.T) string {
			stop := make(chan struct{})
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				select {
				case <-stop:
				case <-r.Context().Done():
				}
			})
			t.Cleanup(func() { close(stop) })
			return s.URL
		}, client.ErrTimeout},
		"service that hangs within the answer": {func(t *testing.T) string {
			stop := make(chan struct{})
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				plenaryHeaders(w)
				fmt.Fprint(w, `{"service_id":`)
				w.(http.Flusher).Flush()
				select {
				case <-stop:
				case <-r.Context().Done():
				}
			})
			t.Cleanup(func() { close(stop) })
			return s.URL
		}, client.ErrTimeout},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := client.Options{Timeout: time.Minute}
			if errors.Is(tt.want, client.ErrTimeout) {
				o.Timeout = 100 * time.Millisecond
			}
			c := newClient(t, tt.address(t), o)
			_, err := c.Service(t.Context())
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func TestRedirection_isNeverFollowedWithAToken(t *testing.T) {
	var asked atomic.Int32
	other := serve(t, func(w http.ResponseWriter, r *http.Request) { asked.Add(1); info(w, r) })
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		plenaryHeaders(w)
		http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
	})
	c := newClient(t, s.URL, client.Options{})
	if _, err := c.As(client.StaticToken(strings.Repeat("a", 43))).Account(t.Context()); !errors.Is(err, client.ErrNotPlenary) {
		t.Errorf("GET: got %v", err)
	}
	if _, err := c.LogIn(t.Context(), api.LogIn{Identifier: "x", Password: "y"}); !errors.Is(err, client.ErrNotPlenary) {
		t.Errorf("POST: got %v", err)
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the other host was asked %d times", n)
	}
}

func TestRetryAfter_isReadInBothForms(t *testing.T) {
	tests := map[string]struct {
		header string
		want   time.Duration
	}{
		"seconds":     {"7", 7 * time.Second},
		"date":        {time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat), 90 * time.Second},
		"date passed": {"Mon, 02 Jan 2006 15:04:05 GMT", 0},
		"too long":    {"999999999", 24 * time.Hour},
		"nonsense":    {"soon", 0},
		"missing":     {"", 0},
	}
	for name, tt := range tests {
		for status, code := range map[int]api.Code{429: api.CodeTooMany, 503: api.CodeBusy} {
			t.Run(fmt.Sprint(name, " ", status), func(t *testing.T) {
				s := serve(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Retry-After", tt.header)
					problem(w, status, code)
				})
				_, err := newClient(t, s.URL, client.Options{}).LogIn(t.Context(), api.LogIn{})
				var p *api.Problem
				if !errors.As(err, &p) || p.Code != code || p.Reference != "ref-2" {
					t.Fatalf("got %v", err)
				}
				if d := p.RetryAfter - tt.want; d.Abs() > 3*time.Second {
					t.Errorf("RetryAfter is %v, want about %v", p.RetryAfter, tt.want)
				}
			})
		}
	}
}

func TestRepetition_onlyOfWhatMayBeRepeated(t *testing.T) {
	tests := map[string]struct {
		call func(context.Context, *client.Client) error
		want int32
	}{
		"GET": {func(ctx context.Context, c *client.Client) error { _, err := c.Service(ctx); return err }, 3},
		"sign-up, by its flow": {func(ctx context.Context, c *client.Client) error {
			return c.SignUp(ctx, api.SignUp{})
		}, 3},
		"log-in":     {func(ctx context.Context, c *client.Client) error { _, err := c.LogIn(ctx, api.LogIn{}); return err }, 1},
		"refresh":    {func(ctx context.Context, c *client.Client) error { _, err := c.Refresh(ctx, api.Refresh{}); return err }, 1},
		"activation": {func(ctx context.Context, c *client.Client) error { return c.Activate(ctx, api.Activate{}) }, 1},
		"reset":      {func(ctx context.Context, c *client.Client) error { return c.Reset(ctx, api.Reset{}) }, 1},
		"delivery": {func(ctx context.Context, c *client.Client) error {
			_, err := c.As(client.StaticToken("a")).Deliver(ctx, api.Deliver{})
			return err
		}, 1},
	}
	faults := map[string]http.HandlerFunc{
		"connection cut": func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) },
		"busy":           func(w http.ResponseWriter, r *http.Request) { problem(w, 503, api.CodeBusy) },
		"answer cut": func(w http.ResponseWriter, r *http.Request) {
			plenaryHeaders(w)
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "{")
		},
	}
	for name, tt := range tests {
		for fault, h := range faults {
			t.Run(name+", "+fault, func(t *testing.T) {
				t.Parallel()
				var asked atomic.Int32
				s := serve(t, func(w http.ResponseWriter, r *http.Request) { asked.Add(1); h(w, r) })
				if err := tt.call(t.Context(), newClient(t, s.URL, client.Options{})); err == nil {
					t.Error("no error")
				}
				if n := asked.Load(); n != tt.want {
					t.Errorf("asked %d times, want %d", n, tt.want)
				}
			})
		}
	}
}

func TestRepetition_notBeforeTheServiceAllowsIt(t *testing.T) {
	var asked atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Retry-After", "60")
		problem(w, 503, api.CodeBusy)
	})
	_, err := newClient(t, s.URL, client.Options{}).Service(t.Context())
	if !api.HasCode(err, api.CodeBusy) || asked.Load() != 1 {
		t.Errorf("asked %d times: %v", asked.Load(), err)
	}
}

func TestRepetition_succeedsWhenTheServiceIsBack(t *testing.T) {
	var asked atomic.Int32
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) < 3 {
			panic(http.ErrAbortHandler)
		}
		info(w, r)
	})
	got, err := newClient(t, s.URL, client.Options{}).Service(t.Context())
	if err != nil || got.ServiceID != serviceID {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestCancel_staysCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := newClient(t, s.URL, client.Options{}).Service(ctx)
	if !errors.Is(err, context.Canceled) || errors.Is(err, client.ErrTimeout) {
		t.Errorf("got %v", err)
	}
}
