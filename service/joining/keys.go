// Package joining makes the tokens that tell a meeting's platform who comes, so that nobody
// has to log in there once more: JSON Web Tokens (RFC 7519), signed with RS256 (RFC 7518),
// which is what Jitsi and platforms like it take. Their claims are in docs/protocol.md.
//
// The keys are the service's, of this purpose only. The first is made when somebody asks for
// it: the platform, or who joins. Each later one is published an hour before it signs, since
// platforms keep what they have read, and is replaced after 90 days; it stays published for a
// day after its last token.
//
// Start reading at Keys.Token.
package joining

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"sync"
	"time"

	"plenary/api"
	"plenary/service/job"
	"plenary/service/secret"
	"plenary/service/store"
)

// The life of a key.
const (
	keyLife    = 90 * 24 * time.Hour // after which another one is made
	published  = time.Hour           // until a new one signs
	afterwards = 25 * time.Hour      // from the next one's making until it is forgotten
	keyBits    = 2048
	sealing    = "join-key"
)

// Deps is what the keys stand on.
type Deps struct {
	DB  *store.DB
	Key *secret.Key
	Now func() time.Time // the service's clock
	// Address gives the service's public address, by which platforms know who signs.
	Address func() string
}

// Keys signs join tokens, and publishes with what. It is safe for concurrent use.
type Keys struct {
	Deps
	making sync.Mutex // held while the first one is made
	mu     sync.Mutex
	last   *key // that was read last, since a private key takes longer to read than to use
}

// New makes Keys.
func New(d Deps) *Keys { return &Keys{Deps: d} }

// Jobs are what keys need to have done: the next one in time, and the old ones forgotten.
func (k *Keys) Jobs() []job.Job {
	return []job.Job{{Name: "rotate-join-keys", Every: published / 4, Do: k.Rotate}}
}

// key is one of the keys; its private half is there where it was asked for.
type key struct {
	id      string
	public  *rsa.PublicKey
	private *rsa.PrivateKey
	made    time.Time
}

// read gives the keys that are published, the newest first, with their private halves
// sealed.
func (k *Keys) read(ctx context.Context) (keys []key, sealed [][]byte, err error) {
	err = k.DB.Peek(ctx, func(tx *store.Tx) error {
		keys, sealed = nil, nil
		for scan := range tx.Each(`SELECT id, public_key, private_key, made_at FROM join_keys
			WHERE retired_at = 0 OR retired_at > $1 ORDER BY made_at DESC, id`, store.Micros(k.Now().Add(-afterwards))) {
			var (
				one             key
				public, private []byte
				made            int64
			)
			if !scan(&one.id, &public, &private, &made) {
				break
			}
			parsed, err := x509.ParsePKIXPublicKey(public)
			if err != nil {
				return fmt.Errorf("joining: read key %s: %w", one.id, err)
			}
			one.public, _ = parsed.(*rsa.PublicKey)
			one.made = store.Time(made)
			if one.public == nil {
				return fmt.Errorf("joining: key %s is not for RSA", one.id)
			}
			keys, sealed = append(keys, one), append(sealed, private)
		}
		return tx.Err()
	})
	return keys, sealed, err
}

// readAny is read, and makes the first key where there is none yet.
func (k *Keys) readAny(ctx context.Context) (keys []key, sealed [][]byte, err error) {
	keys, sealed, err = k.read(ctx)
	if err != nil || len(keys) > 0 {
		return keys, sealed, err
	}
	k.making.Lock()
	defer k.making.Unlock()
	if keys, sealed, err = k.read(ctx); err != nil || len(keys) > 0 {
		return keys, sealed, err
	}
	if err := k.add(ctx, k.Now()); err != nil {
		return nil, nil, err
	}
	return k.read(ctx)
}

// signing gives the key that signs now: the newest one that has been published for long
// enough, else the newest.
func (k *Keys) signing(ctx context.Context) (*key, error) {
	keys, sealed, err := k.readAny(ctx)
	if err != nil {
		return nil, err
	}
	i := 0
	for i < len(keys)-1 && keys[i].made.After(k.Now().Add(-published)) {
		i++
	}
	if keys[i].made.After(k.Now().Add(-published)) {
		i = 0 // none has been for so long
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.last == nil || k.last.id != keys[i].id {
		plain, err := k.Key.Open(sealing, []byte(keys[i].id), sealed[i])
		if err != nil {
			return nil, fmt.Errorf("joining: open key %s: %w", keys[i].id, err)
		}
		private, err := x509.ParsePKCS8PrivateKey(plain)
		if err != nil {
			return nil, fmt.Errorf("joining: read key %s: %w", keys[i].id, err)
		}
		keys[i].private, _ = private.(*rsa.PrivateKey)
		if keys[i].private == nil {
			return nil, fmt.Errorf("joining: key %s is not for RSA", keys[i].id)
		}
		k.last = &keys[i]
	}
	return k.last, nil
}

// Rotate makes a key where the newest one is too old, and forgets those that have signed
// their last token. Two nodes at once may make two, which does no harm.
func (k *Keys) Rotate(ctx context.Context) error {
	now := k.Now()
	var due, old bool
	err := k.DB.Peek(ctx, func(tx *store.Tx) error {
		var newest int64
		tx.Get(`SELECT COALESCE(MAX(made_at), 0) FROM join_keys WHERE retired_at = 0`).Into(&newest)
		due = newest > 0 && newest <= store.Micros(now.Add(-keyLife))
		var n int
		tx.Get(`SELECT COUNT(*) FROM join_keys WHERE retired_at > 0 AND retired_at <= $1`, store.Micros(now.Add(-afterwards))).Into(&n)
		old = n > 0
		return tx.Err()
	})
	if err == nil && old {
		err = k.DB.Update(ctx, func(tx *store.Tx) error {
			tx.Do(`DELETE FROM join_keys WHERE retired_at > 0 AND retired_at <= $1`, store.Micros(now.Add(-afterwards)))
			return nil
		})
	}
	if err != nil || !due {
		return err
	}
	return k.add(ctx, now)
}

// add makes a key, and retires the one before.
func (k *Keys) add(ctx context.Context, now time.Time) error {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return fmt.Errorf("joining: make a key: %w", err)
	}
	public, err := x509.MarshalPKIXPublicKey(&private.PublicKey)
	if err != nil {
		return fmt.Errorf("joining: make a key: %w", err)
	}
	plain, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return fmt.Errorf("joining: make a key: %w", err)
	}
	id := make([]byte, 8)
	rand.Read(id) // crypto/rand never fails
	name := hex.EncodeToString(id)
	return k.DB.Update(ctx, func(tx *store.Tx) error {
		tx.Do(`UPDATE join_keys SET retired_at = $1 WHERE retired_at = 0`, store.Micros(now))
		tx.Do(`INSERT INTO join_keys (id, public_key, private_key, made_at) VALUES ($1, $2, $3, $4)`,
			name, public, k.Key.Seal(sealing, []byte(name), plain), store.Micros(now))
		return nil
	})
}

// Published gives the public keys, as platforms read them.
func (k *Keys) Published(ctx context.Context) (api.JWKS, error) {
	keys, _, err := k.readAny(ctx)
	out := api.JWKS{Keys: []api.JWK{}}
	for _, one := range keys {
		out.Keys = append(out.Keys, api.JWK{
			KeyType: "RSA", Use: "sig", Algorithm: algorithm, ID: one.id,
			Modulus:  base64.RawURLEncoding.EncodeToString(one.public.N.Bytes()),
			Exponent: base64.RawURLEncoding.EncodeToString(big.NewInt(int64(one.public.E)).Bytes()),
		})
	}
	return out, err
}
