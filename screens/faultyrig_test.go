package screens

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/app/keyringtest"
	"plenary/localdb/localdbtest"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// pumped is the program's executor with the test's goroutine as the window's:
// work goes on beside it, what comes then waits for until.
type pumped struct {
	results chan func()
	mu      sync.Mutex
	posted  []func() // in their order; each has a result that takes the first one
}

func newPumped() *pumped { return &pumped{results: make(chan func(), 64)} }

func (p *pumped) Post(ctx context.Context, then func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.posted = append(p.posted, func() {
		if ctx.Err() == nil {
			then()
		}
	})
	p.Run(context.Background(), func(context.Context) {}, func() {
		p.mu.Lock()
		first := p.posted[0]
		p.posted = p.posted[1:]
		p.mu.Unlock()
		first()
	})
}

func (p *pumped) Run(ctx context.Context, work func(context.Context), then func()) {
	go func() {
		work(ctx)
		select {
		case p.results <- func() {
			if ctx.Err() == nil {
				then()
			}
		}:
		case <-ctx.Done():
		}
	}()
}

// until takes results until ok, and fails the test after half a minute.
func (p *pumped) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for !ok() {
		select {
		case then := <-p.results:
			then()
		case <-deadline:
			t.Fatalf("waited in vain for: %s", what)
		}
	}
}

const (
	smallServiceID = "6f1f5a5e-6d2c-4f57-9d7c-6d7a8a0b9c11"
	smallAccountID = "0d4a6f3e-8f1b-4a55-8f7e-2f6f2a0e6b21"
)

func serviceHeaders(w http.ResponseWriter, contentType string) {
	w.Header().Set(api.HeaderTime, time.Now().UTC().Format(time.RFC3339Nano))
	w.Header().Set("Content-Type", contentType)
}

func answer(w http.ResponseWriter, v any) {
	serviceHeaders(w, "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(http.ErrAbortHandler)
	}
}

func refuse(w http.ResponseWriter, status int, code api.Code) {
	serviceHeaders(w, "application/problem+json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"status":%d,"code":%q,"reference":"3F7K-92QD"}`, status, code)
}

// smallService answers as a service does, as far as a log-in goes; logIn, if it
// is not nil, answers that in its place.
func smallService(logIn http.HandlerFunc) http.HandlerFunc {
	token := func(s string) string { return (s + strings.Repeat("-", 43))[:43] }
	account := api.Account{ID: smallAccountID, Username: "elena.garcia", Language: "en"}
	session := api.Session{
		Access: token("access"), AccessExpires: time.Now().Add(time.Hour).UTC(), Refresh: token("refresh"), Account: account,
	}
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.Method + " " + r.URL.Path {
		case "GET /v1/service":
			answer(w, api.ServiceInfo{ServiceID: smallServiceID, Organization: "example.int"})
		case "POST /v1/session":
			if logIn != nil {
				logIn(w, r)
				return
			}
			answer(w, session)
		case "POST /v1/session/refresh":
			answer(w, session)
		case "GET /v1/account":
			answer(w, account)
		case "GET /v1/meetings":
			answer(w, api.Meetings{Meetings: []api.Meeting{}})
		case "GET /v1/registrations":
			answer(w, api.Registrations{Registrations: []api.Registration{}})
		default:
			refuse(w, http.StatusNotFound, api.CodeNotFound)
		}
	}
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// serveUntrusted has a certificate that nobody signed.
func serveUntrusted(t *testing.T) string {
	t.Helper()
	s := httptest.NewUnstartedServer(smallService(nil))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

// closedPort is where nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return "http://" + l.Addr().String()
}

// wholeProgram is the window with the real package app behind it.
type wholeProgram struct {
	*pumped
	shell  *Shell
	window fyne.Window
	dir    string
	ring   *keyringtest.Fake
	disk   localdbtest.FakeDisk
	sleep  func(context.Context, time.Duration)
	caFile string
}

func newWholeProgram(t *testing.T) *wholeProgram {
	return &wholeProgram{pumped: newPumped(), dir: t.TempDir(), ring: keyringtest.New(), sleep: kit.Sleep}
}

// start shows the window; an empty address is the first start.
func (p *wholeProgram) start(t *testing.T, address string, trouble error) {
	t.Helper()
	e := screentest.NewEnv(t)
	e.Run, e.Sleep, e.Now = p.pumped, p.sleep, time.Now
	p.window = test.NewTempWindow(t, nil)
	t.Cleanup(func() {
		screentest.CheckSpoken(t, p.window)
		screentest.CheckMirrored(t, p.window)
	})
	p.window.SetPadded(false)
	p.shell = NewShell(e, WindowDeps{
		App: fyne.CurrentApp(), Window: p.window, Quit: fyne.CurrentApp().Quit, Address: address, Trouble: trouble,
		Open: func(ctx context.Context, address string) (Services, error) {
			a, err := app.Open(ctx, app.Config{
				Dir: p.dir, Service: address, Keyring: p.ring, CAFile: p.caFile, Timeout: 10 * time.Second, OpenSegment: p.disk.Open,
			})
			if err != nil {
				return Services{}, err
			}
			t.Cleanup(func() { a.Close() })
			return Services{
				Info: a.Info, SubscribeInfo: a.SubscribeInfo, Session: a.Session, Account: a.Account, Directory: a.Directory, Self: a.Service, Meetings: a.Meetings,
				Registrations: a.Registrations, Sync: a.Sync, Moved: a.Moved, Replace: a.Replace, Now: a.ServiceNow, Close: a.Close,
			}, nil
		},
	})
	p.window.SetContent(p.shell.Content())
	p.shell.Start(t.Context())
}

// login waits for the log-in screen.
func (p *wholeProgram) login(t *testing.T) {
	t.Helper()
	p.until(t, "the log-in screen", func() bool { return screentest.Find(p.window, "login.identifier") != nil })
}

// logIn types a name and a password, and submits them.
func (p *wholeProgram) logIn(t *testing.T) {
	t.Helper()
	p.login(t)
	screentest.Input(t, p.window, "login.identifier").SetText("elena.garcia")
	screentest.Input(t, p.window, "login.password").SetText("Correct-Horse-7")
	screentest.Tap(t, p.window, "login.submit")
}

// inside waits for the screens of a person who has logged in.
func (p *wholeProgram) inside(t *testing.T) {
	t.Helper()
	p.until(t, "the meetings", func() bool { return p.shell.inside })
}

// end closes what the window had open.
func (p *wholeProgram) end(t *testing.T) {
	t.Helper()
	closed := false
	p.shell.closeServices(func() { closed = true })
	p.until(t, "the end", func() bool { return closed })
}

// keepSession logs in once, with the session in the keyring, leaves a draft,
// and ends.
func (p *wholeProgram) keepSession(t *testing.T, address string) {
	t.Helper()
	a, err := app.Open(t.Context(), app.Config{Dir: p.dir, Service: address, Keyring: p.ring})
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Session.LogIn(t.Context(), app.LogIn{Identifier: "elena.garcia", Password: "Correct-Horse-7", Keep: true})
	err = errors.Join(err, a.Registrations.SaveDraft(t.Context(), api.Register{Meeting: "C-00016105", BadgeName: "Elena García"}), a.Close())
	if err != nil {
		t.Fatal(err)
	}
}
