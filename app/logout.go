package app

import (
	"context"
	"errors"
	"fmt"

	"plenary/api"
	"plenary/platform/files"
)

// Unsent is what to do at log-out with work that exists on this machine alone
// (LocalWork).
type Unsent int

// Choices for Unsent.
const (
	UnsentSend    Unsent = iota // now; log-out fails with ErrUnsent if anything is left
	UnsentKeep                  // sealed on this machine, until the same person logs in again
	UnsentDiscard               // lost for good
)

// LogOut ends the session here: its tokens are destroyed, and all that is
// stored for the account is erased, or with UnsentKeep stays sealed under a key
// in the keyring that gives no access to the service.
//
// Without network the service learns nothing (SessionState.Listed). That is no access
// left: no copy of a token exists any more, and the session expires there by itself. A
// token kept to revoke it later would be one that can be stolen meanwhile.
//
// Of a locked session, what may exist here alone stays whatever unsent says, since nobody
// can look at it.
//
// Errors to test for: ErrUnsent, with the reason if there is one but that something
// was refused or is a draft; the keyring's, then the session goes on unless the service
// has ended it.
func (s *Session) LogOut(ctx context.Context, unsent Unsent) error {
	give, err := s.turn.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	v := s.open()
	if v == nil {
		err = s.logOutLocked(ctx, unsent)
	} else if err = s.prepareLogOut(ctx, v, unsent); err == nil {
		err = s.logOut(ctx, v, unsent == UnsentKeep, s.sayGoodbye(ctx, v))
	}
	if err != nil {
		return fmt.Errorf("log out: %w", err)
	}
	return nil
}

// Discard says that the person wants all work of the session to be lost, and goes: what
// LogOut with UnsentDiscard does not come to any more, the end of the program does. It is
// for a way out on which nobody can go on working; a log-out that fails discards nothing.
func (s *Session) Discard() {
	v := s.open()
	if v == nil {
		return
	}
	v.mu.Lock()
	v.discarded = true
	v.mu.Unlock()
}

// LogOutEverywhere ends all sessions of the account, this one included. It needs the
// network. Errors as those of LogOut.
func (s *Session) LogOutEverywhere(ctx context.Context, unsent Unsent) error {
	give, err := s.turn.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	v := s.open()
	if v == nil {
		return fmt.Errorf("log out everywhere: %w", ErrNoSession)
	}
	if err := s.prepareLogOut(ctx, v, unsent); err != nil {
		return fmt.Errorf("log out everywhere: %w", err)
	}
	if err := s.as(v).LogOutEverywhere(ctx); err != nil {
		return fmt.Errorf("log out everywhere: %w", err)
	}
	if err := s.logOut(ctx, v, unsent == UnsentKeep, true); err != nil {
		return fmt.Errorf("log out everywhere: %w", err)
	}
	return nil
}

// prepareLogOut sees to work that exists here alone. What the service refuses while it
// is sent is such work still.
func (s *Session) prepareLogOut(ctx context.Context, v *vault, unsent Unsent) error {
	if unsent == UnsentDiscard {
		return nil
	}
	err := s.registrations.Flush(ctx)
	if err == nil && unsent == UnsentKeep && v.worth() {
		if err = s.keepWork(ctx, v); err == nil {
			s.leftKnowingly(v)
		}
	} else if err == nil && unsent == UnsentSend && v.waiting() > 0 {
		err = s.sync.deliver(ctx, v)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnsent, err)
	}
	if unsent == UnsentSend && v.worth() {
		return ErrUnsent
	}
	return nil
}

// sayGoodbye tells the service, and says whether it has ended the session.
func (s *Session) sayGoodbye(ctx context.Context, v *vault) bool {
	ctx, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	err := s.as(v).LogOut(ctx)
	if err == nil || api.HasCode(err, api.CodeSessionEnded) {
		return true
	}
	s.core.log.Warn("the service was not told of a log-out", "cause", Explain(err).Kind)
	return false
}

// logOut removes what is here. ended says that the tokens are worthless
// already, so that a keyring that fails does not matter.
func (s *Session) logOut(ctx context.Context, v *vault, keepStore, ended bool) error {
	give, err := v.stop(ctx)
	if err != nil {
		v.goOn(s.core.ctx)
		return err
	}
	defer give()
	id, _ := s.core.place.known()
	items := []string{refreshItem(id, v.account), currentItem(id)}
	if !keepStore {
		items = append(items, keyItem(id, v.account))
	}
	giveBack := v.takeTokens()
	erasing := v.own() + erasingSuffix
	if v.outlives() && !keepStore {
		if err := writeFile(erasing, nil); err != nil {
			s.core.log.Warn("a log-out was not noted before it began", "cause", Explain(err).Kind)
		}
	}
	if v.outlives() {
		if err := s.keyring().remove(ctx, items...); err != nil {
			if !ended {
				giveBack()
				v.goOn(s.core.ctx)
				return errors.Join(err, files.RemoveIfThere(erasing))
			}
			s.core.log.Warn("items of an ended session stay in the keyring", "cause", Explain(err).Kind)
		}
	}
	var draftErr error
	if keepStore {
		draftErr = s.registrations.Flush(ctx)
	}
	v.over = true
	s.leave(!ended)
	if keepStore && v.outlives() {
		return errors.Join(draftErr, v.closeKeeping())
	}
	return v.erase()
}
