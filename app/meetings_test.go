package app

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"plenary/api"
	"plenary/localdb"
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

// listedMeetings answers with a list of one meeting, which has a version.
type listedMeetings struct {
	version atomic.Int32
	whole   atomic.Int32 // answers with the whole list
}

// serve puts them in front of the machine's service.
func (l *listedMeetings) serve(m *machineUnderTest) {
	m.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		etag := fmt.Sprintf("%q", fmt.Sprint(l.version.Load()))
		switch {
		case r.URL.Path != "/v1/meetings":
			m.service.ServeHTTP(w, r)
		case r.Header.Get("If-None-Match") == etag:
			headers(w)
			w.WriteHeader(http.StatusNotModified)
		default:
			l.whole.Add(1)
			w.Header().Set("ETag", etag)
			reply(w, api.Meetings{Meetings: []api.Meeting{{
				Code: "C-00000011", Title: api.Text{"en": etag}, Participation: []string{api.OnSite},
				Sessions: []api.MeetingSession{{Start: time.Now(), End: time.Now()}},
			}}})
		}
	}))
	m.t.Cleanup(m.server.Close)
}

func TestMeetings_areReadOfflineAndFetchedOnlyWhenChanged(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	var list listedMeetings
	list.serve(m)
	a := m.start()
	wait(t, "the list", func() bool { return !a.Meetings.Refreshed().IsZero() })
	if err := a.Meetings.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	refreshed := a.Meetings.Refreshed()
	m.server.Close()
	a = m.start()
	if _, ok := a.Meetings.Get("C-00000011"); !ok {
		t.Error("lost")
	}
	if got := a.Meetings.Refreshed(); !got.Equal(refreshed) {
		t.Errorf("refreshed %v, was %v", got, refreshed)
	}
	if n := list.whole.Load(); n != 1 {
		t.Errorf("fetched %d times", n)
	}
	if _, err := a.Meetings.Find(t.Context(), "C-00000099"); Explain(err).Kind != KindUnreachable {
		t.Errorf("find: %v", err)
	}
}

// refreshedInStore is when the list was confirmed, as the store has it; zero for never.
func refreshedInStore(t *testing.T, a *App) (at time.Time) {
	t.Helper()
	b, err := a.core.place.public.Get(refreshedSet, refreshedKey)
	if errors.Is(err, localdb.ErrNotFound) {
		return at
	}
	if err := errors.Join(err, at.UnmarshalText(b)); err != nil {
		t.Fatal(err)
	}
	return at
}

func TestMeetings_theTimeOfTheListIsWrittenSeldomAndAtTheEnd(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	var list listedMeetings
	list.serve(m)
	a := m.startStill()
	now := time.Date(2026, 5, 12, 12, 0, 0, 0, time.UTC)
	a.core.now = func() time.Time { return now }
	for _, step := range []struct {
		name   string
		after  time.Duration
		change bool // of the list
		writes bool
	}{
		{"the first list", 0, true, true},
		{"the same after 30 seconds", 30 * time.Second, false, false},
		{"and again", 30 * time.Second, false, false},
		{"another list", 30 * time.Second, true, true},
		{"the same after an hour", time.Hour, false, true},
		{"the clock was put back", -48 * time.Hour, false, true},
		{"the last before the end", 30 * time.Second, false, false},
	} {
		now = now.Add(step.after)
		if step.change {
			list.version.Add(1)
		}
		if err := a.Meetings.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := a.Meetings.Refreshed(); !got.Equal(now) {
			t.Errorf("%s: refreshed %v, it is %v", step.name, got, now)
		}
		if got := refreshedInStore(t, a); got.Equal(now) != step.writes {
			t.Errorf("%s: in the store is %v, it is %v", step.name, got, now)
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	m.server.Close()
	if got := m.startStill().Meetings.Refreshed(); !got.Equal(now) {
		t.Errorf("after the next start %v, was %v", got, now)
	}
}

// A list that the store did not take is not there after the next start: what is there is
// not said to be of now.
func TestMeetings_aListThatWasNotWrittenIsWrittenLater(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	var list listedMeetings
	list.serve(m)
	a := m.startStill()
	if _, err := a.core.place.ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	broken, err := localdb.Open(t.TempDir(), localdb.NewKey(), localdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := broken.Close(); err != nil {
		t.Fatal(err)
	}
	works := a.core.place.public
	a.core.place.public = broken
	if err := a.Meetings.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.core.place.public = works
	if at := refreshedInStore(t, a); !at.IsZero() {
		t.Errorf("without a list, it is said to be of %v", at)
	}
	if err := a.Meetings.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, rows, err := works.Scan(meetingsSet); len(rows) != 1 || err != nil {
		t.Errorf("%d meetings in the store, %v", len(rows), err)
	}
	if refreshedInStore(t, a).IsZero() {
		t.Error("nothing says of when the list is")
	}
}
