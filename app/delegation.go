package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// Delegate is a registration of the organization for which the person is appointed: what
// the service knows, with what was done here and waits to be sent, or was refused; or
// somebody who was registered here, and whom the service does not have, or is about to be:
// a draft.
type Delegate struct {
	api.Delegate
	// Waits is what was decided here and waits to be sent: one of api.May, or empty.
	Waits string
	// Code says why the service did not take what was done here last; empty if it did.
	Code      api.Code
	Reference string
	Errors    []api.FieldError
	// Operation is the id of the operation by which the person was registered here, while
	// it waits or after it was refused; State is StateWaitingToSend or StateNeedsAttention
	// then, and Asked what was entered. Of a draft State is StateDraft, and there is none.
	Operation string
	Asked     *api.RegisterFor
	// Corrected: there is a draft in the place of what was refused.
	Corrected bool
}

// Delegation is what somebody who is appointed for an organization sees of its
// registrations, and does with them, also without network. List and About give what is in
// memory.
type Delegation struct {
	core    *core
	session *Session
	queued  func() // tells the sync that something waits

	looking sync.Mutex // held while shown is made

	mu      sync.Mutex // guards what follows, for moments only
	vault   *vault
	head    delegationHead
	known   map[string]api.Delegate // by number; the map is replaced, not changed
	refused map[string]api.Code     // decisions that the service did not take, by number; likewise
	etag    string
	shown   []Delegate

	changed signal
}

// delegationHead is what the person is appointed to, as the service has said last.
type delegationHead struct {
	Kind         string           `json:"kind"`
	Organization api.Organization `json:"organization"`
	At           time.Time        `json:"at"`
}

// The data sets of a person's store.
const (
	delegationSet     = "delegation"         // registrations by number
	delegationHeadSet = "delegation-head"    // one row
	delegationRefused = "delegation-refused" // codes by number
)

func newDelegation(k *core, s *Session, r *Registrations) *Delegation {
	d := &Delegation{core: k, session: s}
	r.Subscribe(d.tell) // the store was changed, or is another one
	return d
}

// take takes over the store that is open now, if it is another one than before.
func (d *Delegation) take() *vault {
	v := d.session.open()
	d.mu.Lock()
	same := d.vault == v
	d.mu.Unlock()
	if same {
		return v
	}
	heads, known, refused := map[string]delegationHead{}, map[string]api.Delegate{}, map[string]api.Code{}
	if v != nil {
		loadRows(v.store, delegationHeadSet, heads)
		loadRows(v.store, delegationSet, known)
		loadRows(v.store, delegationRefused, refused)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.vault, d.head, d.known, d.refused, d.etag, d.shown = v, heads["head"], known, refused, "", nil
	return v
}

// has tells whether a registration is one of the organization's, and not the person's own.
func (d *Delegation) has(number string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	one, ok := d.known[number]
	return ok && !one.Own
}

func (d *Delegation) tell() {
	d.look()
	d.changed.tell()
}

// look brings what is shown up to date.
func (d *Delegation) look() {
	d.looking.Lock()
	defer d.looking.Unlock()
	v := d.take()
	if v == nil {
		return
	}
	d.mu.Lock()
	known, refused := d.known, d.refused
	d.mu.Unlock()
	// A store that was closed in between has nothing to show.
	pending, _ := v.store.Pending()
	attention, _ := v.store.NeedAttention()
	drafts := d.session.registrations.delegateDrafts(v)
	waits := map[string]string{}
	var here []Delegate
	for _, op := range pending {
		what, numbers := decisionOf(op)
		for _, number := range numbers {
			waits[number] = what
		}
		if one, ok := registeredHere(op, StateWaitingToSend); ok {
			here = append(here, one)
		}
	}
	for _, op := range attention {
		if one, ok := registeredHere(op, StateNeedsAttention); ok {
			name := correctionPrefix + op.ID
			_, one.Corrected = drafts[name]
			delete(drafts, name) // it stands with what it corrects
			here = append(here, one)
		}
	}
	for _, in := range drafts {
		here = append(here, in.delegate())
	}
	for number, one := range known {
		here = append(here, Delegate{Delegate: one, Waits: waits[number], Code: refused[number]})
	}
	slices.SortFunc(here, func(a, b Delegate) int {
		return cmp.Or(cmp.Compare(draftsFirst(&a), draftsFirst(&b)), b.Sent.Compare(a.Sent), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Meeting, b.Meeting))
	})
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.vault == v {
		d.shown = here
	}
}

func draftsFirst(d *Delegate) int {
	if d.State == StateDraft {
		return 0
	}
	return 1
}

// decisionOf is what an operation does with registrations of others; none for another one.
func decisionOf(op localdb.Operation) (what string, numbers []string) {
	switch op.Kind {
	case api.OpDecideMany:
		var in api.DecideMany
		if json.Unmarshal(op.Payload, &in) == nil {
			what, numbers = api.MayApprove, in.Registrations
			if !in.Approve {
				what = api.MayRefuse
			}
		}
	case api.OpWithdraw:
		var in api.Withdraw
		if json.Unmarshal(op.Payload, &in) == nil {
			what, numbers = api.MayWithdraw, []string{in.Registration}
		}
	}
	return what, numbers
}

// registeredHere is somebody whom an operation registers.
func registeredHere(op localdb.Operation, state string) (Delegate, bool) {
	var in api.RegisterFor
	if op.Kind != api.OpRegisterFor || json.Unmarshal(op.Payload, &in) != nil {
		return Delegate{}, false
	}
	one := delegateOf(in, state)
	one.Sent, one.Operation, one.Code, one.Reference = op.Made, op.ID, api.Code(op.Code), op.Reference
	return one, true
}

// List gives the registrations, drafts and then the newest first.
func (d *Delegation) List() []Delegate {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.shown)
}

// About is what the person is appointed to, and for which organization; empty for nothing.
func (d *Delegation) About() (kind string, organization api.Organization) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.head.Kind, d.head.Organization
}

// Subscribe calls f after each change, on any goroutine.
func (d *Delegation) Subscribe(f func()) (cancel func()) { return d.changed.subscribe(f) }

// refresh asks the service, if the person is appointed for an organization. What is known
// of others, and typed, goes at once where that has ended.
func (d *Delegation) refresh(ctx context.Context, v *vault) error {
	if d.session.State().Account.Appointed == "" {
		d.replace(v, api.Delegation{}, "")
		if d.ended() {
			d.session.registrations.dropDelegates(ctx, v)
		}
		return nil
	}
	d.mu.Lock()
	etag := d.etag
	d.mu.Unlock()
	all, etag, changed, err := d.session.as(v).Delegation(ctx, etag)
	switch {
	case api.HasCode(err, api.CodeNotFound):
		d.replace(v, api.Delegation{}, "")
		d.session.registrations.dropDelegates(ctx, v)
		return nil
	case err != nil:
		return err
	case !changed:
		d.confirm(v)
		return nil
	}
	d.replace(v, all, etag)
	return nil
}

// confirmedAge is by how much the time of what is known may differ from that of the last
// answer.
const confirmedAge = time.Hour

// confirm notes that what is known is as the service has it.
func (d *Delegation) confirm(v *vault) {
	now := d.core.serviceNow()
	d.mu.Lock()
	head := d.head
	if d.vault != v || now.Sub(head.At) < confirmedAge {
		d.mu.Unlock()
		return
	}
	head.At = now
	d.head = head
	d.mu.Unlock()
	if err := saveRows(v.store, delegationHeadSet, map[string]delegationHead{"head": head}); err != nil {
		d.core.log.Warn("not kept for offline", "what", delegationHeadSet, "cause", Explain(err).Kind)
	}
}

// forgetStore has what is known read again from the store.
func (d *Delegation) forgetStore() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.vault = nil
}

// replace takes over what the service knows.
func (d *Delegation) replace(v *vault, all api.Delegation, etag string) {
	known := make(map[string]api.Delegate, len(all.Registrations))
	for _, one := range all.Registrations {
		known[one.Number] = one
	}
	head := delegationHead{Kind: all.Kind, Organization: all.Organization, At: d.core.serviceNow()}
	d.mu.Lock()
	if d.vault != v || all.Kind == "" && d.head.Kind == "" && len(d.known) == 0 {
		d.mu.Unlock()
		return
	}
	refused := maps.Clone(d.refused)
	maps.DeleteFunc(refused, func(number string, _ api.Code) bool { _, there := known[number]; return !there })
	d.head, d.known, d.refused, d.etag = head, known, refused, etag
	d.mu.Unlock()
	d.tell()
	err := errors.Join(saveRows(v.store, delegationHeadSet, map[string]delegationHead{"head": head}),
		saveRows(v.store, delegationSet, known), saveRows(v.store, delegationRefused, refused))
	if err != nil {
		d.core.log.Warn("not kept for offline", "what", delegationSet, "cause", Explain(err).Kind)
	}
}

// Decide keeps one decision on several registrations for sending. Errors to test for:
// ErrNoSession, localdb.ErrDiskFull.
func (d *Delegation) Decide(ctx context.Context, in api.DecideMany) error {
	var operations []any
	for numbers := range slices.Chunk(in.Registrations, api.MaxDecideMany) {
		operations = append(operations, api.DecideMany{Registrations: numbers, Approve: in.Approve, Reason: in.Reason})
	}
	return d.queue(ctx, "decide", api.OpDecideMany, operations, in.Registrations...)
}

// Withdraw keeps the withdrawal of somebody's registration for sending, likewise.
func (d *Delegation) Withdraw(ctx context.Context, number, reason string) error {
	return d.queue(ctx, "withdraw", api.OpWithdraw, []any{api.Withdraw{Registration: number, Reason: reason}}, number)
}

// RegisterFor keeps the registration of somebody else for sending, in place of an
// operation that was refused, if that is named. The draft is gone then.
func (d *Delegation) RegisterFor(ctx context.Context, in api.RegisterFor, instead string) error {
	if err := d.queue(ctx, "register somebody", api.OpRegisterFor, []any{in}); err != nil {
		return err
	}
	// The registration is safe, which is what counts: whatever happens now, the person finds
	// the draft again, and may discard it.
	ctx = context.WithoutCancel(ctx)
	err := d.DropDraft(ctx, in.Meeting, instead)
	if instead != "" {
		err = errors.Join(err, d.dismiss(ctx, instead))
	}
	if err != nil {
		d.core.log.Warn("what is sent anew was not removed", "cause", Explain(err).Kind)
	}
	return nil
}

// queue writes operations, unless one of the registrations waits for another one already.
func (d *Delegation) queue(ctx context.Context, name, kind string, payloads []any, numbers ...string) error {
	v := d.take()
	if v == nil {
		return fmt.Errorf("%s: %w", name, ErrNoSession)
	}
	for _, payload := range payloads {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if _, err := v.store.Enqueue(kind, payload); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	d.forget(v, numbers)
	d.tell()
	d.session.keepWorkSoon(v)
	d.queued()
	return nil
}

// forget forgets that decisions were refused.
func (d *Delegation) forget(v *vault, numbers []string) {
	d.mu.Lock()
	refused := maps.Clone(d.refused)
	for _, number := range numbers {
		delete(refused, number)
	}
	same := len(refused) == len(d.refused)
	d.refused = refused
	d.mu.Unlock()
	if same {
		return
	}
	if err := saveRows(v.store, delegationRefused, refused); err != nil {
		d.core.log.Warn("not kept for offline", "what", delegationRefused, "cause", Explain(err).Kind)
	}
}

// Forget removes the note that the service did not take a decision.
func (d *Delegation) Forget(_ context.Context, number string) error {
	v := d.take()
	if v == nil {
		return ErrNoSession
	}
	d.forget(v, []string{number})
	d.tell()
	return nil
}

// Dismiss removes an operation that was refused, and what was typed to correct it.
func (d *Delegation) Dismiss(ctx context.Context, operation string) error {
	if err := d.DropDraft(ctx, "", operation); err != nil {
		return fmt.Errorf("dismiss: %w", err)
	}
	return d.dismiss(ctx, operation)
}

func (d *Delegation) dismiss(ctx context.Context, operation string) error {
	v := d.take()
	if v == nil {
		return fmt.Errorf("dismiss: %w", ErrNoSession)
	}
	if err := errors.Join(ctx.Err(), v.store.Dismiss(operation)); err != nil {
		return fmt.Errorf("dismiss: %w", err)
	}
	d.tell()
	d.queued()
	return nil
}

// settled takes over what became of an operation on registrations of others: those that
// the service did not take stand with them. code is why it took none of them.
func (d *Delegation) settled(v *vault, op api.Operation, code api.Code, errs []api.FieldError) {
	what, numbers := decisionOf(localdb.Operation{Kind: op.Kind, Payload: op.Payload})
	d.mu.Lock()
	refused, known := maps.Clone(d.refused), d.known
	there := d.vault == v
	d.mu.Unlock()
	if what == "" || !there {
		return
	}
	before := len(refused)
	for i, number := range numbers {
		if _, ok := known[number]; !ok {
			continue // one's own, or gone
		}
		if code != "" {
			refused[number] = code
		}
		for _, e := range errs {
			if e.Pointer == "/registrations/"+strconv.Itoa(i) {
				refused[number] = api.Code(e.Code)
			}
		}
	}
	if len(refused) == before {
		return
	}
	d.mu.Lock()
	d.refused = refused
	d.mu.Unlock()
	if err := saveRows(v.store, delegationRefused, refused); err != nil {
		d.core.log.Warn("not kept for offline", "what", delegationRefused, "cause", Explain(err).Kind)
	}
}
