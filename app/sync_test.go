package app

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"plenary/api"
	"plenary/client"
)

var quiet = slog.New(slog.DiscardHandler)

func TestRest_endsByNowButNotBeforeTheServiceAllowsIt(t *testing.T) {
	tests := map[string]struct {
		asked, pause time.Duration
		now          time.Duration // when Now is called; 0: never
		want         time.Duration
	}{
		"nothing happens":               {0, 30 * time.Second, 0, 30 * time.Second},
		"Now":                           {0, 30 * time.Second, 5 * time.Second, 5 * time.Second},
		"Now, but the service is busy":  {20 * time.Second, 30 * time.Second, 5 * time.Second, 20 * time.Second},
		"Now, after the service's wait": {20 * time.Second, 30 * time.Second, 25 * time.Second, 25 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &Sync{kick: make(chan struct{}, 1)}
				if tt.now > 0 {
					time.AfterFunc(tt.now, s.Now)
				}
				start := time.Now()
				if !s.rest(t.Context(), tt.asked, tt.pause) {
					t.Error("said to end")
				}
				if got := time.Since(start); got != tt.want {
					t.Errorf("rested for %v, want %v", got, tt.want)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if (&Sync{kick: make(chan struct{}, 1)}).rest(ctx, time.Hour, time.Hour) {
			t.Error("goes on after the end")
		}
	})
}

// An hour in which nothing happens and nobody looks: at most three requests a round (who
// answers, registrations, meetings), and a fresh access token every ten minutes.
func TestPause_growsWhileNobodyLooks(t *testing.T) {
	t.Parallel()
	s := &Sync{session: &Session{keys: &keyWorker{}}}
	rounds := 0
	for at := time.Duration(0); at < time.Hour; rounds++ {
		at += s.pause(0, rounds)
	}
	if requests := 3*rounds + 6; requests > 130 {
		t.Errorf("%d requests in an hour", requests)
	}
	for quiet, most := range map[int]time.Duration{0: pollLoggedOut, 3: pollLoggedOut, 4: pollMost, 1000: pollMost} {
		if got := s.pause(0, quiet); got > most || got < most*3/4 {
			t.Errorf("after %d quiet rounds the pause is %v", quiet, got)
		}
	}
}

func TestPause_growsToAMinuteWithJitter(t *testing.T) {
	t.Parallel()
	s := &Sync{session: &Session{keys: &keyWorker{}}}
	for failures, most := range map[int]time.Duration{
		0: pollLoggedOut, 1: 2 * time.Second, 2: 4 * time.Second, 5: 32 * time.Second, 6: time.Minute, 1000: time.Minute,
	} {
		for range 100 {
			if got := s.pause(failures, 0); got > most || got < most*3/4 {
				t.Fatalf("after %d failures: %v, want at most %v", failures, got, most)
			}
		}
	}
	s.session.state.Phase = LoggedIn
	if got := s.pause(0, 0); got > pollLoggedIn {
		t.Errorf("logged in: %v", got)
	}
}

func TestErrors_areSortedForTheLoop(t *testing.T) {
	t.Parallel()
	problem := func(code api.Code) error { return &api.Problem{Code: code} }
	tests := map[string]struct {
		err              error
		offline, failure bool
	}{
		"none":           {nil, false, false},
		"no network":     {client.ErrUnreachable, true, true},
		"captive portal": {client.ErrNotPlenary, true, true},
		"busy":           {problem(api.CodeBusy), true, true},
		"unavailable":    {problem(api.CodeUnavailable), true, true},
		"unknown":        {problem(api.CodeOutcomeUnknown), true, true},
		"session ended":  {problem(api.CodeSessionEnded), false, false},
		"keyring":        {ErrKeyringMissing, false, true},
		"internal":       {problem(api.CodeInternal), false, true},
		"version":        {problem(api.CodeVersionTooOld), false, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if isOffline(tt.err) != tt.offline || isFailure(tt.err) != tt.failure {
				t.Errorf("offline %v, failure %v", isOffline(tt.err), isFailure(tt.err))
			}
		})
	}
}

func TestSync_tellsOfACaptivePortalAndItsEnd(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.service.locked(func() { m.service.portal = true })
	a := m.start()
	told := make(chan Status, 100)
	defer a.Sync.Subscribe(func(s Status) { told <- s })()
	wait(t, "the portal", func() bool { s := a.Sync.Status(); return !s.Online && s.Kind == KindNotPlenary && !s.RetryAt.IsZero() })
	m.service.locked(func() { m.service.portal = false })
	a.Sync.Now()
	wait(t, "being online", func() bool { s := a.Sync.Status(); return s.Online && s.Kind == "" && !s.Refreshed.IsZero() })
	wait(t, "being told", func() bool {
		select {
		case s := <-told:
			return s.Online
		default:
			return false
		}
	})
}

func TestDelivery_oneThatIsRefusedAsAWholeHoldsUpNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, t.TempDir())
	defer b.server.Close()
	defer b.close(t)
	ctx := t.Context()
	for _, meeting := range []string{"C-00000011", "C-00000021", "C-00000031"} {
		if err := b.app.Registrations.Submit(ctx, api.Register{Meeting: meeting}); err != nil {
			t.Fatal(err)
		}
	}
	b.service.locked(func() { b.service.malformed = "C-00000021" })
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	for meeting, want := range map[string]string{
		"C-00000011": api.Confirmed, "C-00000021": StateNeedsAttention, "C-00000031": api.Confirmed,
	} {
		if m, _ := b.app.Registrations.Get(meeting); m.State != want {
			t.Errorf("%s is %q, want %q", meeting, m.State, want)
		}
	}
}

// Which operations are too old to be sent is known whatever the clock of the device says,
// or has said: it is set, jumps, and begins years ago when its battery was empty.
func TestDelivery_whatIsTooOldNeedsAttention(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		making, sending time.Duration // the device's clock minus the service's
		passed          time.Duration
		expired         bool
	}{
		"old":                               {passed: 91 * day, expired: true},
		"not so old":                        {passed: 89 * day},
		"with an empty battery":             {making: -6 * 365 * day, passed: day},
		"with an empty battery, and old":    {making: -6 * 365 * day, passed: 91 * day, expired: true},
		"sent with a clock far ahead":       {sending: 200 * day, passed: day},
		"always a clock that is behind":     {making: -200 * day, sending: -200 * day, passed: 89 * day},
		"a clock that is behind, and old":   {making: -200 * day, sending: -200 * day, passed: 91 * day, expired: true},
		"made with a clock that was ahead":  {making: 300 * day, passed: day},
		"made with a clock ahead, and sent": {making: 300 * day, sending: 300 * day, passed: 91 * day, expired: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, t.TempDir())
			defer b.server.Close()
			defer func() { b.close(t) }()
			b.vault.expires = time.Now().Add(1000 * day)
			contact := func() {
				t.Helper()
				if _, err := b.app.core.client.Service(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			b.clocks.set(c.making, 0)
			contact()
			if err := b.app.Registrations.Submit(t.Context(), api.Register{Meeting: "C-00000011"}); err != nil {
				t.Fatal(err)
			}
			b.clocks.set(c.sending, c.passed)
			contact()
			if err := b.round(); err != nil {
				t.Fatal(err)
			}
			m, _ := b.app.Registrations.Get("C-00000011")
			if expired := m.State == StateNeedsAttention && m.Code == KindExpired; expired != c.expired {
				t.Errorf("got %+v", m)
			}
			if done := len(b.service.snapshot().performed) == 1; done == c.expired {
				t.Errorf("done: %v", done)
			}
		})
	}
}
