package accounts

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/secret"
)

// A session's tokens stand in no table. Each is a fact about its session, and the
// service's signature over it: base64url of
//
//	session's id (16 bytes) | session's seed (16) | number (8) | signature (36)
//
// The number of a refresh token is its generation, that of an access token the
// microsecond at which it ends. The signature (secret.Key.Sign) names the service's
// key, and so is good after a rotation; it is an HMAC-SHA-256 under a key that HKDF
// derives from that one and the seed, for each of the two uses another one. So the
// database alone cannot make a token, and neither can the key alone, since the seed
// must be that of the session's row. A new seed voids every token of before. The
// signature is verified before the database is asked.
const (
	seedLen       = 16
	tokenFactsLen = 16 + seedLen + 8
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
	b := make([]byte, 0, tokenFactsLen+secret.SignatureLen)
	b = append(b, t.session[:]...)
	b = append(b, t.seed[:]...)
	return binary.BigEndian.AppendUint64(b, uint64(t.number))
}

// purpose is that of a token's signature.
func (u tokenUse) purpose(seed []byte) string { return "session " + string(u) + "\x00" + string(seed) }

// writeToken gives a token as text.
func (a *Accounts) writeToken(use tokenUse, t sessionToken) string {
	facts := t.facts()
	return base64.RawURLEncoding.EncodeToString(append(facts, a.Key.Sign(use.purpose(t.seed[:]), facts)...))
}

// readToken is the inverse of writeToken. It is false for whatever this service has
// not made for this use.
func (a *Accounts) readToken(use tokenUse, text string) (t sessionToken, ok bool) {
	if len(text) > api.MaxSessionToken {
		return t, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != tokenFactsLen+secret.SignatureLen {
		return t, false
	}
	facts, signature := raw[:tokenFactsLen], raw[tokenFactsLen:]
	if !a.Key.Verify(use.purpose(facts[16:16+seedLen]), signature, facts) {
		return t, false
	}
	copy(t.session[:], facts)
	copy(t.seed[:], facts[16:])
	t.number = int64(binary.BigEndian.Uint64(facts[16+seedLen:]))
	return t, true
}
