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
	// ErrDamaged: what is stored on this machine cannot be read.
	ErrDamaged = errors.New("stored data is damaged")
	// ErrSettings: the settings cannot be read; the person is asked again.
	ErrSettings = errors.New("the settings cannot be read")
)
