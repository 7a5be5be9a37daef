package accounts

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"

	"github.com/google/uuid"

	"plenary/api"
)

// A session's tokens stand in no table. Each is a fact about its session, and the
// service's MAC over it: base64url of
//
//	session's id (16 bytes) | session's seed (16) | number (8) | HMAC-SHA-256 (32)
//
// The number of a refresh token is its generation, that of an access token the
// microsecond at which it ends. The MAC's key is derived by HKDF from the service's
// key and the seed, for each of the two uses another one: the database alone
// cannot make a token, and neither can the key alone, since the seed must be that
// of the session's row. A new seed voids every token of before. The MAC is
// verified before the database is asked.
const (
	seedLen       = 16
	tokenFactsLen = 16 + seedLen + 8
	tokenMACLen   = 32
)

// tokenUse is what a token is for; one for another use is none.
type tokenUse string

const (
	forAccess  tokenUse = "access"
	forRefresh tokenUse = "refresh"
)

// sessionSeed is what the tokens of a session have in common.
type sessionSeed struct {
	session uuid.UUID
	seed    [seedLen]byte
}

// newSeed makes the seed of a session.
func newSeed(session uuid.UUID) sessionSeed {
	s := sessionSeed{session: session}
	rand.Read(s.seed[:]) // never fails
	return s
}

// sessionToken is what a token says.
type sessionToken struct {
	sessionSeed
	number int64
}

// facts are the bytes of a token that its MAC is over.
func (t sessionToken) facts() []byte {
	b := make([]byte, 0, tokenFactsLen+tokenMACLen)
	b = append(b, t.session[:]...)
	b = append(b, t.seed[:]...)
	return binary.BigEndian.AppendUint64(b, uint64(t.number))
}

func (a *Accounts) tokenMAC(use tokenUse, seed, facts []byte) []byte {
	return a.Key.MAC("session "+string(use)+"\x00"+string(seed), facts)
}

// writeToken gives a token as text.
func (a *Accounts) writeToken(use tokenUse, t sessionToken) string {
	facts := t.facts()
	return base64.RawURLEncoding.EncodeToString(append(facts, a.tokenMAC(use, t.seed[:], facts)...))
}

// readToken is the inverse of writeToken. It is false for whatever this service has
// not made for this use.
func (a *Accounts) readToken(use tokenUse, text string) (t sessionToken, ok bool) {
	if len(text) > api.MaxSessionToken {
		return t, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != tokenFactsLen+tokenMACLen {
		return t, false
	}
	facts, mac := raw[:tokenFactsLen], raw[tokenFactsLen:]
	if !hmac.Equal(mac, a.tokenMAC(use, facts[16:16+seedLen], facts)) {
		return t, false
	}
	copy(t.session[:], facts)
	copy(t.seed[:], facts[16:])
	t.number = int64(binary.BigEndian.Uint64(facts[16+seedLen:]))
	return t, true
}
