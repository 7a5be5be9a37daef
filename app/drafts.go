package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// draftPause is how long typing has to rest before a draft is written.
const draftPause = 500 * time.Millisecond

// What the names of drafts begin with.
const (
	draftPrefix      = "register/"   // and a meeting's code: of the person's own registration
	changePrefix     = "change/"     // and a registration's number: of a change of it
	delegatePrefix   = "delegate/"   // and a meeting's code: of somebody of the person's organization
	correctionPrefix = "correction/" // and the id of an operation that registers somebody of it, and was refused
	guestPrefix      = "guest/"      // and a meeting's code: of somebody whom its manager registers
)

// draftOf is the name of a meeting's draft.
func draftOf(meeting string) string { return draftPrefix + meeting }

// changeDraftOf is the name of the draft of a change.
func changeDraftOf(number string) string { return changePrefix + number }

// draft is what stands in the form of a registration, or of a change of one, that names it.
type draft struct {
	api.Change
	whose *whose // nil for the person's own
}

// whose is whom a draft registers that is not the person's own.
type whose struct {
	prefix  string // of the draft's name
	instead string // the operation in whose place it comes, which was refused; empty without
	person  Guest  // but for what stands in the draft's Register
}

// ownDraft is that of what the person has filled in.
func ownDraft(in *api.Change) *draft { return &draft{Change: *in} }

func (d *draft) name() string {
	switch {
	case d.whose != nil && d.whose.instead != "":
		return d.whose.prefix + d.whose.instead
	case d.whose != nil:
		return d.whose.prefix + d.Meeting
	case d.Registration != "":
		return changeDraftOf(d.Registration)
	}
	return draftOf(d.Meeting)
}

// encode is the draft as the store has it: without the passport.
func (d *draft) encode() ([]byte, error) {
	form := d.Change
	form.Passport = nil
	switch {
	case d.whose != nil:
		in := d.guest()
		in.Register = form.Register
		return json.Marshal(in)
	case d.Registration != "":
		return json.Marshal(form)
	}
	return json.Marshal(form.Register)
}

// decodeDraft reads a draft; false for one that cannot be read, or is of another kind.
func decodeDraft(name string, b []byte) (d draft, ok bool) {
	prefix, rest, _ := strings.Cut(name, "/")
	var err error
	switch prefix += "/"; prefix {
	case draftPrefix, changePrefix:
		err = json.Unmarshal(b, &d.Change)
	case delegatePrefix, correctionPrefix, guestPrefix:
		d.whose = &whose{prefix: prefix}
		if prefix == correctionPrefix {
			d.whose.instead = rest
		}
		err = json.Unmarshal(b, &d.whose.person)
		d.Register, d.whose.person.Register = d.whose.person.Register, api.Register{}
	}
	return d, err == nil && d.name() == name
}

// drafts are those of registrations and of changes, by name. Registrations.mu guards them.
type drafts struct {
	written map[string]draft  // as the store has them
	dirty   map[string]*draft // newer ones, which have not been written yet
	timer   *time.Timer
	err     error  // of the last writing in the background
	write   func() // writes what is dirty; called by the timer, without the lock
}

func (d *drafts) forget() {
	if d.timer != nil {
		d.timer.Stop()
	}
	d.dirty, d.timer, d.err = nil, nil, nil
}

// put keeps a draft in memory and begins the pause, if none is under way.
func (d *drafts) put(in *draft) {
	if d.dirty == nil {
		d.dirty = map[string]*draft{}
	}
	d.dirty[in.name()] = in
	if d.timer == nil {
		d.timer = time.AfterFunc(draftPause, d.write)
	}
}

// get returns a draft, written or not.
func (d *drafts) get(name string) (draft, bool) {
	if in, ok := d.dirty[name]; ok {
		return *in, true
	}
	in, ok := d.written[name]
	return in, ok
}

// all returns the drafts, written or not, in the order of their names.
func (d *drafts) all() []draft {
	all := make(map[string]draft, len(d.written)+len(d.dirty))
	maps.Copy(all, d.written)
	for name, in := range d.dirty {
		all[name] = *in
	}
	var list []draft
	for _, name := range slices.Sorted(maps.Keys(all)) {
		list = append(list, all[name])
	}
	return list
}

// Draft returns the draft for a meeting: what was typed for a registration that is over
// now, where there is no other.
func (r *Registrations) Draft(meeting string) (api.Register, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if in, ok := r.drafts.get(draftOf(meeting)); ok {
		return in.Register, true
	}
	if r.shown.busy[meeting] {
		return api.Register{}, false
	}
	for _, in := range r.drafts.all() {
		if in.Registration != "" && in.Meeting == meeting {
			return in.Register, true
		}
	}
	return api.Register{}, false
}

// ChangeDraft returns the draft of a change of a registration.
func (r *Registrations) ChangeDraft(number string) (api.Change, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	in, ok := r.drafts.get(changeDraftOf(number))
	return in.Change, ok
}

// loadDrafts reads the drafts of a store into written, by name. One that cannot be read is
// left out.
func loadDrafts(store *localdb.Store, written map[string]draft) {
	names, _ := store.Drafts() // a store that was closed has none
	for _, name := range names {
		if strings.HasPrefix(name, filePrefix) {
			continue
		}
		b, err := store.Draft(name)
		if err != nil {
			continue
		}
		if in, ok := decodeDraft(name, b); ok {
			written[name] = in
		}
	}
}

// SaveDraft keeps a draft. It is written at most half a second later, or by
// Flush, or when the session or the program ends. The error is that of the last
// writing in the background, until one succeeds: ErrNoSession,
// localdb.ErrDiskFull. The draft is kept in memory all the same.
func (r *Registrations) SaveDraft(ctx context.Context, in api.Register) error {
	return r.saveDraft(ctx, ownDraft(&api.Change{Register: in}))
}

// SaveChange keeps the draft of a change, likewise.
func (r *Registrations) SaveChange(ctx context.Context, in api.Change) error {
	return r.saveDraft(ctx, ownDraft(&in))
}

func (r *Registrations) saveDraft(ctx context.Context, in *draft) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("save the draft: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.vault == nil {
		return fmt.Errorf("save the draft: %w", ErrNoSession)
	}
	r.drafts.put(in)
	if err := r.drafts.err; err != nil {
		return fmt.Errorf("save the draft: %w", err)
	}
	return nil
}

// Flush writes drafts that have not been written yet; call it when the form is
// left. Errors to test for: localdb.ErrDiskFull.
func (r *Registrations) Flush(ctx context.Context) error {
	wrote, err := r.flush(ctx)
	if err != nil {
		return fmt.Errorf("write the drafts: %w", err)
	}
	if wrote {
		r.worked()
	}
	return nil
}

// writeDrafts is what the timer does.
func (r *Registrations) writeDrafts() {
	if err := r.Flush(context.Background()); err != nil {
		r.core.log.Warn("a draft was not written", "cause", Explain(err).Kind)
	}
}

// flush writes what is dirty, and tells whether anything was; what could not be written
// stays so.
func (r *Registrations) flush(ctx context.Context) (wrote bool, err error) {
	give, err := r.writing.take(ctx)
	if err != nil {
		return false, err
	}
	defer give()
	r.mu.Lock()
	v, dirty := r.vault, maps.Clone(r.drafts.dirty)
	if r.drafts.timer != nil {
		r.drafts.timer.Stop()
		r.drafts.timer = nil
	}
	r.mu.Unlock()
	for name, in := range dirty {
		if err = putDraft(v.store, in, r.core.now()); err != nil {
			break
		}
		wrote = true
		r.mu.Lock()
		if r.vault == v {
			r.drafts.written[name] = *in
			if r.drafts.dirty[name] == in { // and not changed meanwhile
				delete(r.drafts.dirty, name)
			}
		}
		r.mu.Unlock()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.vault != v {
		return wrote, nil
	}
	if errors.Is(err, localdb.ErrClosed) {
		r.drafts.forget() // logged out meanwhile, which asked about it
		return wrote, nil
	}
	r.drafts.err = err
	return wrote, err
}

// unwritten gives the drafts that have not been written.
func (r *Registrations) unwritten() (list []draft) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, in := range r.drafts.dirty {
		list = append(list, *in)
	}
	return list
}

// putDraft writes a draft, the passport apart from it.
func putDraft(store *localdb.Store, in *draft, now time.Time) error {
	b, err := in.encode()
	if err == nil {
		err = putPassport(store, in, now)
	}
	if err != nil {
		return err
	}
	return store.PutDraft(in.name(), b)
}

// DeleteDraft deletes the draft for a meeting.
func (r *Registrations) DeleteDraft(ctx context.Context, meeting string) error {
	return r.deleteDrafts(ctx, ownDraft(&api.Change{Register: api.Register{Meeting: meeting}}))
}

// DeleteChange deletes the draft of a change.
func (r *Registrations) DeleteChange(ctx context.Context, number string) error {
	return r.deleteDrafts(ctx, ownDraft(&api.Change{Registration: number}))
}

func (r *Registrations) deleteDrafts(ctx context.Context, in *draft) error {
	store, give, err := r.write(ctx)
	if err == nil {
		err = r.dropDrafts(store, in)
		give()
	}
	if err != nil && !errors.Is(err, ErrNoSession) {
		return fmt.Errorf("delete the draft: %w", err)
	}
	r.tell()
	return nil
}

// redraft makes a draft of a registration that was refused, unless there is one.
// The refused operation holds it as well, so that nothing is lost if the disk
// has no room for the draft.
func (r *Registrations) redraft(ctx context.Context, v *vault, in *draft) {
	store, give, err := r.write(ctx)
	if err != nil {
		return
	}
	defer give()
	if store != v.store {
		return
	}
	if _, err := r.draftAgain(store, in); err != nil {
		r.core.log.Warn("a refused registration was not made a draft", "cause", Explain(err).Kind)
	}
}

// dropDraft deletes a draft, within write.
func (r *Registrations) dropDraft(store *localdb.Store, name string) error {
	r.mu.Lock()
	delete(r.drafts.dirty, name)
	r.mu.Unlock()
	if err := errors.Join(store.DeleteDraft(name), dropPassport(store, passportDraftOf(name))); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.vault != nil && r.vault.store == store {
		delete(r.drafts.written, name)
	}
	return nil
}
