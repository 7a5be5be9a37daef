package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"plenary/api"
	"plenary/client"
	"plenary/localdb"
)

// A locked session is one that goes on in the keyring only, as between two starts of the
// program: its store is closed, and neither the store's key nor a token is in the memory.
// The next start finds it locked as well. What the keyring holds is unlocked by a PIN of
// this computer, or by the account's password, which the service compares and nobody else.
// Too many wrong PINs end the session, and its store stays, sealed, for the next log-in of
// the same person.
//
// The keyring still has the store's key and the refresh token beside what the PIN seals:
// without them neither the password nor the log-in after a forgotten PIN could find what was
// never sent. So the lock keeps out who comes to the computer and uses Plenary, and not who
// can have other programs read the person's open keyring; see docs/security.md.

// LockState is how a session can be locked, or is.
type LockState struct {
	Can   bool          // it is in the system's keyring, and so can be locked and found again
	On    bool          // there is a PIN
	After time.Duration // without use, until the window locks it; 0 for never
	Left  int           // tries of the PIN, until the session ends
	Free  bool          // the password has just unlocked it: another PIN needs no present one
}

// locked is a session that is locked.
type locked struct {
	account string
	// closed is its store if it was locked in this run, and nothing in it exists here
	// alone; nil otherwise.
	closed *vault
}

// unwritten are drafts that the disk did not take before the session of an account was
// locked.
type unwritten struct {
	account string
	drafts  []draft
}

// lockState is that of the session; s.mu is held.
func (s *Session) lockState() LockState {
	_, sealed := s.keys.ring.(*sealedFile)
	state := LockState{Can: s.state.Kept && !sealed, Free: s.free}
	if s.pin != nil {
		state.On, state.After = true, time.Duration(s.pin.After)*time.Minute
		state.Left = max(maxPINFailures-s.pin.Failed, 0)
	}
	return state
}

// setPIN takes over what the keyring has.
func (s *Session) setPIN(pin *pinLock, free bool) {
	if pin != nil {
		copied := *pin
		pin = &copied
	}
	s.mu.Lock()
	s.pin, s.free = pin, free
	s.mu.Unlock()
}

// pinOf is the PIN that the keyring has for the session of v, if it is for the same store.
// A log-in with the password gives all tries back.
func (s *Session) pinOf(ctx context.Context, id string, v *vault) (*pinLock, error) {
	begun := v.begun
	v.begun = false
	text, err := s.keyring().get(ctx, currentItem(id))
	if err != nil && !errors.Is(err, ErrSecretNotFound) {
		return nil, err
	}
	var cur current
	if json.Unmarshal([]byte(text), &cur) != nil || cur.Account != v.account || begun || cur.Lock == nil {
		return nil, nil
	}
	cur.Lock.Failed = 0
	return cur.Lock, nil
}

// SetLock says how a session is locked.
type SetLock struct {
	PIN   string        // the present one, if there is one
	New   string        // in its place; empty where it stays, see rules.CheckPIN
	After time.Duration // without use, in whole minutes; 0 for never
}

// SetLock lets the session be locked from now on, or in another way than before. Errors to
// test for: ErrWrongPIN, ErrLockedOut (nobody is logged in any more), ErrNoPIN for one that
// is missing, ErrNoLock, ErrNoSession, the keyring's.
func (s *Session) SetLock(ctx context.Context, in SetLock) error {
	if err := s.changeLock(ctx, in.PIN, func(id string, v *vault, pin *pinLock) (*pinLock, error) {
		if in.New != "" {
			text, err := s.keyring().get(ctx, keyItem(id, v.account))
			if err != nil {
				return nil, err
			}
			key, err := decodeKey(text)
			if err != nil {
				return nil, err
			}
			defer clear(key[:])
			if pin, err = newPINLock(v.account, in.New, key); err != nil {
				return nil, err
			}
		}
		if pin == nil {
			return nil, ErrNoPIN
		}
		pin.After, pin.Failed = int(in.After/time.Minute), 0
		pin.of(s.State().Account)
		return pin, nil
	}); err != nil {
		return fmt.Errorf("set the lock: %w", err)
	}
	return nil
}

// RemoveLock forgets the PIN: the session is not locked any more. Errors as those of SetLock.
func (s *Session) RemoveLock(ctx context.Context, pin string) error {
	if err := s.changeLock(ctx, pin, func(string, *vault, *pinLock) (*pinLock, error) { return nil, nil }); err != nil {
		return fmt.Errorf("remove the lock: %w", err)
	}
	return nil
}

// changeLock puts another lock in the place of the present one, whose PIN is asked for.
func (s *Session) changeLock(ctx context.Context, pin string, change func(id string, v *vault, present *pinLock) (*pinLock, error)) error {
	give, err := s.turn.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	v, state := s.open(), s.State()
	if v == nil {
		return ErrNoSession
	}
	if !state.Lock.Can {
		return ErrNoLock
	}
	id, _ := s.core.place.known()
	cur, err := s.current(ctx, id)
	if err != nil {
		return err
	}
	if cur.Account != v.account {
		return ErrNoSession
	}
	if cur.Lock != nil && !state.Lock.Free {
		key, err := s.tryPIN(ctx, id, cur, pin)
		clear(key[:])
		if errors.Is(err, ErrLockedOut) {
			err = errors.Join(err, s.registrations.Flush(ctx), s.logOut(ctx, v, true, s.sayGoodbye(ctx, v)))
		}
		if err != nil {
			return err
		}
	}
	if cur.Lock, err = change(id, v, cur.Lock); err != nil {
		return err
	}
	if err := s.keyring().set(ctx, currentItem(id), cur.encode()); err != nil {
		return err
	}
	s.setPIN(cur.Lock, false)
	s.changed.tell(s.news)
	return nil
}

// tryPIN compares a PIN. The try is in the keyring as a wrong one before that, and it is for
// the caller to take it off again: whoever ends the program meanwhile has gained nothing.
func (s *Session) tryPIN(ctx context.Context, id string, cur current, pin string) (localdb.Key, error) {
	if cur.Lock.Failed >= maxPINFailures {
		return localdb.Key{}, ErrLockedOut
	}
	cur.Lock.Failed++
	if err := s.keyring().set(ctx, currentItem(id), cur.encode()); err != nil {
		return localdb.Key{}, err
	}
	s.setPIN(cur.Lock, false)
	key, err := cur.Lock.open(cur.Account, pin)
	if errors.Is(err, ErrWrongPIN) && cur.Lock.Failed >= maxPINFailures {
		err = ErrLockedOut
	}
	return key, err
}

// lockPatience bounds what Lock waits for: a change of tokens that the service may have
// made already, and a disk that does not take the drafts.
const lockPatience = 10 * time.Second

// Lock closes the store and forgets its key, the tokens, and all that was shown of it; the
// keyring is not asked. Drafts are written before; those that the disk does not take stay
// in the memory until they can be. It does nothing where nobody is logged in. Errors to test
// for: ErrNoPIN.
func (s *Session) Lock(ctx context.Context) error {
	give, err := s.turn.take(ctx)
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	defer give()
	if err := s.lockOpen(ctx); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}

func (s *Session) lockOpen(ctx context.Context) error {
	v := s.open()
	if v == nil {
		return nil
	}
	if lock := s.State().Lock; !lock.Can || !lock.On {
		return ErrNoPIN
	}
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	if err := s.registrations.Flush(ctx); err != nil {
		s.core.log.Warn("drafts are kept in the memory while the session is locked", "cause", Explain(err).Kind)
	}
	if err := v.retire(ctx); err != nil {
		v.goOn(s.core.ctx)
		return err
	}
	v.settle(ctx)
	v.takeTokens()
	work := v.worth()
	if work {
		s.leftKnowingly(v)
	}
	s.lockUp(v, work)
	err := v.closeKeeping()
	v.forget()
	s.registrations.load(nil)
	s.changed.tell(s.news)
	s.sync.Now() // so that it has the pauses of a program that nobody is logged in to
	debug.FreeOSMemory()
	if err != nil {
		s.core.log.Warn("the store was not closed as it should be", "cause", Explain(err).Kind)
	}
	return nil
}

// lockUp notes that the session of v is locked.
func (s *Session) lockUp(v *vault, work bool) {
	drafts := s.registrations.unwritten()
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.state.Account
	s.vault, s.free, s.unwritten = nil, false, unwritten{v.account, drafts}
	s.state = SessionState{Phase: Locked, Account: api.Account{
		ID: a.ID, FirstName: a.FirstName, FamilyName: a.FamilyName, Username: a.Username,
	}, Kept: true}
	s.locked = &locked{account: v.account}
	if !work && len(drafts) == 0 {
		s.locked.closed = v
	}
}

// beginLocked is the session of a start that finds one with a PIN in the keyring: ErrLocked.
func (s *Session) beginLocked(cur current) error {
	dir, err := s.core.place.folder(cur.Account)
	if err != nil {
		return err
	}
	if !hasStore(dir) {
		return ErrNoSession
	}
	s.mu.Lock()
	s.locked = &locked{account: cur.Account}
	s.state = SessionState{Phase: Locked, Account: cur.Lock.whose(cur.Account), Kept: true}
	s.mu.Unlock()
	s.setPIN(cur.Lock, false)
	s.changed.tell(s.news)
	return ErrLocked
}

// lockedNow returns the session that is locked, nil for none.
func (s *Session) lockedNow() *locked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.locked
}

// Unlock goes on with a locked session. A wrong PIN is counted, also if the program ends
// meanwhile; with the last one nobody is logged in any more, and what was not sent stays,
// sealed. Where ctx ends before it returns, the session stays locked. Errors to test for:
// ErrWrongPIN, ErrLockedOut, ErrNoPIN (the password unlocks),
// ErrNoSession, the keyring's, those of localdb.Open.
func (s *Session) Unlock(ctx context.Context, pin string) (api.Account, error) {
	a, err := s.unlock(ctx, func(id string, l *locked, cur current) (api.Account, error) {
		if cur.Lock == nil {
			return api.Account{}, ErrNoPIN
		}
		key, err := s.tryPIN(ctx, id, cur, pin)
		if errors.Is(err, ErrLockedOut) {
			if err := s.endLocked(ctx, id, l); err != nil {
				return api.Account{}, err
			}
		}
		if err != nil {
			return api.Account{}, err
		}
		defer clear(key[:])
		v, err := s.openUnlocked(ctx, id, cur, func(dir string) (*vault, error) { return s.openWith(cur.Account, dir, key) })
		if err != nil {
			return api.Account{}, err
		}
		return s.takeUp(ctx, id, v)
	})
	if err != nil {
		return api.Account{}, fmt.Errorf("unlock: %w", err)
	}
	return a, nil
}

// UnlockByPassword is Unlock by the password of the account, which the service compares:
// as a proof in the session, or as a log-in where that has ended there. Another PIN may be
// chosen then without the present one. Errors to test for: as with Prove of Service and with
// LogIn, and those of Unlock that are not about the PIN.
func (s *Session) UnlockByPassword(ctx context.Context, password, secondFactor string) (api.Account, error) {
	a, err := s.unlock(ctx, func(id string, l *locked, cur current) (api.Account, error) {
		name := s.State().Account.Username
		a, err := s.prove(ctx, id, cur, password, secondFactor)
		if api.HasCode(err, api.CodeSessionEnded) {
			a, err = s.logIn(ctx, LogIn{Identifier: name, Password: password, SecondFactor: secondFactor, Keep: true})
		}
		if err != nil {
			return api.Account{}, err
		}
		s.mu.Lock()
		s.free = s.pin != nil
		s.mu.Unlock()
		s.changed.tell(s.news)
		return a, nil
	})
	if err != nil {
		return api.Account{}, fmt.Errorf("unlock by the password: %w", err)
	}
	return a, nil
}

// unlock calls do with the session that is locked, and with what the keyring has of it.
func (s *Session) unlock(ctx context.Context, do func(id string, l *locked, cur current) (api.Account, error)) (api.Account, error) {
	give, err := s.turn.take(ctx)
	if err != nil {
		return api.Account{}, err
	}
	defer give()
	l := s.lockedNow()
	if l == nil {
		if state := s.State(); state.Phase == LoggedIn || state.Phase == Ended {
			return state.Account, nil // a second call, which came too late
		}
		return api.Account{}, ErrNoSession
	}
	id, _ := s.core.place.known()
	cur, err := s.current(ctx, id)
	if err == nil && cur.Account != l.account {
		err = ErrNoSession
	}
	if errors.Is(err, ErrNoSession) {
		s.leave(false) // somebody has emptied the keyring
	}
	if err != nil {
		return api.Account{}, err
	}
	a, err := do(id, l, cur)
	if err == nil && ctx.Err() != nil { // nobody is there any more who wanted it
		err = errors.Join(ctx.Err(), s.lockOpen(context.WithoutCancel(ctx)))
	}
	return a, err
}

// prove opens the store with the key in the keyring, and enters it once the service has
// found the password right. The service says api.CodeSessionEnded where there is no session
// any more to prove it in.
func (s *Session) prove(ctx context.Context, id string, cur current, password, secondFactor string) (api.Account, error) {
	refresh, err := s.keyring().get(ctx, refreshItem(id, cur.Account))
	if errors.Is(err, ErrSecretNotFound) {
		err = &api.Problem{Status: 401, Code: api.CodeSessionEnded}
	}
	if err != nil {
		return api.Account{}, err
	}
	v, err := s.openKept(ctx, cur.Account)
	if err != nil {
		return api.Account{}, err
	}
	v.keep, v.refresh = true, refresh
	err = s.as(v).Prove(ctx, password, secondFactor)
	v.settle(ctx)
	if err == nil {
		err = s.giveTriesBack(ctx, id, cur, v)
	}
	if err != nil {
		v.takeTokens()
		err = errors.Join(err, v.store.Close())
		v.forget()
		return api.Account{}, err
	}
	return s.takeUp(ctx, id, v)
}

// openUnlocked opens the store of a session whose PIN was right, and gives the tries back.
func (s *Session) openUnlocked(ctx context.Context, id string, cur current, open func(dir string) (*vault, error)) (*vault, error) {
	dir, err := s.core.place.folder(cur.Account)
	if err != nil {
		return nil, err
	}
	v, err := open(dir)
	if err != nil {
		return nil, errors.Join(err, s.giveTriesBack(ctx, id, cur, nil))
	}
	if err := s.giveTriesBack(ctx, id, cur, v); err != nil {
		return nil, errors.Join(err, v.store.Close())
	}
	return v, nil
}

// giveTriesBack follows a proof: no try counts any more, and the name is that of now, if the
// store is open.
func (s *Session) giveTriesBack(ctx context.Context, id string, cur current, v *vault) error {
	if cur.Lock == nil {
		return nil
	}
	cur.Lock.Failed = 0
	if v != nil {
		if a, ok := v.profile(); ok {
			cur.Lock.of(a)
		}
	}
	if err := s.keyring().set(ctx, currentItem(id), cur.encode()); err != nil {
		return err
	}
	s.setPIN(cur.Lock, false)
	return nil
}

// endLocked ends a locked session here, by too many wrong PINs or by a log-out. The store
// and its key stay, unless it is known that nothing in it exists here alone.
func (s *Session) endLocked(ctx context.Context, id string, l *locked) error {
	refresh, err := s.keyring().get(ctx, refreshItem(id, l.account))
	if err != nil && !errors.Is(err, ErrSecretNotFound) {
		return err
	}
	items := []string{refreshItem(id, l.account), currentItem(id)}
	if l.closed != nil {
		items = append(items, keyItem(id, l.account))
		if err := writeFile(l.closed.own()+erasingSuffix, nil); err != nil {
			s.core.log.Warn("a log-out was not noted before it began", "cause", Explain(err).Kind)
		}
	}
	if err := s.keyring().remove(ctx, items...); err != nil {
		return err
	}
	if l.closed != nil {
		err = l.closed.erase()
	}
	s.leave(refresh != "" && !s.endAfar(ctx, refresh))
	return err
}

// logOutLocked is LogOut of a locked session. Drafts that could not be written are not lost
// without unsent saying so.
func (s *Session) logOutLocked(ctx context.Context, unsent Unsent) error {
	l := s.lockedNow()
	if l == nil {
		return nil
	}
	if len(s.unwrittenNow()) > 0 {
		if unsent != UnsentDiscard {
			return ErrUnsent
		}
		s.mu.Lock()
		s.unwritten = unwritten{}
		s.mu.Unlock()
	}
	id, _ := s.core.place.known()
	return s.endLocked(ctx, id, l)
}

// unwrittenNow gives the drafts of a locked session that the disk did not take.
func (s *Session) unwrittenNow() []draft {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.locked == nil {
		return nil
	}
	return s.unwritten.drafts
}

// endAfar tells the service that a session is over of which only the refresh token is there,
// and says whether it has ended it.
func (s *Session) endAfar(ctx context.Context, refresh string) bool {
	ctx, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	next, err := s.core.client.Refresh(ctx, api.Refresh{Refresh: refresh})
	if err == nil {
		err = s.core.client.As(client.StaticToken(next.Access)).LogOut(ctx)
	}
	if err == nil || api.HasCode(err, api.CodeSessionEnded) {
		return true
	}
	s.core.log.Warn("the service was not told of a log-out", "cause", Explain(err).Kind)
	return false
}

// restoreDrafts gives v the drafts that could not be written before it was locked.
func (s *Session) restoreDrafts(v *vault) {
	s.mu.Lock()
	before := s.unwritten
	if before.account == v.account {
		s.unwritten = unwritten{}
	}
	s.mu.Unlock()
	if before.account != v.account {
		return
	}
	for _, in := range before.drafts {
		if err := s.registrations.saveDraft(s.core.ctx, &in); err != nil {
			s.core.log.Warn("a draft was not taken up again", "cause", Explain(err).Kind)
		}
	}
}

// settle waits for a change of the tokens that is under way: the service may have made it
// already, and what it answers is to be in the keyring.
func (v *vault) settle(ctx context.Context) {
	v.mu.Lock()
	under := v.refreshing
	v.mu.Unlock()
	if under == nil {
		return
	}
	select {
	case <-under.done:
	case <-ctx.Done():
	}
}

// forget takes what is left in a vault whose store is closed out of the memory.
func (v *vault) forget() {
	v.saving.Lock()
	clear(v.saved)
	v.saved = nil
	v.saving.Unlock()
	clear(v.key[:])
	v.mu.Lock()
	v.access, v.refresh = "", ""
	v.mu.Unlock()
}
