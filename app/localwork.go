package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"plenary/localdb"
	"plenary/platform/files"
)

// LocalWork is what of a person's work exists on this machine alone, and would be lost
// with the account's store.
type LocalWork struct {
	Waiting int // operations that have not been sent
	Refused int // operations that the service refused, and that the person has not dealt with
	Drafts  int // of registrations that were neither sent nor refused, and of what a manager writes
	// Delegates are drafts of registrations of others of the person's organization.
	Delegates int
	// Guests are those of people whom a meeting's manager registers.
	Guests int
}

// Any tells whether there is any.
func (w LocalWork) Any() bool { return w != LocalWork{} }

// LocalWork writes the drafts that have not been written yet, and counts what exists
// here alone; nothing where nobody is logged in. Of a locked session it counts the drafts
// only that are in the memory, since the disk did not take them. It waits for the disk.
// Errors to test for: localdb.ErrDiskFull, for a draft that could not be written and is not counted.
func (s *Session) LocalWork(ctx context.Context) (LocalWork, error) {
	flushed := s.registrations.Flush(ctx)
	v := s.open()
	if v == nil {
		var work LocalWork
		for _, in := range s.unwrittenNow() {
			work.draft(in.name())
		}
		return work, nil
	}
	work, err := v.localWork()
	if err := errors.Join(flushed, err); err != nil {
		return work, fmt.Errorf("look for what was not sent: %w", err)
	}
	return work, nil
}

// localWork counts what the store holds and nothing else does.
func (v *vault) localWork() (w LocalWork, err error) {
	waiting, err := v.store.Pending()
	if err != nil {
		return w, err
	}
	refused, err := v.store.NeedAttention()
	if err != nil {
		return w, err
	}
	drafts, err := v.store.Drafts()
	if err != nil {
		return w, err
	}
	w.Waiting, w.Refused = len(waiting), len(refused)
	counted := map[string]bool{} // names of drafts whose registration counts already
	for _, op := range append(waiting, refused...) {
		if a, ok := aboutOf(op.Kind, op.Payload); ok {
			counted[a.draft], counted[correctionPrefix+op.ID] = true, true
		}
	}
	for _, name := range drafts {
		if !counted[name] {
			w.draft(name)
		}
	}
	return w, nil
}

// draft counts one by its name; what belongs to another one does not count.
func (w *LocalWork) draft(name string) {
	prefix, _, _ := strings.Cut(name, "/")
	switch prefix + "/" {
	case filePrefix, passportPrefix:
	case delegatePrefix, correctionPrefix:
		w.Delegates++
	case guestPrefix:
		w.Guests++
	default:
		w.Drafts++
	}
}

// worth says whether the store holds anything that exists nowhere else; in doubt it does.
func (v *vault) worth() bool {
	work, err := v.localWork()
	return err != nil || work.Any()
}

// A store whose session is not kept stands in a folder with temporarySuffix, and its key
// is in the memory only: both are gone when the session ends. That changes with the
// first work in it that exists here alone: keepWork puts the key, and never a token, into
// the keyring, and beside the folder a file whose name ends in workSuffix. From then on
// the store outlives a crash, and adoptWork makes it the account's own, which the next
// log-in finds. Beside an account's own store such a file tells that there was work in it
// when it was closed (noteWork).
const workSuffix = ".work"

// keepWorkAfter is how long work has to exist here alone until keepWork: what is sent at
// once needs no keyring, which may ask the person something.
var keepWorkAfter = 2 * time.Second

// keepWorkSoon is keepWork in the background. What fails is tried again when the session
// ends.
func (s *Session) keepWorkSoon(v *vault) {
	if v.outlives() || v.keepTried.Swap(true) {
		return
	}
	v.mu.Lock()
	during := v.during
	v.mu.Unlock()
	s.core.spawn(func() {
		t := time.NewTimer(keepWorkAfter)
		defer t.Stop()
		select {
		case <-during.Done():
			return
		case <-t.C:
		}
		v.keepTried.Store(false) // before the look: work that comes after it begins another one
		if !v.worth() || v.keepTried.Swap(true) {
			return
		}
		if err := s.keepWork(during, v); err != nil {
			s.core.log.Warn("work is kept in a session only that will be forgotten", "cause", Explain(err).Kind)
			return
		}
		s.changed.tell(s.news)
	})
}

// KeepWork lets work that exists here alone outlive the session, as it does by itself
// after some seconds, and notes that its person knows; nothing where nobody is logged in.
// Errors to test for: the keyring's, ErrUnsent.
func (s *Session) KeepWork(ctx context.Context) error {
	v := s.open()
	if v == nil && len(s.unwrittenNow()) > 0 {
		return fmt.Errorf("keep what was not sent: %w", ErrUnsent)
	}
	if v == nil || !v.worth() {
		return nil
	}
	if err := s.keepWork(ctx, v); err != nil {
		return fmt.Errorf("keep what was not sent: %w", err)
	}
	s.leftKnowingly(v)
	return nil
}

// Send delivers what waits, if anything does. Some of it may be refused.
func (s *Session) Send(ctx context.Context) error {
	v := s.open()
	if v == nil || v.waiting() == 0 {
		return nil
	}
	return s.sync.deliver(ctx, v)
}

// outlives says whether the store can be opened again when the session is over.
func (v *vault) outlives() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.kept || v.keptWork
}

// errInTheWay: the account has an earlier store, so that this one cannot become its own.
var errInTheWay = fmt.Errorf("%w: an earlier store is in the way", ErrUnsent)

// keepWork lets the store outlive its session. Errors to test for: the keyring's;
// ErrUnsent where an earlier store of the account, which cannot be read, is in the way.
func (s *Session) keepWork(ctx context.Context, v *vault) error {
	if v.outlives() {
		return nil
	}
	give, err := v.keeping.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	if v.outlives() { // another call has done it meanwhile
		return nil
	}
	if v.over {
		return ErrNoSession
	}
	if hasStore(v.own()) {
		return errInTheWay
	}
	id, _ := s.core.place.known()
	if err := s.keyring().setNew(ctx, keyItem(id, v.account), encodeKey(v.key)); err != nil {
		return err
	}
	if err := writeFile(v.dir+workSuffix, nil); err != nil {
		return errors.Join(err, s.keyring().remove(ctx, keyItem(id, v.account)))
	}
	v.mu.Lock()
	v.keptWork = true
	v.mu.Unlock()
	return nil
}

// keepWorkTime bounds how long the keyring may take when a session ends that nobody can
// be asked about.
const keepWorkTime = 3 * time.Second

// closeKeeping closes the store, which stays on the machine.
func (v *vault) closeKeeping() error {
	work := v.worth()
	if err := v.store.Close(); err != nil {
		return err
	}
	v.mu.Lock()
	keptWork := v.keptWork
	v.mu.Unlock()
	if keptWork {
		if err := adoptWork(v.dir + workSuffix); err != nil {
			return err
		}
	}
	return noteWork(v.own(), work)
}

// adoptWork makes the store beside a file of keepWork the account's own; without such a
// file it does nothing.
func adoptWork(mark string) error {
	if _, err := os.Stat(mark); errors.Is(err, os.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("keep what was not sent: %w", err)
	}
	dir := strings.TrimSuffix(mark, workSuffix)
	own := strings.TrimSuffix(dir, temporarySuffix)
	if hasStore(own) {
		return errInTheWay
	}
	if err := files.Rename(dir, own); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("keep what was not sent: %w", err)
	}
	return files.Rename(mark, own+workSuffix)
}

// tidy does in a service's folder what an earlier run could not: stores with work
// become their accounts' own, and those whose keys are gone are removed.
func tidy(folder string, log *slog.Logger) {
	for _, mark := range matching(folder, "*"+temporarySuffix+workSuffix, log) {
		if err := adoptWork(mark); err != nil {
			log.Warn("a store with work in it stays where it is", "cause", Explain(err).Kind)
		}
	}
	for _, dir := range matching(folder, "*"+temporarySuffix, log) {
		if _, err := os.Stat(dir + workSuffix); !errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err := localdb.Erase(dir); err != nil && !errors.Is(err, localdb.ErrInUse) {
			log.Warn("a temporary store was not erased", "cause", Explain(err).Kind)
		}
	}
}

// matching gives the paths in a folder that fit a pattern.
func matching(folder, pattern string, log *slog.Logger) (paths []string) {
	names, err := fs.Glob(os.DirFS(folder), pattern)
	if err != nil {
		log.Warn("look for what an earlier run has left", "cause", err.Error())
	}
	for _, name := range names {
		paths = append(paths, filepath.Join(folder, name))
	}
	return paths
}
