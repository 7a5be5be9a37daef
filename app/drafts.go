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

// drafts are those that have not been written yet. Registrations.mu guards them.
type drafts struct {
	dirty map[string]api.Register // by meeting
	timer *time.Timer
	err   error  // of the last writing in the background
	write func() // writes them; called by the timer, without the lock
}

func (d *drafts) forget() {
	if d.timer != nil {
		d.timer.Stop()
	}
	d.dirty, d.timer, d.err = nil, nil, nil
}

// put keeps a draft in memory and begins the pause, if none is under way.
func (d *drafts) put(in api.Register) {
	if d.dirty == nil {
		d.dirty = map[string]api.Register{}
	}
	d.dirty[in.Meeting] = in
	if d.timer == nil {
		d.timer = time.AfterFunc(draftPause, d.write)
	}
}

// Draft returns the draft for a meeting.
func (r *Registrations) Draft(meeting string) (api.Register, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if in, ok := r.drafts.dirty[meeting]; ok {
		return in, true
	}
	if r.vault == nil {
		return api.Register{}, false
	}
	return r.storedDraft(draftPrefix + meeting)
}

func (r *Registrations) storedDraft(name string) (in api.Register, ok bool) {
	b, err := r.vault.store.Draft(name)
	if err != nil || json.Unmarshal(b, &in) != nil {
		return api.Register{}, false
	}
	return in, true
}

// allDrafts returns drafts, written or not, in the order of their meetings.
func (r *Registrations) allDrafts() []api.Register {
	all := maps.Clone(r.drafts.dirty)
	if all == nil {
		all = map[string]api.Register{}
	}
	names, _ := r.vault.store.Drafts() // a store that was closed has none
	for _, name := range names {
		meeting, ok := strings.CutPrefix(name, draftPrefix)
		if _, newer := all[meeting]; !ok || newer {
			continue
		}
		if in, ok := r.storedDraft(name); ok {
			all[meeting] = in
		}
	}
	var list []api.Register
	for _, meeting := range slices.Sorted(maps.Keys(all)) {
		list = append(list, all[meeting])
	}
	return list
}

// SaveDraft keeps a draft. It is written at most half a second later, or by
// Flush, or when the session or the program ends. The error is that of the last
// writing in the background, until one succeeds: ErrNoSession,
// localdb.ErrDiskFull. The draft is kept in memory all the same.
func (r *Registrations) SaveDraft(ctx context.Context, in api.Register) error {
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
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write the drafts: %w", err)
	}
	wrote, err := r.flush()
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
	if _, err := r.flush(); err != nil {
		r.core.log.Warn("a draft was not written", "cause", Explain(err).Kind)
		return
	}
	r.worked()
}

// flush writes what is dirty, and tells whether anything was; what could not be written
// stays so.
func (r *Registrations) flush() (wrote bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer func() { r.drafts.err = err }()
	if r.drafts.timer != nil {
		r.drafts.timer.Stop()
		r.drafts.timer = nil
	}
	if r.vault == nil {
		return false, nil
	}
	for meeting, in := range r.drafts.dirty {
		b, err := json.Marshal(in)
		if err == nil {
			err = r.vault.store.PutDraft(draftPrefix+meeting, b)
		}
		if errors.Is(err, localdb.ErrClosed) {
			r.drafts.forget()
			return wrote, nil // logged out meanwhile, which asked about it
		}
		if err != nil {
			return wrote, err
		}
		delete(r.drafts.dirty, meeting)
		wrote = true
	}
	return wrote, nil
}

// DeleteDraft deletes the draft for a meeting.
func (r *Registrations) DeleteDraft(ctx context.Context, meeting string) error {
	r.mu.Lock()
	err := ctx.Err()
	if err == nil {
		err = r.dropDraft(meeting)
	}
	r.mu.Unlock()
	if err != nil {
		return fmt.Errorf("delete the draft: %w", err)
	}
	r.changed.tell()
	return nil
}

// redraft makes a draft of a registration that was refused, unless there is one.
// The refused operation holds it as well, so that nothing is lost if the disk
// has no room for the draft.
func (r *Registrations) redraft(v *vault, payload []byte) {
	var in api.Register
	if json.Unmarshal(payload, &in) != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_, typed := r.drafts.dirty[in.Meeting]
	if _, err := v.store.Draft(draftPrefix + in.Meeting); r.vault != v || typed || err == nil {
		return
	}
	if err := v.store.PutDraft(draftPrefix+in.Meeting, payload); err != nil {
		r.core.log.Warn("a refused registration was not made a draft", "cause", Explain(err).Kind)
	}
}

func (r *Registrations) dropDraft(meeting string) error {
	delete(r.drafts.dirty, meeting)
	if r.vault == nil {
		return nil
	}
	return r.vault.store.DeleteDraft(draftPrefix + meeting)
}
