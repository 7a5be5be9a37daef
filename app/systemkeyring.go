package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/zalando/go-keyring"
)

// systemKeyring is the system's keyring: Secret Service, Keychain, or the
// Credential Manager. Errors have their cause: ErrSecretNotFound,
// ErrKeyringMissing, ErrKeyringLocked, ErrSecretTooLarge.
//
// Its items are named after a data folder, too, since several Plenarys on one
// machine (--data) have nothing to do with each other.
type systemKeyring struct {
	dir string // the data folder

	mu sync.Mutex
	id string // of the folder; empty until it is needed
}

// keyringFile is the file that has the folder's id: at random, and not made from
// its path, so that a folder can be moved with its keys.
const keyringFile = "keyring.json"

// maxSecretSize is the most that every system's keyring takes, in bytes:
// CRED_MAX_CREDENTIAL_BLOB_SIZE of Windows.
const maxSecretSize = 2560

// item is a name within this folder's.
func (k *systemKeyring) item(user string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.id == "" {
		var file struct {
			Folder string `json:"folder"`
		}
		path := filepath.Join(k.dir, keyringFile)
		if err := readJSON(path, &file); err != nil {
			return "", fmt.Errorf("name an item of the keyring: %w", err)
		}
		if file.Folder == "" {
			file.Folder = rand.Text()
			if err := writeJSON(path, file); err != nil {
				return "", fmt.Errorf("name an item of the keyring: %w", err)
			}
		}
		k.id = file.Folder
	}
	return k.id + "/" + user, nil
}

func (k *systemKeyring) Get(service, user string) (string, error) {
	item, err := k.item(user)
	if err != nil {
		return "", err
	}
	secret, err := keyring.Get(service, item)
	return secret, causeOf(err)
}

func (k *systemKeyring) Set(service, user, secret string) error {
	if len(secret) > maxSecretSize {
		return fmt.Errorf("%w: %d bytes", ErrSecretTooLarge, len(secret))
	}
	item, err := k.item(user)
	if err != nil {
		return err
	}
	return causeOf(keyring.Set(service, item, secret))
}

func (k *systemKeyring) Delete(service, user string) error {
	item, err := k.item(user)
	if err != nil {
		return err
	}
	return causeOf(keyring.Delete(service, item))
}

// causeOf finds out why the system's keyring refuses.
func causeOf(err error) error {
	switch {
	case err == nil, errors.Is(err, keyring.ErrNotFound):
		return err
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return fmt.Errorf("%w: %w", ErrSecretTooLarge, err)
	case keyringLocked(err):
		return fmt.Errorf("%w: %w", ErrKeyringLocked, err)
	default:
		return fmt.Errorf("%w: %w", ErrKeyringMissing, err)
	}
}
