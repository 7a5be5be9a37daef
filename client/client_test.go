package client_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/client"
)

func TestRequests_carryWhatTheServiceNeeds(t *testing.T) {
	token := strings.Repeat("t", 43)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var in api.ChangeUser
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Reason != "a & b" {
			t.Errorf("body: %+v, %v", in, err)
		}
		for header, want := range map[string]string{
			api.HeaderVersion: "1.4.0",
			"Authorization":   "Bearer " + token, "Content-Type": "application/json",
		} {
			if got := r.Header.Get(header); got != want {
				t.Errorf("%s is %q, want %q", header, got, want)
			}
		}
		if r.URL.RequestURI() != "/v1/users/R-1%2F..%2F2/changes" {
			t.Errorf("asked for %s", r.URL.RequestURI())
		}
		plenaryHeaders(w)
		fmt.Fprint(w, `{"number":"R-1"}`)
	})
	c := newClient(t, s.URL, client.Options{Version: "1.4.0"}).As(client.StaticToken(token))
	if _, err := c.ChangeUser(t.Context(), "R-1/../2", api.ChangeUser{Kind: api.KindDeactivate, Reason: "a & b"}); err != nil {
		t.Error(err)
	}
}

func TestVersion_tooOldIsRefusedButLearnsAboutTheService(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		plenaryHeaders(w)
		w.Header().Set(api.HeaderMinimumVersion, "2.0.0")
		fmt.Fprint(w, `{}`)
	})
	c := newClient(t, s.URL, client.Options{Version: "1.9.9"})
	if _, err := c.Service(t.Context()); err != nil {
		t.Errorf("service: %v", err)
	}
	if _, err := c.As(client.StaticToken("a")).Account(t.Context()); !api.HasCode(err, api.CodeVersionTooOld) {
		t.Errorf("account: %v", err)
	}
	if c.MinimumVersion() != "2.0.0" {
		t.Errorf("minimum is %q", c.MinimumVersion())
	}
	if _, err := newClient(t, s.URL, client.Options{Version: "2.0.0"}).As(client.StaticToken("a")).Account(t.Context()); err != nil {
		t.Errorf("new enough: %v", err)
	}
}

func TestOffset_isLearnedFromEveryAnswer(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		problem(w, 404, api.CodeNotFound)
	})
	slow := func() time.Time { return time.Now().Add(-time.Hour) }
	c := newClient(t, s.URL, client.Options{Now: slow})
	if _, known := c.Offset(); known {
		t.Error("known before the first answer")
	}
	if _, err := c.Service(t.Context()); !api.HasCode(err, api.CodeNotFound) {
		t.Fatal(err)
	}
	offset, known := c.Offset()
	if !known || (offset-time.Hour).Abs() > 5*time.Second {
		t.Errorf("offset is %v", offset)
	}
}

func TestLists_followPagesAndAskOnlyForNews(t *testing.T) {
	meeting := func(code string) string {
		return fmt.Sprintf(`{"code":%q,"title":{"en":"x"},"sessions":[{"start":"2026-05-12T08:00:00Z","end":"2026-05-12T09:00:00Z"}],"participation":["remote"]}`, code)
	}
	tests := map[string]struct {
		etags [2]string // of the first and the second page
		want  string
	}{
		"one list":                  {[2]string{`"1"`, `"1"`}, `"1"`},
		"changed between two pages": {[2]string{`"1"`, `"2"`}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				plenaryHeaders(w)
				switch after := r.URL.Query().Get("after"); {
				case r.Header.Get("If-None-Match") == `"1"`:
					w.WriteHeader(http.StatusNotModified)
				case after == "":
					w.Header().Set("ETag", tt.etags[0])
					fmt.Fprintf(w, `{"meetings":[%s],"registrations":[{"number":"R-1"}],"next":"c u+r"}`, meeting("C-00000001"))
				case after == "c u+r":
					w.Header().Set("ETag", tt.etags[1])
					fmt.Fprintf(w, `{"meetings":[%s],"registrations":[{"number":"R-2"}]}`, meeting("C-00000002"))
				}
			})
			c := newClient(t, s.URL, client.Options{}).As(client.StaticToken("a"))
			list, etag, changed, err := c.Meetings(t.Context(), "")
			if err != nil || !changed || len(list.Meetings) != 2 || etag != tt.want {
				t.Fatalf("got %d meetings, %q, %v, %v", len(list.Meetings), etag, changed, err)
			}
			if _, etag, changed, err := c.Meetings(t.Context(), `"1"`); err != nil || changed || etag != `"1"` {
				t.Errorf("again: %q, %v, %v", etag, changed, err)
			}
			own, etag, changed, err := c.Registrations(t.Context(), "")
			if err != nil || !changed || len(own) != 2 || etag != tt.want {
				t.Errorf("got %d registrations, %q, %v, %v", len(own), etag, changed, err)
			}
			if own, etag, changed, err := c.Registrations(t.Context(), `"1"`); err != nil || changed || len(own) != 0 || etag != `"1"` {
				t.Errorf("registrations again: %v, %q, %v, %v", own, etag, changed, err)
			}
		})
	}
}

func TestLists_endAlthoughTheCursorLeadsInACircle(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		plenaryHeaders(w)
		fmt.Fprint(w, `{"registrations":[],"meetings":[],"next":"again"}`)
	})
	c := newClient(t, s.URL, client.Options{}).As(client.StaticToken("a"))
	if _, _, _, err := c.Registrations(t.Context(), ""); !errors.Is(err, client.ErrBrokenAnswer) {
		t.Errorf("registrations: %v", err)
	}
	if _, _, _, err := c.Meetings(t.Context(), ""); !errors.Is(err, client.ErrBrokenAnswer) {
		t.Errorf("meetings: %v", err)
	}
}

func TestSession_incompleteIsRefused(t *testing.T) {
	token := strings.Repeat("t", 43)
	whole := fmt.Sprintf(`{"access":%q,"access_expires":"2026-05-12T08:00:00Z","refresh":%q,"account":{"id":"a"}}`, token, token)
	tests := map[string]struct {
		body string
		ok   bool
	}{
		"whole":             {whole, true},
		"without a refresh": {strings.Replace(whole, `"refresh"`, `"other"`, 1), false},
		"long tokens":       {strings.ReplaceAll(whole, token, strings.Repeat("t", api.MaxSessionToken)), true},
		"short token":       {strings.Replace(whole, "tt", "t", 1), false},
		"endless token":     {strings.Replace(whole, token, strings.Repeat("t", api.MaxSessionToken+1), 1), false},
		"token of no token": {strings.Replace(whole, "tt", "t ", 1), false},
		"no account":        {strings.Replace(whole, `"id":"a"`, `"id":""`, 1), false},
		"empty":             {`{}`, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) { plenaryHeaders(w); fmt.Fprint(w, tt.body) })
			_, err := newClient(t, s.URL, client.Options{}).LogIn(t.Context(), api.LogIn{})
			if errors.Is(err, client.ErrBrokenAnswer) == tt.ok {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestDirectory_isAllOfItOrAnError(t *testing.T) {
	line := `{"id":"o1","name":"Org","country":"CH","membership":"associate"}` + "\n"
	tests := map[string]struct {
		body string
		ok   bool
	}{
		"whole":               {line + strings.Replace(line, "o1", "o2", 1), true},
		"half a line":         {line + line[:20], false},
		"an entry without id": {`{"name":"x"}` + "\n", false},
		"not JSON":            {"<html>\n", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				plenaryHeaders(w)
				w.Header().Set("Content-Type", "application/x-ndjson")
				w.Header().Set("ETag", `"d"`)
				fmt.Fprint(w, tt.body)
			})
			all, etag, changed, err := newClient(t, s.URL, client.Options{}).Directory(t.Context(), "")
			if tt.ok != (err == nil) || tt.ok && (len(all) != 2 || etag != `"d"` || !changed) || !tt.ok && !errors.Is(err, client.ErrBrokenAnswer) {
				t.Errorf("got %d, %q, %v, %v", len(all), etag, changed, err)
			}
		})
	}
}

func TestNew_refusesAFileWithoutCertificates(t *testing.T) {
	if _, err := client.New("https://example.int", client.Options{CAFile: "client_test.go"}); !errors.Is(err, client.ErrAuthorities) {
		t.Error("no error")
	}
}
