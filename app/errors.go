package app

import (
	"errors"

	"plenary/client"
)

// Errors that callers test for with errors.Is; Explain turns them, and those
// of the packages below, into kinds.
var (
	// ErrNoSession: nobody is logged in here.
	ErrNoSession = errors.New("no session")
	// ErrUnsent: there is work that has not been sent and would be lost.
	ErrUnsent = errors.New("work has not been sent")
	// ErrOtherService: the address leads to another service than the one that
	// the data on this machine came from.
	ErrOtherService = client.ErrOtherService
	// ErrKeyLost: there is data on this machine, and the keyring, which works,
	// has no key for it. Session.SetAside is the way on.
	ErrKeyLost = errors.New("the key of the stored data is lost")
	// ErrLocked: the session is locked, see Session.Unlock.
	ErrLocked = errors.New("the session is locked")
	// ErrWrongPIN: it has been counted, see LockState.Left.
	ErrWrongPIN = errors.New("the PIN is wrong")
	// ErrLockedOut: that was the last try, and nobody is logged in any more.
	ErrLockedOut = errors.New("too many wrong PINs")
	// ErrNoPIN: there is no PIN that could be compared; the password unlocks.
	ErrNoPIN = errors.New("there is no PIN")
	// ErrNoLock: a session that is not in the system's keyring cannot be locked.
	ErrNoLock = errors.New("the session cannot be locked")
	// ErrDamaged: what is stored on this machine cannot be read.
	ErrDamaged = errors.New("stored data is damaged")
	// ErrSettings: the settings cannot be read; the person is asked again.
	ErrSettings = errors.New("the settings cannot be read")
)
