package session

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
	seedLen  = 16
	factsLen = 16 + seedLen + 8
)

// tokenUse is what a token is for; one for another use is none.
type tokenUse string

const (
	forAccess  tokenUse = "access"
	forRefresh tokenUse = "refresh"
)

// seed is what the tokens of a session have in common.
type seed struct {
	session uuid.UUID
	random  [seedLen]byte
}

// newSeed makes the seed of a session.
func newSeed(session uuid.UUID) seed {
	s := seed{session: session}
	rand.Read(s.random[:]) // never fails
	return s
}

// facts are what a token says.
type facts struct {
	seed
	number int64
}

// bytes are those that a token's signature is over.
func (f facts) bytes() []byte {
	b := make([]byte, 0, factsLen+secret.SignatureLen)
	b = append(b, f.session[:]...)
	b = append(b, f.random[:]...)
	return binary.BigEndian.AppendUint64(b, uint64(f.number))
}

// purpose is that of a token's signature.
func (u tokenUse) purpose(seed []byte) string { return "session " + string(u) + "\x00" + string(seed) }

// write gives a token as text.
func (s *Sessions) write(use tokenUse, f facts) string {
	b := f.bytes()
	return base64.RawURLEncoding.EncodeToString(append(b, s.Key.Sign(use.purpose(f.random[:]), b)...))
}

// read is the inverse of write. It is false for whatever this service has not made
// for this use.
func (s *Sessions) read(use tokenUse, text string) (f facts, ok bool) {
	if len(text) > api.MaxSessionToken {
		return f, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != factsLen+secret.SignatureLen {
		return f, false
	}
	said, signature := raw[:factsLen], raw[factsLen:]
	if !s.Key.Verify(use.purpose(said[16:16+seedLen]), signature, said) {
		return f, false
	}
	copy(f.session[:], said)
	copy(f.random[:], said[16:])
	f.number = int64(binary.BigEndian.Uint64(said[16+seedLen:]))
	return f, true
}
