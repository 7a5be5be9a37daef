package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"plenary/api"
	"plenary/localdb"
	"plenary/platform/files"
)

// vault is the open store of the person who is logged in, with the session's
// tokens. It stays when the service ends the session, so that nothing is lost.
type vault struct {
	account   string
	dir       string
	store     *localdb.Store
	kept      bool        // the store's key is in the keyring, and its folder is the account's own
	begun     bool        // ... and was begun by this log-in
	key       localdb.Key // of a store that is not kept
	keepTried atomic.Bool // see keepWorkSoon
	looked    atomic.Bool // see FoundWork
	keeping   turn        // of keepWork, and of the session's end
	over      bool        // guarded by keeping: the store is closed, or will be
	aligned   bool        // see delivery.align; for the one delivery at a time
	// sentFiles are files that the service was given, and when; likewise.
	sentFiles map[string]time.Time

	saving sync.Mutex // held while the profile is written or read
	saved  []byte     // the profile, as the store has it; nil if that is not known

	mu         sync.Mutex      // guards what follows
	during     context.Context // ends with end, when the session is about to end here
	end        context.CancelFunc
	discarded  bool // the person wants all work to be lost, see Discard
	keptWork   bool // the store is not kept, but outlives its session, see keepWork
	keep       bool // the refresh token is in the keyring
	access     string
	expires    time.Time // by the service's clock
	refresh    string    // empty once the service has ended the session
	refreshing *refreshing
}

// newVault is the vault of an open store.
func (s *Session) newVault(account, dir string, store *localdb.Store) *vault {
	v := &vault{account: account, dir: dir, store: store, keeping: newTurn()}
	v.goOn(s.core.ctx)
	return v
}

// goOn lets keepWorkSoon work again, after an end that failed.
func (v *vault) goOn(ctx context.Context) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.end != nil {
		v.end()
	}
	v.during, v.end = context.WithCancel(ctx)
	v.keepTried.Store(false)
}

// stop ends keepWorkSoon and has no keepWork begin until give is called.
func (v *vault) stop(ctx context.Context) (give func(), err error) {
	v.mu.Lock()
	v.end()
	v.mu.Unlock()
	return v.keeping.take(ctx)
}

// retire is stop for good: the store will be closed, or erased.
func (v *vault) retire(ctx context.Context) error {
	give, err := v.stop(ctx)
	if err != nil {
		return err
	}
	v.over = true
	give()
	return nil
}

// own is the folder of the account's own store, where that of v is, or would be if it
// were kept.
func (v *vault) own() string { return strings.TrimSuffix(v.dir, temporarySuffix) }

// temporarySuffix marks the folder of a store that is not to stay: of a session that is
// forgotten at its end (but see keepWork), or data on its way out.
const temporarySuffix = ".temporary"

// erasingSuffix marks, beside the folder of a store, that its person has logged
// out of it and its key is going or gone: what is left of it is not to be kept.
const erasingSuffix = ".erasing"

// hasAccounts says whether somebody's data is in the service's folder.
func hasAccounts(folder string) bool {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return !errors.Is(err, os.ErrNotExist) // in doubt there is
	}
	for _, e := range entries {
		if e.IsDir() && e.Name() != "public" && !strings.Contains(e.Name(), ".") {
			return true
		}
	}
	return false
}

// hasStore says whether there is data in dir.
func hasStore(dir string) bool {
	entries, err := os.ReadDir(dir)
	return len(entries) > 0 || err != nil && !errors.Is(err, os.ErrNotExist)
}

// waiting counts the operations that have not been sent.
func (v *vault) waiting() int {
	waiting, _, _ := v.store.Counts() // of a store that was closed, nothing could be sent
	return waiting
}

// takeTokens leaves the vault without tokens; a refresh under way is for nobody
// then. giveBack undoes it.
func (v *vault) takeTokens() (giveBack func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	access, refresh, keep := v.access, v.refresh, v.keep
	v.access, v.refresh, v.keep = "", "", false
	return func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.access, v.refresh, v.keep = access, refresh, keep
	}
}

// erase closes the store and removes it. A crash in between leaves a folder
// that the next start removes; what another program keeps open, the next log-in.
func (v *vault) erase() error {
	if err := v.store.Close(); err != nil {
		return fmt.Errorf("erase the account's data: %w", err)
	}
	if err := files.RemoveIfThere(v.dir + workSuffix); err != nil {
		return fmt.Errorf("erase the account's data: %w", err)
	}
	dir := v.dir
	if !strings.HasSuffix(dir, temporarySuffix) {
		dir += temporarySuffix
		if err := localdb.Erase(dir); err != nil {
			return fmt.Errorf("erase the account's data: %w", err)
		}
		if err := files.Rename(v.dir, dir); err != nil {
			return fmt.Errorf("erase the account's data: %w", err)
		}
	}
	if err := localdb.Erase(dir); err != nil {
		return fmt.Errorf("erase the account's data: %w", err)
	}
	if err := files.RemoveIfThere(v.own() + erasingSuffix); err != nil {
		return fmt.Errorf("erase the account's data: %w", err)
	}
	return nil
}

// eraseAbandoned removes the store in dir, whose key is lost, if that is because
// of a log-out that could not remove it, and says whether it was.
func eraseAbandoned(dir string) (bool, error) {
	if _, err := os.Stat(dir + erasingSuffix); errors.Is(err, os.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	if err := localdb.Erase(dir); err != nil {
		return false, err
	}
	return true, errors.Join(noteWork(dir, false), files.RemoveIfThere(dir+erasingSuffix))
}

// The data set of the account's own profile.
const (
	profileSet = "account"
	profileKey = "profile"
)

// profile returns the account as it was last seen.
func (v *vault) profile() (a api.Account, ok bool) {
	v.saving.Lock()
	defer v.saving.Unlock()
	b, err := v.store.Get(profileSet, profileKey)
	if err != nil || json.Unmarshal(b, &a) != nil || a.ID != v.account {
		return api.Account{}, false
	}
	v.saved = b
	return a, true
}

// saveProfile keeps the account, if the store does not have it already.
func (v *vault) saveProfile(a api.Account) error {
	b, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("save the profile: %w", err)
	}
	v.saving.Lock()
	defer v.saving.Unlock()
	if bytes.Equal(v.saved, b) {
		return nil
	}
	v.saved = nil
	if err := v.store.Put(profileSet, profileKey, b); err != nil {
		return fmt.Errorf("save the profile: %w", err)
	}
	v.saved = b
	return nil
}
