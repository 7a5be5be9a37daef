package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/client"
)

const otherID = "0b4a6f3e-8f1b-4a55-8f7e-2f6f2a0e6b22"

// asked is a service that notes what it was asked.
type asked struct {
	mu    sync.Mutex
	id    string
	mute  bool // it does not say in a header who it is
	cut   bool // ... and nothing else: the connection breaks
	calls []string
}

func (s *asked) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, r.Method+" "+r.URL.Path)
	if s.cut {
		panic(http.ErrAbortHandler)
	}
	if !s.mute {
		w.Header().Set(api.HeaderService, s.id)
	}
	plenaryHeaders(w)
	fmt.Fprintf(w, `{"service_id":%q}`, s.id)
}

// becomes changes who it is, and how it answers.
func (s *asked) becomes(id string, mute, cut bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.id, s.mute, s.cut = id, mute, cut
}

// said gives what was asked since the last time.
func (s *asked) said() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	said := s.calls
	s.calls = nil
	return said
}

// Before anything is sent that is for the service that was met, it is asked who it is,
// unless it has just answered.
func TestMeet_asksWhoAnswersBeforeWhatIsSecret(t *testing.T) {
	var (
		alone   = []string{"the call"}
		both    = []string{"GET /v1/service", "the call"}
		nothing = []string{"GET /v1/service"}
	)
	for name, c := range map[string]struct {
		before func(s *asked, clock *time.Time, ask func() error)
		want   []string
		stays  bool // the service is the one that was met
		token  bool // the call has an access token and no content
	}{
		"at first":                    {func(*asked, *time.Time, func() error) {}, both, true, false},
		"after an answer":             {func(_ *asked, _ *time.Time, ask func() error) { ask() }, alone, true, false},
		"a minute after":              {func(_ *asked, clock *time.Time, ask func() error) { ask(); *clock = clock.Add(time.Minute) }, both, true, false},
		"a token, four minutes after": {func(_ *asked, clock *time.Time, ask func() error) { ask(); *clock = clock.Add(4 * time.Minute) }, alone, true, true},
		"a token, five minutes after": {func(_ *asked, clock *time.Time, ask func() error) { ask(); *clock = clock.Add(5 * time.Minute) }, both, true, true},
		"when the clock was set":      {func(_ *asked, clock *time.Time, ask func() error) { ask(); *clock = clock.Add(-time.Minute) }, both, true, false},
		"after contact was lost": {func(s *asked, _ *time.Time, ask func() error) {
			ask()
			s.becomes(serviceID, false, true)
			ask()
			s.becomes(serviceID, false, false)
		}, both, true, false},
		"another, at first": {func(s *asked, _ *time.Time, _ func() error) { s.becomes(otherID, false, false) }, nothing, false, false},
		"another, a minute after": {func(s *asked, clock *time.Time, ask func() error) {
			ask()
			s.becomes(otherID, false, false)
			*clock = clock.Add(time.Minute)
		}, nothing, false, false},
		"another, that is mute": {func(s *asked, clock *time.Time, ask func() error) {
			ask()
			s.becomes(otherID, true, false)
			*clock = clock.Add(time.Minute)
		}, nothing, false, false},
		"another, that is mute and has answered": {func(s *asked, clock *time.Time, ask func() error) {
			ask()
			s.becomes(otherID, true, false)
			*clock = clock.Add(40 * time.Second)
			ask()
			*clock = clock.Add(40 * time.Second)
		}, nothing, false, false},
		"another, once it has answered": {func(s *asked, _ *time.Time, ask func() error) {
			ask()
			s.becomes(otherID, false, false)
			ask()
		}, nothing, false, false},
		"another, that has just come": {func(s *asked, _ *time.Time, ask func() error) {
			ask()
			s.becomes(otherID, false, false)
		}, alone, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := time.Now()
			s := &asked{id: serviceID}
			cl := newClient(t, serve(t, s.ServeHTTP).URL, client.Options{Now: func() time.Time { return clock }})
			cl.Meet(serviceID)
			me := cl.As(client.StaticToken("access"))
			ask, call := func() error { return me.Prove(t.Context(), "password", "") }, "POST /v1/session/proof"
			if c.token {
				ask, call = func() error { _, err := me.Account(t.Context()); return err }, "GET /v1/account"
			}
			c.before(s, &clock, ask)
			s.said()
			if err := ask(); errors.Is(err, client.ErrOtherService) == c.stays || c.stays && err != nil {
				t.Errorf("got %v", err)
			}
			got := s.said()
			if i := len(got) - 1; got[i] == call {
				got[i] = "the call"
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("asked %q, want %q", got, c.want)
			}
		})
	}
}

// What is for everybody is not worth a question, and is not believed from another one.
func TestMeet_whatIsForEverybodyIsOnlyJudged(t *testing.T) {
	s := &asked{id: otherID}
	cl := newClient(t, serve(t, s.ServeHTTP).URL, client.Options{})
	cl.Meet(serviceID)
	if _, err := cl.Meeting(t.Context(), "C-00000001"); !errors.Is(err, client.ErrOtherService) {
		t.Errorf("got %v", err)
	}
	if got := s.said(); len(got) != 1 {
		t.Errorf("asked %q", got)
	}
}

// Where nobody answers, one more question would only keep the person waiting.
func TestMeet_asksAsOftenAsTheCallIsTried(t *testing.T) {
	s := &asked{id: serviceID, cut: true}
	cl := newClient(t, serve(t, s.ServeHTTP).URL, client.Options{})
	cl.Meet(serviceID)
	if _, err := cl.As(client.StaticToken("access")).Account(t.Context()); !errors.Is(err, client.ErrUnreachable) {
		t.Errorf("got %v", err)
	}
	if got, want := s.said(), []string{"GET /v1/service", "GET /v1/service", "GET /v1/service"}; !slices.Equal(got, want) {
		t.Errorf("asked %q, want %q", got, want)
	}
}
