package app

import (
	"maps"
	"sync"
)

// FakeKeyring keeps items in memory, and fails or hangs as told.
type FakeKeyring struct {
	mu    sync.Mutex
	items map[string]string
	err   error         // of every call
	hang  chan struct{} // calls wait until it is closed; nil: no waiting
	calls int
}

// NewSystemKeyring is the keyring that Open takes by itself.
func NewSystemKeyring(dir string) Keyring { return &systemKeyring{dir: dir} }

// NewFakeKeyring is one that works.
func NewFakeKeyring() *FakeKeyring { return &FakeKeyring{items: map[string]string{}} }

// Fail has every call fail; nil ends that.
func (k *FakeKeyring) Fail(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.err = err
}

// Hang has every call wait until release is called.
func (k *FakeKeyring) Hang() (release func()) {
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
func (k *FakeKeyring) Items() map[string]string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.items)
}

// Put changes an item behind everybody's back; empty deletes it.
func (k *FakeKeyring) Put(user, secret string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if secret == "" {
		delete(k.items, user)
		return
	}
	k.items[user] = secret
}

// Calls is how often the keyring was asked.
func (k *FakeKeyring) Calls() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.calls
}

func (k *FakeKeyring) enter() error {
	k.mu.Lock()
	hang, err := k.hang, k.err
	k.calls++
	k.mu.Unlock()
	if hang != nil {
		<-hang
	}
	return err
}

func (k *FakeKeyring) Get(_, user string) (string, error) {
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

func (k *FakeKeyring) Set(_, user, secret string) error {
	if err := k.enter(); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.items[user] = secret
	return nil
}

func (k *FakeKeyring) Delete(_, user string) error {
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
