package accounts

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plenary/api"
	"plenary/service/store/storetest"
)

// family is what security.md says of refresh tokens, as a model: tokens[i] was
// first presented at used[i].
type family struct {
	tokens []string
	used   []time.Time // zero: not presented yet
	ended  bool
}

// present says what the service must answer to token i, and what becomes of
// the family.
func (f *family) present(i int, now time.Time) api.Code {
	switch {
	case f.ended:
		return api.CodeSessionEnded
	case f.used[i].IsZero():
		f.used[i] = now
		return ""
	case f.used[i+1].IsZero():
		return "" // the answer was lost
	case now.Sub(f.used[i+1]) <= raceLife:
		return api.CodeRefreshRace
	}
	f.ended = true
	return api.CodeSessionEnded
}

// Whatever is presented in whatever order and at whatever time, the service
// does what the model says, and an access token works while its session lives.
func TestRefresh_followsItsModel(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	people := 0
	rapid.Check(t, func(t *rapid.T) {
		people++
		name := fmt.Sprint("user", people)
		if _, err := w.Create(w.t.Context(), NewAccount{Username: name, Email: name + "@example.org", Password: goodPassword, FirstName: "A", Organization: itu}); err != nil {
			t.Fatal(err)
		}
		s, err := w.logIn(name, goodPassword)
		if err != nil {
			t.Fatal(err)
		}
		access := s.Access
		f := &family{tokens: []string{s.Refresh}, used: make([]time.Time, 1)}
		t.Repeat(map[string]func(*rapid.T){
			"present": func(t *rapid.T) {
				i := rapid.IntRange(max(0, len(f.tokens)-4), len(f.tokens)-1).Draw(t, "token")
				want := f.present(i, w.Now())
				next, err := w.Refresh(w.t.Context(), f.tokens[i])
				if got := code(w.t, err); got != want {
					t.Fatalf("token %d of %d: %q, want %q", i, len(f.tokens), got, want)
				}
				if want != "" {
					return
				}
				access = next.Access
				if i == len(f.tokens)-1 {
					f.tokens, f.used = append(f.tokens, next.Refresh), append(f.used, time.Time{})
				} else if next.Refresh != f.tokens[i+1] {
					t.Fatalf("token %d got two successors", i)
				}
			},
			"wait": func(t *rapid.T) {
				w.pass(time.Duration(rapid.IntRange(1, 50).Draw(t, "seconds")) * time.Second)
			},
			"log out": func(t *rapid.T) {
				if rapid.IntRange(0, 9).Draw(t, "whether") > 0 {
					t.Skip("seldom")
				}
				if p, err := w.Authenticate(w.t.Context(), access); err == nil {
					if err := w.LogOut(w.t.Context(), p); err != nil {
						t.Fatal(err)
					}
					f.ended = true
				}
			},
			"": func(t *rapid.T) {
				_, err := w.Authenticate(w.t.Context(), access)
				if f.ended && code(w.t, err) != api.CodeUnauthenticated {
					t.Fatalf("access after the end: %v", err)
				}
			},
		})
	})
}
