// Package secret is the service's key: what never stands in the database or its
// backups. It seals what must be readable again (tokens in outgoing mail, secrets
// of authenticator apps) and makes codes of authentication (MACs) that nobody
// without it can make.
//
// A key consists of master keys, of which one is in use: it seals and signs. The
// others, from before or after it, open and verify what names them. So the key
// rotates: a new master key is made known everywhere (Merge), then put to use
// (Rewrap, Adopt); nothing that stands in the database becomes unreadable.
//
// What must stay the same for good whatever is in use (masked addresses, names of
// counters, fingerprints of operations) is made by MAC under one more secret, the
// steady one. It stands in the database, sealed under the master key in use, and
// is sealed anew at a rotation, never replaced. Which master key it is sealed
// under says which one is in use, on all nodes alike.
//
// The master keys come from a file that only its owner can read, or from the
// environment variable PLENARY_KEY. Every purpose gets keys of its own by HKDF,
// so that what was made for one is good for no other.
//
// Start reading at Seal, Sign and MAC.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Environment is the variable that may hold the key's text instead of a file.
const Environment = "PLENARY_KEY"

// ErrUnknownKey is returned for what was sealed under a master key that is not
// at hand.
var ErrUnknownKey = errors.New("secret: sealed under a key that is not here")

// ErrDamaged is returned by Open for what is not a sealed value, was changed,
// or was sealed for another purpose or with other additional data.
var ErrDamaged = errors.New("secret: damaged, or sealed for another purpose")

const (
	line      = "plenary-key-1"
	idLen     = 4
	masterLen = 32
	version   = 1
	headerLen = 1 + idLen
)

type master struct {
	id  [idLen]byte
	key [masterLen]byte
}

func (m *master) name() string { return hex.EncodeToString(m.id[:]) }

// Key is the service's key. It is safe for concurrent use.
type Key struct {
	now      atomic.Pointer[ring]
	changing sync.Mutex
}

// ring is what a Key holds at a time; it is never changed.
type ring struct {
	masters []master // in the order of their making
	use     int      // of masters: seals and signs
	steady  []byte   // nil: not taken from the database yet
}

func newKey(r *ring) *Key {
	k := &Key{}
	k.now.Store(r)
	return k
}

func newMaster() master {
	var m master
	rand.Read(m.id[:]) // crypto/rand never fails
	rand.Read(m.key[:])
	return m
}

// Generate makes a new key with one master key and a steady secret.
func Generate() *Key {
	steady := make([]byte, masterLen)
	rand.Read(steady)
	return newKey(&ring{masters: []master{newMaster()}, steady: steady})
}

// Parse reads the text of a key: one line for each master key, of the form
// "plenary-key-1 ID KEY" (hexadecimal, base64url), in the order of their making.
// The first one is in use until Adopt says otherwise. Empty lines and lines that
// begin with # are passed over, and so is a byte order mark.
func Parse(text string) (*Key, error) {
	r := &ring{}
	for l := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		l = strings.TrimSpace(l)
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		fields := strings.Fields(l)
		if len(fields) != 3 || fields[0] != line {
			return nil, errors.New("secret: not the text of a key")
		}
		var m master
		id, errID := hex.DecodeString(fields[1])
		key, errKey := base64.RawURLEncoding.DecodeString(fields[2])
		if errID != nil || errKey != nil || len(id) != idLen || len(key) != masterLen {
			return nil, errors.New("secret: not the text of a key")
		}
		copy(m.id[:], id)
		copy(m.key[:], key)
		if r.find(m.id) != nil {
			return nil, fmt.Errorf("secret: the key %s is there twice", m.name())
		}
		r.masters = append(r.masters, m)
	}
	if len(r.masters) == 0 {
		return nil, errors.New("secret: the text holds no key")
	}
	return newKey(r), nil
}

// text is the inverse of Parse.
func (k *Key) text() string {
	var b strings.Builder
	b.WriteString("# The key of a Plenary service. Keep it secret, and keep a copy apart from the database.\n")
	for _, m := range k.now.Load().masters {
		b.WriteString(m.text())
	}
	return b.String()
}

func (m *master) text() string {
	return fmt.Sprintf("%s %s %s\n", line, m.name(), base64.RawURLEncoding.EncodeToString(m.key[:]))
}

func (r *ring) find(id [idLen]byte) *master {
	for i := range r.masters {
		if r.masters[i].id == id {
			return &r.masters[i]
		}
	}
	return nil
}

func (r *ring) inUse() *master { return &r.masters[r.use] }

// derive gives the 256-bit key of a master key, or of the steady secret, for one
// use and purpose.
func derive(key []byte, use, purpose string) []byte {
	out, err := hkdf.Key(sha256.New, key, nil, use+"\x00"+purpose, sha256.Size)
	if err != nil {
		panic("secret: hkdf of a fixed length: " + err.Error())
	}
	return out
}

func (m *master) aead(purpose string) cipher.AEAD {
	block, err := aes.NewCipher(derive(m.key[:], "seal", purpose))
	if err != nil {
		panic("secret: aes with a key of fixed length: " + err.Error())
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("secret: gcm of aes: " + err.Error())
	}
	return aead
}

// Seal encrypts and authenticates plain (AES-256-GCM, random nonce) together
// with aad, which Open must be given again. The result names its master key.
func (k *Key) Seal(purpose string, aad, plain []byte) []byte {
	return k.now.Load().inUse().seal(purpose, aad, plain)
}

func (m *master) seal(purpose string, aad, plain []byte) []byte {
	out := make([]byte, 0, headerLen+12+len(plain)+16)
	out = append(out, version)
	out = append(out, m.id[:]...)
	return m.aead(purpose).Seal(out, nil, plain, withHeader(out, aad))
}

// Open gives back what Seal sealed for the same purpose with the same aad, under
// the master key in use or another one. It returns ErrUnknownKey or ErrDamaged.
func (k *Key) Open(purpose string, aad, sealed []byte) ([]byte, error) {
	plain, _, err := k.now.Load().open(purpose, aad, sealed)
	return plain, err
}

func (r *ring) open(purpose string, aad, sealed []byte) ([]byte, *master, error) {
	if len(sealed) < headerLen || sealed[0] != version {
		return nil, nil, ErrDamaged
	}
	header := sealed[:headerLen]
	m := r.find([idLen]byte(header[1:]))
	if m == nil {
		return nil, nil, fmt.Errorf("%w: %s", ErrUnknownKey, hex.EncodeToString(header[1:]))
	}
	plain, err := m.aead(purpose).Open(nil, nil, sealed[headerLen:], withHeader(header, aad))
	if err != nil {
		return nil, nil, ErrDamaged
	}
	return plain, m, nil
}

func withHeader(header, aad []byte) []byte {
	return append(append(make([]byte, 0, len(header)+len(aad)), header...), aad...)
}

// SignatureLen is the length in bytes of what Sign gives.
const SignatureLen = idLen + sha256.Size

// Sign gives the id of the master key in use and an HMAC-SHA-256 of the parts,
// each with its length, under a key of the purpose's own. Verify knows it again
// after the key was rotated. It is the same each time until then.
func (k *Key) Sign(purpose string, parts ...[]byte) []byte {
	m := k.now.Load().inUse()
	return append(slices.Clone(m.id[:]), m.sign(purpose, parts)...)
}

func (m *master) sign(purpose string, parts [][]byte) []byte {
	return mac(derive(m.key[:], "mac", purpose), parts)
}

// Verify tells whether Sign made a signature of these parts for this purpose,
// under any of the master keys.
func (k *Key) Verify(purpose string, signature []byte, parts ...[]byte) bool {
	if len(signature) != SignatureLen {
		return false
	}
	m := k.now.Load().find([idLen]byte(signature[:idLen]))
	return m != nil && hmac.Equal(signature[idLen:], m.sign(purpose, parts))
}

// Signatures are those that Sign may have given for these parts, under each of
// the master keys: to look for a row by its signature.
func (k *Key) Signatures(purpose string, parts ...[]byte) [][]byte {
	r := k.now.Load()
	out := make([][]byte, len(r.masters))
	for i := range r.masters {
		m := &r.masters[i]
		out[i] = append(slices.Clone(m.id[:]), m.sign(purpose, parts)...)
	}
	return out
}

// Identity is the key with which the service signs that it is the same as before, such as
// at another address. It comes from the steady secret, and so is the same for good.
func (k *Key) Identity() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(derive(k.now.Load().adopted(), "sign", "identity"))
}

// MAC is HMAC-SHA-256 of the parts, each with its length, under a key of the
// purpose's own: 32 bytes that nobody without the service's key can foretell. It
// comes from the steady secret and is the same before and after a rotation.
func (k *Key) MAC(purpose string, parts ...[]byte) []byte {
	return mac(derive(k.now.Load().adopted(), "mac", purpose), parts)
}

// adopted is the steady secret.
func (r *ring) adopted() []byte {
	if r.steady == nil {
		panic("secret: the steady secret was not taken from the database yet: Adopt")
	}
	return r.steady
}

func mac(key []byte, parts [][]byte) []byte {
	h := hmac.New(sha256.New, key)
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	return h.Sum(nil)
}
