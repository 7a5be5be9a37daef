package app

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// fakeKeyring keeps items in memory, and fails or hangs as told.
type fakeKeyring struct {
	mu    sync.Mutex
	items map[string]string
	err   error         // of every call
	hang  chan struct{} // calls wait until it is closed; nil: no waiting
	calls int
}

func newFakeKeyring() *fakeKeyring { return &fakeKeyring{items: map[string]string{}} }

func (k *fakeKeyring) enter() error {
	k.mu.Lock()
	hang, err := k.hang, k.err
	k.calls++
	k.mu.Unlock()
	if hang != nil {
		<-hang
	}
	return err
}

func (k *fakeKeyring) Get(service, user string) (string, error) {
	if err := k.enter(); err != nil {
		return "", err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	s, ok := k.items[user]
	if !ok {
		return "", ErrSecretNotFound
	}
	return s, nil
}

func (k *fakeKeyring) Set(service, user, secret string) error {
	if err := k.enter(); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.items[user] = secret
	return nil
}

func (k *fakeKeyring) Delete(service, user string) error {
	if err := k.enter(); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.items[user]; !ok {
		return ErrSecretNotFound
	}
	delete(k.items, user)
	return nil
}

// waits records what the worker tells about waiting.
type waits struct {
	mu   sync.Mutex
	told []bool
}

func (w *waits) tell(waiting bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, waiting)
}

func (w *waits) all() []bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]bool(nil), w.told...)
}

func TestKeyWorker_saysAfterTwoSecondsThatItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ring := newFakeKeyring()
		ring.hang = make(chan struct{})
		var w waits
		worker := newKeyWorker(ring, w.tell)
		defer worker.close()
		done := make(chan error, 1)
		go func() { done <- worker.set(t.Context(), "item", "secret") }()

		time.Sleep(1900 * time.Millisecond)
		synctest.Wait()
		if len(w.all()) != 0 {
			t.Fatal("told too early")
		}
		time.Sleep(200 * time.Millisecond)
		synctest.Wait()
		if told := w.all(); len(told) != 1 || !told[0] {
			t.Fatalf("told %v", told)
		}
		close(ring.hang)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if told := w.all(); len(told) != 2 || told[1] {
			t.Errorf("told %v at the end", told)
		}
	})
}

func TestKeyWorker_undoesALateSuccessThatNobodyWants(t *testing.T) {
	tests := map[string]struct {
		wait time.Duration // before "Cancel"
		kind string
	}{
		"canceled at once":             {time.Second, KindCanceled},
		"canceled while it was told":   {10 * time.Second, KindKeyringHangs},
		"nobody canceled, but at last": {keyringLimit + time.Second, KindKeyringHangs},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ring := newFakeKeyring()
				ring.hang = make(chan struct{})
				worker := newKeyWorker(ring, func(bool) {})
				defer worker.close()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				done := make(chan error, 1)
				go func() { done <- worker.setNew(ctx, "new", "secret") }()
				time.Sleep(tt.wait)
				cancel()
				if err := <-done; Explain(err).Kind != tt.kind {
					t.Errorf("got %v", err)
				}
				close(ring.hang)
				synctest.Wait()
				if len(ring.items) != 0 {
					t.Errorf("left behind: %v", ring.items)
				}
			})
		})
	}
}

func TestKeyWorker_leavesOutWhatWasCanceledBeforeItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ring := newFakeKeyring()
		ring.hang = make(chan struct{})
		worker := newKeyWorker(ring, func(bool) {})
		defer worker.close()
		go worker.get(t.Context(), "first")
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- worker.set(ctx, "second", "secret") }()
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		close(ring.hang)
		synctest.Wait()
		if ring.calls != 1 {
			t.Errorf("the keyring was called %d times", ring.calls)
		}
	})
}

func TestKeyringError_sortsWhatSystemsSay(t *testing.T) {
	tests := map[string]struct {
		err  error
		kind string
	}{
		"no session bus":          {errors.New("dial unix: missing address"), KindKeyringMissing},
		"no such program":         {errors.New(`exec: "dbus-launch": executable file not found in $PATH`), KindKeyringMissing},
		"nobody serves secrets":   {errors.New("The name org.freedesktop.secrets was not provided by any .service files"), KindKeyringMissing},
		"prompt dismissed":        {errors.New("failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'"), KindKeyringLocked},
		"item is locked":          {errors.New("Cannot get secret of a locked object"), KindKeyringLocked},
		"macOS without a session": {errors.New("exit status 36: User interaction is not allowed."), KindKeyringLocked},
		"wrong passphrase":        {ErrWrongPassphrase, KindWrongPassphrase},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Explain(keyringError(tt.err)).Kind; got != tt.kind {
				t.Errorf("got %s", got)
			}
		})
	}
}
