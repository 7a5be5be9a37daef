package session

import (
	"encoding/base64"
	"testing"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/secret"
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
	s := &Sessions{Key: secret.Generate()}
	want := facts{newSeed(uuid.New()), 1<<63 - 1}
	text := s.write(forRefresh, want)
	if got, ok := s.read(forRefresh, text); !ok || got != want {
		t.Errorf("got %v, %v", got, ok)
	}
	if len(text) < api.MinSessionToken || len(text) > api.MaxSessionToken {
		t.Errorf("%d characters", len(text))
	}
	if _, ok := s.read(forAccess, text); ok {
		t.Error("a refresh token is an access token")
	}
}

// Each of them is bound to all that it says: no bit can be another one.
func TestSessionToken_everyBitCounts(t *testing.T) {
	s := &Sessions{Key: secret.Generate()}
	raw := bytesOf(t, s.write(forAccess, facts{newSeed(uuid.New()), 7}))
	for i := range raw {
		for bit := range 8 {
			raw[i] ^= 1 << bit
			if _, ok := s.read(forAccess, base64.RawURLEncoding.EncodeToString(raw)); ok {
				t.Fatalf("byte %d, bit %d", i, bit)
			}
			raw[i] ^= 1 << bit
		}
	}
}

// Whoever has read the database, and not the key, makes no token; and whoever has
// the key makes none for a session whose seed is another one.
func TestSessionToken_needsKeyAndDatabase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.account("amina")
		s := w.begin("amina")
		good, ok := w.read(forRefresh, s.Refresh)
		if !ok {
			t.Fatal("the token is none")
		}
		thief := w.with(w.DB, secret.Generate())
		for name, forged := range map[string]api.Session{
			"without the key":   thief.tokens(good.seed, 5),
			"with another seed": w.tokens(newSeed(good.session), 5),
		} {
			if _, err := w.refresh(forged.Refresh); code(t, err) != api.CodeSessionEnded {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := w.authenticate(forged.Access); code(t, err) != api.CodeUnauthenticated {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n := w.number(`SELECT COUNT(*) FROM sessions WHERE generation = 0`); n != 1 {
			t.Error("a forged token has moved the session on")
		}
		if _, err := w.refresh(s.Refresh); err != nil {
			t.Error(err)
		}
	})
}

func FuzzReadToken(f *testing.F) {
	s := &Sessions{Key: secret.Generate()}
	f.Add("")
	f.Add(s.write(forRefresh, facts{newSeed(uuid.New()), 1}))
	f.Fuzz(func(t *testing.T, text string) {
		if _, ok := s.read(forAccess, text); ok {
			t.Errorf("%q is an access token", text)
		}
		if got, ok := s.read(forRefresh, text); ok && s.write(forRefresh, got) != text {
			t.Errorf("%q is the same token as another text", text)
		}
	})
}
