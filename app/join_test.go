package app

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"plenary/api"
)

const plainAddress = "https://platform.example.int/1"

// joiningBench has a confirmed remote registration.
func joiningBench(t *testing.T, token bool) *bench {
	t.Helper()
	b := newBench(t, t.TempDir())
	t.Cleanup(b.server.Close)
	t.Cleanup(func() { b.close(t) })
	one := api.Registration{
		Number: "R-1", Meeting: "C-00000011", State: api.Confirmed, Participation: api.Remote, Platform: plainAddress, JoinToken: token, Version: 1,
	}
	b.service.locked(func() { b.service.state.registrations["R-1"] = one })
	b.app.Registrations.replace(b.vault, map[string]api.Registration{"R-1": one}, "")
	return b
}

// waiting are the sessions of which the service does not know yet that they were joined.
func (b *bench) waiting(t failer) (list []api.Attend) {
	t.Helper()
	pending, err := b.vault.store.Pending()
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range pending {
		var in api.Attend
		if err := json.Unmarshal(op.Payload, &in); err != nil || op.Kind != api.OpAttend {
			t.Fatalf("%s: %v", op.Kind, err)
		}
		list = append(list, in)
	}
	return list
}

func TestJoin_isRecordedOnceForEachSession(t *testing.T) {
	b := joiningBench(t, false)
	join := func(session int) {
		t.Helper()
		if address, err := b.app.Registrations.Join(t.Context(), "R-1", session); err != nil || address != plainAddress {
			t.Fatalf("join: %q, %v", address, err)
		}
	}
	join(1)
	join(1)
	if got := b.waiting(t); len(got) != 1 || got[0].Session != 1 || time.Since(got[0].At).Abs() > time.Hour {
		t.Fatalf("%+v wait", got)
	}
	b.reopen(t) // nothing in the memory says that it was joined
	b.app.Registrations.replace(b.vault, b.service.snapshot().registrations, "")
	join(1)
	join(2)
	if got := b.waiting(t); len(got) != 2 {
		t.Fatalf("%+v wait", got)
	}
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	join(1)
	if got := b.waiting(t); len(got) != 0 {
		t.Errorf("%+v wait again", got)
	}
	for id, times := range b.service.snapshot().performed {
		if times != 1 {
			t.Errorf("%s: done %d times", id, times)
		}
	}
	if own := b.app.Registrations.List(); len(own) != 1 || own[0].State != api.Confirmed {
		t.Errorf("one's own registrations: %+v", own)
	}
}

// There is nothing that a person could do about a refusal.
func TestJoin_refusedAttendanceNeedsNoAttention(t *testing.T) {
	b := joiningBench(t, false)
	b.service.locked(func() {
		b.service.state.registrations["R-1"] = api.Registration{Number: "R-1", State: api.Refused, Version: 2}
	})
	if _, err := b.app.Registrations.Join(t.Context(), "R-1", 1); err != nil {
		t.Fatal(err)
	}
	if err := b.app.Sync.deliver(t.Context(), b.vault); err != nil {
		t.Fatal(err)
	}
	if waiting, attention, err := b.vault.store.Counts(); err != nil || waiting+attention != 0 {
		t.Errorf("%d wait, %d need attention: %v", waiting, attention, err)
	}
}

func TestJoin_withATokenOrWithoutNetwork(t *testing.T) {
	b := joiningBench(t, true)
	address, err := b.app.Registrations.Join(t.Context(), "R-1", 1)
	if err != nil || address != plainAddress+"?jwt=token" {
		t.Errorf("join: %q, %v", address, err)
	}
	b.server.Close()
	address, err = b.app.Registrations.Join(t.Context(), "R-1", 2)
	if err == nil || address != plainAddress {
		t.Errorf("without network: %q, %v", address, err)
	}
	if got := b.waiting(t); len(got) != 2 {
		t.Errorf("%+v wait", got)
	}
	b.app.Registrations.load(nil)
	if _, err := b.app.Registrations.Join(t.Context(), "R-1", 1); !errors.Is(err, ErrNoSession) {
		t.Errorf("nobody is logged in: %v", err)
	}
}
