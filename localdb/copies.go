package localdb

import (
	"encoding/binary"
	"errors"
	"slices"
	"sync"

	"github.com/dgraph-io/badger/v4"
)

// copyQueue writes copies of the journal's records to the cache, in its own
// goroutine: the journal has them already, nobody waits.
type copyQueue struct {
	cache *cache
	done  chan struct{}

	mu      sync.Mutex
	changed *sync.Cond
	waiting []copyEntry
	idle    bool // the goroutine waits, and has written all
	closed  bool
}

// copyEntry is a record to write, or where plain is nil, to remove.
type copyEntry struct {
	seq   uint64
	plain []byte
}

const copyPrefix = 'j'

func copyBlob(seq uint64) blob {
	return blob{
		key:     binary.BigEndian.AppendUint64([]byte{copyPrefix}, seq),
		context: binary.BigEndian.AppendUint64([]byte("copy"), seq),
	}
}

func (q *copyQueue) start(c *cache) {
	q.cache, q.done = c, make(chan struct{})
	q.changed = sync.NewCond(&q.mu)
	go q.run()
}

// add queues entries.
func (q *copyQueue) add(entries ...copyEntry) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, entries...)
	q.idle = false
	q.changed.Broadcast()
}

// flush waits until all that was added has been written.
func (q *copyQueue) flush() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.idle {
		q.changed.Wait()
	}
}

func (q *copyQueue) close() {
	q.mu.Lock()
	q.closed = true
	q.changed.Broadcast()
	q.mu.Unlock()
	<-q.done
}

func (q *copyQueue) run() {
	defer close(q.done)
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		for len(q.waiting) == 0 {
			q.idle = true
			q.changed.Broadcast()
			if q.closed {
				return
			}
			q.changed.Wait()
		}
		entries := q.waiting
		q.waiting = nil
		q.mu.Unlock()
		if err := q.cache.writeCopies(entries); err != nil {
			// The next Open writes what is missing.
			q.cache.log.Warn("records of the journal have no copy", "count", len(entries), "full", errors.Is(err, ErrDiskFull))
		}
		q.mu.Lock()
	}
}

func (c *cache) writeCopies(entries []copyEntry) error {
	need := 0
	removed := map[uint64]bool{}
	for _, e := range entries {
		need += len(e.plain)
		removed[e.seq] = e.plain == nil
	}
	if err := c.room(uint64(need)); err != nil {
		return err
	}
	return guard(func() error {
		batch := c.db.NewWriteBatch()
		defer batch.Cancel()
		for _, e := range entries {
			b := copyBlob(e.seq)
			if e.plain != nil && removed[e.seq] {
				continue // the removal would not see what the batch has not written yet
			}
			if e.plain == nil {
				if err := c.deletePrefix(batch, b.key); err != nil {
					return err
				}
				continue
			}
			if err := b.write(c.keys, e.plain, batch.Set); err != nil {
				return err
			}
		}
		return batch.Flush()
	})
}

// deletePrefix removes all keys with a prefix.
func (c *cache) deletePrefix(batch *badger.WriteBatch, prefix []byte) error {
	keys, err := c.listKeys(prefix)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := batch.Delete(key); err != nil {
			return err
		}
	}
	return nil
}

func (c *cache) listKeys(prefix []byte) (keys [][]byte, err error) {
	err = c.db.View(func(txn *badger.Txn) error {
		o := badger.DefaultIteratorOptions
		o.PrefetchValues = false
		o.Prefix = prefix
		it := txn.NewIterator(o)
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			keys = append(keys, it.Item().KeyCopy(nil))
		}
		return nil
	})
	return keys, err
}

// copied returns the copy of a record, nil if there is none or it is damaged.
func (c *cache) copied(seq uint64) (plain []byte) {
	err := guard(func() error {
		return c.db.View(func(txn *badger.Txn) (err error) {
			plain, err = copyBlob(seq).read(c.keys, txn)
			return err
		})
	})
	if err != nil {
		return nil
	}
	return plain
}

// copiedSequences returns the sequences of the records that seem to have
// copies, sorted. A damaged table may hide some.
func (c *cache) copiedSequences() []uint64 {
	var seqs []uint64
	err := guard(func() error {
		keys, err := c.listKeys([]byte{copyPrefix})
		for _, key := range keys {
			if len(key) == 1+8+4 {
				seqs = append(seqs, binary.BigEndian.Uint64(key[1:]))
			}
		}
		return err
	})
	if err != nil {
		c.log.Warn("the copies of the journal's records cannot be listed")
	}
	slices.Sort(seqs)
	return slices.Compact(seqs)
}
