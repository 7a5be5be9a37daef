package accounts

import (
	"encoding/base64"
	"testing"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

// bytesOf are the bytes of a token.
func bytesOf(t *testing.T, token string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSessionToken_saysWhatWasWritten(t *testing.T) {
	a := New(Deps{Key: secret.Generate(), Hashing: cheap})
	want := sessionToken{newSeed(uuid.New()), 1<<63 - 1}
	text := a.writeToken(forRefresh, want)
	if got, ok := a.readToken(forRefresh, text); !ok || got != want {
		t.Errorf("got %v, %v", got, ok)
	}
	if len(text) < api.MinSessionToken || len(text) > api.MaxSessionToken {
		t.Errorf("%d characters", len(text))
	}
	if _, ok := a.readToken(forAccess, text); ok {
		t.Error("a refresh token is an access token")
	}
}

// Each of them is bound to all that it says: no bit can be another one.
func TestSessionToken_everyBitCounts(t *testing.T) {
	a := New(Deps{Key: secret.Generate(), Hashing: cheap})
	raw := bytesOf(t, a.writeToken(forAccess, sessionToken{newSeed(uuid.New()), 7}))
	for i := range raw {
		for bit := range 8 {
			raw[i] ^= 1 << bit
			if _, ok := a.readToken(forAccess, base64.RawURLEncoding.EncodeToString(raw)); ok {
				t.Fatalf("byte %d, bit %d", i, bit)
			}
			raw[i] ^= 1 << bit
		}
	}
}

// Whoever has read the database, and not the key, makes no token; and whoever has
// the key makes none for a session whose seed is another one.
func TestSessionToken_needsKeyAndDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.register("amina@example.org", "amina")
		s := w.mustLogIn("amina", goodPassword)
		good, _ := w.readToken(forRefresh, s.Refresh)
		thief := New(Deps{DB: w.DB, Key: secret.Generate(), Now: w.Now, Hashing: cheap})
		good.number = 5
		forged := thief.writeToken(forRefresh, good)
		other := w.writeToken(forRefresh, sessionToken{newSeed(good.session), 5})
		for name, token := range map[string]string{"without the key": forged, "with another seed": other} {
			if _, err := w.Refresh(t.Context(), token); code(t, err) != api.CodeSessionEnded {
				t.Errorf("%s: %v", name, err)
			}
		}
		for name, make := range map[string]func() string{
			"without the key":   func() string { return thief.tokens(good.sessionSeed, 1).Access },
			"with another seed": func() string { return w.tokens(newSeed(good.session), 1).Access },
		} {
			if _, err := w.Authenticate(t.Context(), make()); code(t, err) != api.CodeUnauthenticated {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := w.rows(`SELECT COUNT(*) FROM sessions WHERE generation = 0`); n != 1 {
			t.Error("a forged token has moved the session on")
		}
		w.refresh(s.Refresh)
	})
}

func FuzzReadToken(f *testing.F) {
	a := New(Deps{Key: secret.Generate(), Hashing: cheap})
	f.Add("")
	f.Add(a.writeToken(forRefresh, sessionToken{newSeed(uuid.New()), 1}))
	f.Fuzz(func(t *testing.T, text string) {
		if _, ok := a.readToken(forAccess, text); ok {
			t.Errorf("%q is an access token", text)
		}
		if got, ok := a.readToken(forRefresh, text); ok && a.writeToken(forRefresh, got) != text {
			t.Errorf("%q is the same token as another text", text)
		}
	})
}
