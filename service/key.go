package service

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/node"
	"plenary/service/secret"
	"plenary/service/store"
)

// keyRow is the setting that holds the steady secret of the service's key, sealed
// under the master key in use (package secret).
const keyRow = "steady-secret"

// keyState is in SQL what adoptKey reads.
const keyState = `SELECT value FROM settings WHERE name = '` + keyRow + `'`

// ErrOtherKey is returned for a database that belongs to another key.
var ErrOtherKey = errors.New("service: the database belongs to another key")

// adoptKey takes the steady secret from the database into the key, or makes one
// for a database that has none.
func adoptKey(ctx context.Context, db *store.DB, key *secret.Key) error {
	wrapped, err := storedKey(ctx, db)
	if err == nil && wrapped == nil {
		if err = keepKey(ctx, db, key.Wrapped()); err == nil {
			wrapped, err = storedKey(ctx, db) // perhaps another node's
		}
	}
	if err != nil {
		return err
	}
	switch err := key.Adopt(wrapped); {
	case errors.Is(err, secret.ErrUnknownKey):
		return fmt.Errorf("%w: %w", ErrOtherKey, err)
	default:
		return err
	}
}

// storedKey gives what stands in the database; nil where nothing does.
func storedKey(ctx context.Context, db *store.DB) ([]byte, error) {
	var text string
	err := db.Peek(ctx, func(tx *store.Tx) error {
		text = tx.ReadSetting(keyRow)
		return nil
	})
	if err != nil || text == "" {
		return nil, err
	}
	wrapped, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("service: read %s: %w", keyRow, err)
	}
	return wrapped, nil
}

func keepKey(ctx context.Context, db *store.DB, wrapped []byte) error {
	// The first to come is the one that counts.
	return db.UpdateOne(ctx, func(tx *store.Tx) error {
		tx.Do(`INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`,
			keyRow, base64.RawStdEncoding.EncodeToString(wrapped))
		return nil
	})
}

// Key gives the service's key.
func (s *Service) Key() *secret.Key { return s.config.Key }

// keyPatience is how long AwaitKey waits: a node on this machine looks at the key's
// file every few seconds.
const keyPatience = 15 * time.Second

// AwaitKey waits until all nodes that run know a master key, and gives those that
// still do not after 15 seconds.
func (s *Service) AwaitKey(ctx context.Context, id string) (missing []node.Node, err error) {
	deadline := time.Now().Add(keyPatience)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		all, err := node.Running(ctx, s.db, s.config.Now())
		if err != nil {
			return nil, err
		}
		missing = slices.DeleteFunc(all, func(n node.Node) bool { return slices.Contains(n.Keys, id) })
		if len(missing) == 0 || time.Now().After(deadline) {
			return missing, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return missing, ctx.Err()
		}
	}
}

// UseNewestKey puts the newest master key to use, on this node at once and on others
// at their next sign of life; until then, what they seal and sign with the one of
// before is opened and verified as ever. What must stay the same stays the same: the
// steady secret is sealed under the new key, and not replaced.
func (s *Service) UseNewestKey(ctx context.Context) error {
	key := s.config.Key
	before := key.InUse()
	// Serializable: the secret that is sealed anew is the one that is replaced.
	err := s.db.Update(ctx, func(tx *store.Tx) error {
		wrapped, err := base64.RawStdEncoding.DecodeString(tx.ReadSetting(keyRow))
		if err != nil {
			return fmt.Errorf("service: read %s: %w", keyRow, err)
		}
		if wrapped, err = key.Rewrap(wrapped); err != nil {
			return err
		}
		tx.WriteSetting(keyRow, base64.RawStdEncoding.EncodeToString(wrapped))
		s.auditLog.Note(tx, audit.KeyRotated, "", audit.Detail{Field: api.DetailKey, Before: before, After: key.Newest()})
		return nil
	})
	if err != nil {
		return err
	}
	return adoptKey(ctx, s.db, key)
}
