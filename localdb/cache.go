package localdb

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

// cache is the open badger directory, which holds the data sets (rows.go). Nothing in
// it is synced, and nothing is in it alone.
type cache struct {
	db      *badger.DB
	keys    *keys
	files   cacheFiles
	log     *slog.Logger
	room    func(need uint64) error // ErrDiskFull if a write should not be tried
	free    func() (uint64, error)  // free bytes of the disk
	damaged atomic.Int64            // data sets that failed their check

	writing sync.Mutex // held while a data set is changed
}

// badgerOptions are those of localdb-facts, where the reason of each stands.
// Blocks are not compressed, as values are sealed; badger's keys are not
// rotated, so that its KEYREGISTRY never changes. One change at a time, so none conflict.
// The lock on the folder is the store's own.
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
		WithNumCompactors(0). // see tidy
		WithNumLevelZeroTablesStall(1000).
		WithBlockCacheSize(8 << 20).
		WithIndexCacheSize(8 << 20).
		WithNumVersionsToKeep(1).
		WithCompactL0OnClose(true).
		WithCompression(options.None).
		WithDetectConflicts(false).
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

// maxNewTables is how many tables badger may have beside those that are in order: each
// is looked through by each read.
const maxNewTables = 4

// tidy brings badger's tables into order once there are many new ones. It follows each
// change, with writing held: badger's own goroutines for that would wake the processor
// forty times a second for each store, also while nothing changes.
func (c *cache) tidy() {
	levels := c.db.Levels()
	if levels[0].NumTables <= maxNewTables {
		return
	}
	var need int64
	for _, l := range levels {
		need += l.Size
	}
	err := c.room(uint64(need))
	if err == nil {
		err = guard(func() error { return c.db.Flatten(1) })
	}
	if err != nil {
		c.log.Warn("the tables of the cache are not brought into order")
	}
}

// closeNeeds is the free disk that badger's Close may take: its memory table is
// written to a mapped file, and a full disk would kill the process there.
const closeNeeds = 16 << 20

func (c *cache) close() error {
	if free, err := c.free(); err == nil && free < closeNeeds {
		c.log.Warn("the disk is too full to close the cache: it is left as a killed process would")
		return nil
	}
	if err := guard(c.db.Close); err != nil {
		return fmt.Errorf("close the cache: %w", err)
	}
	return c.files.closed(c.keys)
}
