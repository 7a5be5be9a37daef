package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// ErrSent: what was to be taken back has been sent and answered meanwhile.
var ErrSent = errors.New("it has been sent already")

// takenBackSet has the operations that were taken back, by id. The service may have done
// one all the same, where its answer was lost.
const takenBackSet = "taken-back"

// TakeBack takes back an operation that waits to be sent; what was filled in for it is a
// draft again. A delivery that is under way is waited for. If the service has done the
// operation already, of which the answer was lost, its registration comes with the next
// refresh (Mine.TakenBack). Errors to test for: ErrNoSession, ErrSent,
// localdb.ErrDiskFull.
func (r *Registrations) TakeBack(ctx context.Context, operation string) error {
	if err := r.takeBack(ctx, operation); err != nil {
		return fmt.Errorf("take back: %w", err)
	}
	r.worked()
	r.queued()
	return nil
}

func (r *Registrations) takeBack(ctx context.Context, operation string) error {
	give, err := r.session.sync.delivering.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	store, wrote, err := r.write(ctx)
	if err != nil {
		return err
	}
	defer wrote()
	pending, err := store.Pending()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(pending, func(op localdb.Operation) bool { return op.ID == operation })
	if i < 0 {
		return ErrSent
	}
	a, ok := aboutOf(pending[i].Kind, pending[i].Payload)
	drafted := false
	if ok && a.form != nil {
		// First, so that a program that is killed in between has lost nothing.
		if drafted, err = r.draftAgain(store, ownDraft(a.form)); err != nil {
			return err
		}
	}
	if err := store.Revoke(operation); err != nil {
		if drafted {
			err = errors.Join(err, r.dropDraft(store, a.draft))
		}
		return err
	}
	r.noteTakenBack(store, operation)
	return nil
}

// draftAgain makes a draft of what was filled in, within write, unless there is one; it
// reports whether it did.
func (r *Registrations) draftAgain(store *localdb.Store, in *draft) (bool, error) {
	name := in.name()
	r.mu.Lock()
	_, there := r.drafts.get(name)
	r.mu.Unlock()
	if there {
		return false, nil
	}
	if err := putDraft(store, in, r.core.now()); err != nil {
		return false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.vault != nil && r.vault.store == store {
		r.drafts.written[name] = *in
	}
	return true, nil
}

// noteTakenBack remembers what was taken back for as long as it may turn out to have
// arrived.
func (r *Registrations) noteTakenBack(store *localdb.Store, operation string) {
	now := r.core.now()
	r.mu.Lock()
	if r.vault == nil || r.vault.store != store {
		r.mu.Unlock()
		return
	}
	noted := maps.Clone(r.takenBack)
	maps.DeleteFunc(noted, func(_ string, at time.Time) bool { return now.Sub(at) > longestOffline })
	noted[operation] = now
	r.takenBack = noted
	r.mu.Unlock()
	if err := saveRows(store, takenBackSet, noted); err != nil {
		r.core.log.Warn("not kept for offline", "what", takenBackSet, "cause", Explain(err).Kind)
	}
}

// Send tries at once to send what waits. It does not while the service has asked to wait.
// Errors to test for: ErrNoSession, those of Explain.
func (r *Registrations) Send(ctx context.Context) error {
	v, err := r.open()
	if err == nil {
		err = r.session.sync.send(ctx, v)
	}
	if err != nil {
		return fmt.Errorf("send what waits: %w", err)
	}
	return nil
}

// send delivers what waits, unless the service has asked to wait.
func (s *Sync) send(ctx context.Context, v *vault) error {
	s.mu.Lock()
	wait := s.notBefore.Sub(s.core.serviceNow())
	s.mu.Unlock()
	if wait > 0 {
		return &api.Problem{Code: api.CodeBusy, RetryAfter: wait}
	}
	err := s.deliver(ctx, v)
	if asked := Explain(err).RetryAfter; asked > 0 {
		s.askedToWait(asked)
		return err
	}
	s.Now() // the rest of what there is to be known, and how the service stands
	return err
}

// askedToWait notes for how long the service wants to be left alone.
func (s *Sync) askedToWait(wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notBefore = s.core.serviceNow().Add(wait)
}
