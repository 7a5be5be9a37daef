package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"plenary/api"
	"plenary/client"
	"plenary/localdb"
)

// Phase of a session.
type Phase int

// Phases of a session.
const (
	LoggedOut Phase = iota
	LoggedIn        // also without network
	Ended           // by the service: log in again; what is stored stays, and what waits is sent then
)

// SessionState is who is logged in.
type SessionState struct {
	Phase   Phase
	Account api.Account // empty when logged out
	Kept    bool        // in the keyring, beyond the end of the program
}

// Session is who is logged in on this machine.
type Session struct {
	core          *core
	registrations *Registrations
	sync          *Sync

	// turn is held by the one call at a time that logs in or out; a channel,
	// so that waiting for it can be given up.
	turn chan struct{}

	mu    sync.Mutex // guards what follows
	keys  *keyWorker
	vault *vault
	state SessionState

	changed topic[SessionState]
	waits   topic[bool]
}

func newSession(k *core) *Session {
	s := &Session{core: k, turn: make(chan struct{}, 1)}
	s.keys = newKeyWorker(k.config.Keyring, s.waits.tell)
	return s
}

// take waits for the turn.
func (s *Session) take(ctx context.Context) (give func(), err error) {
	select {
	case s.turn <- struct{}{}:
		return func() { <-s.turn }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for another log-in or log-out: %w", ctx.Err())
	}
}

func (s *Session) keyring() *keyWorker {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys
}

// open returns the vault of whoever is logged in, nil for nobody.
func (s *Session) open() *vault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.vault
}

// State is the session now.
func (s *Session) State() SessionState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// Subscribe calls f at every change, on any goroutine.
func (s *Session) Subscribe(f func(SessionState)) (cancel func()) { return s.changed.subscribe(f) }

// SubscribeKeyring calls f with true when the keyring has kept somebody waiting
// for two seconds, and with false when that is over. "Cancel" is to end the
// context of the call that waits.
func (s *Session) SubscribeKeyring(f func(waiting bool)) (cancel func()) {
	return s.waits.subscribe(f)
}

// Unsent is how many operations wait to be sent.
func (s *Session) Unsent() int {
	if v := s.open(); v != nil {
		return v.waiting()
	}
	return 0
}

// set changes the phase, if v is still the vault that is open.
func (s *Session) set(v *vault, phase Phase) {
	s.mu.Lock()
	if s.vault != v || s.state.Phase == phase {
		s.mu.Unlock()
		return
	}
	s.state.Phase = phase
	state := s.state
	s.mu.Unlock()
	s.changed.tell(state)
}

// enter makes v the open vault and tells everybody.
func (s *Session) enter(v *vault, a api.Account, phase Phase) {
	v.mu.Lock()
	keep := v.keep
	v.mu.Unlock()
	s.mu.Lock()
	s.vault, s.state = v, SessionState{Phase: phase, Account: a, Kept: keep}
	state := s.state
	s.mu.Unlock()
	s.registrations.load(v)
	s.changed.tell(state)
	s.sync.Now()
}

// leave ends with nobody logged in.
func (s *Session) leave() {
	s.mu.Lock()
	s.vault, s.state = nil, SessionState{}
	s.mu.Unlock()
	s.registrations.load(nil)
	s.changed.tell(SessionState{})
	s.sync.Now()
}

// profileSeen keeps the account as the service just told it.
func (s *Session) profileSeen(v *vault, a api.Account) {
	if err := v.saveProfile(a); err != nil {
		s.core.log.Warn("the profile was not kept", "cause", Explain(err).Kind)
	}
	s.mu.Lock()
	if s.vault != v || sameJSON(s.state.Account, a) {
		s.mu.Unlock()
		return
	}
	s.state.Account = a
	state := s.state
	s.mu.Unlock()
	s.changed.tell(state)
}

func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// Restore takes up the session that is in the keyring; it works offline. It is
// the phase Ended if the service has ended it before. Errors to test for:
// ErrNoSession, ErrPassphraseNeeded, ErrKeyLost, those of the keyring, those of
// localdb.Open; on the first contact with a service also the client's.
func (s *Session) Restore(ctx context.Context) (api.Account, error) {
	give, err := s.take(ctx)
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
	v, err := s.openKept(ctx, cur.Account)
	if err != nil {
		return api.Account{}, err
	}
	a, err := s.takeUp(ctx, id, v)
	if err != nil {
		return api.Account{}, errors.Join(err, v.store.Close())
	}
	return a, nil
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
	if here := s.core.place.address; cur.Address != here && !(isLoopback(cur.Address) && isLoopback(here)) {
		return current{}, ErrNoSession
	}
	return cur, nil
}

// takeUp enters the session of v with what is known of it.
func (s *Session) takeUp(ctx context.Context, id string, v *vault) (api.Account, error) {
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
		err := s.authorized(ctx, v, func(access string) (err error) {
			a, err = s.core.client.Account(ctx, access)
			return err
		})
		if err != nil && !client.HasCode(err, api.CodeSessionEnded) {
			return api.Account{}, err
		}
		if err != nil {
			a.ID, phase = v.account, Ended
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
		return nil, ErrKeyLost
	}
	if err != nil {
		return nil, err
	}
	key, err := decodeKey(text)
	if err != nil {
		return nil, err
	}
	store, err := localdb.Open(dir, key, s.core.place.options)
	if err != nil {
		return nil, err
	}
	return &vault{account: account, dir: dir, store: store, kept: true}, nil
}

// passphraseMissing says whether credentials are sealed under a passphrase that
// has not been given.
func (s *Session) passphraseMissing() bool {
	_, sealed := s.keyring().ring.(*sealedFile)
	return !sealed && passphraseInUse(s.core.config.Dir)
}

// UsePassphrase replaces the keyring, where there is none, by a file sealed
// under a passphrase; Restore and LogIn work as before after that. It costs
// about half a second. Errors to test for: ErrWrongPassphrase, ErrDamaged.
func (s *Session) UsePassphrase(ctx context.Context, passphrase string) error {
	give, err := s.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	file, err := openSealedFile(s.core.config.Dir, passphrase)
	if err != nil {
		return err
	}
	w := newKeyWorker(file, s.waits.tell)
	s.mu.Lock()
	old := s.keys
	s.keys = w
	s.mu.Unlock()
	old.close()
	return nil
}

// SetAside moves the stores of this service whose keys are lost (ErrKeyLost),
// or that cannot be opened with them, out of the way, so that the person can
// log in; nothing is deleted. It needs the keyring, and nobody logged in.
func (s *Session) SetAside(ctx context.Context) error {
	give, err := s.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	if s.open() != nil {
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
	aside := fmt.Sprintf("%s.unreadable-%s", dir, s.core.now().UTC().Format("20060102-150405"))
	if err := os.Rename(dir, aside); err != nil {
		return err
	}
	return s.keyring().remove(ctx, keyItem(id, account), refreshItem(id, account))
}

// close ends the session with the program.
func (s *Session) close() error {
	s.mu.Lock()
	v, keys := s.vault, s.keys
	s.vault = nil
	s.mu.Unlock()
	keys.close()
	if v == nil {
		return nil
	}
	v.mu.Lock()
	keep := v.keep
	v.mu.Unlock()
	if !v.kept || !keep && !v.worth() {
		return v.erase()
	}
	return v.store.Close()
}
