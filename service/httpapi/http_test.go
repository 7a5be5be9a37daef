package httpapi

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/account"
	"plenary/service/account/credential"
	"plenary/service/account/staff"
	"plenary/service/accounts"
	"plenary/service/audit"
	"plenary/service/badges"
	"plenary/service/delegations"
	"plenary/service/joining"
	"plenary/service/mail"
	"plenary/service/meetings"
	once "plenary/service/operation"
	"plenary/service/organizations"
	"plenary/service/policy"
	"plenary/service/registrations"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
	"plenary/service/visas"
)

const password = "Tr4vel-Lemur&Quartz"

// server is the service's API over real HTTP, with SQLite.
type server struct {
	*httptest.Server
	t    *testing.T
	deps Deps
	api  *API
	log  *lockedBuffer
}

// serviceKey is that of all services of these tests.
var serviceKey = secret.Generate()

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func serve(t *testing.T, change func(*Deps)) *server {
	t.Helper()
	return serveOn(t, storetest.SQLite(t), change)
}

func serveOn(t *testing.T, db *store.DB, change func(*Deps)) *server {
	t.Helper()
	key, logged := serviceKey, &lockedBuffer{}
	log := slog.New(slog.NewJSONHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	outbox := mail.NewOutbox(key, time.Now)
	policies := policy.Default()
	policies.SecondFactor = api.SecondFactorFree // or no role is in force before two-step log-in is on
	a := accounts.New(account.Deps{
		DB: db, Key: key, Mail: outbox, Now: time.Now, Address: func() string { return "https://accounts.example.org" }, Name: func() string { return "Example" },
		Organization: func(id string) (api.Organization, bool) {
			return api.Organization{ID: id, Name: "Example Telecom", Country: "CH", Membership: "sector-member"}, id == "itu1"
		},
		Hashing:  credential.Hashing{MemoryKiB: 64, Time: 1, Threads: 1},
		Policies: policy.New(policies),
	})
	noted := audit.New(key, time.Now)
	members, err := organizations.New(db, noted, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	m := meetings.New(meetings.Deps{DB: db, Audit: noted, Now: time.Now})
	signed := badges.New(badges.Deps{DB: db, Key: key, Now: time.Now, Meeting: m.Get})
	joins := joining.New(joining.Deps{DB: db, Key: key, Now: time.Now, Address: func() string { return "https://accounts.example.org" }})
	speak := delegations.New(delegations.Deps{DB: db, Now: time.Now, Accounts: a.Accounts, Users: a.Users})
	cases := visas.New(visas.Deps{DB: db, Key: key, Now: time.Now, Audit: noted, Outbox: outbox, Days: func() int { return 30 }})
	rs := registrations.New(registrations.Deps{
		DB: db, Key: key, Visas: cases, Joining: joins, Meetings: m, Badges: signed, Delegations: speak, Audit: noted, Organization: func() string { return "Example" }, Outbox: outbox, Now: time.Now, Address: func() string { return "https://accounts.example.org" }, Profile: a.Profile,
		MailInfo: func(context.Context) (mail.Info, error) { return mail.Info{Organization: "Example"}, nil },
		Listed:   func(wanted []api.Organization) []api.Organization { return members.Directory().Named(wanted) },
	})
	operations := once.New(once.Deps{DB: db, Key: key, Now: time.Now}, rs.Kinds())
	m.Once, rs.Once = operations.Once, operations.Once
	d := Deps{
		Log: log, DB: db, Accounts: a, ServiceID: "this service", MinimumVersion: "1.2",
		Organizations: members, Policies: &policy.Admin{Keeper: a.Policies, DB: db, Audit: noted}, Audit: noted, Chain: audit.NewChain(db, key, time.Now, log),
		Meetings: m, Badges: signed, Delegations: speak, Registrations: rs, Visas: cases, Joining: joins, Operations: operations,
		ProveService: func(context.Context, api.ProveService) (api.ServiceProof, error) {
			return api.ServiceProof{Signature: "x"}, nil
		},
		Info: func(context.Context) (api.ServiceInfo, error) {
			return api.ServiceInfo{ServiceID: "id", Languages: []string{"en", "fr"}, Policy: "classic", Questions: api.QuestionOn, SecondFactor: api.SecondFactorFree}, nil
		},
	}
	a.Held = account.Held{
		Export: func(tx *store.Tx, id string) (map[string]any, error) {
			held, err := rs.Held(tx, id)
			return map[string]any{"registrations": held, "operations": once.Of(tx, id)}, err
		},
		Erase: func(tx *store.Tx, id string) error { return rs.Erase(tx, id) },
	}
	if change != nil {
		change(&d)
	}
	go d.Chain.KeepLooking(t.Context())
	service := New(d)
	s := &server{t: t, deps: d, api: service, log: logged, Server: httptest.NewServer(service.Handler())}
	t.Cleanup(func() {
		s.Close()
		for line := range strings.Lines(logged.String()) {
			if strings.Contains(line, undeclared) {
				t.Error(line)
			}
		}
	})
	return s
}

// answered is an answer with its body read.
type answered struct {
	*http.Response
	body []byte
}

// problem checks that the answer is a whole problem and gives it.
func (a answered) problem(t *testing.T) api.Problem {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Fatalf("%d is no problem: %s", a.StatusCode, a.body)
	}
	if a.Header.Get("Content-Type") != "application/problem+json" || p.Status != a.StatusCode || p.Code == "" ||
		p.Type != "urn:plenary:problem:"+string(p.Code) || p.Title == "" || p.Reference != a.Header.Get(api.HeaderReference) {
		t.Errorf("not a whole problem: %s %s", a.Header.Get("Content-Type"), a.body)
	}
	return p
}

func (s *server) do(method, path, body string, header ...string) answered {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	res, err := s.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if at := tooFine.Find(text); at != nil {
		s.t.Errorf("%s %s answers the time %s, which no database keeps", method, path, at)
	}
	return answered{res, text}
}

// tooFine is a time that is not in microseconds UTC, which is what times of the
// contract are: the same one would be another after it was stored.
var tooFine = regexp.MustCompile(`"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{7,}Z|(\.[0-9]+)?[+-][0-9:]+)"`)

func (s *server) post(path string, body any) answered {
	s.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(http.MethodPost, path, string(text))
}

// account makes an active account and logs in.
func (s *server) account(username string, roles ...string) api.Session {
	s.t.Helper()
	_, err := s.deps.Accounts.Create(s.t.Context(), staff.NewAccount{
		Username: username, Email: username + "@example.org", Password: password, FirstName: "Amina", Roles: roles,
		Organization: api.Organization{Name: "Example Telecom", Country: "CH", Membership: "sector-member"},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	var session api.Session
	a := s.post("/v1/session", api.LogIn{Identifier: username, Password: password})
	if err := json.Unmarshal(a.body, &session); err != nil || a.StatusCode != http.StatusOK {
		s.t.Fatalf("log in: %d %s", a.StatusCode, a.body)
	}
	return session
}

func TestEveryAnswer_hasTheHeadersOfTheContract(t *testing.T) {
	s := serve(t, func(d *Deps) {
		d.Pages = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/panic" {
				panic("secret words")
			}
			w.Header().Set("Cache-Control", "public")
		})
	})
	for _, c := range []struct {
		method, path, body string
		status             int
		code               api.Code
	}{
		{"GET", "/v1/service", "", 200, ""},
		{"GET", "/healthz", "", 200, ""},
		{"GET", "/readyz", "", 200, ""},
		{"GET", "/a-page", "", 200, ""},
		{"GET", "/v1/nothing", "", 404, api.CodeNotFound},
		{"GET", "/v1", "", 404, api.CodeNotFound},
		{"PUT", "/v1/session", "{}", 405, api.CodeMethod},
		{"BREW", "/v1/session", "{}", 405, api.CodeMethod},
		{"TRACE", "/v1/session", "", 405, api.CodeMethod},
		{"GET", "/v1/account", "", 401, api.CodeUnauthenticated},
		{"POST", "/v1/session", "{}", 422, api.CodeInvalid},
		{"GET", "/panic", "", 500, api.CodeInternal},
	} {
		a := s.do(c.method, c.path, c.body)
		if a.StatusCode != c.status {
			t.Errorf("%s %s: %d %s", c.method, c.path, a.StatusCode, a.body)
		}
		if c.code != "" && a.problem(t).Code != c.code {
			t.Errorf("%s %s: %s", c.method, c.path, a.body)
		}
		at, err := time.Parse(time.RFC3339Nano, a.Header.Get(api.HeaderTime))
		if err != nil || time.Since(at).Abs() > time.Minute {
			t.Errorf("%s: time %q", c.path, a.Header.Get(api.HeaderTime))
		}
		if a.Header.Get(api.HeaderMinimumVersion) != "1.2" || a.Header.Get(api.HeaderService) != "this service" || len(a.Header.Get(api.HeaderReference)) != 10 {
			t.Errorf("%s: %v", c.path, a.Header)
		}
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Strict-Transport-Security": "",
			"Content-Security-Policy":     "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
			"Access-Control-Allow-Origin": "", "Set-Cookie": "",
		} {
			if got := a.Header.Get(header); got != want {
				t.Errorf("%s: %s %q", c.path, header, got)
			}
		}
		if c.path != "/a-page" && a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Cache-Control %q", c.path, a.Header.Get("Cache-Control"))
		}
	}
	if strings.Contains(s.log.String(), "secret words") {
		t.Error("a panic's value is in the log")
	}
}

// What a database cannot hold is refused before it gets there, by each of them.
func TestHostileAddress_isRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := serveOn(t, db, nil)
		boss := s.account("boss", api.RoleAdministrator, api.RoleMeetingManager)
		for _, path := range []string{
			"/v1/users?query=", "/v1/users?after=", "/v1/users?state=", "/v1/audit?event=", "/v1/audit?user=", "/v1/audit?after=",
			"/v1/organizations/entered?after=", "/v1/meetings?after=", "/v1/meetings/x/registrations?after=",
			"/v1/users/", "/v1/meetings/", "/v1/service?x=",
		} {
			for _, hostile := range []string{"a%00b", "%ff", "%c0%80", "%ed%a0%80"} {
				if a := s.do("GET", path+hostile, "", "Authorization", "Bearer "+boss.Access); a.StatusCode != http.StatusBadRequest ||
					a.problem(t).Code != api.CodeMalformed {
					t.Errorf("%s%s: %d %s", path, hostile, a.StatusCode, a.body)
				}
			}
			if a := s.do("GET", path+"%27%25_%F0%9F%A7%A8%E2%80%AE", "", "Authorization", "Bearer "+boss.Access); a.StatusCode >= 500 {
				t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
			}
		}
	})
}

func TestHostileJSON_isRefusedAndNeverEchoed(t *testing.T) {
	s := serve(t, nil)
	const flow = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	good := `"identifier":"nobody@example.org","password":"TheSecret1!","keep":true`
	for _, c := range []struct {
		name, path, body string
		status           int
		code             api.Code
		pointer          string // pointer and code of the first field error
	}{
		{"duplicate key", "/v1/session", `{` + good + `,"password":"TheSecret2!"}`, 400, api.CodeMalformed, ""},
		{"duplicate key by case", "/v1/session", `{` + good + `,"Password":"TheSecret2!"}`, 400, api.CodeMalformed, ""},
		{"duplicate key by escape", "/v1/session", `{` + good + `,"pass\u0077ord":"TheSecret2!"}`, 400, api.CodeMalformed, ""},
		{"other case", "/v1/session", `{"Identifier":"nobody","password":"TheSecret1!","keep":true}`, 422, api.CodeInvalid, "/identifier required"},
		{"unknown field", "/v1/session", `{` + good + `,"roles":["administrator"]}`, 422, api.CodeInvalid, "/roles unknown"},
		{"unknown field with a wild name", "/v1/session", `{` + good + `,"a.b[0]/~":1}`, 422, api.CodeInvalid, " unknown"},
		{"NUL", "/v1/session", `{"identifier":"a\u0000b","password":"TheSecret1!","keep":true}`, 400, api.CodeMalformed, ""},
		{"not UTF-8", "/v1/session", "{\"identifier\":\"a\xff\",\"password\":\"TheSecret1!\",\"keep\":true}", 400, api.CodeMalformed, ""},
		{"too long", "/v1/session", `{"identifier":"` + strings.Repeat("a", 255) + `","password":"TheSecret1!","keep":true}`, 422, api.CodeInvalid, "/identifier too-long"},
		{"empty", "/v1/session", `{"identifier":"","password":"TheSecret1!","keep":true}`, 422, api.CodeInvalid, "/identifier too-short"},
		{"wrong type", "/v1/session", `{"identifier":{"TheSecret1!":1},"password":"TheSecret1!","keep":"TheSecret1!"}`, 422, api.CodeInvalid, "/identifier invalid"},
		{"missing", "/v1/session", `{"identifier":"a","keep":false}`, 422, api.CodeInvalid, "/password required"},
		{"no body", "/v1/session", ``, 400, api.CodeMalformed, ""},
		{"no object", "/v1/session", `[]`, 422, api.CodeInvalid, " invalid"},
		{"two values", "/v1/session", `{` + good + `}{}`, 400, api.CodeMalformed, ""},
		{"cut", "/v1/session", `{` + good, 400, api.CodeMalformed, ""},
		{"deep", "/v1/session", strings.Repeat(`{"a":`, 1000), 400, api.CodeMalformed, ""},
		{"unknown choice", "/v1/account/sign-up", `{"language":"xx"}`, 422, api.CodeInvalid, ""},
		{"nested pointer", "/v1/account/sign-up", `{"new_organization":{"name":""}}`, 422, api.CodeInvalid, ""},
		{"10 MB", "/v1/session", `{"identifier":"` + strings.Repeat("TheSecret1!", 1<<20), 413, api.CodeTooLarge, ""},
		{"100 kB", "/v1/session", `{"identifier":"` + strings.Repeat("TheSecret1!", 10<<10), 413, api.CodeTooLarge, ""},
		{"password of 100 characters too many", "/v1/session", `{"identifier":"a","password":"` + strings.Repeat("TheSecret1!", 20) + `","keep":true}`, 422, api.CodeInvalid, "/password too-long"},
		{"role smuggled into a sign-up", "/v1/account/sign-up", `{"flow":"` + flow + `","roles":["administrator"],"taken":false}`, 422, api.CodeInvalid, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.do(http.MethodPost, c.path, c.body)
			if a.StatusCode != c.status {
				t.Fatalf("%d %s", a.StatusCode, a.body)
			}
			p := a.problem(t)
			if p.Code != c.code {
				t.Errorf("got %s", a.body)
			}
			if bytes.Contains(a.body, []byte("Secret")) {
				t.Errorf("the answer echoes what was sent: %s", a.body)
			}
			if c.pointer != "" && (len(p.Errors) == 0 || p.Errors[0].Pointer+" "+p.Errors[0].Code != c.pointer) {
				t.Errorf("fields %+v, want %s", p.Errors, c.pointer)
			}
		})
	}
	if strings.Contains(s.log.String(), "Secret") || strings.Contains(s.log.String(), "nobody") {
		t.Error("the log holds what was sent")
	}
}

func TestContentType_mustBeJSON(t *testing.T) {
	s := serve(t, nil)
	body := `{"identifier":"a","password":"b","keep":true}`
	for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=\"", "application/cbor"} {
		if a := s.do(http.MethodPost, "/v1/session", body, "Content-Type", media); a.StatusCode != http.StatusUnsupportedMediaType || a.problem(t).Code != api.CodeMediaType {
			t.Errorf("%s: %d %s", media, a.StatusCode, a.body)
		}
	}
	if a := s.do(http.MethodPost, "/v1/session", body, "Content-Encoding", "gzip"); a.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("compressed: %d %s", a.StatusCode, a.body)
	}
	if a := s.do(http.MethodPost, "/v1/session", body, "Content-Type", "application/json; charset=utf-8"); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

func TestVersion_tooOldIsTold(t *testing.T) {
	s := serve(t, nil)
	for version, status := range map[string]int{
		"1.1.9": 426, "0.9": 426, "1": 426, "v1.1": 426, "1.2": 401, "1.2.0": 401, "1.10": 401, "2.0-beta": 401, "": 401, "development": 401,
	} {
		if a := s.do(http.MethodGet, "/v1/account", "", api.HeaderVersion, version); a.StatusCode != status {
			t.Errorf("%q: %d", version, a.StatusCode)
		}
	}
	if a := s.do(http.MethodGet, "/v1/service", "", api.HeaderVersion, "0.1"); a.StatusCode != 200 {
		t.Errorf("/v1/service: %d", a.StatusCode)
	}
}

func TestHost_isCheckedInTheDemonstration(t *testing.T) {
	s := serve(t, func(d *Deps) { d.Hosts = []string{"127.0.0.1:8443"} })
	if a := s.do(http.MethodGet, "/v1/service", "", "Host", "127.0.0.1:8443"); a.StatusCode != 200 {
		t.Errorf("%d", a.StatusCode)
	}
	if a := s.do(http.MethodGet, "/v1/service", "", "Host", "evil.example"); a.StatusCode != http.StatusMisdirectedRequest || a.problem(t).Code != api.CodeForbidden {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// Passwords and tokens do not go over a network in clear: whoever comes neither
// with TLS nor from this machine nor through a trusted proxy is refused, before
// anything of the request is looked at.
func TestInClear_nobodyIsAnsweredOverANetwork(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.2/32")}
	for _, c := range []struct {
		name, remote string
		tls          bool
		proto        []string
		answered     bool
	}{
		{"this machine", "127.0.0.1:9", false, nil, true},
		{"this machine by IPv6", "[::1]:9", false, nil, true},
		{"this machine by IPv4 within IPv6", "[::ffff:127.0.0.1]:9", false, nil, true},
		{"a network with TLS", "203.0.113.5:9", true, nil, true},
		{"a network in clear", "203.0.113.5:9", false, nil, false},
		{"a private network in clear", "192.168.1.5:9", false, nil, false},
		{"a stranger who says that it was TLS", "203.0.113.5:9", false, []string{"https"}, false},
		{"no address", "", false, nil, false},
		{"a trusted proxy", "10.0.0.1:9", false, nil, true},
		{"a trusted proxy that did TLS", "10.0.0.1:9", false, []string{"HTTPS"}, true},
		{"a trusted proxy that was reached in clear", "10.0.0.1:9", false, []string{"http"}, false},
		{"a trusted proxy on this machine that was reached in clear", "127.0.0.2:9", false, []string{"http"}, false},
		{"the first of two proxies reached in clear", "10.0.0.1:9", false, []string{"http, https"}, false},
		{"two headers, one in clear", "10.0.0.1:9", false, []string{"https", "http"}, false},
		{"an unknown scheme", "10.0.0.1:9", false, []string{"ftp"}, false},
		{"TLS from a proxy that was reached in clear itself", "10.0.0.1:9", true, []string{"http"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, func(d *Deps) { d.TrustedProxies = trusted })
			ask := func(method, path, body string) *httptest.ResponseRecorder {
				r := httptest.NewRequest(method, path, strings.NewReader(body))
				r.RemoteAddr, r.Header["X-Forwarded-Proto"] = c.remote, c.proto
				r.Header.Set("Content-Type", "application/json")
				if c.tls {
					r.TLS = &tls.ConnectionState{}
				}
				w := httptest.NewRecorder()
				s.api.Handler().ServeHTTP(w, r)
				return w
			}
			for _, path := range []string{"/v1/service", "/activate", "/v1/session/refresh"} {
				w := ask(http.MethodPost, path, `{"refresh":"secret"}`)
				var p api.Problem
				refused := json.Unmarshal(w.Body.Bytes(), &p) == nil && p.Code == api.CodeNotEncrypted && w.Code == http.StatusForbidden
				if refused == c.answered {
					t.Errorf("%s: %d %s", path, w.Code, w.Body)
				}
			}
			// There is nothing in these.
			for _, path := range []string{"/healthz", "/readyz"} {
				if w := ask(http.MethodGet, path, ""); w.Code != http.StatusOK {
					t.Errorf("%s: %d %s", path, w.Code, w.Body)
				}
			}
			if said := strings.Count(s.log.String(), "trusted_proxies"); said != 1 && !c.answered || said != 0 && c.answered {
				t.Errorf("the operator is told %d times", said)
			}
		})
	}
}

// Programs ask for these again and again: they would be most of the log.
func TestLog_holdsPollsAtDebugOnly(t *testing.T) {
	s := serve(t, nil)
	level := func(reference string) string {
		for line := range strings.Lines(s.log.String()) {
			var l struct{ Level, Msg, Reference string }
			if json.Unmarshal([]byte(line), &l) == nil && l.Msg == "request" && l.Reference == reference {
				return l.Level
			}
		}
		return "none"
	}
	for _, c := range []struct{ method, path, want string }{
		{"GET", "/v1/service", "DEBUG"},
		{"HEAD", "/v1/service", "DEBUG"},
		{"GET", "/v1/meetings", "DEBUG"},
		{"GET", "/v1/directory", "DEBUG"},
		{"GET", "/readyz", "DEBUG"},
		{"GET", "/v1/registrations", "INFO"}, // refused: nobody is logged in
		{"POST", "/v1/session", "INFO"},
		{"GET", "/v1/policies", "INFO"},
	} {
		a := s.do(c.method, c.path, "")
		if got := level(a.Header.Get(api.HeaderReference)); got != c.want {
			t.Errorf("%s %s (%d): %s, want %s", c.method, c.path, a.StatusCode, got, c.want)
		}
	}
}

// Before the listener closes, whoever watches over the service is told; what comes
// until then is answered, and its connection not used again.
func TestStop_turnsReadinessAndStillAnswers(t *testing.T) {
	s := serve(t, nil)
	if a := s.do("GET", "/readyz", ""); a.StatusCode != http.StatusOK || a.Close {
		t.Fatalf("ready: %d, close %v", a.StatusCode, a.Close)
	}
	s.api.Stop()
	if a := s.do("GET", "/readyz", ""); a.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(a.body), "stopping") {
		t.Errorf("about to stop: %d %s", a.StatusCode, a.body)
	}
	if a := s.do("GET", "/v1/service", ""); a.StatusCode != http.StatusOK || !a.Close {
		t.Errorf("still there: %d, close %v", a.StatusCode, a.Close)
	}
	if a := s.do("GET", "/healthz", ""); a.StatusCode != http.StatusOK {
		t.Errorf("alive: %d", a.StatusCode)
	}
}

func TestClientAddress_believesTrustedProxiesOnly(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct{ remote, forwarded, want string }{
		{"203.0.113.5:99", "", "203.0.113.5"},
		{"203.0.113.5:99", "198.51.100.1", "203.0.113.5"},
		{"10.0.0.1:99", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:99", "1.1.1.1, 198.51.100.1, 10.2.2.2", "198.51.100.1"},
		{"10.0.0.1:99", "rubbish", "10.0.0.1"},
		{"10.0.0.1:99", "1.1.1.1, 198.51.100.1:4711", "198.51.100.1"},
		{"10.0.0.1:99", "[2001:db8::1]:4711", "2001:db8::1"},
		{"10.0.0.1:99", "[2001:db8::1]", "2001:db8::1"},
		{"10.0.0.1:99", "", "10.0.0.1"},
		{"[::1]:99", "2001:db8::1", "2001:db8::1"},
		{"[::ffff:10.0.0.1]:99", "198.51.100.1", "198.51.100.1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := clientAddress(r, trusted).String(); got != c.want {
			t.Errorf("%s, %q: %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}

func TestOpenAPI_describesTheContract(t *testing.T) {
	text, err := OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"openapi: 3.1.0", "/v1/session/refresh:", "operationId: log-in", "Problem:", "application/problem+json", "bearer"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, no := range []string{"$schema", "/web/"} {
		if strings.Contains(string(text), no) {
			t.Errorf("%q is there", no)
		}
	}
}

// A body may be as large as its route says, whether it says itself how large it is or not.
func TestBodies_areLimitedByRoute(t *testing.T) {
	s := serve(t, nil)
	type large struct {
		Body struct {
			Text string `json:"text"`
		}
	}
	open(s.api, operation{Route: "PUT /v1/large", ID: "large", MaxBody: 3 << 20}, func(context.Context, *large) (*struct{}, error) {
		return nil, nil
	})
	for _, c := range []struct {
		method, path string
		bytes, want  int
	}{
		{"PUT", "/v1/large", 2 << 20, http.StatusNoContent},
		{"PUT", "/v1/large", 4 << 20, http.StatusRequestEntityTooLarge},
		{"POST", "/v1/session", 2 << 20, http.StatusRequestEntityTooLarge},
		{"POST", "/v1/session", 70 << 10, http.StatusRequestEntityTooLarge},
	} {
		for _, said := range []bool{true, false} {
			body := io.Reader(strings.NewReader(`{"text":"` + strings.Repeat("x", c.bytes) + `"}`))
			if !said {
				body = io.MultiReader(body)
			}
			r, err := http.NewRequestWithContext(t.Context(), c.method, s.URL+c.path, body)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if answer.StatusCode != c.want {
				t.Errorf("%s %s, %d bytes, said %v: %d, want %d", c.method, c.path, c.bytes, said, answer.StatusCode, c.want)
			}
		}
	}
}
