package app

import (
	"errors"

	"github.com/zalando/go-keyring"
)

// Keyring keeps small secrets for the person who is logged in to this machine.
// Get and Delete return ErrSecretNotFound where there is no such item.
// A call may take as long as a person needs to unlock the keyring, or hang.
type Keyring interface {
	Get(service, user string) (string, error)
	Set(service, user, secret string) error
	Delete(service, user string) error
}

// ErrSecretNotFound says that the keyring works and has no such item.
var ErrSecretNotFound = keyring.ErrNotFound

// Errors about the keyring. "The keyring cannot be reached" is never "there is
// no key".
var (
	ErrKeyringMissing = errors.New("there is no keyring")
	ErrKeyringLocked  = errors.New("the keyring is locked")
	ErrKeyringHangs   = errors.New("the keyring does not answer")
	// ErrPassphraseNeeded: the session is sealed under a passphrase, see
	// Session.UsePassphrase.
	ErrPassphraseNeeded = errors.New("a passphrase is needed")
	ErrWrongPassphrase  = errors.New("the passphrase is wrong")
)
