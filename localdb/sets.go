package localdb

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/dgraph-io/badger/v4"
)

// A data set is stored as one blob, the packed rows, under a generation of its
// own, and a description that names the generation: readers see the old rows or
// the new ones.
const (
	setPrefix  = 's' // descriptions
	rowsPrefix = 'r' // rows
)

// setInfo is the description of a data set.
type setInfo struct {
	Version    string `json:"version"`
	Rows       int    `json:"rows"`
	Digest     []byte `json:"digest"` // SHA-256 of the packed rows
	Generation []byte `json:"generation"`
}

func infoBlob(k *keys, set, key string) blob {
	return blob{
		key:     append([]byte{setPrefix}, k.name(set, key)...),
		context: appendString(appendString([]byte("set"), set), key),
	}
}

func rowsBlob(k *keys, set, key string, info setInfo) blob {
	context := appendString(appendString([]byte("rows"), set), key)
	return blob{
		key:     append(append([]byte{rowsPrefix}, k.name(set, key)...), info.Generation...),
		context: append(appendString(context, info.Version), info.Generation...),
	}
}

// Replace puts the rows in place of the data set's rows, at once for readers,
// with the version that the service gave them. Errors to test for: ErrDiskFull,
// ErrClosed.
func (s *Store) Replace(set, version string, rows map[string][]byte) error {
	if err := s.replace(set, "", version, rows); err != nil {
		return fmt.Errorf("replace data set %s: %w", set, err)
	}
	return nil
}

// Load returns the version and the rows of the data set. ErrNotFound if there
// is none, or if it is not whole: it has to be fetched again then.
func (s *Store) Load(set string) (version string, rows map[string][]byte, err error) {
	version, rows, err = s.load(set, "")
	if err != nil {
		return "", nil, fmt.Errorf("load data set %s: %w", set, err)
	}
	return version, rows, nil
}

// Put caches a single value; errors as with Replace.
func (s *Store) Put(set, key string, value []byte) error {
	if err := s.replace(set, "/"+key, "", map[string][]byte{"": value}); err != nil {
		return fmt.Errorf("put a value of %s: %w", set, err)
	}
	return nil
}

// Get returns a single value; errors as with Load.
func (s *Store) Get(set, key string) ([]byte, error) {
	_, rows, err := s.load(set, "/"+key)
	if err != nil {
		return nil, fmt.Errorf("get a value of %s: %w", set, err)
	}
	return rows[""], nil
}

// use calls f with the cache, which is not closed meanwhile.
func (s *Store) use(f func(*cache) error) error {
	s.closing.RLock()
	defer s.closing.RUnlock()
	switch {
	case s.ended:
		return ErrClosed
	case s.cache == nil:
		return ErrDiskFull
	}
	return guard(func() error { return f(s.cache) })
}

func (s *Store) replace(set, key, version string, rows map[string][]byte) error {
	return s.use(func(c *cache) error {
		packed := packRows(rows)
		if err := c.room(uint64(2 * len(packed))); err != nil {
			return err
		}
		digest := sha256.Sum256(packed)
		info := setInfo{Version: version, Rows: len(rows), Digest: digest[:], Generation: make([]byte, 8)}
		rand.Read(info.Generation)
		description, err := json.Marshal(info)
		if err != nil {
			return err
		}
		c.writing.Lock()
		defer c.writing.Unlock()
		return c.replace(infoBlob(c.keys, set, key), rowsBlob(c.keys, set, key, info), description, packed)
	})
}

// replace writes the rows, then the description that makes them the current
// ones, then removes those of other generations.
func (c *cache) replace(info, rows blob, description, packed []byte) error {
	old, err := c.listKeys(rows.key[:len(rows.key)-8])
	if err != nil {
		return err
	}
	batch := c.db.NewWriteBatch()
	defer batch.Cancel()
	if err := rows.write(c.keys, packed, batch.Set); err != nil {
		return err
	}
	if err := batch.Flush(); err != nil {
		return err
	}
	err = c.db.Update(func(txn *badger.Txn) error { return info.write(c.keys, description, txn.Set) })
	if err != nil {
		return err
	}
	remove := c.db.NewWriteBatch()
	defer remove.Cancel()
	for _, key := range old {
		if err := remove.Delete(key); err != nil {
			return err
		}
	}
	return remove.Flush()
}

func (s *Store) load(set, key string) (version string, rows map[string][]byte, err error) {
	err = s.use(func(c *cache) error {
		info, packed, err := c.load(set, key)
		if errors.Is(err, badger.ErrKeyNotFound) {
			return ErrNotFound
		}
		if err == nil {
			rows, err = unpackRows(packed)
		}
		if err == nil && len(rows) != info.Rows {
			err = errDamaged
		}
		if err != nil {
			c.damaged.Add(1)
			c.log.Warn("a cached data set failed its check", "set", set)
			return fmt.Errorf("%w: %w", ErrNotFound, err)
		}
		version = info.Version
		return nil
	})
	return version, rows, err
}

// load reads description and rows in one transaction, so of one generation.
func (c *cache) load(set, key string) (info setInfo, packed []byte, err error) {
	err = guard(func() error {
		return c.db.View(func(txn *badger.Txn) error {
			description, err := infoBlob(c.keys, set, key).read(c.keys, txn)
			if err != nil {
				return err
			}
			if err := json.Unmarshal(description, &info); err != nil {
				return err
			}
			packed, err = rowsBlob(c.keys, set, key, info).read(c.keys, txn)
			if errors.Is(err, badger.ErrKeyNotFound) {
				return errDamaged // described, so it was there
			}
			return err
		})
	})
	if digest := sha256.Sum256(packed); err == nil && !bytes.Equal(digest[:], info.Digest) {
		err = errDamaged
	}
	return info, packed, err
}

// packRows returns the rows in the order of their keys, each with its lengths.
func packRows(rows map[string][]byte) []byte {
	size := 0
	for key, value := range rows {
		size += len(key) + len(value) + 2*binary.MaxVarintLen32
	}
	b := make([]byte, 0, size)
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		b = appendString(b, key)
		b = append(binary.AppendUvarint(b, uint64(len(rows[key]))), rows[key]...)
	}
	return b
}

// unpackRows reads what packRows wrote; the values share b.
func unpackRows(b []byte) (map[string][]byte, error) {
	rows := map[string][]byte{}
	for len(b) > 0 {
		var key, value []byte
		var ok bool
		if key, b, ok = cutBytes(b); !ok {
			return nil, errDamaged
		}
		if value, b, ok = cutBytes(b); !ok {
			return nil, errDamaged
		}
		rows[string(key)] = value
	}
	return rows, nil
}

func cutBytes(b []byte) (part, rest []byte, ok bool) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) {
		return nil, nil, false
	}
	end := size + int(n)
	return b[size:end:end], b[end:], true
}
