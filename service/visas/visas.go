// Package visas holds the cases of visa support: what somebody gave of a passport, and what
// the secretariat answered. Both are sealed under a data key of the case's own, which is
// sealed under the service's key; when a case is erased, its data key goes with them.
//
// A case belongs to a registration, whose package says when it begins, is answered and
// ends, with the meeting's counts held; how it stands is in the registration too
// (api.Registration.Visa). Whoever holds the role visa, and the person, read a passport, by
// One, which notes each time in the audit log before it answers.
//
// It knows no HTTP.
//
// Start reading at One.
package visas

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/mail"
	"plenary/service/secret"
	"plenary/service/store"
)

// purpose is what data keys are sealed for.
const purpose = "visa-case"

// Deps is what visas stand on.
type Deps struct {
	DB     *store.DB
	Key    *secret.Key
	Now    func() time.Time // the service's clock
	Audit  *audit.Log
	Outbox *mail.Outbox
	// Days is for how many days a passport is kept after the decision.
	Days func() int
}

// Visas is safe for concurrent use.
type Visas struct{ Deps }

// New makes Visas from what they stand on.
func New(d Deps) *Visas { return &Visas{d} }

// sealer seals what a case says under its data key.
type sealer struct {
	number string // of the registration, to which all is bound
	aead   cipher.AEAD
}

func newSealer(number string, key []byte) (sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, fmt.Errorf("visas: the key of a case: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealer{}, fmt.Errorf("visas: the key of a case: %w", err)
	}
	return sealer{number, aead}, nil
}

// What is sealed in a case.
const (
	sealedPassport = " passport"
	sealedAnswer   = " answer"
)

func (s sealer) seal(what string, plain []byte) []byte {
	return s.aead.Seal(nil, nil, plain, []byte(s.number+what))
}

func (s sealer) open(what string, sealed []byte) ([]byte, error) {
	plain, err := s.aead.Open(nil, nil, sealed, []byte(s.number+what))
	if err != nil {
		return nil, fmt.Errorf("visas: open what a case says: %w", secret.ErrDamaged)
	}
	return plain, nil
}

func (s sealer) passport(sealed []byte) (*api.Passport, error) {
	plain, err := s.open(sealedPassport, sealed)
	if err != nil {
		return nil, err
	}
	var p api.Passport
	if err := json.Unmarshal(plain, &p); err != nil {
		return nil, fmt.Errorf("visas: read a passport: %w", secret.ErrDamaged)
	}
	return &p, nil
}

// errGone says that a case cannot be read any more, because its master key was taken out
// of the service's key: as if it had been erased.
var errGone = errors.New("visas: the case was sealed under a key that is gone")

// sealer gives that of a case by its sealed data key, or errGone.
func (v *Visas) sealer(number string, sealedKey []byte) (sealer, error) {
	key, err := v.Key.Open(purpose, []byte(number), sealedKey)
	if errors.Is(err, secret.ErrUnknownKey) {
		return sealer{}, errGone
	}
	if err != nil {
		return sealer{}, fmt.Errorf("visas: open the key of a case: %w", err)
	}
	return newSealer(number, key)
}

// keep is for how long a passport is kept after the decision, or after the meeting where
// there is none.
func (v *Visas) keep() time.Duration { return time.Duration(v.Days()) * 24 * time.Hour }
