package accounts

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"github.com/google/uuid"
)

// tokenLen is the length of a token as text: 256 bits in base64url.
const tokenLen = 43

// newToken makes 256 random bits as text.
func newToken() string {
	var b [32]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hashToken is how a token stands in the database. It is false for what cannot
// be a token.
func hashToken(token string) ([]byte, bool) {
	if len(token) != tokenLen {
		return nil, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return nil, false
	}
	sum := sha256.Sum256(raw)
	return sum[:], true
}

// mustHash is hashToken for a token that was just made.
func mustHash(token string) []byte {
	h, ok := hashToken(token)
	if !ok {
		panic("accounts: a made token is none")
	}
	return h
}

// newID makes the id of a row: UUIDv7.
func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("accounts: make id: %w", err)
	}
	return id.String(), nil
}
