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

// draftPrefix is in front of a meeting's code in the name of its draft.
const draftPrefix = "register/"

// draftOf is the name of a meeting's draft.
func draftOf(meeting string) string { return draftPrefix + meeting }

// changePrefix is in front of a registration's number in the name of the draft of a change.
const changePrefix = "change/"

// changeDraftOf is the name of the draft of a change.
func changeDraftOf(number string) string { return changePrefix + number }

// draftName is the name of the draft of what was filled in.
func draftName(in *api.Change) string {
	if in.Registration == "" {
		return draftOf(in.Meeting)
	}
	return changeDraftOf(in.Registration)
}

// drafts are those of registrations and of changes, by name; those of new registrations
// name none. Registrations.mu guards them.
type drafts struct {
	written map[string]api.Change  // as the store has them
	dirty   map[string]*api.Change // newer ones, which have not been written yet
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
func (d *drafts) put(in api.Change) {
	if d.dirty == nil {
		d.dirty = map[string]*api.Change{}
	}
	d.dirty[draftName(&in)] = &in
	if d.timer == nil {
		d.timer = time.AfterFunc(draftPause, d.write)
	}
}

// get returns a draft, written or not.
func (d *drafts) get(name string) (api.Change, bool) {
	if in, ok := d.dirty[name]; ok {
		return *in, true
	}
	in, ok := d.written[name]
	return in, ok
}

// all returns the drafts, written or not, in the order of their names.
func (d *drafts) all() []api.Change {
	all := make(map[string]api.Change, len(d.written)+len(d.dirty))
	maps.Copy(all, d.written)
	for name, in := range d.dirty {
		all[name] = *in
	}
	var list []api.Change
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
	return r.drafts.get(changeDraftOf(number))
}

// loadDrafts reads the drafts of a store into written, by name. One that cannot be read is
// left out.
func loadDrafts(store *localdb.Store, written map[string]api.Change) {
	names, _ := store.Drafts() // a store that was closed has none
	for _, name := range names {
		if strings.HasPrefix(name, filePrefix) {
			continue
		}
		b, err := store.Draft(name)
		var in api.Change
		if err == nil && json.Unmarshal(b, &in) == nil && draftName(&in) == name {
			written[name] = in
		}
	}
}

// SaveDraft keeps a draft. It is written at most half a second later, or by
// Flush, or when the session or the program ends. The error is that of the last
// writing in the background, until one succeeds: ErrNoSession,
// localdb.ErrDiskFull. The draft is kept in memory all the same.
func (r *Registrations) SaveDraft(ctx context.Context, in api.Register) error {
	return r.saveDraft(ctx, api.Change{Register: in})
}

// SaveChange keeps the draft of a change, likewise.
func (r *Registrations) SaveChange(ctx context.Context, in api.Change) error {
	return r.saveDraft(ctx, in)
}

func (r *Registrations) saveDraft(ctx context.Context, in api.Change) error {
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
func (r *Registrations) unwritten() (list []api.Change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, in := range r.drafts.dirty {
		list = append(list, *in)
	}
	return list
}

// putDraft writes a draft, the passport apart from it.
func putDraft(store *localdb.Store, in *api.Change, now time.Time) error {
	form := *in
	form.Passport = nil
	b, err := json.Marshal(form)
	if in.Registration == "" {
		b, err = json.Marshal(form.Register)
	}
	if err == nil {
		err = putPassport(store, in, now)
	}
	if err != nil {
		return err
	}
	return store.PutDraft(draftName(in), b)
}

// DeleteDraft deletes the draft for a meeting.
func (r *Registrations) DeleteDraft(ctx context.Context, meeting string) error {
	return r.deleteDrafts(ctx, api.Change{Register: api.Register{Meeting: meeting}})
}

// DeleteChange deletes the draft of a change.
func (r *Registrations) DeleteChange(ctx context.Context, number string) error {
	return r.deleteDrafts(ctx, api.Change{Registration: number})
}

func (r *Registrations) deleteDrafts(ctx context.Context, in api.Change) error {
	store, give, err := r.write(ctx)
	if err == nil {
		err = r.dropDrafts(store, &in)
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
func (r *Registrations) redraft(ctx context.Context, v *vault, in *api.Change) {
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
