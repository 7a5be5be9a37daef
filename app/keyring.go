package app

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"plenary/localdb"

	"github.com/zalando/go-keyring"
)

// Keyring keeps small secrets for the person who is logged in to this machine.
// Get and Delete return ErrSecretNotFound where there is no such item.
// A call may take as long as a person needs to unlock the keyring, or hang.
type Keyring interface {
	Get(service, user string) (string, error)
	Set(service, user, secret string) error
	Delete(service, user string) error
}

// ErrSecretNotFound says that the keyring works and has no such item.
var ErrSecretNotFound = keyring.ErrNotFound

// Errors about the keyring. "The keyring cannot be reached" is never "there is
// no key".
var (
	ErrKeyringMissing = errors.New("there is no keyring")
	ErrKeyringLocked  = errors.New("the keyring is locked")
	ErrKeyringHangs   = errors.New("the keyring does not answer")
	// ErrSecretTooLarge: the secret has more than maxSecretSize bytes.
	ErrSecretTooLarge = errors.New("the secret is too large for the keyring")
	// ErrPassphraseNeeded: the session is sealed under a passphrase, see
	// Session.UsePassphrase.
	ErrPassphraseNeeded = errors.New("a passphrase is needed")
	ErrWrongPassphrase  = errors.New("the passphrase is wrong")
)

// KeyringName is what the system calls its keyring.
func KeyringName() string {
	switch runtime.GOOS {
	case "windows":
		return "Credential Manager"
	case "darwin":
		return "Keychain"
	default:
		return "Secret Service"
	}
}

const (
	// keyringPatience is after how long the person is told whom they wait for.
	keyringPatience = 2 * time.Second
	// keyringLimit is when a call is given up that nobody cancels: time enough
	// to type the keyring's password.
	keyringLimit = 3 * time.Minute
)

// keyWorker is the one goroutine that talks to a keyring, since keyrings have
// no time-outs, and some do not like to be asked twice at once.
type keyWorker struct {
	ring    Keyring
	jobs    chan *keyJob
	quit    chan struct{}
	end     sync.Once
	waiting func(bool) // called when somebody has waited for keyringPatience, and after
}

type keyJob struct {
	run  func(Keyring) error
	undo func(Keyring) error
	done chan error

	mu        sync.Mutex
	abandoned bool
	finished  bool
}

func newKeyWorker(ring Keyring, waiting func(bool)) *keyWorker {
	w := &keyWorker{ring: ring, jobs: make(chan *keyJob, 64), quit: make(chan struct{}), waiting: waiting}
	go w.work()
	return w
}

// close lets the worker end, after the call that it is in.
func (w *keyWorker) close() { w.end.Do(func() { close(w.quit) }) }

func (w *keyWorker) work() {
	for {
		select {
		case <-w.quit:
			return
		case j := <-w.jobs:
			j.work(w.ring)
		}
	}
}

// work runs the job unless nobody wants it any more, and takes it back if that
// became so meanwhile.
func (j *keyJob) work(ring Keyring) {
	j.mu.Lock()
	skip := j.abandoned
	j.mu.Unlock()
	if skip {
		return
	}
	err := j.run(ring)
	j.mu.Lock()
	j.finished = true
	late := j.abandoned
	j.mu.Unlock()
	if late && err == nil && j.undo != nil {
		// Nobody is left to tell: what could not be taken back is an item that
		// the next log-in overwrites.
		_ = j.undo(ring)
	}
	j.done <- err
}

// abandon says that nobody waits any more; false if the job is done.
func (j *keyJob) abandon() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.abandoned = !j.finished
	return j.abandoned
}

// do has the worker run a call and waits for it. Who stops waiting, by ctx or
// after keyringLimit, gets ErrKeyringHangs; a success that comes after that is
// undone, if undo is not nil.
func (w *keyWorker) do(ctx context.Context, run, undo func(Keyring) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("ask the keyring: %w", err)
	}
	j := &keyJob{run: run, undo: undo, done: make(chan error, 1)}
	select {
	case w.jobs <- j:
	default:
		return fmt.Errorf("ask the keyring: %w: too many wait for it", ErrKeyringHangs)
	}
	patience, limit := time.NewTimer(keyringPatience), time.NewTimer(keyringLimit)
	defer patience.Stop()
	defer limit.Stop()
	told := false
	defer func() {
		if told {
			w.waiting(false)
		}
	}()
	for {
		select {
		case err := <-j.done:
			return keyringError(err)
		case <-patience.C:
			told = true
			w.waiting(true)
		case <-limit.C:
			if j.abandon() {
				return fmt.Errorf("ask the keyring: %w", ErrKeyringHangs)
			}
			return keyringError(<-j.done)
		case <-ctx.Done():
			switch {
			case !j.abandon():
				return keyringError(<-j.done)
			case told:
				return fmt.Errorf("ask the keyring: %w: %w", ErrKeyringHangs, ctx.Err())
			default:
				return fmt.Errorf("ask the keyring: %w", ctx.Err())
			}
		}
	}
}

// get returns an item's secret; ErrSecretNotFound if there is none.
func (w *keyWorker) get(ctx context.Context, item string) (string, error) {
	var secret string
	err := w.do(ctx, func(k Keyring) (err error) {
		s, err := k.Get(keyringService, item)
		secret = s
		return err
	}, nil)
	if err != nil {
		return "", err
	}
	return secret, nil
}

// setNew stores an item that did not exist; one that is stored after the caller
// has given up is deleted again.
func (w *keyWorker) setNew(ctx context.Context, item, secret string) error {
	return w.do(ctx,
		func(k Keyring) error { return k.Set(keyringService, item, secret) },
		func(k Keyring) error { return k.Delete(keyringService, item) })
}

// set stores an item in place of an older one; a late success stands.
func (w *keyWorker) set(ctx context.Context, item, secret string) error {
	return w.do(ctx, func(k Keyring) error { return k.Set(keyringService, item, secret) }, nil)
}

// remove deletes items; those that are not there are no error.
func (w *keyWorker) remove(ctx context.Context, items ...string) error {
	return w.do(ctx, func(k Keyring) error {
		for _, item := range items {
			if err := k.Delete(keyringService, item); err != nil && !errors.Is(err, ErrSecretNotFound) {
				return err
			}
		}
		return nil
	}, nil)
}

// keyringError sorts a keyring's error (systemKeyring has found its cause). Its
// text is not passed on: some name the item.
func keyringError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrSecretNotFound):
		return fmt.Errorf("ask the keyring: %w", ErrSecretNotFound)
	case errors.Is(err, ErrKeyringMissing), errors.Is(err, ErrKeyringLocked), errors.Is(err, ErrKeyringHangs),
		errors.Is(err, ErrWrongPassphrase), errors.Is(err, ErrDamaged), errors.Is(err, ErrSecretTooLarge), errors.Is(err, localdb.ErrDiskFull):
		return err
	}
	return fmt.Errorf("ask the keyring: %w", ErrKeyringMissing)
}
