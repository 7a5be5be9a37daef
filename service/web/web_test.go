package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/words"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

const code = "C-00016512"

// site serves the pages of a service with one meeting.
func newSite(t *testing.T, change func(*api.Meeting)) *httptest.Server {
	t.Helper()
	meeting := api.Meeting{
		Code: code, Title: api.Text{"en": "Sixth X.509 Day", "fr": "Sixième Journée X.509"},
		Description: api.Text{"en": "Certificates"}, Place: api.Text{"en": "Geneva"}, Zone: "Europe/Zurich",
		Sessions:         []api.MeetingSession{{Title: api.Text{"en": "Day"}, Start: now.AddDate(0, 1, 0), End: now.AddDate(0, 1, 0).Add(8 * time.Hour)}},
		RegistrationFrom: now.Add(-time.Hour), RegistrationUntil: now.Add(24 * time.Hour),
		Participation: []string{api.OnSite, api.Remote}, Contact: "meetings@example.int",
	}
	if change != nil {
		change(&meeting)
	}
	handler, err := New(Config{
		Info: func(context.Context) (api.ServiceInfo, error) {
			return api.ServiceInfo{
				Organization: "Example Organization", Address: "https://plenary.example.int", ServiceDesk: "servicedesk@example.int",
				FAQ: "https://plenary.example.int/faq", Terms: "https://plenary.example.int/terms", Privacy: "https://plenary.example.int/privacy",
				Policy: "classic",
			}, nil
		},
		Meeting: func(_ context.Context, asked string) (api.Meeting, error) {
			switch asked {
			case code:
				return meeting, nil
			case "C-00000500":
				return meeting, errors.New("the database is away")
			}
			return meeting, &api.Problem{Code: api.CodeNotFound}
		},
		Reference: func(context.Context) string { return "REFERENCE1" },
		Now:       func() time.Time { return now },
		Log:       slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s
}

func get(t *testing.T, s *httptest.Server, method, path, accept string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", accept)
	a, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a, string(body)
}

var (
	inlineScript = regexp.MustCompile(`<script(>| [^>]*>[^<])`)
	inlineStyle  = regexp.MustCompile(`<style|style="|\son[a-z]+="`)
	elsewhere    = regexp.MustCompile(`(src|href)="https?://[^"]*"`)
)

func TestPages_areStrictAndComplete(t *testing.T) {
	s := newSite(t, nil)
	for path, status := range map[string]int{
		"/": 200, "/activate": 200, "/invitation": 200, "/reset": 200, "/stop": 200, "/terms": 200, "/privacy": 200, "/faq": 200, "/m/" + code: 200, "/m/c-16512": 200,
		"/m/C-99999999": 404, "/nothing": 404, "/web/nothing": 404, "/web": 404, "/m/C-00000500": 500,
	} {
		for _, l := range words.Letters() {
			lang := l.Code
			a, body := get(t, s, "GET", path+"?lang="+lang, "")
			if a.StatusCode != status || !strings.Contains(body, `<html lang="`+lang+`" dir="`+words.ForLetters(lang).Direction()+`">`) {
				t.Errorf("%s: %d in %s", path, a.StatusCode, a.Header.Get("Content-Language"))
			}
			for _, left := range []string{"web.", "<no value>", "ZgotmplZ", "{{"} {
				if strings.Contains(strings.ReplaceAll(body, "/web/", ""), left) {
					t.Errorf("%s in %s shows %q", path, lang, left)
				}
			}
			if inlineScript.MatchString(body) || inlineStyle.MatchString(body) {
				t.Errorf("%s holds script or style of its own", path)
			}
			for _, link := range elsewhere.FindAllString(body, -1) {
				if !strings.Contains(link, "https://plenary.example.int/") {
					t.Errorf("%s leads to %s", path, link)
				}
			}
			csp := a.Header.Get("Content-Security-Policy")
			for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} {
				if !strings.Contains(csp, want) {
					t.Errorf("%s: policy %q lacks %s", path, csp, want)
				}
			}
			if strings.Contains(csp, "unsafe") || a.Header.Get("Referrer-Policy") != "no-referrer" || a.Header.Get("X-Frame-Options") != "DENY" {
				t.Errorf("%s: headers %v", path, a.Header)
			}
			if len(a.Cookies()) != 0 {
				t.Errorf("%s sets cookies", path)
			}
		}
	}
}

func TestPages_headIsAnsweredAndPostIsNot(t *testing.T) {
	s := newSite(t, nil)
	if a, body := get(t, s, "HEAD", "/activate", ""); a.StatusCode != 200 || body != "" {
		t.Errorf("HEAD: %d, %d bytes", a.StatusCode, len(body))
	}
	// Without script, a form would post here: nothing takes it.
	if a, _ := get(t, s, "POST", "/activate", ""); a.StatusCode == 200 {
		t.Errorf("POST: %d", a.StatusCode)
	}
}

func TestLanguage(t *testing.T) {
	s := newSite(t, nil)
	for _, tc := range []struct{ path, accept, want string }{
		{"/reset", "", "en"},
		{"/reset", "fr-CH, fr;q=0.9, en;q=0.8", "fr"},
		{"/reset", "xx", "en"},
		{"/reset", "de, fr;q=0.5", "fr"},
		{"/reset?lang=fr", "en", "fr"},
		{"/reset?lang=en", "fr", "en"},
		{"/reset?lang=xx", "fr", "fr"},
		{"/reset", strings.Repeat("fr,", 2000), "fr"},
	} {
		if a, _ := get(t, s, "GET", tc.path, tc.accept); a.Header.Get("Content-Language") != tc.want {
			t.Errorf("%s with %.20q: %s, want %s", tc.path, tc.accept, a.Header.Get("Content-Language"), tc.want)
		}
	}
}

func TestMeeting_invites(t *testing.T) {
	s := newSite(t, nil)
	_, body := get(t, s, "GET", "/m/"+code, "fr")
	for _, want := range []string{
		"Sixième Journée X.509", `href="plenary://plenary.example.int/m/C-00016512"`, "Ouvrir dans Plenary",
		"22 déc. 2026", "10:00 – 18:00", "https://plenary.example.int</dd>",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing in:\n%s", want, body)
		}
	}
}

// What to do where Plenary is not installed stands beside each link that opens
// it, also for browsers without script.
func TestPages_sayWhatToDoWithoutPlenary(t *testing.T) {
	s := newSite(t, nil)
	for path, wants := range map[string][]string{
		"/m/" + code: {"Nothing happens?", `<span class="code">` + code + "</span>", `<a href="#get">`, `id="get"`, "servicedesk@example.int"},
		"/":          {"Nothing happens?", "servicedesk@example.int"},
		"/activate":  {"Nothing happens?", "servicedesk@example.int"},
		"/reset":     {"Nothing happens?", "servicedesk@example.int"},
	} {
		_, body := get(t, s, "GET", path, "en")
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s: %q is missing in:\n%s", path, want, body)
			}
		}
	}
}

func TestMeeting_saysWhetherOneCanRegister(t *testing.T) {
	for want, change := range map[string]func(*api.Meeting){
		"Registration open until Monday, 23 November 2026, 10:00": nil,
		"Registration opens on Tuesday, 24 November 2026, 10:00":  func(m *api.Meeting) { m.RegistrationFrom = now.Add(48 * time.Hour) },
		"Registration is over":                          func(m *api.Meeting) { m.RegistrationUntil = now },
		"All places are taken: there is a waiting list": func(m *api.Meeting) { m.Capacity, m.Taken, m.WaitingList = 2, 2, true },
		">All places are taken<":                        func(m *api.Meeting) { m.Capacity, m.Taken = 2, 3 },
		"Member State · Sector Member":                  func(m *api.Meeting) { m.Memberships = []string{"member-state", "sector-member"} },
		"&lt;script&gt;alert(1)&lt;/script&gt;":         func(m *api.Meeting) { m.Title = api.Text{"en": "<script>alert(1)</script>"} },
		`<a href="#ZgotmplZ" rel="noreferrer">Agenda</a>`: func(m *api.Meeting) {
			m.Documents = []api.Document{{Title: api.Text{"en": "Agenda"}, URL: "javascript:alert(1)"}}
		},
	} {
		if _, body := get(t, newSite(t, change), "GET", "/m/"+code, "en"); !strings.Contains(body, want) {
			t.Errorf("%q is missing in:\n%s", want, body)
		}
	}
}

func TestFiles(t *testing.T) {
	s := newSite(t, nil)
	for path, kind := range map[string]string{
		"/web/plenary.css": "text/css", "/web/plenary.js": "text/javascript", "/web/icon.svg": "image/svg+xml",
	} {
		a, body := get(t, s, "GET", path, "")
		if a.StatusCode != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), kind) || body == "" {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.Header.Get("Content-Type"))
		}
	}
	for _, path := range []string{"/web/", "/web", "/web/pages/layout.html", "/.git/HEAD", "/web/..%2f..%2fetc%2fpasswd"} {
		if a, _ := get(t, s, "GET", path, ""); a.StatusCode != 404 {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
}
