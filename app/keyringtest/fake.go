// Package keyringtest has a keyring for tests.
package keyringtest

import (
	"maps"
	"sync"

	"github.com/zalando/go-keyring"
)

// Fake is a keyring that keeps items in memory, and fails or hangs as told.
type Fake struct {
	mu    sync.Mutex
	items map[string]string
	err   error         // of every call
	hang  chan struct{} // calls wait until it is closed; nil: no waiting
	calls int
}

// New is one that works.
func New() *Fake { return &Fake{items: map[string]string{}} }

// Fail has every call fail; nil ends that.
func (k *Fake) Fail(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.err = err
}

// Hang has every call wait until release is called.
func (k *Fake) Hang() (release func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	hang := make(chan struct{})
	k.hang = hang
	return sync.OnceFunc(func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.hang = nil
		close(hang)
	})
}

// Items are those in the keyring now.
func (k *Fake) Items() map[string]string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.items)
}

// Put changes an item behind everybody's back; empty deletes it.
func (k *Fake) Put(user, secret string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if secret == "" {
		delete(k.items, user)
		return
	}
	k.items[user] = secret
}

// Calls is how often the keyring was asked.
func (k *Fake) Calls() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.calls
}

func (k *Fake) enter() error {
	k.mu.Lock()
	hang, err := k.hang, k.err
	k.calls++
	k.mu.Unlock()
	if hang != nil {
		<-hang
	}
	return err
}

func (k *Fake) Get(_, user string) (string, error) {
	if err := k.enter(); err != nil {
		return "", err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	s, ok := k.items[user]
	if !ok {
		return "", keyring.ErrNotFound
	}
	return s, nil
}

func (k *Fake) Set(_, user, secret string) error {
	if err := k.enter(); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.items[user] = secret
	return nil
}

func (k *Fake) Delete(_, user string) error {
	if err := k.enter(); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.items[user]; !ok {
		return keyring.ErrNotFound
	}
	delete(k.items, user)
	return nil
}
