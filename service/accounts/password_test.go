package accounts

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"plenary/api"
)

func TestHasher_matches(t *testing.T) {
	h := newHasher(cheap, 2)
	text, err := h.hash(t.Context(), "Zoë")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text, secret string
		want               bool
	}{
		{"right", text, "Zoë", true},
		{"wrong", text, "Zoe", false},
		{"nobody", "", "Zoë", false},
	} {
		if got, err := h.matches(t.Context(), c.text, c.secret); err != nil || got != c.want {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
	if h.outdated(text) || !newHasher(DefaultHashing, 1).outdated(text) {
		t.Error("outdated is wrong")
	}
}

func TestParsePHC_keepsItsBounds(t *testing.T) {
	const salt, hash = "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, c := range []struct {
		text string
		ok   bool
	}{
		{"$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + hash, true},
		{"$argon2id$v=19$m=262144,t=16,p=8$" + salt + "$" + hash, true},
		{"$argon2id$v=19$m=262145,t=2,p=1$" + salt + "$" + hash, false},
		{"$argon2id$v=19$m=9999999,t=2,p=1$" + salt + "$" + hash, false},
		{"$argon2id$v=19$m=19456,t=17,p=1$" + salt + "$" + hash, false},
		{"$argon2id$v=19$m=19456,t=0,p=1$" + salt + "$" + hash, false},
		{"$argon2id$v=19$m=19456,t=2,p=0$" + salt + "$" + hash, false},
		{"$argon2id$v=19$m=19456,t=2,p=9$" + salt + "$" + hash, false},
		{"$argon2id$v=19$m=7,t=2,p=1$" + salt + "$" + hash, false},
		{"$argon2i$v=19$m=19456,t=2,p=1$" + salt + "$" + hash, false},
		{"$argon2id$v=16$m=19456,t=2,p=1$" + salt + "$" + hash, false},
		{"$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + hash + "=", false},
		{"$argon2id$v=19$m=19456,t=2,p=1$AAA$" + hash, false},
		{"$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + strings.Repeat("A", 1000), false},
		{"", false},
	} {
		p, err := parsePHC(c.text)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.text, err)
		}
		if err == nil && p.String() != c.text {
			t.Errorf("%s becomes %s", c.text, p)
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePHC(text)
		if err != nil {
			return
		}
		if p.MemoryKiB > maxMemoryKiB || p.Time > maxTime || p.Threads > maxThreads || p.Time == 0 || p.Threads == 0 {
			t.Errorf("out of bounds: %+v", p.Hashing)
		}
		if again, err := parsePHC(p.String()); err != nil || again.Hashing != p.Hashing {
			t.Errorf("not read back: %v", err)
		}
	})
}

func FuzzHashToken(f *testing.F) {
	f.Add(newToken())
	f.Add(strings.Repeat("_", 43))
	f.Fuzz(func(t *testing.T, token string) {
		if hash, ok := hashToken(token); ok && (len(hash) != 32 || len(token) != tokenLen) {
			t.Errorf("%q gives %d bytes", token, len(hash))
		}
	})
}

// A full queue answers at once, a long one after a while, and nobody hashes
// beyond the slots.
func TestHasher_saysBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHasher(cheap, 1)
		if err := h.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		answers := make(chan error, maxWaiting)
		for range maxWaiting {
			go func() { answers <- h.enter(t.Context()) }()
		}
		synctest.Wait()
		began := time.Now()
		wantBusy(t, h.enter(t.Context()))
		if time.Since(began) != 0 {
			t.Error("waited for a place in a full queue")
		}
		for range maxWaiting {
			wantBusy(t, <-answers)
		}
		if time.Since(began) != maxWait {
			t.Errorf("waited %v", time.Since(began))
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := h.enter(gone); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		h.leave()
		if err := h.enter(t.Context()); err != nil {
			t.Errorf("a free slot: %v", err)
		}
	})
}

func wantBusy(t *testing.T, err error) {
	t.Helper()
	p, ok := errors.AsType[*api.Problem](err)
	if !ok || p.Code != api.CodeBusy || p.RetryAfter <= 0 {
		t.Errorf("got %v", err)
	}
}

func TestTypedPassword_isNFCAndBounded(t *testing.T) {
	for _, c := range []struct {
		in, want string
		ok       bool
	}{
		{"Zoe\u0308", "Zoë", true},
		{strings.Repeat("e\u0308", 128), strings.Repeat("ë", 128), true},
		{strings.Repeat("x", 129), "", false},
		{strings.Repeat("😀", 128), strings.Repeat("😀", 128), true},
		{strings.Repeat("x", 1<<20), "", false},
	} {
		got, err := typedPassword(c.in)
		if (err == nil) != c.ok || got != c.want {
			t.Errorf("%.20q: %.20q, %v", c.in, got, err)
		}
	}
}
