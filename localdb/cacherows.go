package localdb

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"

	"github.com/dgraph-io/badger/v4"
)

// change does one transaction on a set. Without a version, which stays then, the set may
// be a new one.
func (c *cache) change(set string, version *string, upserts map[string][]byte, deletes []string) error {
	if err := c.roomFor(upserts); err != nil {
		return err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	defer c.tidy()
	return c.db.Update(func(txn *badger.Txn) error {
		info, err := c.info(txn, set)
		missing := errors.Is(err, badger.ErrKeyNotFound) || errors.Is(err, errDamaged)
		switch {
		case missing && version != nil:
			return ErrNotFound
		case missing:
			info = newSetInfo()
		case err != nil:
			return err
		}
		info.Revision++
		if version != nil {
			info.Version = *version
		}
		for _, key := range deletes {
			if err := c.remove(txn, &info, c.place(set, info, key)); err != nil {
				return err
			}
		}
		for key, value := range upserts {
			place := c.place(set, info, key)
			err := c.remove(txn, &info, place)
			if err == nil {
				err = txn.Set(place, c.sealRow(&info, place, key, value))
			}
			if err != nil {
				return err
			}
		}
		return c.describe(txn, set, info)
	})
}

// replace writes the rows of a new generation, then the description that makes them
// the current ones, then removes those of other generations.
func (c *cache) replace(set, version string, rows map[string][]byte) error {
	if err := c.roomFor(rows); err != nil {
		return err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	defer c.tidy()
	info := newSetInfo()
	info.Version = version
	batch := c.db.NewWriteBatch()
	defer batch.Cancel()
	for key, value := range rows {
		place := c.place(set, info, key)
		if err := batch.Set(place, c.sealRow(&info, place, key, value)); err != nil {
			return err
		}
	}
	if err := batch.Flush(); err != nil {
		return err
	}
	if err := c.db.Update(func(txn *badger.Txn) error { return c.describe(txn, set, info) }); err != nil {
		return err
	}
	return c.sweep(set, info)
}

// sweep removes the rows of other generations.
func (c *cache) sweep(set string, info setInfo) error {
	batch := c.db.NewWriteBatch()
	defer batch.Cancel()
	current := c.rowsOf(set, info)
	err := c.db.View(func(txn *badger.Txn) error {
		for item := range prefixed(txn, c.allRows(set)) {
			if key := item.KeyCopy(nil); !bytes.HasPrefix(key, current) {
				if err := batch.Delete(key); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return batch.Flush()
}

func (c *cache) scan(set string) (info setInfo, rows map[string][]byte, err error) {
	err = c.db.View(func(txn *badger.Txn) error {
		if info, err = c.info(txn, set); err != nil {
			return err
		}
		rows = make(map[string][]byte, info.Rows)
		digest := make([]byte, sha256.Size)
		mac := hmac.New(sha256.New, c.keys.digests)
		for item := range prefixed(txn, c.rowsOf(set, info)) {
			err := item.Value(func(stored []byte) error {
				key, value, err := c.openRow(item.Key(), stored)
				rows[key] = value
				addRow(mac, digest, item.Key(), stored)
				return err
			})
			if err != nil {
				return err
			}
		}
		if len(rows) != info.Rows || !hmac.Equal(digest, info.Digest) {
			return errDamaged
		}
		return nil
	})
	switch {
	case err == nil:
		return info, rows, nil
	case errors.Is(err, badger.ErrKeyNotFound):
		return info, nil, ErrNotFound
	}
	c.damaged.Add(1)
	c.log.Warn("a cached data set failed its check", "set", set)
	c.drop(set, info)
	return info, nil, fmt.Errorf("%w: %w", ErrNotFound, err)
}

// drop ends a damaged set, unless it was begun anew since info was read.
func (c *cache) drop(set string, damaged setInfo) {
	c.writing.Lock()
	defer c.writing.Unlock()
	err := c.room(0)
	if err == nil {
		err = c.db.Update(func(txn *badger.Txn) error {
			if info, err := c.info(txn, set); err == nil && !bytes.Equal(info.Generation, damaged.Generation) {
				return nil
			}
			return txn.Delete(c.setKey(set))
		})
	}
	if err != nil {
		c.log.Warn("a damaged data set cannot be dropped", "set", set)
	}
}

// roomFor refuses rows that the disk, or badger, has no room for.
func (c *cache) roomFor(rows map[string][]byte) error {
	need := 0
	for key, value := range rows {
		if len(key)+len(value) > maxRow {
			return ErrTooLarge
		}
		need += len(key) + len(value) + 128
	}
	return c.room(uint64(2 * need))
}

// prefixed are the items whose keys have a prefix. A damaged table may hide some.
func prefixed(txn *badger.Txn, prefix []byte) iter.Seq[*badger.Item] {
	return func(yield func(*badger.Item) bool) {
		o := badger.DefaultIteratorOptions
		o.PrefetchValues = false
		o.Prefix = prefix
		it := txn.NewIterator(o)
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			if !yield(it.Item()) {
				return
			}
		}
	}
}
