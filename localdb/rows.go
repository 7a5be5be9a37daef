package localdb

import (
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"
)

// Put keeps a value under key in the data set, which it begins if there is none.
// Errors to test for: ErrDiskFull, ErrTooLarge, ErrClosed.
func (s *Store) Put(set, key string, value []byte) error {
	err := s.use(func(c *cache) error {
		return c.change(set, nil, map[string][]byte{key: value}, nil)
	})
	if err != nil {
		return fmt.Errorf("put a value of %s: %w", set, err)
	}
	return nil
}

// Apply changes the data set from one version of the service's to the next: it deletes
// rows, puts others, and notes the version, all or nothing. It takes about a megabyte.
// Errors to test for: ErrNotFound if there is no such set, since what came before is
// missing (begin with Replace); ErrDiskFull, ErrTooLarge, ErrClosed.
func (s *Store) Apply(set, version string, upserts map[string][]byte, deletes []string) error {
	err := s.use(func(c *cache) error {
		return c.change(set, &version, upserts, deletes)
	})
	if err != nil {
		return fmt.Errorf("change data set %s: %w", set, err)
	}
	return nil
}

// Replace begins the data set anew with rows, which may be any number, at once for
// readers, and with the version that the service gave them. Errors as with Put.
func (s *Store) Replace(set, version string, rows map[string][]byte) error {
	err := s.use(func(c *cache) error { return c.replace(set, version, rows) })
	if err != nil {
		return fmt.Errorf("replace data set %s: %w", set, err)
	}
	return nil
}

// Scan returns the version and all rows of the data set. ErrNotFound if there is none,
// or if it is not as it was written: it is dropped then, and has to be fetched again.
func (s *Store) Scan(set string) (version string, rows map[string][]byte, err error) {
	err = s.use(func(c *cache) error {
		var info setInfo
		info, rows, err = c.scan(set)
		version = info.Version
		return err
	})
	if err != nil {
		return "", nil, fmt.Errorf("scan data set %s: %w", set, err)
	}
	return version, rows, nil
}

// Get returns one value of a small data set, all of which is checked. Errors as with
// Scan.
func (s *Store) Get(set, key string) ([]byte, error) {
	_, rows, err := s.Scan(set)
	if err != nil {
		return nil, err
	}
	value, ok := rows[key]
	if !ok {
		return nil, fmt.Errorf("get a value of %s: %w", set, ErrNotFound)
	}
	return value, nil
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
	err := guard(func() error { return f(s.cache) })
	if errors.Is(err, badger.ErrTxnTooBig) {
		return ErrTooLarge
	}
	return diskError(err)
}
