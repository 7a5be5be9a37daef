// Package localdb is the encrypted store of one account or device on a
// person's machine: the outbox of operations that still have to reach the
// service, the drafts, and a cache of what the service has told.
//
// It is not a general database, knows nothing of the service's types (payloads
// and rows are bytes to it), and does not keep the key: that is the keyring's.
//
// A store is one directory:
//
//	lock             held by the process that has the store open
//	journal/N.seg    the journal: what must never be lost (segment.go)
//	journal/N.mirror the same again (mirror.go)
//	cache-N/         badger: what can be read again (rows.go, rowseal.go)
//	cache-N.state    whether the cache can be trusted (cachefiles.go)
//	ballast          bytes to release when the disk is full
//
// Everything that a person made (operations, drafts, settlements) goes to the
// journal, and is synced in both of its files before a method returns. So the loss,
// truncation or damage of any one file loses nothing: the next Open repairs one file
// of the journal from the other, and the service fills the cache. Badger's writes are
// never synced, and nothing is in badger alone: on any doubt its directory is left
// behind and a new one filled.
//
// Start reading at Open; then segment.go (format), journal.go (writing), mirror.go and
// recover.go (reading), state.go (what the records mean), rows.go and cache.go (what
// the service has told). The search in directory.go and search.go is in memory, and
// apart from all this.
package localdb

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"plenary/platform/files"
)

// Key is a store's key. It belongs in the system's keyring; whoever loses it
// has lost the store's contents.
type Key [32]byte

// NewKey returns a new random key. Make one only for a directory in which no
// store is: "the keyring cannot be reached" is not "there is no key".
func NewKey() Key {
	var k Key
	rand.Read(k[:]) // never fails: crypto/rand ends the program instead
	return k
}

// Errors that callers test for with errors.Is.
var (
	// ErrInUse: another process, or another Store of this one, has it open.
	ErrInUse = errors.New("the store is in use")
	// ErrWrongKey: the store was sealed with another key. Nothing was changed.
	ErrWrongKey = errors.New("the key does not open this store")
	// ErrNewerFormat: a newer Plenary wrote the store. Nothing was changed.
	ErrNewerFormat = errors.New("the store was written by a newer version")
	// ErrDiskFull: not enough room on the disk. What was there is untouched.
	ErrDiskFull = errors.New("the disk is full")
	// ErrStopped: the disk did not confirm an earlier write. The store takes
	// nothing new until it is opened again; what was acknowledged is safe.
	ErrStopped = errors.New("the store stopped after a failed write")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("the store is closed")
	// ErrNotFound: no such operation, draft or data set; also a data set that
	// failed its check, which has to be fetched again.
	ErrNotFound = errors.New("not in the store")
	// ErrTooLarge: a payload or draft beyond MaxRecord, or rows beyond what Apply takes.
	ErrTooLarge = errors.New("too large for the store")
)

// MaxRecord is the largest payload or draft, in bytes.
const MaxRecord = 8 << 20

// Options of a store; the zero value is ready to use.
type Options struct {
	// Logger gets counts and causes, never contents. Default: none.
	Logger *slog.Logger
	// Now is the device's clock. Default: time.Now.
	Now func() time.Time
	// Contact is when the service last answered, by its clock, zero for never. It is kept
	// with each operation, whose age it bounds whatever the device's clock says. Default:
	// never.
	Contact func() time.Time
	// MinFree is the free disk space in bytes below which new work (Enqueue,
	// PutDraft, and what is put into data sets) is refused with ErrDiskFull, and below which the
	// cache is not opened: badger writes to mapped files, and a full disk then
	// kills the process. Default: 64 MiB (localdb-facts).
	MinFree uint64
	// KeepSettled is how long settled operations are kept, so that a service
	// restored from a backup can have them again (Rewind). Default: 14 days.
	KeepSettled time.Duration

	// OpenSegment opens a file of the journal to append to. Default: OpenSegment;
	// tests put a faulty disk behind it.
	OpenSegment func(path string) (Segment, error)

	free func(dir string) (uint64, error) // free disk space; tests
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Contact == nil {
		o.Contact = func() time.Time { return time.Time{} }
	}
	if o.MinFree == 0 {
		o.MinFree = 64 << 20
	}
	if o.KeepSettled == 0 {
		o.KeepSettled = 14 * 24 * time.Hour
	}
	if o.free == nil {
		o.free = files.Free
	}
	if o.OpenSegment == nil {
		o.OpenSegment = OpenSegment
	}
	return o
}

// Report says what Open found and repaired, in numbers, never in contents.
type Report struct {
	// Repaired records of the journal could be read in one of its two files only, and
	// are in both again.
	Repaired int
	// Lost records could be read nowhere: operations among them are in Voids,
	// drafts are older than they were, or gone.
	Lost int
	// Voids are the numbers that were operations and can no longer be read.
	Voids int
	// TornBytes at the journal's end belong to a write that was cut short, and
	// so never acknowledged. They are no loss.
	TornBytes int
	// CacheRebuilt: the cache was in doubt (CacheDoubt says why) and a new one
	// was begun; data sets have to be fetched again.
	CacheRebuilt bool
	CacheDoubt   string
	// CacheClosed: too little free disk to open the cache; its methods return
	// ErrDiskFull.
	CacheClosed bool
	// CacheDamaged counts the data sets that failed their check since Open.
	CacheDamaged int
}

// Store is an open store. All methods may be called concurrently. Those that read the
// outbox and the drafts, and Report, never wait for the disk.
type Store struct {
	dir  string
	o    Options
	lock *files.Locked

	report Report // as Open found it

	// A method that writes holds writing, over the disk's work too. What it changes in
	// state and closed, it changes under mu as well, which is held for moments only: so
	// nobody who reads waits for the disk.
	writing sync.Mutex
	journal *journal
	mu      sync.RWMutex
	state   *state
	closed  bool

	closing sync.RWMutex // held to read while the cache is used
	ended   bool         // the cache is closed
	cache   *cache       // nil where Report.CacheClosed
	keys    *keys        // of journal and cache
}

// Open opens the store in dir, or begins a new one there, and repairs what it
// can; Report tells what that was. Errors to test for: ErrInUse, ErrWrongKey,
// ErrNewerFormat, ErrDiskFull.
func Open(dir string, key Key, o Options) (*Store, error) {
	o = o.withDefaults()
	if err := os.MkdirAll(filepath.Join(dir, journalDir), 0o700); err != nil {
		return nil, fmt.Errorf("open store: %w", diskError(err))
	}
	lock, err := lockStore(dir)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{dir: dir, o: o, lock: lock}
	s.keys = deriveKeys(key)
	if err := s.recover(s.keys); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), s.release())
	}
	return s, nil
}

// lockStore locks the store in dir; ErrInUse if it is open already.
func lockStore(dir string) (*files.Locked, error) {
	lock, err := files.Lock(filepath.Join(dir, lockName))
	if errors.Is(err, files.ErrLocked) {
		return nil, ErrInUse
	}
	return lock, diskError(err)
}

// Report returns what Open had to repair or could not read.
func (s *Store) Report() Report {
	r := s.report
	if s.cache != nil {
		r.CacheDamaged = int(s.cache.damaged.Load())
	}
	return r
}

// Close waits for writes under way and closes the store. Keys and contents are not in
// the memory then, as far as that is in the store's hands: what the ciphers and badger
// have of them goes with the garbage. A second Close does nothing.
func (s *Store) Close() error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if s.closed {
		return nil
	}
	s.mu.Lock()
	s.closed, s.state = true, nil
	s.mu.Unlock()
	s.closing.Lock()
	defer s.closing.Unlock()
	s.ended = true
	defer s.forget()
	if err := s.release(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// release closes whatever of the store is open, the lock last.
func (s *Store) release() error {
	var errs []error
	if s.journal != nil {
		errs = append(errs, s.journal.close())
	}
	if s.cache != nil {
		errs = append(errs, s.cache.close())
	}
	errs = append(errs, s.lock.Close())
	return errors.Join(errs...)
}

// forget erases the keys, and lets go of what holds them.
func (s *Store) forget() {
	s.keys.erase()
	if s.journal != nil {
		s.journal.header.data, s.journal.buffer = nil, nil
	}
	if s.cache != nil {
		s.cache.db = nil
	}
}

// Erase removes everything of the store in dir, and dir itself if nothing else
// is in it: for log-out. A store that is open is left alone (ErrInUse); one
// that does not exist is no error.
func Erase(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	lock, err := lockStore(dir)
	if err != nil {
		return fmt.Errorf("erase store: %w", err)
	}
	// Matched within dir: a folder's own name may look like a pattern.
	names, err := fs.Glob(os.DirFS(dir), "cache-*")
	if err != nil {
		return errors.Join(fmt.Errorf("erase store: %w", err), lock.Close())
	}
	var errs []error
	for _, name := range append(names, ballastName, journalDir) {
		errs = append(errs, files.RemoveAll(filepath.Join(dir, name)))
	}
	// Windows removes no open file, so the lock goes in two steps.
	errs = append(errs, lock.Close(), files.Remove(filepath.Join(dir, lockName)))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("erase store: %w", err)
	}
	if left, err := os.ReadDir(dir); err == nil && len(left) == 0 {
		if err := files.Remove(dir); err != nil {
			return fmt.Errorf("erase store: %w", err)
		}
	}
	return nil
}
