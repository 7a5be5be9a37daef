package localdb

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"plenary/platform/files"

	"github.com/dgraph-io/badger/v4"
)

// cacheFiles are the badger directory and the file beside it that says whether it can be
// trusted. Badger takes damaged and missing files for an empty database, or ends the
// process from a goroutine of its own (localdb-facts, 3 and 4), so that is found out
// before it is opened.
type cacheFiles struct {
	root string // the store's directory
	n    int
}

func (f cacheFiles) dir() string   { return filepath.Join(f.root, fmt.Sprintf("cache-%d", f.n)) }
func (f cacheFiles) state() string { return f.dir() + ".state" }

// cacheState is what is known of the directory; it is sealed.
type cacheState struct {
	Opening bool              `json:"opening"` // it is being opened
	Unclean int               `json:"unclean"` // times in a row that it was opened and not closed
	Sums    map[string][]byte `json:"sums"`    // SHA-256 of all files, when it was last closed
}

// maxUnclean is how many times in a row the cache may not have been closed
// before it is in doubt: badger might be what ends the process.
const maxUnclean = 5

// currentCache finds the cache to open and removes older ones. exists is false
// if there is none yet.
func currentCache(root string, log *slog.Logger) (f cacheFiles, exists bool, err error) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return f, false, err
	}
	f = cacheFiles{root: root, n: 1}
	for _, e := range entries {
		if n, ok := cacheNumber(e.Name()); ok && e.IsDir() {
			f.n, exists = max(f.n, n), true
		}
	}
	for _, e := range entries {
		if n, ok := cacheNumber(e.Name()); ok && n < f.n {
			if err := files.TryRemoveAll(filepath.Join(root, e.Name())); err != nil {
				log.Warn("an old cache cannot be removed yet")
			}
		}
	}
	return f, exists, nil
}

func cacheNumber(name string) (int, bool) {
	digits, ok := strings.CutPrefix(name, "cache-")
	if !ok {
		return 0, false
	}
	digits, _, _ = strings.Cut(digits, ".")
	n, err := strconv.Atoi(digits)
	return n, err == nil && n > 0
}

// openCache opens the cache, or begins a new one when the one there is in
// doubt, which it then says. The old one is left until the next Open.
func openCache(root string, k *keys, o Options) (c *cache, doubt string, err error) {
	f, exists, err := currentCache(root, o.Logger)
	if err != nil {
		return nil, "", err
	}
	var state cacheState
	if exists {
		state, doubt = f.examine(k)
	}
	if doubt == "" {
		c, err = f.open(k, o, state)
		if err == nil || files.IsDiskFull(err) {
			return c, "", err
		}
		doubt = "badger cannot open it"
	}
	f.n++
	c, err = f.open(k, o, cacheState{})
	return c, doubt, err
}

// examine says what speaks against opening the directory, "" if nothing does.
func (f cacheFiles) examine(k *keys) (state cacheState, doubt string) {
	sealed, err := files.Read(f.state())
	if err != nil {
		return state, "its state is missing"
	}
	plain, err := k.values.Open(nil, nil, sealed, []byte("state"))
	if err != nil || json.Unmarshal(plain, &state) != nil {
		return state, "its state cannot be read"
	}
	switch {
	case state.Opening:
		return state, "the program ended while it was opened"
	case state.Unclean >= maxUnclean:
		return state, "the program ended unexpectedly several times"
	}
	for _, name := range []string{badger.ManifestFilename, badger.KeyRegistryFileName} {
		if _, err := os.Stat(filepath.Join(f.dir(), name)); err != nil {
			return state, "a file of badger is missing"
		}
	}
	sums, err := f.sums(state.compares)
	switch {
	case err != nil:
		return state, "its files cannot be read"
	case !state.hold(sums):
		return state, "a file of badger was changed"
	}
	return state, ""
}

// compares tells which files are compared with their sums at the last Close: after a clean
// one all, otherwise those that never change.
func (s cacheState) compares(name string) bool {
	return s.Unclean == 0 || name == badger.KeyRegistryFileName || strings.HasSuffix(name, ".sst")
}

// hold compares the files that compares names. After a clean Close all must be there, and
// no other.
func (s cacheState) hold(sums map[string][]byte) bool {
	if s.Unclean == 0 {
		return maps.EqualFunc(s.Sums, sums, bytes.Equal)
	}
	for name, sum := range sums {
		if was, known := s.Sums[name]; known && !bytes.Equal(sum, was) {
			return false
		}
	}
	return true
}

// sums returns those of the files in badger's directory whose names are wanted.
func (f cacheFiles) sums(wanted func(name string) bool) (map[string][]byte, error) {
	entries, err := os.ReadDir(f.dir())
	if err != nil {
		return nil, err
	}
	sums := map[string][]byte{}
	for _, e := range entries {
		if !wanted(e.Name()) {
			continue
		}
		b, err := files.Read(filepath.Join(f.dir(), e.Name()))
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(b)
		sums[e.Name()] = sum[:]
	}
	return sums, nil
}

// open opens badger, and notes that it does and that it has.
func (f cacheFiles) open(k *keys, o Options, state cacheState) (*cache, error) {
	state.Opening = true
	if err := f.note(k, state); err != nil {
		return nil, err
	}
	db, err := openBadger(badgerOptions(f.dir(), k, o.Logger))
	if err != nil {
		return nil, err
	}
	state.Opening = false
	state.Unclean++
	if err := f.note(k, state); err != nil {
		return nil, errors.Join(err, guard(db.Close))
	}
	return &cache{
		db: db, keys: k, files: f, log: o.Logger,
		room: func(need uint64) error { return o.room(f.root, need) },
		free: func() (uint64, error) { return o.free(f.root) },
	}, nil
}

// closed notes that badger was closed, and its files' sums.
func (f cacheFiles) closed(k *keys) error {
	sums, err := f.sums(func(string) bool { return true })
	if err != nil {
		return err
	}
	return f.note(k, cacheState{Sums: sums})
}

// note replaces what is known of the directory.
func (f cacheFiles) note(k *keys, state cacheState) error {
	plain, err := json.Marshal(state)
	if err != nil {
		return err
	}
	if err := writeSynced(f.state()+newExt, k.values.Seal(nil, nil, plain, []byte("state"))); err != nil {
		return err
	}
	return files.Rename(f.state()+newExt, f.state())
}

// writeSynced replaces the file's contents and syncs them.
func writeSynced(path string, b []byte) error {
	f, err := files.Open(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC)
	if err != nil {
		return err
	}
	if _, err := f.Write(b); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Sync(); err != nil {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}
