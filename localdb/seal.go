package localdb

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
)

// sealOverhead is what cipher.NewGCMWithRandomNonce adds: nonce and tag.
const (
	nonceSize    = 12
	tagSize      = 16
	sealOverhead = nonceSize + tagSize
)

// keys are what the store's one key is used for, each derived for its purpose
// alone.
type keys struct {
	store   [16]byte    // the store's id: tells a wrong key from a damaged file
	wrap    cipher.AEAD // wraps the data keys of segments
	values  cipher.AEAD // seals the values in badger
	badger  []byte      // badger's own encryption
	names   []byte      // hides the names of data sets and rows
	digests []byte      // of the rows' MACs
}

func deriveKeys(key Key) *keys {
	derive := func(purpose string, n int) []byte {
		b, err := hkdf.Key(sha256.New, key[:], nil, "plenary localdb 1 "+purpose, n)
		if err != nil {
			panic(err) // only for lengths beyond 8160 bytes
		}
		return b
	}
	wrap, values := derive("wrap", 32), derive("values", 32)
	defer clear(wrap)
	defer clear(values)
	k := &keys{
		wrap:    newAEAD(wrap),
		values:  newAEAD(values),
		badger:  derive("badger", 32),
		names:   derive("names", 32),
		digests: derive("digests", 32),
	}
	copy(k.store[:], derive("store", len(k.store)))
	return k
}

// erase overwrites the keys; those that a cipher has it lets go of.
func (k *keys) erase() {
	k.wrap, k.values = nil, nil
	for _, b := range [][]byte{k.badger, k.names, k.digests} {
		clear(b)
	}
}

// newAEAD returns AES-256-GCM with random nonces; key has 32 bytes.
func newAEAD(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // only for other lengths of key
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // only for other ciphers than crypto/aes
	}
	return aead
}

// name returns 16 bytes that stand for the name of a data set, or of a row in it, so
// that badger's keys tell nothing and have one length.
func (k *keys) name(parts ...string) []byte {
	mac := hmac.New(sha256.New, k.names)
	for _, part := range parts {
		mac.Write(appendString(nil, part))
	}
	return mac.Sum(nil)[:16]
}
