package app

import (
	"errors"
	"fmt"
	"maps"
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
		"soon": time.Hour, "later": 48 * time.Hour, "now": -time.Hour, "yesterday": -24 * time.Hour, "last month": -720 * time.Hour,
		"last year": -8760 * time.Hour,
	} {
		m.byCode[code] = api.Meeting{Code: code, Sessions: []api.MeetingSession{{Start: now.Add(start), End: now.Add(start + 2*time.Hour)}}}
	}
	var got []string
	for _, one := range m.List() {
		got = append(got, one.Code)
	}
	if want := []string{"now", "soon", "later", "yesterday", "last month"}; !slices.Equal(got, want) {
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
	now := time.Now().UTC().Truncate(time.Minute)
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

// What is new is put beside what is there, also in the store; a list that does not come
// together is fetched as a whole.
func TestMeetings_changes(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	meeting := func(code, title string) api.Meeting {
		return api.Meeting{
			Code: code, Title: api.Text{"en": title}, Participation: []string{api.OnSite}, Capacity: 10,
			Sessions: []api.MeetingSession{{Start: time.Now(), End: time.Now()}},
		}
	}
	const first, second, third = "C-00000001", "C-00000002", "C-00000003"
	var answer atomic.Pointer[api.Meetings]
	var asked atomic.Pointer[[]string]
	asked.Store(&[]string{})
	whole := api.Meetings{Meetings: []api.Meeting{meeting(first, "First"), meeting(second, "Second")}}
	m.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/meetings" {
			m.service.ServeHTTP(w, r)
			return
		}
		all := append(slices.Clone(*asked.Load()), r.Header.Get("If-None-Match")+r.URL.RawQuery)
		asked.Store(&all)
		w.Header().Set("ETag", fmt.Sprintf("%q", fmt.Sprint(len(all))))
		if a := answer.Load(); a != nil && r.URL.Query().Get("changes") == "true" {
			reply(w, a)
			return
		}
		reply(w, whole)
	}))
	t.Cleanup(m.server.Close)
	a := m.startStill()
	for _, step := range []struct {
		name   string
		answer *api.Meetings
		again  bool // all is fetched
		want   map[string]string
		taken  int // of the first
	}{
		{name: "the first list", again: true, want: map[string]string{first: "First", second: "Second"}},
		{
			name:   "one is new, one changed, one fills",
			answer: &api.Meetings{Meetings: []api.Meeting{meeting(second, "Changed"), meeting(third, "Third")}, Changes: true, Total: 3, Counts: []api.MeetingCount{{Code: first, Taken: 7, Version: 9}, {Code: "C-00000009", Taken: 1}}},
			want:   map[string]string{first: "First", second: "Changed", third: "Third"}, taken: 7,
		},
		{
			name: "nothing but that one is over", answer: &api.Meetings{Meetings: []api.Meeting{}, Changes: true, Total: 3},
			want: map[string]string{first: "First", second: "Changed", third: "Third"}, taken: 7,
		},
		{
			name: "one is gone", answer: &api.Meetings{Meetings: []api.Meeting{}, Changes: true, Total: 2}, again: true,
			want: map[string]string{first: "First", second: "Second"},
		},
		{name: "the service has forgotten", answer: &whole, want: map[string]string{first: "First", second: "Second"}},
	} {
		answer.Store(step.answer)
		before := len(*asked.Load())
		if err := a.Meetings.Refresh(t.Context()); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		for range 2 {
			got := map[string]string{}
			for _, one := range a.Meetings.List() {
				got[one.Code] = one.Title["en"]
			}
			one, _ := a.Meetings.Get(first)
			if !maps.Equal(got, step.want) || one.Taken != step.taken {
				t.Errorf("%s: %v, %d taken", step.name, got, one.Taken)
			}
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			a = m.startStill() // the same is in the store
		}
		all := (*asked.Load())[before:]
		if whole := all[len(all)-1] == ""; whole != step.again || len(all) > 2 {
			t.Errorf("%s: asked for %q", step.name, all)
		}
	}
}
