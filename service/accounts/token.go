package accounts

import (
	"fmt"

	"github.com/google/uuid"

	tokens "plenary/service/account/token"
)

// tokenLen is the length of a token as text.
const tokenLen = tokens.Length

// newToken makes a token.
func newToken() string { return tokens.New() }

// hashToken is how a token stands in the database. It is false for what cannot
// be a token.
func hashToken(text string) ([]byte, bool) { return tokens.Hash(text) }

// mustHash is hashToken for a token that was just made.
func mustHash(text string) []byte {
	h, ok := hashToken(text)
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
