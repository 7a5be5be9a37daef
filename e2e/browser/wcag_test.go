//go:build e2e

package browser

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/web"
)

// axeGz looks for what breaks WCAG; testdata/axe-core/README.md says where it comes from.
//
//go:embed testdata/axe-core/axe.min.js.gz
var axeGz []byte

const axeSHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"

// axe unpacks the script.
func axe(t *testing.T) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(axeGz))
	if err != nil {
		t.Fatal(err)
	}
	script, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(script); hex.EncodeToString(sum[:]) != axeSHA256 {
		t.Fatal("axe.min.js is another one")
	}
	return string(script)
}

// look has axe look at the page as it stands, by the rules of WCAG 2.2 at levels A and AA.
// What it cannot tell by itself counts as found: then the page is to be made plainer. A
// sign without a word (nonBmp) is the exception: those of the pages stand beside words that
// say the same.
const look = `axe.run(document, {
	runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
	rules: { "target-size": { enabled: true } },
	resultTypes: ["violations", "incomplete"],
}).then((found) => ({
	looked: found.passes.length,
	found: [...found.violations, ...found.incomplete].flatMap((rule) => rule.nodes.flatMap((node) => {
		const checks = [...node.any, ...node.all, ...node.none];
		if (checks.some((check) => check.data && check.data.messageKey === "nonBmp")) return [];
		return rule.id + " at " + node.target.join(" ") + ": " + checks.map((check) => check.message).join(" ");
	})),
	tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
}))`

// seen is what look gives.
type seen struct {
	Looked  int      `json:"looked"` // rules that apply and are kept
	Found   []string `json:"found"`
	TooWide int      `json:"tooWide"` // pixels that are to be scrolled to at the side (WCAG 1.4.10)
}

// answers are what the service says to the pages: by path the code of a problem, or empty
// for success; or several, one for each request, with spaces between. Where there is silent,
// there is no answer.
type answers map[string]string

const silent = "no-answer"

// wcagToken is a link's token.
var wcagToken = strings.Repeat("A", 43)

// wcagStates are the pages of the service in each of their states, and how one gets there.
var wcagStates = []struct {
	name    string
	path    string // with the token in the fragment, where there is "#"
	answers answers
	steps   func(b *Browser) []error
	wait    string
}{
	{name: "home", path: "/", wait: "#nothing"},
	{name: "home, Arabic", path: "/?lang=ar", wait: "#nothing"},
	{name: "terms", path: "/terms", wait: "h1"},
	{name: "privacy", path: "/privacy", wait: "h1"},
	{name: "faq", path: "/faq", wait: "h1"},
	{name: "missing", path: "/nowhere", wait: "h1"},
	{name: "busy", path: "/m/C-00016500", wait: "h1"},
	{name: "meeting", path: "/m/C-00016512", wait: "#get"},
	{name: "meeting, French", path: "/m/C-00016512?lang=fr", wait: "#get"},
	{name: "meeting, invitation", path: "/m/C-00016512#", wait: "#invited:not([hidden])"},
	{name: "meeting over", path: "/m/C-00016513", wait: ".tag.over"},
	{name: "meeting full", path: "/m/C-00016514", wait: ".tag.full"},

	{name: "activate, no link", path: "/activate", wait: "#no-token"},
	{name: "activate, waits", path: "/activate#", answers: answers{"/web/activation": silent}, wait: "#wait"},
	{name: "activate, unreachable", path: "/activate#", answers: answers{"/web/activation": "internal"}, wait: "#unreachable"},
	{name: "activate, expired", path: "/activate#", answers: answers{"/web/activation": "code-expired"}, wait: "#expired"},
	{name: "activate", path: "/activate#", wait: "#ask"},
	{name: "activate, Arabic", path: "/activate?lang=ar#", wait: "#ask"},
	{name: "activate, Chinese", path: "/activate?lang=zh#", wait: "#ask"},
	{name: "activate, empty", path: "/activate#", steps: func(b *Browser) []error {
		return []error{b.Click("#activate [type=submit]")}
	}, wait: "#password-problem"},
	{name: "activate, shown and wrong", path: "/activate#", answers: answers{"/web/activation/confirm": "credentials"}, steps: func(b *Browser) []error {
		return []error{b.Fill("#password", "wrong"), b.Click(".show"), b.Click("#activate [type=submit]")}
	}, wait: "#password-problem"},
	{name: "activate, refused", path: "/activate#", answers: answers{"/web/activation/confirm": "busy"}, steps: func(b *Browser) []error {
		return []error{b.Fill("#password", "right"), b.Click("#activate [type=submit]")}
	}, wait: "#activate .problem"},
	{name: "activate, done", path: "/activate#", steps: func(b *Browser) []error {
		return []error{b.Fill("#password", "right"), b.Click("#activate [type=submit]")}
	}, wait: "#done"},
	{name: "activate, not me", path: "/activate#", steps: func(b *Browser) []error { return []error{b.Click("#not-me")} }, wait: "#not-me-ask"},
	{name: "activate, not me, fails", path: "/activate#", answers: answers{"/web/activation/refuse": "internal"}, steps: func(b *Browser) []error {
		return []error{b.Click("#not-me"), b.Click("#not-me-submit")}
	}, wait: "#not-me-ask .problem"},
	{name: "activate, not me, done", path: "/activate#", steps: func(b *Browser) []error {
		return []error{b.Click("#not-me"), b.Click("#not-me-submit")}
	}, wait: "#refused"},

	{name: "reset, no link", path: "/reset", wait: "#no-token"},
	{name: "reset, waits", path: "/reset#", answers: answers{"/web/reset/check": silent}, wait: "#wait"},
	{name: "reset, unreachable", path: "/reset#", answers: answers{"/web/reset/check": "internal"}, wait: "#unreachable"},
	{name: "reset, expired", path: "/reset#", answers: answers{"/web/reset/check": "code-expired"}, wait: "#expired"},
	{name: "reset", path: "/reset#", wait: "#consent"},
	{name: "reset, Arabic", path: "/reset?lang=ar#", wait: "#consent"},
	{name: "reset, empty", path: "/reset#", steps: func(b *Browser) []error {
		return []error{b.Click("#reset [type=submit]")}
	}, wait: "#password-problem"},
	{name: "reset, not the same", path: "/reset#", steps: func(b *Browser) []error {
		return []error{b.Fill("#password", "Br1ght_Otter^Meadow"), b.Fill("#confirm", "Br1ght"), b.Click("#reset [type=submit]")}
	}, wait: "#confirm-problem"},
	{name: "reset, terms", path: "/reset#", steps: func(b *Browser) []error {
		return append(passwords(b), b.Click("#reset [type=submit]"))
	}, wait: "#privacy-problem"},
	{name: "reset, refused", path: "/reset#", answers: answers{"/web/reset": "password-refused"}, steps: reset, wait: "#password-problem"},
	{name: "reset, second factor", path: "/reset#", answers: answers{"/web/reset": "second-factor-needed"}, steps: reset, wait: "#second-factor-field"},
	{name: "reset, second factor wrong", path: "/reset#", answers: answers{"/web/reset": "second-factor-needed second-factor-wrong"}, steps: func(b *Browser) []error {
		return append(reset(b), b.Fill("#second-factor", "000000"), b.Click("#reset [type=submit]"))
	}, wait: "#second-factor-problem"},
	{name: "reset, fails", path: "/reset#", answers: answers{"/web/reset": "too-many"}, steps: reset, wait: "#reset .problem"},
	{name: "reset, done", path: "/reset#", steps: reset, wait: "#done"},

	{name: "invitation, no link", path: "/invitation", wait: "#no-token"},
	{name: "invitation, expired", path: "/invitation#", answers: answers{"/web/reset/check": "code-expired"}, wait: "#expired"},
	{name: "invitation", path: "/invitation#", wait: "#username-field"},
	{name: "invitation, Arabic", path: "/invitation?lang=ar#", wait: "#username-field"},
	{name: "invitation, no username", path: "/invitation#", steps: func(b *Browser) []error {
		return append(passwords(b), b.Fill("#username", " "), b.Click("#terms"), b.Click("#privacy"), b.Click("#reset [type=submit]"))
	}, wait: "#username-problem"},
	{name: "invitation, done", path: "/invitation#", steps: reset, wait: "#done"},

	{name: "stop, no link", path: "/stop", wait: "#no-token"},
	{name: "stop, unreachable", path: "/stop#", answers: answers{"/web/stop/check": "internal"}, wait: "#unreachable"},
	{name: "stop, expired", path: "/stop#", answers: answers{"/web/stop/check": "code-expired"}, wait: "#expired"},
	{name: "stop", path: "/stop#", wait: "#ask"},
	{name: "stop, fails", path: "/stop#", answers: answers{"/web/stop": "internal"}, steps: func(b *Browser) []error { return []error{b.Click("#stop")} }, wait: "#ask .problem"},
	{name: "stop, done", path: "/stop#", steps: func(b *Browser) []error { return []error{b.Click("#stop")} }, wait: "#done"},
}

// passwords fills in a good password, twice.
func passwords(b *Browser) []error {
	const password = "Br1ght_Otter^Meadow"
	return []error{b.Wait("#ask"), b.Fill("#password", password), b.Fill("#confirm", password)}
}

// reset does all that the page of the reset asks for.
func reset(b *Browser) []error {
	return append(passwords(b), b.Click("#terms"), b.Click("#privacy"), b.Click("#reset [type=submit]"))
}

// wcagService serves the pages, and answers them as a test says.
type wcagService struct {
	*httptest.Server
	mu      sync.Mutex
	answers answers
}

func newWCAGService(t *testing.T) *wcagService {
	t.Helper()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	pages, err := web.New(web.Config{
		Info: func(context.Context) (api.ServiceInfo, error) {
			return api.ServiceInfo{
				Organization: "Example Organization", Address: "https://accounts.example.org", ServiceDesk: "servicedesk@example.org",
				FAQ: "/faq", Terms: "/terms", Privacy: "/privacy", Download: "https://example.org/plenary/", Policy: "classic",
			}, nil
		},
		Meeting: func(_ context.Context, code string) (api.Meeting, error) {
			if code == "C-00016500" {
				return api.Meeting{}, errors.New("the database is away")
			}
			m := api.Meeting{
				Code: code, Title: api.Text{"en": "Sixth X.509 Day", "fr": "Sixième journée X.509"}, Description: api.Text{"en": "A day."},
				Place: api.Text{"en": "Geneva"}, Zone: "Europe/Zurich", Contact: "tsbmeetings@example.org", Memberships: []string{"un-agency"},
				Sessions:         []api.MeetingSession{{Title: api.Text{"en": "Day"}, Start: now.AddDate(0, 1, 0), End: now.AddDate(0, 1, 0).Add(8 * time.Hour)}},
				RegistrationFrom: now.Add(-time.Hour), RegistrationUntil: now.Add(24 * time.Hour), Participation: []string{api.OnSite, api.Remote},
				Documents: []api.Document{{Title: api.Text{"en": "Agenda"}, URL: "https://example.org/agenda"}},
			}
			switch code {
			case "C-00016513":
				m.RegistrationUntil = now
			case "C-00016514":
				m.Capacity, m.Taken = 10, 10
			}
			return m, nil
		},
		Reference: func(context.Context) string { return "REFERENCE1" },
		Now:       func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &wcagService{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			pages.ServeHTTP(w, r)
			return
		}
		s.answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *wcagService) say(a answers) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = maps.Clone(a)
}

func (s *wcagService) answer(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	code, next, several := strings.Cut(s.answers[r.URL.Path], " ")
	if several {
		s.answers[r.URL.Path] = next
	}
	s.mu.Unlock()
	switch code {
	case silent:
		io.Copy(io.Discard, r.Body) // so that it is heard when the page is left
		<-r.Context().Done()
	case "":
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"who": "Amina Okafor", "organization": "Example", "asked": "2026-11-22T08:00:00Z", "terms": true,
			"username": "owner", "address": "a••••••@••••••.net", "set": "2026-11-22T08:00:00Z", "until": "2026-11-25T08:00:00Z"}`)
	default:
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprintf(w, `{"code": %q, "reference": "REFERENCE1", "errors": [{"pointer": "/password", "code": "guess"}]}`, code)
	}
}

// Every page passes in every state, light and dark, on a small phone and on a desk.
func TestPages_passWCAG22AA(t *testing.T) {
	script := axe(t)
	s := newWCAGService(t)
	b, do := begin(t)
	for _, state := range wcagStates {
		t.Run(state.name, func(t *testing.T) {
			s.say(state.answers)
			do(b.Look(1280, false), b.Open(s.URL+strings.Replace(state.path, "#", "#"+wcagToken, 1)))
			if state.steps != nil {
				do(state.steps(b)...)
			}
			do(b.Wait(state.wait))
			if _, err := Evaluate[json.RawMessage](b, script+"; true"); err != nil {
				t.Fatal(err)
			}
			for _, width := range []int64{320, 1280} {
				for _, dark := range []bool{false, true} {
					do(b.Look(width, dark))
					got, err := Evaluate[seen](b, look)
					if err != nil {
						t.Fatal(err)
					}
					name := fmt.Sprintf("%d px, dark %v", width, dark)
					if got.Looked == 0 {
						t.Errorf("%s: nothing was looked at", name)
					}
					if got.TooWide > 0 {
						t.Errorf("%s: it is %d px too wide", name, got.TooWide)
					}
					for _, found := range got.Found {
						t.Errorf("%s: %s", name, found)
					}
					if dir := os.Getenv("PLENARY_PICTURES"); dir != "" {
						do(b.SavePNG(filepath.Join(dir, strings.NewReplacer(", ", "-", " ", "-").Replace("wcag-"+state.name+"-"+name)+".png")))
					}
				}
			}
		})
	}
}

// The check finds what is to be found: or a page would pass because nothing was looked at.
func TestPages_faultsAreFound(t *testing.T) {
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, `<title>Page</title><p id=pale style="color: #999; background: #fff">Pale</p><input id=unnamed>
			<button id=small style="padding: 0; border: 0; width: 12px; height: 12px">1</button><button style="padding: 0; border: 0; width: 12px; height: 12px">2</button>
			<div style="width: 2000px">wide</div>`)
	}))
	t.Cleanup(page.Close)
	b, do := begin(t)
	do(b.Open(page.URL), b.Wait("#pale"), b.Look(320, false))
	got, err := Evaluate[seen](b, axe(t)+"; "+look)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(got.Found, "\n")
	for _, want := range []string{"color-contrast at #pale", "label at #unnamed", "target-size at #small", "html-has-lang at html"} {
		if !strings.Contains(all, want) {
			t.Errorf("it has not found %s, but\n%s", want, all)
		}
	}
	if got.TooWide <= 0 {
		t.Error("it has not found that the page is too wide")
	}
}
