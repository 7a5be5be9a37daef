package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"plenary/api"
	"plenary/localdb"
	"plenary/platform/files"
)

// Restore takes up the session that is in the keyring; it works offline. It is
// the phase Ended if the service has ended it before. Errors to test for:
// ErrNoSession, ErrLocked, ErrPassphraseNeeded, ErrKeyLost, those of the keyring, those of
// localdb.Open; on the first contact with a service also the client's.
func (s *Session) Restore(ctx context.Context) (api.Account, error) {
	if ahead := s.takeAhead(); ahead != nil {
		if err := ahead.wait(ctx); err != nil {
			return api.Account{}, err
		}
	}
	return s.restoreInTurn(ctx)
}

// ahead is a Restore that was begun before anybody asked for it.
type ahead struct {
	cancel context.CancelFunc
	done   chan struct{}
	err    error
}

// wait waits for it; the end of the context ends it.
func (a *ahead) wait(ctx context.Context) error {
	defer context.AfterFunc(ctx, a.cancel)()
	<-a.done
	return a.err
}

// RestoreAhead begins to take up the session, which the first call of Restore waits for: so
// the keyring and the disk are asked while there is no window yet.
func (s *Session) RestoreAhead(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	a := &ahead{cancel: cancel, done: make(chan struct{})}
	s.mu.Lock()
	s.ahead = a
	s.mu.Unlock()
	go func() {
		defer close(a.done)
		defer cancel()
		_, a.err = s.restoreInTurn(ctx)
	}()
}

func (s *Session) takeAhead() *ahead {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.ahead
	s.ahead = nil
	return a
}

func (s *Session) restoreInTurn(ctx context.Context) (api.Account, error) {
	give, err := s.turn.take(ctx)
	if err != nil {
		return api.Account{}, err
	}
	defer give()
	if s.open() != nil {
		return s.State().Account, nil
	}
	a, err := s.restore(ctx)
	if err != nil {
		return api.Account{}, fmt.Errorf("restore the session: %w", err)
	}
	return a, nil
}

func (s *Session) restore(ctx context.Context) (api.Account, error) {
	id, err := s.core.place.ensure(ctx)
	if err != nil {
		return api.Account{}, err
	}
	if !hasAccounts(filepath.Join(s.core.config.Dir, id)) {
		return api.Account{}, ErrNoSession // and no reason to wake the keyring
	}
	cur, err := s.current(ctx, id)
	if err != nil {
		return api.Account{}, err
	}
	if cur.Lock != nil {
		return api.Account{}, s.beginLocked(cur)
	}
	v, err := s.openKept(ctx, cur.Account)
	if err != nil {
		return api.Account{}, err
	}
	return s.takeUp(ctx, id, v)
}

// current reads from the keyring who is logged in.
func (s *Session) current(ctx context.Context, id string) (current, error) {
	text, err := s.keyring().get(ctx, currentItem(id))
	if err != nil && s.passphraseMissing() && !errors.Is(err, context.Canceled) {
		return current{}, fmt.Errorf("%w: %w", ErrPassphraseNeeded, err)
	}
	if errors.Is(err, ErrSecretNotFound) {
		return current{}, ErrNoSession
	}
	if err != nil {
		return current{}, err
	}
	var cur current
	if json.Unmarshal([]byte(text), &cur) != nil {
		return current{}, ErrNoSession
	}
	here := s.core.place.address
	switch {
	case cur.Address == here, isLoopback(cur.Address) && isLoopback(here):
	case cur.Address == s.core.place.cameFrom():
		cur.Address = here // the service has moved
		if err := s.keyring().set(ctx, currentItem(id), cur.encode()); err != nil {
			return current{}, err
		}
	default:
		return current{}, ErrNoSession
	}
	return cur, nil
}

// takeUp enters the session of v with what is known of it; where that fails, v is closed.
func (s *Session) takeUp(ctx context.Context, id string, v *vault) (api.Account, error) {
	a, err := s.takeUpOpen(ctx, id, v)
	if err != nil {
		v.takeTokens()
		return api.Account{}, errors.Join(err, v.store.Close())
	}
	return a, nil
}

func (s *Session) takeUpOpen(ctx context.Context, id string, v *vault) (api.Account, error) {
	phase := LoggedIn
	refresh, err := s.keyring().get(ctx, refreshItem(id, v.account))
	switch {
	case errors.Is(err, ErrSecretNotFound):
		phase = Ended
	case err != nil:
		return api.Account{}, err
	}
	v.keep, v.refresh = true, refresh
	a, ok := v.profile()
	if !ok && phase == Ended {
		a.ID = v.account // all that is left; the log-in brings the rest
	} else if !ok {
		a, err = s.as(v).Account(ctx)
		switch {
		case api.HasCode(err, api.CodeSessionEnded):
			a, phase = api.Account{ID: v.account}, Ended
		case isOffline(err):
			// What is kept beside the profile can be read and added to; the first contact
			// brings the rest.
			a = api.Account{ID: v.account}
		case err != nil:
			return api.Account{}, err
		}
	}
	s.enter(v, a, phase)
	return a, nil
}

// openKept opens the store of an account whose key is in the keyring. Errors to
// test for: ErrNoSession if there is no store, ErrKeyLost.
func (s *Session) openKept(ctx context.Context, account string) (*vault, error) {
	dir, err := s.core.place.folder(account)
	if err != nil {
		return nil, err
	}
	if !hasStore(dir) {
		return nil, ErrNoSession
	}
	id, _ := s.core.place.known()
	text, err := s.keyring().get(ctx, keyItem(id, account))
	if errors.Is(err, ErrSecretNotFound) {
		erased, err := eraseAbandoned(dir)
		switch {
		case err != nil:
			return nil, err
		case erased:
			return nil, ErrNoSession
		}
		return nil, ErrKeyLost
	}
	if err != nil {
		return nil, err
	}
	key, err := decodeKey(text)
	if err != nil {
		return nil, err
	}
	return s.openWith(account, dir, key)
}

// openWith opens the store of an account in its folder.
func (s *Session) openWith(account, dir string, key localdb.Key) (*vault, error) {
	store, err := localdb.Open(dir, key, s.core.place.options)
	if err != nil {
		return nil, err
	}
	// A log-out that did not get as far as the key: the data is kept again, and a key
	// that is lost later is not that log-out's doing.
	if err := files.RemoveIfThere(dir + erasingSuffix); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	v := s.newVault(account, dir, store)
	v.kept = true
	return v, nil
}

// passphraseMissing says whether credentials are sealed under a passphrase that
// has not been given.
func (s *Session) passphraseMissing() bool {
	_, sealed := s.keyring().ring.(*sealedFile)
	return !sealed && passphraseInUse(s.core.config.Dir)
}
