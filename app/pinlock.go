package app

import (
	"fmt"

	"plenary/api"
	"plenary/localdb"
)

// pinSalt is the size of a PIN's salt in bytes. It is the secret that keeps the PIN from
// being tried where the keyring is not, and so as large as a key.
const pinSalt = 32

// maxPINFailures is how many wrong PINs one after the other end the session.
const maxPINFailures = 10

// pinLock is what the keyring has of a session that can be locked, within the item that
// says who is logged in: the store's key, sealed under the PIN, and how often a wrong one
// was tried. All of it lies in the keyring, so that whoever copies the data folder has
// nothing to try a PIN on, and no way to take tries back.
type pinLock struct {
	// Whose session it is, for the lock screen.
	First  string `json:"first,omitempty"`
	Family string `json:"family,omitempty"`
	User   string `json:"user,omitempty"`

	After  int          `json:"after,omitempty"` // minutes without use; 0: not by itself
	Failed int          `json:"failed,omitempty"`
	Params sealedParams `json:"params"`
	Key    []byte       `json:"key"` // the store's, sealed
}

// newPINLock seals a store's key under a PIN. It takes some tenths of a second.
func newPINLock(account, pin string, key localdb.Key) (*pinLock, error) {
	l := &pinLock{Params: newSealedParams(pinSalt)}
	seal, err := l.Params.sealer(pin)
	if err != nil {
		return nil, fmt.Errorf("make the lock: %w", err)
	}
	l.Key = seal.Seal(nil, nil, key[:], l.context(account))
	return l, nil
}

// open compares a PIN, and gives the store's key if it is the right one.
func (l *pinLock) open(account, pin string) (key localdb.Key, err error) {
	if err := l.Params.check(); err != nil {
		return key, fmt.Errorf("open the lock: %w", err)
	}
	seal, err := l.Params.sealer(pin)
	if err != nil {
		return key, fmt.Errorf("open the lock: %w", err)
	}
	plain, err := seal.Open(nil, nil, l.Key, l.context(account))
	if err != nil || len(plain) != len(key) {
		return key, fmt.Errorf("open the lock: %w", ErrWrongPIN)
	}
	copy(key[:], plain)
	clear(plain)
	return key, nil
}

func (l *pinLock) context(account string) []byte {
	return fmt.Appendf(l.Params.context(), " lock %s", account)
}

// of notes whose session it is.
func (l *pinLock) of(a api.Account) {
	l.First, l.Family, l.User = short(a.FirstName), short(a.FamilyName), short(a.Username)
}

// whose is the account as far as the lock screen shows it.
func (l *pinLock) whose(account string) api.Account {
	return api.Account{ID: account, FirstName: l.First, FamilyName: l.Family, Username: l.User}
}

// short keeps a name small enough for the keyring's item.
func short(name string) string {
	const most = 64
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most])
	}
	return name
}
