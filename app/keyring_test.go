package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"plenary/app/keyringtest"
)

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
		ring := keyringtest.New()
		release := ring.Hang()
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
		release()
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
				ring := keyringtest.New()
				release := ring.Hang()
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
				release()
				synctest.Wait()
				if len(ring.Items()) != 0 {
					t.Errorf("left behind: %v", ring.Items())
				}
			})
		})
	}
}

func TestKeyWorker_leavesOutWhatWasCanceledBeforeItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ring := keyringtest.New()
		release := ring.Hang()
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
		release()
		synctest.Wait()
		if ring.Calls() != 1 {
			t.Errorf("the keyring was called %d times", ring.Calls())
		}
	})
}

func TestKeyringError_sortsWhatSystemsSay(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		kind string
	}{
		"no session bus":        {errors.New("dial unix: missing address"), KindKeyringMissing},
		"no such program":       {errors.New(`exec: "dbus-launch": executable file not found in $PATH`), KindKeyringMissing},
		"nobody serves secrets": {errors.New("The name org.freedesktop.secrets was not provided by any .service files"), KindKeyringMissing},
		"words decide nothing":  {errors.New("failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'"), KindKeyringMissing},
		"locked":                {fmt.Errorf("%w: prompt dismissed", ErrKeyringLocked), KindKeyringLocked},
		"wrong passphrase":      {ErrWrongPassphrase, KindWrongPassphrase},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Explain(keyringError(tt.err)).Kind; got != tt.kind {
				t.Errorf("got %s", got)
			}
		})
	}
}
