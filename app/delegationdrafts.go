package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"plenary/api"
	"plenary/localdb"
)

// delegateDraft is what is typed of somebody whom the person registers for the organization;
// instead is the operation that is corrected by it, or empty.
func delegateDraft(in api.RegisterFor, instead string) *draft {
	d := &draft{Change: api.Change{Register: in.Register}, whose: &whose{prefix: delegatePrefix, instead: instead}}
	if instead != "" {
		d.whose.prefix = correctionPrefix
	}
	in.Register = api.Register{}
	d.whose.person.RegisterFor = in
	return d
}

// ofDelegation tells whether a draft registers somebody for the organization.
func (d *draft) ofDelegation() bool {
	return d.whose != nil && (d.whose.prefix == delegatePrefix || d.whose.prefix == correctionPrefix)
}

// registersFor is the registration of somebody else as it was typed.
func (d *draft) registersFor() api.RegisterFor { return d.guest().RegisterFor }

// delegate is a draft among the registrations of the organization.
func (d *draft) delegate() Delegate {
	one := delegateOf(d.registersFor(), StateDraft)
	one.Operation = d.whose.instead
	return one
}

// delegateOf is somebody who is registered here.
func delegateOf(in api.RegisterFor, state string) Delegate {
	return Delegate{
		Delegate: api.Delegate{
			Meeting: in.Meeting, State: state, Person: strings.TrimSpace(in.FirstName + " " + in.FamilyName), Email: in.Email,
			Participation: in.Participation, BadgeName: in.BadgeName, JobTitle: in.JobTitle, Companions: in.Companions,
		},
		Asked: &in,
	}
}

// delegateDrafts are those of the organization, by name, if v is the store that is open.
func (r *Registrations) delegateDrafts(v *vault) map[string]draft {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := map[string]draft{}
	if r.vault != v {
		return list
	}
	for _, in := range r.drafts.all() {
		if in.ofDelegation() {
			list[in.name()] = in
		}
	}
	return list
}

// Draft gives what was typed of somebody for a meeting, and not sent; instead is the
// operation that is corrected by it, or empty. It is in memory.
func (d *Delegation) Draft(meeting, instead string) (api.RegisterFor, bool) {
	r := d.session.registrations
	r.mu.Lock()
	defer r.mu.Unlock()
	in, ok := r.drafts.get(delegateDraft(api.RegisterFor{Register: api.Register{Meeting: meeting}}, instead).name())
	if !ok {
		return api.RegisterFor{}, false
	}
	return in.registersFor(), true
}

// SaveDraft keeps it, as Registrations.SaveDraft does; not once the appointment has ended,
// which is api.CodeForbidden.
func (d *Delegation) SaveDraft(ctx context.Context, in api.RegisterFor, instead string) error {
	if d.ended() {
		return fmt.Errorf("save the draft: %w", &api.Problem{Status: 403, Code: api.CodeForbidden})
	}
	return d.session.registrations.saveDraft(ctx, delegateDraft(in, instead))
}

// Flush writes drafts that have not been written yet, see Registrations.Flush.
func (d *Delegation) Flush(ctx context.Context) error { return d.session.registrations.Flush(ctx) }

// DropDraft deletes it.
func (d *Delegation) DropDraft(ctx context.Context, meeting, instead string) error {
	return d.session.registrations.deleteDrafts(ctx, delegateDraft(api.RegisterFor{Register: api.Register{Meeting: meeting}}, instead))
}

// ended tells whether the person is known not to be appointed any more.
func (d *Delegation) ended() bool {
	a := d.session.State().Account
	return a.Username != "" && a.Appointed == "" // of an account that is not known yet there is no more than its id
}

// dropDelegates deletes the drafts of the organization.
func (r *Registrations) dropDelegates(ctx context.Context, v *vault) {
	names := r.delegateDrafts(v)
	if len(names) == 0 {
		return
	}
	err := r.inStore(ctx, v, func(store *localdb.Store) (err error) {
		for name := range names {
			err = errors.Join(err, r.dropDraft(store, name))
		}
		if err == nil {
			err = store.Compact() // so that the files do not have them either
		}
		return err
	})
	if err != nil && !errors.Is(err, localdb.ErrClosed) {
		r.core.log.Warn("drafts of an appointment that has ended were not removed", "cause", Explain(err).Kind)
	}
}
