package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"plenary/api"
)

// Phase of a session.
type Phase int

// Phases of a session.
const (
	LoggedOut Phase = iota
	LoggedIn        // also without network
	Ended           // by the service: log in again; what is stored stays, and what waits is sent then
	Locked          // Unlock goes on; neither key nor tokens nor contents are in the memory
)

// SessionState is who is logged in.
type SessionState struct {
	Phase   Phase
	Account api.Account // empty when logged out; while locked only whose it is
	Kept    bool        // in the keyring, beyond the end of the program
	// Outlives: what waits to be sent, was refused or is a draft is found again by the
	// next log-in of the same person, whatever happens to the session and the program.
	Outlives bool
	Sealed   bool // under a passphrase, which takes the place of the keyring
	// Listed: logged out, but the service could not be told, so that it lists the session
	// until it expires there or its owner ends it.
	Listed bool
	Lock   LockState
}

// Session is who is logged in on this machine.
type Session struct {
	core          *core
	registrations *Registrations
	sync          *Sync

	turn turn // of the one call at a time that logs in or out

	mu    sync.Mutex // guards what follows
	keys  *keyWorker
	vault *vault
	ahead *ahead // begun and not yet asked for
	state SessionState
	slow  int // calls that have waited for the keyring long enough to be told of
	// Of the session that is open or locked; see lock.go.
	pin       *pinLock // as the keyring has it; nil for none. It is replaced, not changed
	free      bool     // see LockState.Free
	locked    *locked  // nil unless the session is
	unwritten unwritten

	changed topic[SessionState]
	waits   topic[bool]
}

func newSession(k *core) *Session {
	s := &Session{core: k, turn: newTurn()}
	s.keys = newKeyWorker(k.config.Keyring, s.keyringWaits)
	return s
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
	state := s.state
	state.Outlives = s.vault != nil && s.vault.outlives() || s.locked != nil && len(s.unwritten.drafts) == 0
	_, state.Sealed = s.keys.ring.(*sealedFile)
	state.Lock = s.lockState()
	return state
}

func (s *Session) news() (SessionState, bool) { return s.State(), true }

// Subscribe calls f at every change, on any goroutine.
func (s *Session) Subscribe(f func(SessionState)) (cancel func()) { return s.changed.subscribe(f) }

// SubscribeKeyring calls f with true when the keyring has kept somebody waiting
// for two seconds, and with false when that is over. "Cancel" is to end the
// context of the call that waits.
func (s *Session) SubscribeKeyring(f func(waiting bool)) (cancel func()) {
	return s.waits.subscribe(f)
}

// keyringWaits counts whom the keyring keeps waiting, and tells.
func (s *Session) keyringWaits(one bool) {
	s.mu.Lock()
	if one {
		s.slow++
	} else {
		s.slow--
	}
	s.mu.Unlock()
	s.waits.tell(func() (bool, bool) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.slow > 0, true
	})
}

// set changes the phase, if v is still the vault that is open.
func (s *Session) set(v *vault, phase Phase) {
	s.mu.Lock()
	if s.vault != v || s.state.Phase == phase {
		s.mu.Unlock()
		return
	}
	s.state.Phase = phase
	s.mu.Unlock()
	s.changed.tell(s.news)
}

// enter makes v the open vault and tells everybody.
func (s *Session) enter(v *vault, a api.Account, phase Phase) {
	s.core.expire(v.store)
	v.mu.Lock()
	keep := v.keep
	v.mu.Unlock()
	s.mu.Lock()
	s.vault, s.state, s.locked = v, SessionState{Phase: phase, Account: a, Kept: keep}, nil
	s.mu.Unlock()
	s.registrations.load(v)
	s.restoreDrafts(v)
	s.changed.tell(s.news)
	s.sync.Now()
}

// leave ends with nobody logged in; listed is SessionState.Listed.
func (s *Session) leave(listed bool) {
	s.mu.Lock()
	s.vault, s.state, s.locked, s.pin, s.free = nil, SessionState{Listed: listed}, nil, nil, false
	s.mu.Unlock()
	s.registrations.load(nil)
	s.changed.tell(s.news)
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
	s.mu.Unlock()
	s.changed.tell(s.news)
}

func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// UsePassphrase replaces the keyring, where there is none, by a file sealed
// under a passphrase; Restore and LogIn work as before after that. It costs
// about half a second. Errors to test for: ErrWrongPassphrase, ErrDamaged.
func (s *Session) UsePassphrase(ctx context.Context, passphrase string) error {
	give, err := s.turn.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	file, err := openSealedFile(s.core.config.Dir, passphrase)
	if err != nil {
		return err
	}
	w := newKeyWorker(file, s.keyringWaits)
	s.mu.Lock()
	old := s.keys
	s.keys = w
	s.mu.Unlock()
	old.close()
	return nil
}

// close ends the session with the program. Work that exists here alone stays, since
// nobody can be asked any more: LogOut has the choice.
func (s *Session) close() error {
	s.mu.Lock()
	v, keys := s.vault, s.keys
	s.vault = nil
	s.mu.Unlock()
	defer keys.close()
	if v == nil {
		return nil
	}
	v.mu.Lock()
	keep, discarded := v.keep, v.discarded
	v.mu.Unlock()
	if v.kept && keep && !discarded {
		return v.closeKeeping()
	}
	ctx, cancel := context.WithTimeout(context.Background(), keepWorkTime)
	defer cancel()
	if discarded || !v.worth() {
		return s.forget(ctx, v)
	}
	if err := s.keepWork(ctx, v); err != nil {
		return errors.Join(fmt.Errorf("%w: %w", ErrUnsent, err), v.store.Close())
	}
	return v.closeKeeping()
}

// forget erases a store in which no work is to be kept, and what the keyring holds for it.
func (s *Session) forget(ctx context.Context, v *vault) error {
	if err := errors.Join(v.retire(ctx), v.erase()); err != nil || !v.outlives() {
		return err
	}
	id, _ := s.core.place.known()
	items := []string{keyItem(id, v.account)}
	if v.kept {
		items = append(items, refreshItem(id, v.account), currentItem(id))
	}
	return s.keyring().remove(ctx, items...)
}
