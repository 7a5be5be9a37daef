package app

import (
	"context"
	"errors"
	"fmt"

	"plenary/api"
	"plenary/localdb"
	"plenary/platform/files"
)

// admit opens the account's store and gives it the session's tokens. A store that was not
// to be kept is closed and opened again as one that is, if that is wanted now.
func (s *Session) admit(ctx context.Context, session api.Session, keep bool) (*vault, error) {
	v := s.open()
	if v != nil && (v.account != session.Account.ID || keep && !v.kept) {
		if err := s.makeRoom(ctx, v, session.Account.ID); err != nil {
			return nil, err
		}
		v = nil
	}
	opened := v == nil
	if opened {
		var err error
		if v, err = s.openStore(ctx, session.Account.ID, keep); err != nil {
			return nil, err
		}
	}
	keep = keep && v.kept
	if err := s.saveSession(ctx, v, session, keep); err != nil {
		if opened {
			return nil, errors.Join(err, v.store.Close())
		}
		return nil, err
	}
	v.mu.Lock()
	v.keep, v.access, v.expires, v.refresh = keep, session.Access, session.AccessExpires, session.Refresh
	v.mu.Unlock()
	return v, nil
}

// makeRoom closes the store of whoever was here before, for the account that comes. Work in
// it stays; where that cannot be and it is another's, it is ErrUnsent: its owner has to log
// out first.
func (s *Session) makeRoom(ctx context.Context, v *vault, account string) error {
	if err := s.registrations.Flush(ctx); err != nil {
		return err
	}
	keep := v.kept || v.worth()
	if keep {
		err := s.keepWork(ctx, v)
		switch {
		case err != nil && v.account != account:
			return fmt.Errorf("%w: %w", ErrUnsent, err)
		case errors.Is(err, errInTheWay):
			return s.inTheWay(ctx, account)
		case err != nil:
			return err
		}
	}
	if err := v.retire(ctx); err != nil {
		v.goOn(s.core.ctx)
		return err
	}
	s.leave(false)
	if keep {
		return v.closeKeeping()
	}
	return v.erase()
}

// inTheWay gives the reason why an earlier store of the account is in the way: it cannot be
// read, for which there is SetAside, or it holds other work.
func (s *Session) inTheWay(ctx context.Context, account string) error {
	earlier, err := s.openKept(ctx, account)
	if err != nil {
		return err
	}
	return errors.Join(errInTheWay, earlier.store.Close())
}

// openStore opens or begins the store of an account. One that was kept is used
// also when this session is not, if the keyring gives its key: work may wait in
// it.
func (s *Session) openStore(ctx context.Context, account string, keep bool) (*vault, error) {
	dir, err := s.core.place.folder(account)
	if err != nil {
		return nil, err
	}
	if err := adoptWork(dir + temporarySuffix + workSuffix); err != nil {
		return nil, err
	}
	v, err := s.openKept(ctx, account)
	switch {
	case err == nil:
		return v, nil
	case !errors.Is(err, ErrNoSession) && keep:
		return nil, err
	case keep:
		return s.beginKept(ctx, account)
	case errors.Is(err, context.Canceled), errors.Is(err, localdb.ErrInUse):
		return nil, err
	}
	dir += temporarySuffix
	if err := localdb.Erase(dir); err != nil {
		return nil, err
	}
	key := localdb.NewKey()
	store, err := localdb.Open(dir, key, s.core.place.options)
	if err != nil {
		return nil, err
	}
	v = s.newVault(account, dir, store)
	v.key = key
	return v, nil
}

// beginKept begins a store with a new key, which goes into the keyring first.
// A key that is there already is used: the store may have been erased alone.
func (s *Session) beginKept(ctx context.Context, account string) (*vault, error) {
	id, _ := s.core.place.known()
	dir, err := s.core.place.folder(account)
	if err != nil {
		return nil, err
	}
	key := localdb.NewKey()
	text, err := s.keyring().get(ctx, keyItem(id, account))
	switch {
	case err == nil:
		if old, err := decodeKey(text); err == nil {
			key = old
			break
		}
		err = s.keyring().set(ctx, keyItem(id, account), encodeKey(key))
	case errors.Is(err, ErrSecretNotFound):
		err = s.keyring().setNew(ctx, keyItem(id, account), encodeKey(key))
	}
	if err != nil {
		return nil, err
	}
	// Of a store that was erased, and only it.
	if err := files.RemoveIfThere(dir + erasingSuffix); err != nil {
		return nil, err
	}
	store, err := localdb.Open(dir, key, s.core.place.options)
	if err != nil {
		return nil, err
	}
	v := s.newVault(account, dir, store)
	v.kept, v.begun = true, true
	return v, nil
}
