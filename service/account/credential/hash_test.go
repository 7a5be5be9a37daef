package credential

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"plenary/api"
)

// cheap is a cost for tests.
var cheap = Hashing{MemoryKiB: 64, Time: 1, Threads: 1}

func TestHasher_matches(t *testing.T) {
	h := NewHasher(cheap, 2, slog.New(slog.DiscardHandler))
	text, err := h.Hash(t.Context(), "Zoë")
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
		if got, err := h.Matches(t.Context(), c.text, c.secret); err != nil || got != c.want {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
	if h.Outdated(text) || !NewHasher(DefaultHashing, 1, nil).Outdated(text) {
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

// Who would wait for too long is told at once, who waits is told in time, and nobody
// hashes beyond the slots.
func TestHasher_saysBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHasher(cheap, 2, slog.New(slog.DiscardHandler))
		h.took.Store(int64(time.Second))
		enter := func(ctx context.Context) error {
			_, err := h.enter(ctx)
			return err
		}
		var leave func()
		for range 2 {
			var err error
			if leave, err = h.enter(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		const places = int(2 * maxWait / time.Second) // two at once, a second each
		answers := make(chan error, places)
		for range places {
			go func() { answers <- enter(t.Context()) }()
		}
		synctest.Wait()
		began := time.Now()
		wantBusy(t, enter(t.Context()))
		soon, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		wantBusy(t, enter(soon))
		if time.Since(began) != 0 {
			t.Error("waited for a place in a full queue")
		}
		for range places {
			wantBusy(t, <-answers)
		}
		if time.Since(began) != maxWait {
			t.Errorf("waited %v", time.Since(began))
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := enter(gone); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		late, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		wantBusy(t, enter(late)) // the turn that was to come in time did not
		leave()
		if err := enter(t.Context()); err != nil {
			t.Errorf("a free slot: %v", err)
		}
	})
}

// What a hash takes lately counts, so that the queue is as long as can be answered.
func TestHasher_learnsWhatAHashTakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHasher(cheap, 1, slog.New(slog.DiscardHandler))
		for range 50 {
			leave, err := h.enter(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			<-time.After(2 * time.Second) // of the bubble's clock
			leave()
		}
		if took := time.Duration(h.took.Load()); took < 1900*time.Millisecond || took > 2*time.Second {
			t.Errorf("it takes %v", took)
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
