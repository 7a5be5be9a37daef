package session

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// family is what security.md says of refresh tokens, as a model: tokens[i] is of
// generation i+1, and newest is the newest one that was presented.
type family struct {
	tokens  []string
	newest  int // -1: none
	rotated time.Time
	ended   bool
}

// present says what the service must answer to token i, and what becomes of
// the family.
func (f *family) present(i int, now time.Time) api.Code {
	switch {
	case f.ended:
		return api.CodeSessionEnded
	case i > f.newest:
		f.newest, f.rotated = i, now
		return ""
	case i == f.newest:
		return "" // the answer was lost
	case now.Sub(f.rotated) <= RaceLife:
		return api.CodeRefreshRace
	}
	f.ended = true
	return api.CodeSessionEnded
}

// changed is a token with one other character.
func changed(t *rapid.T, token string) string {
	at := rapid.IntRange(0, len(token)-1).Draw(t, "character")
	other := byte('A')
	if token[at] == other {
		other = 'B'
	}
	return token[:at] + string(other) + token[at+1:]
}

// Whatever is presented in whatever order and at whatever time, also to a database
// that was put back, the service does what the model says, and an access token
// works while its session lives.
func TestRefresh_followsItsModel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		people := 0
		rapid.Check(t, func(t *rapid.T) {
			people++
			id := fmt.Sprint("user", people)
			w.account(id)
			s := w.begin(id)
			access := s.Access
			f := &family{tokens: []string{s.Refresh}, newest: -1, rotated: w.Now()}
			t.Repeat(map[string]func(*rapid.T){
				"present": func(t *rapid.T) {
					i := rapid.IntRange(max(0, len(f.tokens)-4), len(f.tokens)-1).Draw(t, "token")
					want := f.present(i, w.Now())
					next, err := w.refresh(f.tokens[i])
					if got := code(w.t, err); got != want {
						t.Fatalf("token %d of %d: %q, want %q", i, len(f.tokens), got, want)
					}
					if want != "" {
						return
					}
					access = next.Access
					if i == len(f.tokens)-1 {
						f.tokens = append(f.tokens, next.Refresh)
					} else if next.Refresh != f.tokens[i+1] {
						t.Fatalf("token %d got two successors", i)
					}
				},
				"present one that nobody made": func(t *rapid.T) {
					token := rapid.SampledFrom(f.tokens).Draw(t, "like")
					_, err := w.refresh(changed(t, token))
					if got := code(w.t, err); got != api.CodeSessionEnded {
						t.Fatalf("got %q", got) // and the model has not moved
					}
				},
				"put the database back": func(t *rapid.T) {
					if f.newest < 0 || rapid.IntRange(0, 3).Draw(t, "whether") > 0 {
						t.Skip("seldom")
					}
					f.newest, f.rotated = rapid.IntRange(-1, f.newest).Draw(t, "newest"), start
					w.update(func(tx *store.Tx) error {
						tx.Do(`UPDATE sessions SET generation = $1, rotated_at = $2 WHERE account_id = $3`, f.newest+1, store.Micros(start), id)
						return nil
					})
				},
				"wait": func(t *rapid.T) {
					w.pass(time.Duration(rapid.IntRange(1, 50).Draw(t, "seconds")) * time.Second)
				},
				"log out": func(t *rapid.T) {
					if rapid.IntRange(0, 9).Draw(t, "whether") > 0 {
						t.Skip("seldom")
					}
					if p, err := w.authenticate(access); err == nil {
						w.update(func(tx *store.Tx) error {
							f.ended = w.End(tx, "logged out", p.AccountID, p.ID)
							return nil
						})
					}
				},
				"": func(t *rapid.T) {
					_, err := w.authenticate(access)
					if f.ended && code(w.t, err) != api.CodeUnauthenticated {
						t.Fatalf("access after the end: %v", err)
					}
					if over := code(w.t, err) == api.CodeUnauthenticated; !f.ended && over {
						if n := w.number(`SELECT COUNT(*) FROM sessions WHERE account_id = $1`, id); n != 1 {
							t.Fatal("the session is gone")
						}
					}
				},
			})
		})
	})
}
