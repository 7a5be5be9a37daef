package localdb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// cache is the open badger directory: data sets (sets.go) and the copy of the
// journal (copies.go). Nothing in it is synced, and nothing is in it alone.
type cache struct {
	db      *badger.DB
	keys    *keys
	files   cacheFiles
	log     *slog.Logger
	room    func(need uint64) error // ErrDiskFull if a write should not be tried
	free    func() (uint64, error)  // free bytes of the disk
	damaged atomic.Int64            // data sets that failed their check

	writing sync.Mutex // held while a data set is replaced
	copies  copyQueue
}

// chunkSize is the most that goes into one of badger's values: a transaction
// holds 15 % of the memory table, and values below ValueThreshold need no
// collection of garbage in the value log.
const chunkSize = 256 << 10

// badgerOptions are those of localdb-facts, where the reason of each stands.
// Blocks are not compressed, as values are sealed; badger's keys are not
// rotated, so that the copy of its KEYREGISTRY stays good. The lock on the folder is the
// store's own.
func badgerOptions(dir string, k *keys, log *slog.Logger) badger.Options {
	return badger.DefaultOptions(dir).
		WithEncryptionKey(k.badger).
		WithEncryptionKeyRotationDuration(30 * 365 * 24 * time.Hour).
		WithSyncWrites(false).
		WithMemTableSize(8 << 20).
		WithValueLogFileSize(2 << 20).
		WithValueThreshold(1 << 20).
		WithNumMemtables(2).
		WithNumLevelZeroTables(2).
		WithNumCompactors(2).
		WithBlockCacheSize(8 << 20).
		WithIndexCacheSize(8 << 20).
		WithNumVersionsToKeep(1).
		WithCompactL0OnClose(true).
		WithCompression(options.None).
		WithMetricsEnabled(false).
		WithBypassLockGuard(true).
		WithLogger(badgerLog{log})
}

// badgerLog passes on badger's messages without their values: those are paths,
// which name the person, and keys.
type badgerLog struct{ log *slog.Logger }

func (l badgerLog) Errorf(format string, _ ...any)   { l.log.Error("badger", "says", format) }
func (l badgerLog) Warningf(format string, _ ...any) { l.log.Warn("badger", "says", format) }
func (l badgerLog) Infof(string, ...any)             {}
func (l badgerLog) Debugf(string, ...any)            {}

// guard runs f and turns a panic in it into an error: badger panics on some
// damaged files.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("badger panicked: %v", r)
		}
	}()
	return f()
}

// openBadger opens badger's directory. A file of length zero after a power cut
// makes the first Open fail and not the second (badger #2207).
func openBadger(o badger.Options) (db *badger.DB, err error) {
	for range 2 {
		err = guard(func() (err error) {
			db, err = badger.Open(o)
			return err
		})
		if err == nil || errors.Is(err, badger.ErrEncryptionKeyMismatch) {
			return db, err
		}
	}
	return nil, err
}

// closeNeeds is the free disk that badger's Close may take: its memory table is
// written to a mapped file, and a full disk would kill the process there.
const closeNeeds = 16 << 20

func (c *cache) close() error {
	c.copies.close()
	if free, err := c.free(); err == nil && free < closeNeeds {
		c.log.Warn("the disk is too full to close the cache: it is left as a killed process would")
		return nil
	}
	if err := guard(c.db.Close); err != nil {
		return fmt.Errorf("close the cache: %w", err)
	}
	return c.files.closed(c.keys)
}

// blob is a value of any size under a key of badger, sealed in chunks. context
// is what the value is: it is a part of each chunk's additional data, so that
// no value can stand for another.
type blob struct {
	key     []byte
	context []byte
}

func (b blob) chunkKey(i int) []byte {
	return binary.BigEndian.AppendUint32(b.key[:len(b.key):len(b.key)], uint32(i))
}

func (b blob) chunkContext(i int) []byte {
	return binary.BigEndian.AppendUint32(b.context[:len(b.context):len(b.context)], uint32(i))
}

// write passes the chunks of data to set. Each begins with their count.
func (b blob) write(k *keys, data []byte, set func(key, value []byte) error) error {
	count := max(1, (len(data)+chunkSize-1)/chunkSize)
	for i := range count {
		part := data[i*chunkSize : min((i+1)*chunkSize, len(data))]
		plain := append(binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(part)), uint32(count)), part...)
		if err := set(b.chunkKey(i), k.values.Seal(nil, nil, plain, b.chunkContext(i))); err != nil {
			return err
		}
	}
	return nil
}

// read returns the blob's data. badger.ErrKeyNotFound if there is none;
// errDamaged if it is not whole.
func (b blob) read(k *keys, txn *badger.Txn) ([]byte, error) {
	data := []byte{}
	for i, count := 0, 1; i < count; i++ {
		item, err := txn.Get(b.chunkKey(i))
		if errors.Is(err, badger.ErrKeyNotFound) && i > 0 {
			return nil, errDamaged
		}
		if err != nil {
			return nil, err
		}
		err = item.Value(func(sealed []byte) error {
			plain, err := k.values.Open(nil, nil, sealed, b.chunkContext(i))
			if err != nil || len(plain) < 4 {
				return errDamaged
			}
			count = int(binary.BigEndian.Uint32(plain))
			data = append(data, plain[4:]...)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return data, nil
}

var errDamaged = errors.New("a cached value is damaged")
