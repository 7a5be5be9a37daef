package app

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"plenary/api"
)

func TestMeetings_nextFirstThenThoseThatAreOver(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 12, 12, 0, 0, 0, time.UTC)
	m := newMeetings(&core{now: func() time.Time { return now }})
	for code, start := range map[string]time.Duration{
		"soon": time.Hour, "later": 48 * time.Hour, "now": -time.Hour, "yesterday": -24 * time.Hour, "last year": -8760 * time.Hour,
	} {
		m.byCode[code] = api.Meeting{Code: code, Sessions: []api.MeetingSession{{Start: now.Add(start), End: now.Add(start + 2*time.Hour)}}}
	}
	var got []string
	for _, one := range m.List() {
		got = append(got, one.Code)
	}
	if want := []string{"now", "soon", "later", "yesterday", "last year"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMeetings_areReadOfflineAndFetchedOnlyWhenChanged(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	var whole atomic.Int32
	list := api.Meetings{Meetings: []api.Meeting{{
		Code: "C-00000011", Title: api.Text{"en": "x"}, Participation: []string{api.OnSite}, Sessions: []api.MeetingSession{{Start: time.Now(), End: time.Now()}},
	}}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/v1/meetings":
			m.service.ServeHTTP(w, r)
		case r.Header.Get("If-None-Match") == `"1"`:
			headers(w)
			w.WriteHeader(http.StatusNotModified)
		default:
			whole.Add(1)
			w.Header().Set("ETag", `"1"`)
			reply(w, list)
		}
	}))
	m.server = server
	a := m.start()
	wait(t, "the list", func() bool { return !a.Meetings.Refreshed().IsZero() })
	if err := a.Meetings.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	refreshed := a.Meetings.Refreshed()
	server.Close()
	a = m.start()
	if _, ok := a.Meetings.Get("C-00000011"); !ok {
		t.Error("lost")
	}
	if got := a.Meetings.Refreshed(); !got.Equal(refreshed) {
		t.Errorf("refreshed %v, was %v", got, refreshed)
	}
	if n := whole.Load(); n != 1 {
		t.Errorf("fetched %d times", n)
	}
	if _, err := a.Meetings.Find(t.Context(), "C-00000099"); Explain(err).Kind != KindUnreachable {
		t.Errorf("find: %v", err)
	}
}
