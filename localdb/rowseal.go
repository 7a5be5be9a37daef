package localdb

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash"

	"github.com/dgraph-io/badger/v4"
)

// A data set is its rows and a description, which counts and sums them up:
//
//	's' set[16]                        sealed setInfo
//	'r' set[16] generation[8] row[16]  revision[8], then the sealed key and value
//
// Names of sets and rows are hidden (keys.name). A row is sealed with its place and the
// revision of the set that wrote it as additional data. The generation is that of the
// last Replace: rows of another one count for nothing.
const (
	setPrefix = 's'
	rowPrefix = 'r'

	// maxRow is the largest row, with its key: badger keeps larger values in files
	// of their own, which would have to be tidied.
	maxRow = 1<<20 - 1<<10
)

// setInfo is the description of a data set.
type setInfo struct {
	Version    string `json:"version"`
	Generation []byte `json:"generation"`
	Revision   uint64 `json:"revision"` // of the last change
	Rows       int    `json:"rows"`
	Digest     []byte `json:"digest"` // exclusive or of the rows' MACs
}

var errDamaged = errors.New("a cached data set is damaged")

func newSetInfo() setInfo {
	info := setInfo{Generation: make([]byte, 8), Revision: 1, Digest: make([]byte, sha256.Size)}
	rand.Read(info.Generation)
	return info
}

func (c *cache) setKey(set string) []byte {
	return append([]byte{setPrefix}, c.keys.name(set)...)
}

// allRows is the prefix of a set's rows, of whatever generation.
func (c *cache) allRows(set string) []byte {
	return append([]byte{rowPrefix}, c.keys.name(set)...)
}

// rowsOf is the prefix of the rows of the set's generation.
func (c *cache) rowsOf(set string, info setInfo) []byte {
	return append(c.allRows(set), info.Generation...)
}

func (c *cache) place(set string, info setInfo, key string) []byte {
	return append(c.rowsOf(set, info), c.keys.name(set, key)...)
}

// info returns the description of a set. badger.ErrKeyNotFound if there is none.
func (c *cache) info(txn *badger.Txn, set string) (info setInfo, err error) {
	item, err := txn.Get(c.setKey(set))
	if err != nil {
		return info, err
	}
	err = item.Value(func(sealed []byte) error {
		plain, err := c.keys.values.Open(nil, nil, sealed, item.Key())
		if err != nil || json.Unmarshal(plain, &info) != nil || len(info.Digest) != sha256.Size {
			return errDamaged
		}
		return nil
	})
	return info, err
}

func (c *cache) describe(txn *badger.Txn, set string, info setInfo) error {
	plain, err := json.Marshal(info)
	if err != nil {
		return err
	}
	key := c.setKey(set)
	return txn.Set(key, c.keys.values.Seal(nil, nil, plain, key))
}

// remove deletes the row in a place, if one is there, and counts it no more.
func (c *cache) remove(txn *badger.Txn, info *setInfo, place []byte) error {
	item, err := txn.Get(place)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	stored, err := item.ValueCopy(nil)
	if err != nil {
		return err
	}
	info.Rows--
	addRow(hmac.New(sha256.New, c.keys.digests), info.Digest, place, stored)
	return txn.Delete(place)
}

// sealRow returns what is stored of a row, and counts it.
func (c *cache) sealRow(info *setInfo, place []byte, key string, value []byte) []byte {
	stored := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(key)+len(value)+2+sealOverhead), info.Revision)
	stored = c.keys.values.Seal(stored, nil, append(appendString(nil, key), value...), append(place[:len(place):len(place)], stored...))
	info.Rows++
	addRow(hmac.New(sha256.New, c.keys.digests), info.Digest, place, stored)
	return stored
}

func (c *cache) openRow(place, stored []byte) (key string, value []byte, err error) {
	if len(stored) < 8 {
		return "", nil, errDamaged
	}
	plain, err := c.keys.values.Open(nil, nil, stored[8:], append(place[:len(place):len(place)], stored[:8]...))
	n, size := binary.Uvarint(plain)
	if err != nil || size <= 0 || n > uint64(len(plain)-size) {
		return "", nil, errDamaged
	}
	end := size + int(n)
	return string(plain[size:end]), plain[end:], nil
}

// addRow adds a row to a digest, or takes it out of it.
func addRow(mac hash.Hash, digest, place, stored []byte) {
	mac.Reset()
	mac.Write(place)
	mac.Write(stored)
	subtle.XORBytes(digest, digest, mac.Sum(nil))
}
