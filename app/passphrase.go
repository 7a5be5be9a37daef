package app

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"plenary/platform/files"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// credentialsName is the file that stands for the keyring where a passphrase
// does.
const credentialsName = "credentials.sealed"

// Parameters of argon2id for a new file, or a new PIN. It is opened once at a start, so it
// may cost more than the service's log-ins; tests make it cheap.
var (
	passphraseMemory uint32 = 64 << 10 // KiB
	passphraseTime   uint32 = 3
)

// sealedFile is a keyring in a file, sealed under a passphrase (design.md,
// "No keyring"). It holds what a keyring would: keys and refresh tokens.
type sealedFile struct {
	path   string
	params sealedParams
	aead   cipher.AEAD

	mu    sync.Mutex
	items map[string]string
}

// sealedParams are written in clear in front of what is sealed, and are
// authenticated with it.
type sealedParams struct {
	Format int    `json:"format"`
	Memory uint32 `json:"memory"` // KiB
	Time   uint32 `json:"time"`
	Salt   []byte `json:"salt"`
}

type sealedContent struct {
	Params sealedParams `json:"params"`
	Sealed []byte       `json:"sealed"`
}

// passphraseInUse says whether dir has credentials under a passphrase.
func passphraseInUse(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, credentialsName))
	return err == nil
}

// openSealedFile opens the file in dir, or begins one. Errors to test for:
// ErrWrongPassphrase, ErrDamaged.
func openSealedFile(dir, passphrase string) (*sealedFile, error) {
	f := &sealedFile{path: filepath.Join(dir, credentialsName), items: map[string]string{}}
	var content sealedContent
	err := readJSON(f.path, &content)
	if err != nil {
		return nil, fmt.Errorf("open the credentials: %w", err)
	}
	if f.params = content.Params; f.params.Format == 0 && content.Sealed == nil {
		f.params = newSealedParams(16)
	}
	if err := f.params.check(); err != nil {
		return nil, fmt.Errorf("open the credentials: %w", err)
	}
	if f.aead, err = f.params.sealer(norm.NFC.String(passphrase)); err != nil {
		return nil, fmt.Errorf("open the credentials: %w", err)
	}
	if content.Sealed == nil {
		return f, nil
	}
	plain, err := f.aead.Open(nil, nil, content.Sealed, f.params.context())
	if err != nil {
		return nil, fmt.Errorf("open the credentials: %w", ErrWrongPassphrase)
	}
	if err := json.Unmarshal(plain, &f.items); err != nil {
		return nil, fmt.Errorf("open the credentials: %w", ErrDamaged)
	}
	return f, nil
}

// newSealedParams are those of something new, with so many random bytes of salt.
func newSealedParams(salt int) sealedParams {
	p := sealedParams{Format: 1, Memory: passphraseMemory, Time: passphraseTime, Salt: make([]byte, salt)}
	rand.Read(p.Salt) // never fails: crypto/rand ends the program instead
	return p
}

// sealer seals under a secret that somebody types. It takes some tenths of a second.
func (p sealedParams) sealer(secret string) (cipher.AEAD, error) {
	key := argon2.IDKey([]byte(secret), p.Salt, p.Time, p.Memory, 1, 32)
	defer clear(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// check bounds the parameters: a file must not make the program eat all memory.
func (p sealedParams) check() error {
	if p.Format != 1 || p.Memory < 8<<10 || p.Memory > 1<<20 || p.Time < 1 || p.Time > 20 || len(p.Salt) < 16 || len(p.Salt) > 64 {
		return fmt.Errorf("%w: parameters of %s", ErrDamaged, credentialsName)
	}
	return nil
}

func (p sealedParams) context() []byte {
	return fmt.Appendf(nil, "plenary credentials %d %d %d %x", p.Format, p.Memory, p.Time, p.Salt)
}

func itemName(service, user string) string { return service + "\x00" + user }

// Get returns an item.
func (f *sealedFile) Get(service, user string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, ok := f.items[itemName(service, user)]
	if !ok {
		return "", ErrSecretNotFound
	}
	return s, nil
}

// Set stores an item; it is on the disk when Set returns.
func (f *sealedFile) Set(service, user, secret string) error {
	return f.change(func(items map[string]string) { items[itemName(service, user)] = secret })
}

// Delete removes an item. The file goes with the last one, and the passphrase
// with the file.
func (f *sealedFile) Delete(service, user string) error {
	if _, err := f.Get(service, user); err != nil {
		return err
	}
	return f.change(func(items map[string]string) { delete(items, itemName(service, user)) })
}

func (f *sealedFile) change(edit func(map[string]string)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	items := make(map[string]string, len(f.items)+1)
	for k, v := range f.items {
		items[k] = v
	}
	edit(items)
	if len(items) == 0 {
		if err := files.RemoveIfThere(f.path); err != nil {
			return fmt.Errorf("remove the credentials: %w", err)
		}
		f.items = items
		return nil
	}
	plain, err := json.Marshal(items)
	if err != nil {
		return err
	}
	sealed := f.aead.Seal(nil, nil, plain, f.params.context())
	if err := writeJSON(f.path, sealedContent{f.params, sealed}); err != nil {
		return fmt.Errorf("write the credentials: %w", err)
	}
	f.items = items
	return nil
}
