package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"plenary/api"
	"plenary/client"
)

// fakeTokens gives a person's tokens: ada-1, and after each that was refused the next.
type fakeTokens struct {
	person  string
	err     error
	mu      sync.Mutex
	refused []string
}

func (f *fakeTokens) Token(_ context.Context, refused string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if refused != "" {
		f.refused = append(f.refused, refused)
	}
	return fmt.Sprintf("%s-%d", f.person, len(f.refused)+1), f.err
}

// guarded is a service that accepts some tokens only, and notes which it was shown. h
// answers those.
func guarded(t *testing.T, h http.HandlerFunc, accepted ...string) (address string, shown func() []string) {
	t.Helper()
	var mu sync.Mutex
	var all []string
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		token := r.Header.Get("Authorization")[len("Bearer "):]
		mu.Lock()
		all = append(all, token)
		mu.Unlock()
		if !slices.Contains(accepted, token) {
			problem(w, http.StatusUnauthorized, api.CodeUnauthenticated)
			return
		}
		plenaryHeaders(w)
		h(w, r)
	})
	return s.URL, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

func TestTokens_aRefusedOneIsReplacedOnce(t *testing.T) {
	tests := map[string]struct {
		accepted string
		shown    []string
		code     api.Code
	}{
		"the first is accepted": {"ada-1", []string{"ada-1"}, ""},
		"the next is accepted":  {"ada-2", []string{"ada-1", "ada-2"}, ""},
		"none is accepted":      {"", []string{"ada-1", "ada-2"}, api.CodeUnauthenticated},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			address, shown := guarded(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{}`) }, tt.accepted)
			err := newClient(t, address, client.Options{}).As(&fakeTokens{person: "ada"}).RemoveSecretQuestion(t.Context())
			if tt.code == "" && err != nil || tt.code != "" && !api.HasCode(err, tt.code) {
				t.Errorf("got %v", err)
			}
			if !slices.Equal(shown(), tt.shown) {
				t.Errorf("shown %v", shown())
			}
		})
	}
}

func TestTokens_withoutOneNothingIsSent(t *testing.T) {
	address, shown := guarded(t, nil)
	refused := errors.New("nobody is logged in")
	c := newClient(t, address, client.Options{Tokens: func() client.TokenSource { return &fakeTokens{err: refused} }})
	if _, err := c.Account(t.Context()); !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	if err := newClient(t, address, client.Options{}).LogOut(t.Context()); !api.HasCode(err, api.CodeUnauthenticated) {
		t.Errorf("without a source: %v", err)
	}
	if len(shown()) > 0 {
		t.Errorf("shown %v", shown())
	}
}

// Who logs in while a call of somebody else is under way lends it no token, neither
// after a refusal, nor for the next page, nor to look at what has changed.
func TestTokens_aCallKeepsToTheSessionThatItBeganWith(t *testing.T) {
	calls := map[string]func(context.Context, *client.Client) error{
		"a change": func(ctx context.Context, c *client.Client) error { return c.RemoveSecretQuestion(ctx) },
		"a list": func(ctx context.Context, c *client.Client) error {
			list, err := c.Sessions(ctx)
			if err == nil && len(list) != 2 {
				return fmt.Errorf("%d sessions", len(list))
			}
			return err
		},
		"registrations": func(ctx context.Context, c *client.Client) error {
			_, _, _, err := c.Registrations(ctx, "")
			return err
		},
		"a change of the account": func(ctx context.Context, c *client.Client) error { return c.AdoptEmail(ctx) },
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			ada, bob := &fakeTokens{person: "ada"}, &fakeTokens{person: "bob"}
			var mu sync.Mutex
			now := ada
			var told []client.TokenSource
			address, shown := guarded(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("after") == "" {
					fmt.Fprint(w, `{"sessions":[{}],"next":"x"}`)
				} else {
					fmt.Fprint(w, `{"sessions":[{}]}`)
				}
			}, "ada-2", "bob-1")
			c := newClient(t, address, client.Options{
				Tokens: func() client.TokenSource {
					mu.Lock()
					defer mu.Unlock()
					was := now
					now = bob // who logs in once the call has begun
					return was
				},
				OnAccount: func(session client.TokenSource, _ api.Account) { told = append(told, session) },
			})
			if err := call(t.Context(), c); err != nil {
				t.Error(err)
			}
			if all := shown(); slices.Contains(all, "bob-1") || len(all) < 2 {
				t.Errorf("shown %v", all)
			}
			if slices.ContainsFunc(told, func(s client.TokenSource) bool { return s != client.TokenSource(ada) }) {
				t.Error("the account was told for another session")
			}
		})
	}
}

func TestOnAccount_isToldWhatTheAccountHasBecome(t *testing.T) {
	tells := []string{
		"profile", "username", "email", "confirm email", "adopt email", "confirm second factor", "remove second factor",
		"ask deletion", "take back deletion",
	}
	var asked string
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Method + " " + r.URL.RequestURI()
		plenaryHeaders(w)
		fmt.Fprint(w, `{"id":"a"}`)
	})
	var told int
	of := client.StaticToken("a")
	c := newClient(t, s.URL, client.Options{OnAccount: func(session client.TokenSource, a api.Account) {
		if told++; session != client.TokenSource(of) || a.ID != "a" {
			t.Errorf("told %+v of %v", a, session)
		}
	}})
	for name, tt := range securedCalls {
		told = 0
		if err := tt.call(t.Context(), c.As(of)); err != nil && name != "password" { // which checks what it gets
			t.Errorf("%s: %v", name, err)
		}
		want := 0
		if slices.Contains(tells, name) {
			want = 1
		}
		if told != want {
			t.Errorf("%s: told %d times", name, told)
		}
		if told == 1 && asked != tt.asks && asked != "GET /v1/account" {
			t.Errorf("%s: asked for %s", name, asked)
		}
	}
}
