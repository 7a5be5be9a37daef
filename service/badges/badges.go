// Package badges signs the codes by which a desk knows registrations (rules.SignBadge).
// Each meeting has keys of its own, so that whoever gets hold of one gets no further than
// that meeting. They are made when they are first needed, and their private halves stand in
// the database sealed under the service's key: that one may rotate meanwhile.
//
// Nothing here is called within a transaction: a key that was made in one, and not kept,
// would have signed codes that nobody knows.
package badges

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/secret"
	"plenary/service/store"
)

// purpose is what private keys are sealed for.
const purpose = "meeting-key"

// Deps is what badges stand on.
type Deps struct {
	DB  *store.DB
	Key *secret.Key
	Now func() time.Time // the service's clock
	// Meeting gives a meeting that everybody may see, or refuses with api.CodeNotFound.
	Meeting func(ctx context.Context, code string) (api.Meeting, error)
}

// Badges signs for all meetings. It is safe for concurrent use.
type Badges struct {
	Deps
	mu      sync.Mutex
	signers map[string]signer // by meeting, those that this node has used
}

// signer is a key that is in the database.
type signer struct {
	id      string
	private ed25519.PrivateKey
}

// New makes Badges from what they stand on.
func New(d Deps) *Badges { return &Badges{Deps: d, signers: map[string]signer{}} }

// Sign gives the code that says of a registration what b does, signed by its meeting's key.
func (b *Badges) Sign(ctx context.Context, badge rules.Badge) (string, error) {
	s, err := b.signer(ctx, badge.Meeting)
	if err != nil {
		return "", err
	}
	badge.Key = s.id
	return rules.SignBadge(s.private, badge)
}

// Keys gives the public keys of a meeting, oldest first, or refuses with api.CodeNotFound.
func (b *Badges) Keys(ctx context.Context, code string) (keys api.MeetingKeys, err error) {
	if _, err := b.Meeting(ctx, code); err != nil {
		return keys, err
	}
	if _, err := b.signer(ctx, code); err != nil {
		return keys, err
	}
	err = b.DB.Peek(ctx, func(tx *store.Tx) error {
		keys.Keys = []api.MeetingKey{}
		for scan := range tx.Each(`SELECT id, public_key FROM meeting_keys WHERE meeting = $1 ORDER BY made_at, id`, code) {
			var (
				id     string
				public []byte
			)
			scan(&id, &public)
			keys.Keys = append(keys.Keys, api.MeetingKey{ID: id, Meeting: code, PublicKey: base64.RawStdEncoding.EncodeToString(public)})
		}
		return nil
	})
	return keys, err
}

// signer gives the key that signs for a meeting now.
func (b *Badges) signer(ctx context.Context, meeting string) (signer, error) {
	b.mu.Lock()
	known, ok := b.signers[meeting]
	b.mu.Unlock()
	if ok {
		return known, nil
	}
	s, err := b.read(ctx, meeting)
	if err == nil && s.private == nil {
		if err = b.make(ctx, meeting, s.id); err == nil {
			s, err = b.read(ctx, meeting)
		}
	}
	if err == nil && s.private == nil {
		err = fmt.Errorf("badges: the key of %s was made and is not there", meeting)
	}
	if err != nil {
		return signer{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.signers[meeting] = s
	return s, nil
}

// newest is the key of a meeting that signs.
const newest = `FROM meeting_keys WHERE meeting = $1 AND retired_at = 0 ORDER BY made_at DESC, id DESC LIMIT 1`

// read gives the key of a meeting that is in use: without its private half where that was
// sealed under a master key that was taken out of the service's key, and nothing where
// there is none.
func (b *Badges) read(ctx context.Context, meeting string) (s signer, err error) {
	var (
		sealed []byte
		found  bool
	)
	err = b.DB.Peek(ctx, func(tx *store.Tx) error {
		found = tx.Get(`SELECT id, private_key `+newest, meeting).Into(&s.id, &sealed)
		return nil
	})
	if err != nil || !found {
		return s, err
	}
	seed, err := b.Key.Open(purpose, sealedWith(meeting, s.id), sealed)
	if errors.Is(err, secret.ErrUnknownKey) {
		return s, nil
	}
	if err != nil || len(seed) != ed25519.SeedSize {
		return s, fmt.Errorf("badges: open the key of %s: %w", meeting, err)
	}
	s.private = ed25519.NewKeyFromSeed(seed)
	return s, nil
}

// make makes a meeting's key, unless another node has made one. One that cannot be opened
// signs no more then; what it has signed stays good. Whoever makes one holds the meeting's
// counts.
func (b *Badges) make(ctx context.Context, meeting, closed string) error {
	seed, id := make([]byte, ed25519.SeedSize), make([]byte, 4)
	rand.Read(seed) // crypto/rand never fails
	rand.Read(id)
	private := ed25519.NewKeyFromSeed(seed)
	name := hex.EncodeToString(id)
	// READ COMMITTED: the counts are held before anything is read.
	return b.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		if tx.Do(`UPDATE meeting_counts SET version = version WHERE meeting = $1`, meeting) == 0 {
			return api.Refuse(api.CodeNotFound)
		}
		tx.Do(`UPDATE meeting_keys SET retired_at = $1 WHERE id = $2 AND retired_at = 0`, store.Micros(b.Now()), closed)
		if tx.Has(`SELECT 1 `+newest, meeting) {
			return nil
		}
		tx.Do(`INSERT INTO meeting_keys (id, meeting, public_key, private_key, made_at) VALUES ($1, $2, $3, $4, $5)`,
			name, meeting, []byte(private[ed25519.SeedSize:]), b.Key.Seal(purpose, sealedWith(meeting, name), seed), store.Micros(b.Now()))
		return nil
	})
}

// sealedWith binds a private key to its meeting and name.
func sealedWith(meeting, id string) []byte { return []byte(meeting + " " + id) }
