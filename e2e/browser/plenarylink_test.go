//go:build e2e

package browser

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/service/web"
)

// TestMeetingPage_withoutPlenary clicks on "Open in Plenary" where no program
// takes the link: within seconds the page says what to do.
func TestMeetingPage_withoutPlenary(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for download, wants := range map[string][]string{
		"":                             {"Nothing happens?", "C-00016512", "You do not have Plenary yet?"},
		"https://example.org/plenary/": {"Nothing happens?", "C-00016512", "Get Plenary"},
	} {
		// A browser for each: when it has found out that no program takes the link, which
		// takes a while, it asks in front of whatever page is open then, and that takes no
		// clicks any more.
		b, do := begin(t)
		server := meetingPages(t, now, download)
		picture := func(name string) error {
			if dir := os.Getenv("PLENARY_PICTURES"); dir != "" {
				return b.SavePNG(filepath.Join(dir, name+".png"))
			}
			return nil
		}
		do(b.Open(server.URL+"/m/C-00016512"), b.Wait("#nothing.muted"), picture("meeting-before"),
			b.Click(`a[href="plenary://accounts.example.org/m/C-00016512"]`), b.Wait("#nothing.notice"),
			picture("meeting-nothing"+map[bool]string{true: "-download"}[download != ""]))
		text, err := b.Text("#nothing")
		for _, want := range wants {
			if err != nil || !strings.Contains(text, want) {
				t.Errorf("the page says %q, %v; want %q", text, err, want)
			}
		}
	}
}

// meetingPages serves the pages of a service with one meeting.
func meetingPages(t *testing.T, now time.Time, download string) *httptest.Server {
	t.Helper()
	pages, err := web.New(web.Config{
		Info: func(context.Context) (api.ServiceInfo, error) {
			return api.ServiceInfo{Download: download, Organization: "Example Organization", Address: "https://accounts.example.org", ServiceDesk: "servicedesk@example.org"}, nil
		},
		Meeting: func(context.Context, string) (api.Meeting, error) {
			return api.Meeting{
				Code: "C-00016512", Title: api.Text{"en": "Sixth X.509 Day"}, Place: api.Text{"en": "Geneva"}, Zone: "Europe/Zurich",
				Sessions:         []api.MeetingSession{{Title: api.Text{"en": "Day"}, Start: now.AddDate(0, 1, 0), End: now.AddDate(0, 1, 0).Add(8 * time.Hour)}},
				RegistrationFrom: now.Add(-time.Hour), RegistrationUntil: now.Add(24 * time.Hour), Participation: []string{api.OnSite},
			}, nil
		},
		Reference: func(context.Context) string { return "REFERENCE1" },
		Now:       func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.Handler(pages))
	t.Cleanup(server.Close)
	return server
}

// The token of a personal invitation goes along to Plenary, and to the page in another
// language, and does not stay in the address; what is none is left alone.
func TestMeetingPage_personalInvitation(t *testing.T) {
	b, do := begin(t)
	server := meetingPages(t, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), "")
	token := strings.Repeat("aB3_-", 8) + "xyz"
	leads := func() string {
		t.Helper()
		to, err := Evaluate[string](b, `document.querySelector("a.button[href^=plenary]").getAttribute("href")`)
		if err != nil {
			t.Fatal(err)
		}
		return to
	}
	const plain = "plenary://accounts.example.org/m/C-00016512"
	do(b.Open(server.URL+"/m/C-00016512?lang=en#"+token), b.Wait("#invited:not([hidden])"))
	if address, err := b.Address(); err != nil || strings.Contains(address, token) || leads() != plain+"#"+token {
		t.Errorf("the address is %s, %v; the button leads to %s", address, err, leads())
	}
	do(b.Click(`a.language[lang="fr"]`), b.Wait(`html[lang="fr"] #invited:not([hidden])`))
	if address, err := b.Address(); err != nil || strings.Contains(address, token) || leads() != plain+"#"+token {
		t.Errorf("in French the address is %s, %v; the button leads to %s", address, err, leads())
	}
	do(b.Open("about:blank"), b.Open(server.URL+"/m/C-00016512#get"), b.Wait("#get"))
	if hidden, err := Evaluate[bool](b, `document.getElementById("invited").hidden`); err != nil || !hidden || leads() != plain {
		t.Errorf("without an invitation the button leads to %s, %v, %v", leads(), hidden, err)
	}
}
