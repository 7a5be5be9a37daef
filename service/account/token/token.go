// Package token makes the 256-bit tokens that stand for somebody: of sessions and
// devices, of links in e-mails, and of what is under way before a log-in. The
// database has their SHA-256 only.
package token

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// Length is that of a token as text: 256 bits in base64url.
const Length = 43

// New makes 256 random bits as text.
func New() string {
	var b [32]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Hash is how a token stands in the database. It is false for what cannot be a
// token.
func Hash(token string) ([]byte, bool) {
	if len(token) != Length {
		return nil, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return nil, false
	}
	sum := sha256.Sum256(raw)
	return sum[:], true
}

// MustHash is Hash for a token that was just made.
func MustHash(text string) []byte {
	h, ok := Hash(text)
	if !ok {
		panic("token: a made token is none")
	}
	return h
}
