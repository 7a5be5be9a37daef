package screentest

import (
	"context"

	"plenary/api"
	"plenary/app"
)

// The PIN and the password of a Lock.
const (
	PIN      = "481516"
	Password = "Kelp-84-orbit?tin"
)

// Lock is the lock of a session in memory.
type Lock struct {
	State app.LockState
	// Code is the second factor that a password needs beside it; empty for none.
	Code string
	// Err is what fails, whatever is tried.
	Err error
	// Now is the PIN after a change.
	Now string
}

// NewLock is one that can be locked, with a PIN.
func NewLock() Lock {
	return Lock{State: app.LockState{Can: true, On: true, Left: 10}, Now: PIN}
}

// Try compares a PIN.
func (l *Lock) Try(pin string) error {
	switch {
	case l.Err != nil:
		return l.Err
	case pin == l.Now:
		l.State.Left = 10
		return nil
	}
	if l.State.Left--; l.State.Left > 0 {
		return app.ErrWrongPIN
	}
	l.State = app.LockState{}
	return app.ErrLockedOut
}

// Prove compares a password.
func (l *Lock) Prove(password, code string) error {
	problem := func(code api.Code) error { return &api.Problem{Status: 403, Code: code} }
	switch {
	case l.Err != nil:
		return l.Err
	case password != Password:
		return problem(api.CodeCredentials)
	case l.Code != "" && code == "":
		return problem(api.CodeSecondFactorNeeded)
	case code != l.Code:
		return problem(api.CodeSecondFactorWrong)
	}
	l.State.Free, l.State.Left = true, 10
	return nil
}

// Set changes the lock.
func (l *Lock) Set(in app.SetLock) error {
	if l.State.On && !l.State.Free {
		if err := l.Try(in.PIN); err != nil {
			return err
		}
	}
	if l.Err != nil {
		return l.Err
	}
	if in.New != "" {
		l.Now = in.New
	}
	l.State = app.LockState{Can: true, On: true, After: in.After, Left: 10}
	return nil
}

// Remove takes the PIN away.
func (l *Lock) Remove(pin string) error {
	if !l.State.Free {
		if err := l.Try(pin); err != nil {
			return err
		}
	}
	l.State, l.Now = app.LockState{Can: true}, ""
	return l.Err
}

// Locking is Settings' view of a lock.
type Locking struct{ *Lock }

// State is that of a session with the lock.
func (l Locking) State() app.SessionState {
	return app.SessionState{Phase: app.LoggedIn, Lock: l.Lock.State}
}

// SetLock changes the lock.
func (l Locking) SetLock(_ context.Context, in app.SetLock) error { return l.Set(in) }

// RemoveLock takes the PIN away.
func (l Locking) RemoveLock(_ context.Context, pin string) error { return l.Remove(pin) }
