package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// States of a registration on this machine, beside those of package api.
const (
	StateDraft          = "draft"
	StateWaitingToSend  = "waiting-to-send"
	StateNeedsAttention = "needs-attention"
)

// Mine is a registration as its owner sees it: what the service knows, or what
// waits here to be sent, or what the service refused, or a draft.
type Mine struct {
	api.Registration
	// State is one of package api's or of those above.
	State string
	// Operation is the id of the operation that waits or was refused.
	Operation string
	// Withdrawing: the operation that waits or was refused is a withdrawal; the
	// registration is that to be withdrawn.
	Withdrawing bool
	// Code and Reference say why it was refused, Errors in which fields.
	Code      api.Code
	Reference string
	Errors    []api.FieldError
	// Made is when it was made: by the device's clock for what waits or was
	// refused, else by the service's.
	Made time.Time
}

// Registrations are those of the person who is logged in. What the service knows
// is cached; what was done here and has not arrived there is in the outbox of the
// store; both together are what the person sees.
type Registrations struct {
	core    *core
	session *Session
	queued  func() // tells the sync that something waits

	mu       sync.Mutex // guards what follows
	vault    *vault
	known    map[string]api.Registration // by number
	etag     string                      // of the list that the service last told; empty until it has
	refusals map[string][]api.FieldError // by operation
	drafts   drafts

	changed signal
}

func newRegistrations(k *core, s *Session) *Registrations {
	r := &Registrations{core: k, session: s}
	r.drafts.write = r.writeDrafts
	return r
}

// The data sets of a person's store: registrations by number, as the service
// last told them, and the fields for which operations were refused.
const (
	registrationsSet = "registrations"
	refusalsSet      = "refusals"
)

// load takes the store of v over, or none for nil.
func (r *Registrations) load(v *vault) {
	known, refusals := map[string]api.Registration{}, map[string][]api.FieldError{}
	if v != nil {
		loadRows(v.store, registrationsSet, known)
		loadRows(v.store, refusalsSet, refusals)
	}
	r.mu.Lock()
	if r.vault != v {
		r.drafts.forget()
	}
	r.vault, r.known, r.etag, r.refusals = v, known, "", refusals
	r.mu.Unlock()
	r.changed.tell()
}

// loadRows reads a data set of JSON values into rows. What is not whole is left
// out: it is fetched again.
func loadRows[T any](store *localdb.Store, set string, rows map[string]T) {
	_, stored, err := store.Load(set)
	if err != nil {
		return
	}
	for key, b := range stored {
		var v T
		if json.Unmarshal(b, &v) == nil {
			rows[key] = v
		}
	}
}

func saveRows[T any](store *localdb.Store, set string, rows map[string]T) error {
	stored := make(map[string][]byte, len(rows))
	for key, v := range rows {
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("keep %s: %w", set, err)
		}
		stored[key] = b
	}
	return store.Replace(set, "", stored)
}

// open returns the store, or ErrNoSession.
func (r *Registrations) open() (*vault, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.vault == nil {
		return nil, ErrNoSession
	}
	return r.vault, nil
}

// Submit keeps a registration for sending: it is in the journal, and the
// journal on the disk, when it returns nil. The draft is gone then. Errors to
// test for: ErrNoSession, api.CodeAlreadyRegistered if another one for the
// meeting waits already, localdb.ErrDiskFull.
func (r *Registrations) Submit(ctx context.Context, in api.Register) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("register: %w", err)
	}
	if err := r.submit(in); err != nil {
		return fmt.Errorf("register: %w", err)
	}
	r.worked()
	r.queued()
	return nil
}

func (r *Registrations) submit(in api.Register) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.vault == nil {
		return ErrNoSession
	}
	store := r.vault.store
	pending, err := store.Pending()
	if err != nil {
		return err
	}
	for _, op := range pending {
		var earlier api.Register
		if op.Kind != api.OpRegister || json.Unmarshal(op.Payload, &earlier) != nil || earlier.Meeting != in.Meeting {
			continue
		}
		if !sameJSON(earlier, in) {
			return &api.Problem{Status: 409, Code: api.CodeAlreadyRegistered}
		}
		return r.dropDraft(in.Meeting) // pressed twice
	}
	if _, err := store.Enqueue(api.OpRegister, in); err != nil {
		return err
	}
	if err := r.dismissFor(in.Meeting); err != nil {
		// It stays in the list until the person dismisses it.
		r.core.log.Warn("a refused registration was not dismissed", "cause", Explain(err).Kind)
	}
	if err := r.dropDraft(in.Meeting); err != nil {
		// The registration is safe, which is what counts; the draft is hidden
		// behind it, and deleted when the registration has been sent.
		r.core.log.Warn("a draft was not deleted", "cause", Explain(err).Kind)
	}
	return nil
}

// worked tells of work that was just written.
func (r *Registrations) worked() {
	r.changed.tell()
	if v, err := r.open(); err == nil {
		r.session.keepWorkSoon(v)
	}
}

// dismissFor removes refused registrations for a meeting: the person has dealt
// with them by registering anew.
func (r *Registrations) dismissFor(meeting string) error {
	refused, err := r.vault.store.NeedAttention()
	for _, op := range refused {
		var earlier api.Register
		if op.Kind == api.OpRegister && json.Unmarshal(op.Payload, &earlier) == nil && earlier.Meeting == meeting {
			err = errors.Join(err, r.vault.store.Dismiss(op.ID))
		}
	}
	return err
}

// Withdraw keeps a withdrawal for sending, likewise.
func (r *Registrations) Withdraw(ctx context.Context, number string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("withdraw: %w", err)
	}
	if err := r.withdraw(number); err != nil {
		return fmt.Errorf("withdraw: %w", err)
	}
	r.worked()
	r.queued()
	return nil
}

func (r *Registrations) withdraw(number string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.vault == nil {
		return ErrNoSession
	}
	pending, err := r.vault.store.Pending()
	if err != nil {
		return err
	}
	for _, op := range pending {
		var earlier api.Withdraw
		if op.Kind == api.OpWithdraw && json.Unmarshal(op.Payload, &earlier) == nil && earlier.Registration == number {
			return nil // pressed twice
		}
	}
	_, err = r.vault.store.Enqueue(api.OpWithdraw, api.Withdraw{Registration: number})
	return err
}

// Dismiss removes a refused operation that the person has dealt with. One that
// is not there is localdb.ErrNotFound.
func (r *Registrations) Dismiss(ctx context.Context, operation string) error {
	v, err := r.open()
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = v.store.Dismiss(operation)
	}
	if err != nil {
		return fmt.Errorf("dismiss: %w", err)
	}
	r.changed.tell()
	r.queued()
	return nil
}

// refresh asks the service for the person's registrations.
func (r *Registrations) refresh(ctx context.Context, v *vault) error {
	r.mu.Lock()
	etag := r.etag
	r.mu.Unlock()
	var list []api.Registration
	var changed bool
	err := r.session.authorized(ctx, v, func(access string) (err error) {
		list, etag, changed, err = r.core.client.Registrations(ctx, access, etag)
		return err
	})
	if err != nil || !changed {
		return err
	}
	known := make(map[string]api.Registration, len(list))
	for _, one := range list {
		known[one.Number] = one
	}
	r.replace(v, known, etag)
	return nil
}

// replace takes over what the service knows.
func (r *Registrations) replace(v *vault, known map[string]api.Registration, etag string) {
	r.mu.Lock()
	if r.vault == v {
		r.etag = etag
	}
	if r.vault != v || sameJSON(r.known, known) {
		r.mu.Unlock()
		return
	}
	r.known = known
	r.mu.Unlock()
	if err := saveRows(v.store, registrationsSet, known); err != nil {
		r.core.log.Warn("not kept for offline", "what", registrationsSet, "cause", Explain(err).Kind)
	}
	r.changed.tell()
}

// seen takes over registrations that came with the results of operations, unless
// newer ones are known, and the fields for which operations were refused.
func (r *Registrations) seen(v *vault, list []api.Registration, refused map[string][]api.FieldError) {
	r.mu.Lock()
	if r.vault != v {
		r.mu.Unlock()
		return
	}
	known := make(map[string]api.Registration, len(r.known)+len(list))
	for number, one := range r.known {
		known[number] = one
	}
	for _, one := range list {
		if old, ok := known[one.Number]; !ok || one.Version >= old.Version {
			known[one.Number] = one
		}
	}
	refusals := make(map[string][]api.FieldError, len(r.refusals)+len(refused))
	for id, fields := range r.refusals {
		refusals[id] = slices.Clone(fields)
	}
	for id, fields := range refused {
		refusals[id] = fields
	}
	r.known, r.refusals = known, refusals
	r.mu.Unlock()
	err := saveRows(v.store, registrationsSet, known)
	if err == nil && len(refused) > 0 {
		err = saveRows(v.store, refusalsSet, refusals)
	}
	if err != nil {
		r.core.log.Warn("not kept for offline", "what", registrationsSet, "cause", Explain(err).Kind)
	}
}

// Subscribe calls f after each change, on any goroutine.
func (r *Registrations) Subscribe(f func()) (cancel func()) {
	return r.changed.subscribe(f)
}
