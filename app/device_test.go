package app

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"plenary/app/keyringtest"
)

// TestDeviceToken_waitsForTheKeyringNotForLong: "Forgot password?" goes the way
// of any other machine then.
func TestDeviceToken_waitsForTheKeyringNotForLong(t *testing.T) {
	const service = "6f1f5a5e-6d2c-4f57-9d7c-6d7a8a0b9c11"
	synctest.Test(t, func(t *testing.T) {
		ring := keyringtest.New()
		ring.Put(deviceItem(service), `[{"i":"`+identifierDigest(service, "Elena")+`","t":"token"}]`)
		k := &core{config: Config{Keyring: ring}, log: slog.New(slog.DiscardHandler), now: time.Now, place: &place{id: service}}
		s := newSession(k)
		defer s.keyring().close()
		if got := s.deviceToken(t.Context(), " elena "); got != "token" {
			t.Errorf("got %q", got)
		}
		if got := s.deviceToken(t.Context(), "ivan"); got != "" {
			t.Errorf("somebody else's: %q", got)
		}
		release := ring.Hang()
		defer release()
		begun := time.Now()
		if got := s.deviceToken(t.Context(), "elena"); got != "" || time.Since(begun) > deviceWait {
			t.Errorf("got %q after %v", got, time.Since(begun))
		}
		calls := ring.Calls()
		k.place.id = ""
		if got := s.deviceToken(t.Context(), "elena"); got != "" || ring.Calls() != calls {
			t.Errorf("asked before anybody could have logged in: %q", got)
		}
	})
}

func TestDevices_keepTheNewestPerIdentifier(t *testing.T) {
	t.Parallel()
	var d devices
	for _, n := range []device{{"a", "x", "1"}, {"b", "y", "2"}, {"a", "x", "3"}} {
		d = d.with(n)
	}
	if len(d) != 2 || d.token("a") != "3" || d.token("b") != "2" || d.token("c") != "" {
		t.Errorf("got %+v", d)
	}
	mine, others := d.split(func(e device) bool { return e.Account == "x" })
	if len(mine) != 1 || mine[0].Token != "3" || len(others) != 1 || others[0].Token != "2" {
		t.Errorf("split into %+v and %+v", mine, others)
	}
	for i := range 2 * maxDevices {
		d = d.with(device{Identifier: string(rune('A' + i)), Token: "t"})
	}
	if len(d) != maxDevices || d.token("a") != "" {
		t.Errorf("%d tokens: the item outgrows Windows' limit", len(d))
	}
}
