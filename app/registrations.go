package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
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
	// Kind is that operation's. Where it changes a registration, as a withdrawal does, it
	// stands here with that registration.
	Kind string
	// Accept tells of an answer to an offer (api.OpAnswerOffer) which one it is.
	Accept bool
	// Code and Reference say why it was refused, Errors in which fields.
	Code      api.Code
	Reference string
	Errors    []api.FieldError
	// Made is when it was made: by the device's clock for what waits or was
	// refused, else by the service's.
	Made time.Time
	// Asked is what the person asks for by a change that waits to be sent.
	Asked *api.Register
	// Changing: there is a draft of a change.
	Changing bool
	// TakenBack: the person took the registration back while it waited to be sent, and it
	// had arrived before that.
	TakenBack bool
}

// Standing is the state that counts for taking part: while a change waits to be sent, or was
// refused, that of the registration as the service knows it.
func (m *Mine) Standing() string {
	if m.Kind == api.OpChange {
		return m.Registration.State
	}
	return m.State
}

// Registrations are those of the person who is logged in. What the service knows
// is cached; what was done here and has not arrived there is in the outbox of the
// store; both together are what the person sees. List, Get and Draft give what is in
// memory: they wait for no disk, and decode nothing.
type Registrations struct {
	core    *core
	session *Session
	queued  func() // tells the sync that something waits
	// others tells which registrations are of others, with which the person deals for an
	// organization.
	others func(number string) bool

	decoding turn       // of the one picture that a photo is made of
	writing  turn       // of the one change of the store at a time, over the disk's work
	looking  sync.Mutex // held while shown is made
	seeing   sync.Mutex // held while a page of others' registrations is kept

	mu        sync.Mutex // guards what follows, for moments only
	vault     *vault
	known     map[string]api.Registration // by number; the map is replaced, not changed
	etag      string                      // of the list that the service last told; empty until it has
	told      bool                        // the service has told it since the store was opened
	refusals  map[string][]api.FieldError // by operation; likewise
	takenBack map[string]time.Time        // when, by operation; likewise
	drafts    drafts
	shown     shown
	joined    map[joinedSession]bool // since the store was opened
	fresh     map[string]bool        // files that were chosen in this run, and that nothing on the disk has named yet: a form that is kept nowhere else may, also over a lock

	changed signal
}

func newRegistrations(k *core, s *Session) *Registrations {
	r := &Registrations{core: k, session: s, decoding: newTurn(), writing: newTurn(), fresh: map[string]bool{}, others: func(string) bool { return false }}
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
	takenBack := map[string]time.Time{}
	written := map[string]draft{}
	if v != nil {
		loadRows(v.store, registrationsSet, known)
		loadRows(v.store, refusalsSet, refusals)
		loadRows(v.store, takenBackSet, takenBack)
		r.dropOldPassports(v.store)
		loadDrafts(v.store, written)
		addPassports(v.store, written, r.core.now())
	}
	r.mu.Lock()
	if r.vault != v {
		r.drafts.forget()
		r.drafts.written, r.shown, r.joined = written, shown{}, map[joinedSession]bool{}
	}
	r.vault, r.known, r.etag, r.told, r.refusals, r.takenBack = v, known, "", false, refusals, takenBack
	r.mu.Unlock()
	r.tell()
}

// tell brings what is shown up to date, and tells of it. It follows each change of the
// store, of known and of refusals.
func (r *Registrations) tell() {
	r.look()
	r.sweepFiles()
	r.changed.tell()
}

// loadRows reads a data set of JSON values into rows. What is not whole is left
// out: it is fetched again.
func loadRows[T any](store *localdb.Store, set string, rows map[string]T) {
	_, stored, err := store.Scan(set)
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
	if err := r.keep(ctx, api.Change{Register: in}); err != nil {
		return fmt.Errorf("register: %w", err)
	}
	return nil
}

// Change keeps a change of a registration for sending, likewise. Another one that waits
// already is api.CodeWrongState: it has to be taken back first.
func (r *Registrations) Change(ctx context.Context, in api.Change) error {
	if err := r.keep(ctx, in); err != nil {
		return fmt.Errorf("change a registration: %w", err)
	}
	return nil
}

// keep keeps what was filled in for sending.
func (r *Registrations) keep(ctx context.Context, in api.Change) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.submit(ctx, in); err != nil {
		return err
	}
	r.worked()
	r.queued()
	return nil
}

// write is the beginning of a change of the store, which ends with give.
func (r *Registrations) write(ctx context.Context) (store *localdb.Store, give func(), err error) {
	if give, err = r.writing.take(ctx); err != nil {
		return nil, nil, err
	}
	v, err := r.open()
	if err != nil {
		give()
		return nil, nil, err
	}
	return v.store, give, nil
}

// inStore has do change the store of v, and tells of it; nothing where another one is open by
// now, or none.
func (r *Registrations) inStore(ctx context.Context, v *vault, do func(*localdb.Store) error) error {
	store, give, err := r.write(ctx)
	if err != nil {
		return nil
	}
	defer r.tell()
	defer give()
	if store != v.store {
		return nil
	}
	return do(store)
}

func (r *Registrations) submit(ctx context.Context, in api.Change) error {
	store, give, err := r.write(ctx)
	if err != nil {
		return err
	}
	defer give()
	pending, err := store.Pending()
	if err != nil {
		return err
	}
	form := ownDraft(&in)
	name := form.name()
	if waits := slices.DeleteFunc(fromDraft(pending, name), r.arrived); len(waits) > 0 {
		if earlier, _ := aboutOf(waits[0].Kind, waits[0].Payload); !sameJSON(earlier.form, in) {
			code := api.CodeAlreadyRegistered
			if in.Registration != "" {
				code = api.CodeWrongState
			}
			return &api.Problem{Status: 409, Code: code}
		}
		return r.dropDraft(store, name) // pressed twice
	}
	if in.Registration == "" {
		_, err = store.Enqueue(api.OpRegister, in.Register)
	} else {
		_, err = store.Enqueue(api.OpChange, in)
	}
	if err != nil {
		return err
	}
	r.look() // so that nobody finds neither the draft nor what became of it
	if err := dismissFor(store, name); err != nil {
		// It stays in the list until the person dismisses it.
		r.core.log.Warn("a refused registration was not dismissed", "cause", Explain(err).Kind)
	}
	if err := r.dropDrafts(store, form); err != nil {
		// The registration is safe, which is what counts; the draft is hidden
		// behind it, and deleted when the registration has been sent.
		r.core.log.Warn("a draft was not deleted", "cause", Explain(err).Kind)
	}
	return nil
}

// arrived tells whether the service has done an operation that waits, of which the answer
// was lost: it is sent again, and what follows it does so by its number.
func (r *Registrations) arrived(op localdb.Operation) bool {
	a, ok := aboutOf(op.Kind, op.Payload)
	if !ok {
		return false
	}
	r.mu.Lock()
	known := r.known
	r.mu.Unlock()
	if a.number != "" {
		arrived := operationKinds[op.Kind].arrived
		return arrived != nil && arrived(known[a.number], a)
	}
	for _, one := range known {
		if one.Operation == op.ID {
			return true
		}
	}
	return false
}

// dropDrafts deletes the draft of what was submitted or is not wanted any more. That for a
// new registration goes with those of changes of registrations for the meeting, which are
// over; see Draft.
func (r *Registrations) dropDrafts(store *localdb.Store, in *draft) error {
	err := r.dropDraft(store, in.name())
	r.mu.Lock()
	all := r.drafts.all()
	r.mu.Unlock()
	for i := range all {
		if in.whose == nil && in.Registration == "" && all[i].Registration != "" && all[i].Meeting == in.Meeting {
			err = errors.Join(err, r.dropDraft(store, all[i].name()))
		}
	}
	return err
}

// worked tells of work that was just written.
func (r *Registrations) worked() {
	r.tell()
	if v, err := r.open(); err == nil {
		r.session.keepWorkSoon(v)
	}
}

// dismissFor removes what was made from a draft and refused: the person has dealt with it by
// submitting anew.
func dismissFor(store *localdb.Store, draft string) error {
	refused, err := store.NeedAttention()
	for _, op := range fromDraft(refused, draft) {
		err = errors.Join(err, store.Dismiss(op.ID))
	}
	return err
}

// Withdraw keeps a withdrawal for sending, likewise. The draft of a change is gone then.
func (r *Registrations) Withdraw(ctx context.Context, number, reason string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("withdraw: %w", err)
	}
	if err := r.withdraw(ctx, number, reason); err != nil {
		return fmt.Errorf("withdraw: %w", err)
	}
	r.worked()
	r.queued()
	return nil
}

func (r *Registrations) withdraw(ctx context.Context, number, reason string) error {
	return r.enqueueOnce(ctx, api.OpWithdraw, number, api.Withdraw{Registration: number, Reason: reason}, true)
}

// AnswerOffer keeps the answer to an offer for sending, likewise. One that waits stands:
// who has changed their mind takes it back first.
func (r *Registrations) AnswerOffer(ctx context.Context, number string, accept bool) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("answer an offer: %w", err)
	}
	if err := r.enqueueOnce(ctx, api.OpAnswerOffer, number, api.AnswerOffer{Registration: number, Accept: accept}, !accept); err != nil {
		return fmt.Errorf("answer an offer: %w", err)
	}
	r.worked()
	r.queued()
	return nil
}

// enqueueOnce keeps an operation on a registration for sending, unless one of this kind
// waits already. With one that ends it, a change that was begun is over too.
func (r *Registrations) enqueueOnce(ctx context.Context, kind, number string, payload any, ends bool) error {
	store, give, err := r.write(ctx)
	if err != nil {
		return err
	}
	defer give()
	pending, err := store.Pending()
	if err != nil {
		return err
	}
	for _, op := range pending {
		if a, ok := aboutOf(op.Kind, op.Payload); ok && op.Kind == kind && a.number == number {
			return nil // pressed twice
		}
	}
	if _, err = store.Enqueue(kind, payload); err != nil {
		return err
	}
	if !ends {
		return nil
	}
	if err := r.dropDraft(store, changeDraftOf(number)); err != nil {
		r.core.log.Warn("a draft was not deleted", "cause", Explain(err).Kind)
	}
	return nil
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
	r.tell()
	r.queued()
	return nil
}

// refresh asks the service for the person's registrations.
func (r *Registrations) refresh(ctx context.Context, v *vault) error {
	r.mu.Lock()
	before := r.etag
	r.mu.Unlock()
	as := r.session.as(v)
	list, etag, changed, err := as.Registrations(ctx, before)
	if err != nil || !changed {
		return err
	}
	if before != "" {
		// What changed may be what the person may do: the answer is taken over as it comes.
		if _, err = as.Account(ctx); err != nil {
			etag = "" // asked for again
		}
	}
	known := make(map[string]api.Registration, len(list))
	for _, one := range list {
		known[one.Number] = one
	}
	r.replace(v, known, etag)
	return err
}

// Told is whether it is known what the person has: by the service, or of an earlier run.
func (r *Registrations) Told() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.told || len(r.known) > 0
}

// replace takes over what the service knows.
func (r *Registrations) replace(v *vault, known map[string]api.Registration, etag string) {
	r.mu.Lock()
	first := r.vault == v && !r.told
	if r.vault == v {
		r.etag, r.told = etag, true
	}
	if r.vault != v || sameJSON(r.known, known) {
		r.mu.Unlock()
		if first {
			r.changed.tell() // see Told
		}
		return
	}
	r.known = known
	r.mu.Unlock()
	r.tell()
	if err := saveRows(v.store, registrationsSet, known); err != nil {
		r.core.log.Warn("not kept for offline", "what", registrationsSet, "cause", Explain(err).Kind)
	}
}

// came is a registration that came with the result of an operation.
type came struct {
	api.Registration
	made bool // by that operation; else it was there before
}

// seen takes over registrations that came with the results of operations, unless
// newer ones are known, and the fields for which operations were refused. Those of
// operations that are over are forgotten. A registration that was there before and is not
// among the person's own is not known to be theirs: it is left to the next refresh.
func (r *Registrations) seen(v *vault, list []came, refused map[string][]api.FieldError) {
	over := isOver(v.store)
	r.mu.Lock()
	if r.vault != v {
		r.mu.Unlock()
		return
	}
	known := maps.Clone(r.known)
	for _, one := range list {
		if old, ok := known[one.Number]; !ok && one.made || ok && one.Version >= old.Version {
			if one.Visa == old.Visa { // of which a result does not have the answer
				one.VisaAnswer = old.VisaAnswer
			}
			known[one.Number] = one.Registration
		}
	}
	refusals := maps.Clone(r.refusals)
	maps.Copy(refusals, refused)
	maps.DeleteFunc(refusals, func(id string, _ []api.FieldError) bool { return over(id) })
	changed := len(refused) > 0 || len(refusals) < len(r.refusals)
	r.known, r.refusals = known, refusals
	r.mu.Unlock()
	var err error
	if len(list) > 0 {
		err = saveRows(v.store, registrationsSet, known)
	}
	if err == nil && changed {
		err = saveRows(v.store, refusalsSet, refusals)
	}
	if err != nil {
		r.core.log.Warn("not kept for offline", "what", registrationsSet, "cause", Explain(err).Kind)
	}
}

// isOver returns a function that reports whether an operation is over: it neither waits nor
// needs attention. In doubt, as where the store was closed, none is.
func isOver(store *localdb.Store) func(id string) bool {
	pending, err := store.Pending()
	refused, errRefused := store.NeedAttention()
	if errors.Join(err, errRefused) != nil {
		return func(string) bool { return false }
	}
	live := map[string]bool{}
	for _, op := range append(pending, refused...) {
		live[op.ID] = true
	}
	return func(id string) bool { return !live[id] }
}

// Subscribe calls f after each change, on any goroutine.
func (r *Registrations) Subscribe(f func()) (cancel func()) {
	return r.changed.subscribe(f)
}
