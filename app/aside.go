package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"plenary/platform/files"

	"github.com/google/uuid"
)

// unreadable is the reason in the names of what SetAside moved.
const unreadable = "unreadable"

// SetAside moves the stores of this service whose keys are lost (ErrKeyLost),
// or that cannot be opened with them, out of the way, so that the person can
// log in; nothing is deleted before a year is over (eraseAside). It needs the keyring, and
// does nothing in a session that is kept.
func (s *Session) SetAside(ctx context.Context) error {
	give, err := s.turn.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	if v := s.open(); v != nil && v.kept {
		return nil
	}
	id, err := s.core.place.ensure(ctx)
	if err != nil {
		return fmt.Errorf("set unreadable data aside: %w", err)
	}
	folder := filepath.Join(s.core.config.Dir, id)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("set unreadable data aside: %w", err)
	}
	for _, e := range entries {
		if _, err := s.core.place.folder(e.Name()); err != nil || !e.IsDir() {
			continue
		}
		if err := s.setAside(ctx, id, e.Name()); err != nil {
			return fmt.Errorf("set unreadable data aside: %w", err)
		}
	}
	return nil
}

// setAside moves one account's store, if it cannot be opened.
func (s *Session) setAside(ctx context.Context, id, account string) error {
	v, err := s.openKept(ctx, account)
	switch {
	case err == nil:
		return v.store.Close()
	case errors.Is(err, ErrNoSession):
		return nil
	case errors.Is(err, ErrKeyLost):
	case errors.Is(err, ErrKeyringMissing), errors.Is(err, ErrKeyringLocked), errors.Is(err, ErrKeyringHangs),
		errors.Is(err, context.Canceled), !isUnreadable(err):
		return err
	}
	dir, err := s.core.place.folder(account)
	if err != nil {
		return err
	}
	if err := files.SetAside(dir, unreadable, s.core.serviceNow()); err != nil {
		return err
	}
	if err := noteWork(dir, false); err != nil {
		return err
	}
	return s.keyring().remove(ctx, keyItem(id, account), refreshItem(id, account))
}

// eraseAside erases what SetAside moved more than a year ago, in the folders of all
// services. What is known of the service's clock counts, since the device's may be wrong.
func (k *core) eraseAside() {
	now := k.lastContact()
	if now.IsZero() {
		now = k.now()
	}
	entries, err := os.ReadDir(k.config.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return
	}
	erased := 0
	for _, e := range entries {
		if _, wrong := uuid.Parse(e.Name()); wrong != nil || !e.IsDir() {
			continue
		}
		n, failed := files.RemoveAside(filepath.Join(k.config.Dir, e.Name()), unreadable, now)
		erased, err = erased+n, errors.Join(err, failed)
	}
	if err != nil {
		k.log.Warn("unreadable data of long ago cannot be erased yet", "cause", Explain(err).Kind)
	}
	if erased > 0 {
		k.log.Info("unreadable data of long ago was erased", "stores", erased)
	}
}
