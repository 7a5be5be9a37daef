// Package secret is the service's key: the one secret that never stands in the
// database or its backups. It seals what must be readable again (tokens in
// outgoing mail, later passport data) and derives what must not be guessable
// (refresh tokens, made-up addresses, names of counters).
//
// The key comes from a file that only its owner can read, or from the
// environment variable PLENARY_KEY. Every purpose gets keys of its own by HKDF,
// so that what was sealed for one cannot be opened for another.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Environment is the variable that may hold the key's text instead of a file.
const Environment = "PLENARY_KEY"

// ErrUnknownKey is returned by Open for what was sealed under a key that is not
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

// Key is the service's key. It is safe for concurrent use.
type Key struct {
	masters []master // the first one seals, all open
}

// Generate makes a new key.
func Generate() *Key {
	var m master
	rand.Read(m.id[:]) // crypto/rand never fails
	rand.Read(m.key[:])
	return &Key{masters: []master{m}}
}

// Parse reads the text of a key: one line for each master key, of the form
// "plenary-key-1 ID KEY" (hexadecimal, base64url); the first one seals.
// Empty lines and lines that begin with # are passed over.
func Parse(text string) (*Key, error) {
	k := &Key{}
	for l := range strings.Lines(text) {
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
		k.masters = append(k.masters, m)
	}
	if len(k.masters) == 0 {
		return nil, errors.New("secret: the text holds no key")
	}
	return k, nil
}

// text is the inverse of Parse.
func (k *Key) text() string {
	var b strings.Builder
	b.WriteString("# The key of a Plenary service. Keep it secret, and keep a copy apart from the database.\n")
	for _, m := range k.masters {
		fmt.Fprintf(&b, "%s %s %s\n", line, hex.EncodeToString(m.id[:]), base64.RawURLEncoding.EncodeToString(m.key[:]))
	}
	return b.String()
}

// derive gives the 256-bit key of a master key for one use and purpose.
func (m *master) derive(use, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, m.key[:], nil, use+"\x00"+purpose, sha256.Size)
	if err != nil {
		panic("secret: hkdf of a fixed length: " + err.Error())
	}
	return key
}

func (m *master) aead(purpose string) cipher.AEAD {
	block, err := aes.NewCipher(m.derive("seal", purpose))
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
// with aad, which Open must be given again. The result names its key.
func (k *Key) Seal(purpose string, aad, plain []byte) []byte {
	m := &k.masters[0]
	out := make([]byte, 0, headerLen+12+len(plain)+16)
	out = append(out, version)
	out = append(out, m.id[:]...)
	return m.aead(purpose).Seal(out, nil, plain, withHeader(out, aad))
}

// Open gives back what Seal sealed for the same purpose with the same aad. It
// returns ErrUnknownKey or ErrDamaged.
func (k *Key) Open(purpose string, aad, sealed []byte) ([]byte, error) {
	if len(sealed) < headerLen || sealed[0] != version {
		return nil, ErrDamaged
	}
	header := sealed[:headerLen]
	for i := range k.masters {
		m := &k.masters[i]
		if [idLen]byte(header[1:]) != m.id {
			continue
		}
		plain, err := m.aead(purpose).Open(nil, nil, sealed[headerLen:], withHeader(header, aad))
		if err != nil {
			return nil, ErrDamaged
		}
		return plain, nil
	}
	return nil, ErrUnknownKey
}

func withHeader(header, aad []byte) []byte {
	return append(append(make([]byte, 0, len(header)+len(aad)), header...), aad...)
}

// MAC is HMAC-SHA-256 of the parts, each with its length, under a key of the
// purpose's own: 32 bytes that nobody without the service's key can foretell.
func (k *Key) MAC(purpose string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, k.masters[0].derive("mac", purpose))
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	return h.Sum(nil)
}
