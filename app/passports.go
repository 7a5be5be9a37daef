package app

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// What is typed of a passport is a draft apart from that of the form to which it belongs: it
// goes after passportAge, and the rest stays (security.md, Passport data). In memory they
// are one; what the service has done does not keep it on this computer (strip).

// passportPrefix is in front of a meeting's code, or a registration's number, in the name of
// the draft of a passport.
const passportPrefix = "passport/"

// passportAge is for how long the draft of a passport is kept.
const passportAge = 30 * 24 * time.Hour

// passportDraftOf is the name of the draft of a passport by that of its form.
func passportDraftOf(form string) string {
	return passportPrefix + strings.TrimPrefix(strings.TrimPrefix(form, draftPrefix), changePrefix)
}

// keptPassport is the draft of a passport.
type keptPassport struct {
	Since    time.Time    `json:"since"` // by the device's clock
	Passport api.Passport `json:"passport"`
}

func (k *keptPassport) over(now time.Time) bool { return now.Sub(k.Since) >= passportAge }

// putPassport keeps what a form has of a passport, or nothing.
func putPassport(store *localdb.Store, in *draft, now time.Time) error {
	name := passportDraftOf(in.name())
	if in.Passport == nil {
		return dropPassport(store, name)
	}
	if before, ok := passportDraft(store, name); ok && before.Passport == *in.Passport {
		return nil // it does not become younger by what is typed beside it
	}
	b, err := json.Marshal(keptPassport{now, *in.Passport})
	if err != nil {
		return err
	}
	return store.PutDraft(name, b)
}

// dropPassport deletes the draft of a passport, from the files as well; none is no error.
func dropPassport(store *localdb.Store, name string) error {
	if _, err := store.Draft(name); err != nil {
		return nil // there is none
	}
	if err := store.DeleteDraft(name); err != nil {
		return err
	}
	return store.Compact()
}

func passportDraft(store *localdb.Store, name string) (k keptPassport, ok bool) {
	b, err := store.Draft(name)
	return k, err == nil && json.Unmarshal(b, &k) == nil
}

// addPassports puts what there is of passports into the drafts of forms.
func addPassports(store *localdb.Store, forms map[string]draft, now time.Time) {
	for name, in := range forms {
		if k, ok := passportDraft(store, passportDraftOf(name)); ok && in.Visa && !k.over(now) {
			in.Passport = &k.Passport
			forms[name] = in
		}
	}
}

// oldPassports are the names of drafts of passports that are over.
func oldPassports(store *localdb.Store, now time.Time) (old []string) {
	names, _ := store.Drafts() // a store that was closed has none
	for _, name := range names {
		if !strings.HasPrefix(name, passportPrefix) {
			continue
		}
		if k, ok := passportDraft(store, name); !ok || k.over(now) {
			old = append(old, name)
		}
	}
	return old
}

// dropOldPassports removes the drafts of passports that are over, of a store that is opened.
func (r *Registrations) dropOldPassports(store *localdb.Store) {
	for _, name := range oldPassports(store, r.core.now()) {
		if err := dropPassport(store, name); err != nil {
			r.core.log.Warn("a passport that is over was not removed", "cause", Explain(err).Kind)
		}
	}
}

// expirePassports removes what is kept of passports for too long: drafts, and what stands in
// registrations that the service refused.
func (r *Registrations) expirePassports(ctx context.Context, v *vault) {
	now := r.core.now()
	refused, _ := v.store.NeedAttention()
	if len(oldPassports(v.store, now)) == 0 && len(withOldPassport(refused, now)) == 0 {
		return
	}
	err := r.inStore(ctx, v, func(store *localdb.Store) (err error) {
		for _, name := range oldPassports(store, now) {
			err = errors.Join(err, dropPassport(store, name))
			r.forgetPassport(name)
		}
		for _, op := range withOldPassport(refused, now) {
			err = errors.Join(err, strip(store, op.ID, op.Kind, op.Payload))
		}
		return err
	})
	if err != nil {
		r.core.log.Warn("a passport that is over was not removed", "cause", Explain(err).Kind)
	}
}

// forgetPassport takes a passport out of the drafts that are in memory, but for one that is
// being typed.
func (r *Registrations) forgetPassport(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for form, in := range r.drafts.written {
		if passportDraftOf(form) == name {
			in.Passport = nil
			r.drafts.written[form] = in
		}
	}
}

// withOldPassport are the operations whose passport is over.
func withOldPassport(operations []localdb.Operation, now time.Time) (old []localdb.Operation) {
	for _, op := range operations {
		if a, ok := aboutOf(op.Kind, op.Payload); ok && a.form != nil && a.form.Passport != nil && now.Sub(op.Made) >= passportAge {
			old = append(old, op)
		}
	}
	return old
}

// strip takes the passport out of an operation that the service knows, or that the person
// has to deal with anyway. Should the service, restored from a backup, have to be told of it
// once more, it asks for the passport.
func strip(store *localdb.Store, id, kind string, payload []byte) error {
	a, ok := aboutOf(kind, payload)
	if !ok || a.form == nil || a.form.Passport == nil {
		return nil
	}
	form := *a.form
	form.Passport = nil
	var plain any = form
	if kind == api.OpRegister {
		plain = form.Register
	}
	if err := store.Rewrite(id, plain); err != nil {
		return err
	}
	return store.Compact()
}

// Passport asks the service for what it has of the person's passport. It is noted in the
// service's audit log, and not kept here. Errors to test for: ErrNoSession,
// api.CodeNotFound, those of Explain.
func (r *Registrations) Passport(ctx context.Context, number string) (api.Passport, error) {
	v, err := r.open()
	if err != nil {
		return api.Passport{}, err
	}
	c, err := r.session.as(v).Visa(ctx, number)
	switch {
	case err != nil:
		return api.Passport{}, err
	case c.Passport == nil:
		return api.Passport{}, &api.Problem{Code: api.CodeNotFound}
	}
	return *c.Passport, nil
}
