package localdb

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"plenary/platform/files"

	"github.com/dgraph-io/badger/v4"
)

// cacheFiles are the badger directory and the files beside it that say whether
// it can be trusted. Badger takes damaged and missing files for an empty
// database, or ends the process from a goroutine of its own (localdb-facts, 3
// and 4), so that is found out before it is opened.
type cacheFiles struct {
	root string // the store's directory
	n    int
}

func (f cacheFiles) path(ext string) string {
	return filepath.Join(f.root, fmt.Sprintf("cache-%d%s", f.n, ext))
}
func (f cacheFiles) dir() string      { return f.path("") }
func (f cacheFiles) marker() string   { return f.path(".marker") } // exists while open
func (f cacheFiles) registry() string { return filepath.Join(f.dir(), badger.KeyRegistryFileName) }
func (f cacheFiles) copy() string     { return f.path(".keys") } // of the registry, sealed
func (f cacheFiles) sums() string     { return f.path(".sums") } // of all files at the last Close, sealed

// maxUnclean is how many times in a row the cache may not have been closed
// before it is in doubt: badger might be what ends the process.
const maxUnclean = 5

const markerOpening = "opening"

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
// doubt, which it then says. The old one is left until the next Open. keyProven
// says that the journal was opened with the key: without that, badger's word
// for a wrong key is believed.
func openCache(root string, k *keys, o Options, keyProven bool) (c *cache, doubt string, err error) {
	f, exists, err := currentCache(root, o.Logger)
	if err != nil {
		return nil, "", err
	}
	unclean := 0
	if exists {
		proven := f.restoreRegistry(k)
		keyProven = keyProven || proven
		unclean, doubt = f.examine(k)
	}
	if doubt == "" {
		c, err = f.open(k, o, unclean)
		switch {
		case err == nil || files.IsDiskFull(err):
			return c, "", err
		case errors.Is(err, badger.ErrEncryptionKeyMismatch) && !keyProven:
			return nil, "", errors.Join(ErrWrongKey, files.RemoveIfThere(f.marker()))
		}
		doubt = "badger cannot open it"
	}
	f.n++
	c, err = f.open(k, o, 0)
	return c, doubt, err
}

// restoreRegistry puts badger's KEYREGISTRY back from its copy if it is missing
// or differs, and says whether the copy proves the key.
func (f cacheFiles) restoreRegistry(k *keys) (proven bool) {
	sealed, err := files.Read(f.copy())
	if err != nil {
		return false
	}
	registry, err := k.values.Open(nil, nil, sealed, []byte("registry"))
	if err != nil {
		return false
	}
	if found, err := files.Read(f.registry()); err != nil || !bytes.Equal(found, registry) {
		// If this fails, the cache is in doubt, or badger cannot open it.
		_ = writeSynced(f.registry(), registry)
	}
	return true
}

// examine says what speaks against opening the directory, "" if nothing does,
// and how many times in a row it was not closed.
func (f cacheFiles) examine(k *keys) (unclean int, doubt string) {
	names, err := f.names()
	if err != nil {
		return 0, "it cannot be listed"
	}
	if len(names) > 0 && (!names[badger.ManifestFilename] || !names[badger.KeyRegistryFileName]) {
		return 0, "a file of badger is missing"
	}
	marker, err := files.Read(f.marker())
	clean := errors.Is(err, os.ErrNotExist)
	if !clean {
		last, err := strconv.Atoi(string(marker))
		switch {
		case string(marker) == markerOpening || err != nil:
			return 0, "the program ended while it was opened"
		case last >= maxUnclean:
			return 0, "the program ended unexpectedly several times"
		}
		unclean = last
	}
	if !f.sumsHold(k, names, clean) {
		return 0, "a file of badger was changed"
	}
	return unclean, ""
}

// names returns the files in badger's directory, without those that come and go.
func (f cacheFiles) names() (map[string]bool, error) {
	entries, err := os.ReadDir(f.dir())
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, e := range entries {
		if e.Name() != "LOCK" {
			names[e.Name()] = true
		}
	}
	return names, nil
}

// sumsHold compares the files with their sums at the last Close. After a clean
// one all must be the same; otherwise the tables, which never change.
func (f cacheFiles) sumsHold(k *keys, names map[string]bool, clean bool) bool {
	sealed, err := files.Read(f.sums())
	if errors.Is(err, os.ErrNotExist) && !clean {
		return true // never closed
	}
	plain, openErr := k.values.Open(nil, nil, sealed, []byte("sums"))
	var sums map[string][]byte
	if err != nil || openErr != nil || json.Unmarshal(plain, &sums) != nil {
		return false
	}
	if clean && len(names) != len(sums) {
		return false
	}
	for name, want := range sums {
		if !clean && (!names[name] || !strings.HasSuffix(name, ".sst")) {
			continue
		}
		sum, err := f.sum(name)
		if err != nil || !bytes.Equal(sum, want) {
			return false
		}
	}
	return true
}

func (f cacheFiles) sum(name string) ([]byte, error) {
	b, err := files.Read(filepath.Join(f.dir(), name))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	return sum[:], nil
}

// open opens badger, with the marker around it.
func (f cacheFiles) open(k *keys, o Options, unclean int) (*cache, error) {
	if err := writeSynced(f.marker(), []byte(markerOpening)); err != nil {
		return nil, err
	}
	db, err := openBadger(badgerOptions(f.dir(), k, o.Logger))
	if err != nil {
		return nil, err
	}
	c := &cache{db: db, keys: k, files: f, log: o.Logger}
	c.room = func(need uint64) error { return o.room(f.root, need) }
	c.free = func() (uint64, error) { return o.free(f.root) }
	registry, err := files.Read(f.registry())
	if err == nil {
		err = writeSynced(f.copy(), k.values.Seal(nil, nil, registry, []byte("registry")))
	}
	if err == nil {
		err = writeSynced(f.marker(), []byte(strconv.Itoa(unclean+1)))
	}
	if err != nil {
		return nil, errors.Join(err, guard(db.Close))
	}
	c.copies.start(c)
	return c, nil
}

// closed notes the files' sums and takes the marker away.
func (f cacheFiles) closed(k *keys) error {
	names, err := f.names()
	if err != nil {
		return err
	}
	sums := map[string][]byte{}
	for name := range names {
		if sums[name], err = f.sum(name); err != nil {
			return err
		}
	}
	plain, err := json.Marshal(sums)
	if err != nil {
		return err
	}
	if err := writeSynced(f.sums(), k.values.Seal(nil, nil, plain, []byte("sums"))); err != nil {
		return err
	}
	return files.Remove(f.marker())
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
