package app

import (
	"context"
	"errors"
	"testing"
)

func TestRestoreAhead_isTakenUpByTheFirstRestore(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.start()
	m.logIn(a, true)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a = m.start()
	a.Session.RestoreAhead(t.Context())
	for range 2 {
		if who, err := a.Session.Restore(t.Context()); err != nil || who.ID != faultyAccount {
			t.Errorf("restore: %+v, %v", who, err)
		}
	}
}

// Why it failed is said once: what has changed since counts the next time.
func TestRestoreAhead_saysWhyOnce(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.start()
	m.logIn(a, true)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a = m.start()
	m.ring.Fail(errors.New("dial unix: missing address"))
	a.Session.RestoreAhead(t.Context())
	wait(t, "the end of what was begun", func() bool {
		a.Session.mu.Lock()
		defer a.Session.mu.Unlock()
		select {
		case <-a.Session.ahead.done:
			return true
		default:
			return false
		}
	})
	m.ring.Fail(nil)
	if _, err := a.Session.Restore(t.Context()); !errors.Is(err, ErrKeyringMissing) {
		t.Errorf("got %v", err)
	}
	if who, err := a.Session.Restore(t.Context()); err != nil || who.ID != faultyAccount {
		t.Errorf("restore: %+v, %v", who, err)
	}
}

// Whoever no longer waits ends what was begun, as if it had been begun then.
func TestRestoreAhead_endsWithTheOneWhoWaits(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	a := m.start()
	m.logIn(a, true)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a = m.startStill()
	release := m.ring.Hang()
	defer release()
	var waits waits
	defer a.Session.SubscribeKeyring(waits.tell)()
	a.Session.RestoreAhead(t.Context())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := a.Session.Restore(ctx)
		done <- err
	}()
	wait(t, "being told of the keyring", func() bool { return len(waits.all()) == 1 })
	cancel()
	if err := <-done; err == nil {
		t.Error("restored from a keyring that hangs")
	}
}
