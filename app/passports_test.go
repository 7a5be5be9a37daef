package app

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"plenary/api"
	"plenary/localdb"
)

const passportNumber = "X7731905Q"

func withVisa(meeting string) api.Register {
	return api.Register{Meeting: meeting, Participation: api.OnSite, BadgeName: "Elena", Visa: true, Passport: &api.Passport{
		FamilyName: "García", Nationality: "ES", Birth: "1980-02-29", BirthPlace: "Soria", Number: passportNumber, Issued: "2020-05-04", Expires: "2030-05-03",
	}}
}

// passportBench has a clock that the test moves.
func passportBench(t *testing.T) (r *Registrations, now *time.Time) {
	t.Helper()
	r = openBench(t, t.TempDir())
	at := time.Now()
	r.core.now = func() time.Time { return at }
	return r, &at
}

func draftsOf(t *testing.T, r *Registrations) []string {
	t.Helper()
	names, err := r.vault.store.Drafts()
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func save(t *testing.T, r *Registrations, in api.Register) {
	t.Helper()
	if err := r.SaveDraft(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if err := r.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// again opens the store anew, as far as the registrations know.
func again(r *Registrations) {
	store := r.vault.store
	r.load(nil)
	r.load(&vault{store: store, kept: true})
}

// What is typed of a passport is a draft of its own, which nobody counts as one.
func TestPassportDraft_standsApart(t *testing.T) {
	t.Parallel()
	r, _ := passportBench(t)
	in := withVisa("M-1")
	save(t, r, in)
	if got := draftsOf(t, r); !slices.Equal(got, []string{"passport/M-1", "register/M-1"}) {
		t.Fatalf("drafts %q", got)
	}
	if b, err := r.vault.store.Draft("register/M-1"); err != nil || bytes.Contains(b, []byte(passportNumber)) {
		t.Errorf("the form's draft is %s, %v", b, err)
	}
	again(r)
	if got, ok := r.Draft("M-1"); !ok || !sameJSON(got, in) {
		t.Errorf("read back %+v", got)
	}
	if work, err := r.vault.localWork(); err != nil || work.Drafts != 1 {
		t.Errorf("work %+v, %v", work, err)
	}
	change := api.Change{Registration: "R-2222-3333", Register: in}
	if err := r.SaveChange(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	if err := r.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	again(r)
	if got, ok := r.ChangeDraft("R-2222-3333"); !ok || !sameJSON(got, change) {
		t.Errorf("of a change: %+v", got)
	}
	in.Passport, in.Visa = nil, false
	save(t, r, in)
	if got := draftsOf(t, r); !slices.Equal(got, []string{"change/R-2222-3333", "passport/R-2222-3333", "register/M-1"}) {
		t.Errorf("taken out: %q", got)
	}
	if err := r.DeleteDraft(t.Context(), "M-1"); err != nil {
		t.Fatal(err)
	}
	if got := draftsOf(t, r); len(got) != 0 {
		t.Errorf("deleted: %q", got)
	}
}

// A passport goes after 30 days, however often something is typed beside it, and the form
// stays: while the program runs, and when a store is opened.
func TestPassportDraft_expires(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]func(r *Registrations){
		"the program runs":    func(r *Registrations) { r.expirePassports(t.Context(), r.vault) },
		"the store is opened": again,
	} {
		t.Run(name, func(t *testing.T) {
			r, now := passportBench(t)
			in := withVisa("M-1")
			save(t, r, in)
			*now = now.Add(passportAge - time.Second)
			in.JobTitle = "Chair"
			save(t, r, in)
			look(r)
			if got, ok := r.Draft("M-1"); !ok || got.Passport == nil {
				t.Fatalf("too early: %+v", got)
			}
			*now = now.Add(time.Second)
			look(r)
			if got, ok := r.Draft("M-1"); !ok || got.Passport != nil || got.JobTitle != "Chair" || !got.Visa {
				t.Errorf("over: %+v", got)
			}
			if got := draftsOf(t, r); !slices.Equal(got, []string{"register/M-1"}) {
				t.Errorf("drafts %q", got)
			}
		})
	}
}

// A passport that is typed anew is a young one.
func TestPassportDraft_typedAnew(t *testing.T) {
	t.Parallel()
	r, now := passportBench(t)
	in := withVisa("M-1")
	save(t, r, in)
	*now = now.Add(passportAge - time.Second)
	p := *in.Passport
	p.Number = "Y1234567"
	in.Passport = &p
	save(t, r, in)
	*now = now.Add(time.Hour)
	again(r)
	if got, ok := r.Draft("M-1"); !ok || got.Passport == nil || got.Passport.Number != "Y1234567" {
		t.Errorf("read back %+v", got)
	}
}

// A registration that waits has its passport; one that the service refused, until that is
// over; one that the service has done has none any more.
func TestPassport_leavesTheOutbox(t *testing.T) {
	t.Parallel()
	r, now := passportBench(t)
	if err := r.Submit(t.Context(), withVisa("M-1")); err != nil {
		t.Fatal(err)
	}
	change := api.Change{Registration: "R-2222-3333", Register: withVisa("M-2")}
	if err := r.Change(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	if got := draftsOf(t, r); len(got) != 0 {
		t.Errorf("drafts %q", got)
	}
	store := r.vault.store
	pending, err := store.Pending()
	if err != nil || len(pending) != 2 || !bytes.Contains(pending[0].Payload, []byte(passportNumber)) {
		t.Fatalf("%+v, %v", pending, err)
	}
	if err := store.Refuse(pending[1].ID, string(api.CodeWrongState), ""); err != nil {
		t.Fatal(err)
	}
	has := func(list func() ([]localdb.Operation, error)) bool {
		t.Helper()
		all, err := list()
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		a, ok := aboutOf(all[0].Kind, all[0].Payload)
		if !ok || a.form == nil || !a.form.Visa || a.form.BadgeName != "Elena" {
			t.Fatalf("it is %s", all[0].Payload)
		}
		return bytes.Contains(all[0].Payload, []byte(passportNumber))
	}
	if err := strip(store, pending[0].ID, pending[0].Kind, pending[0].Payload); err != nil || has(store.Pending) {
		t.Errorf("done: %v, it has one still: %v", err, has(store.Pending))
	}
	// The bench's store has the time of the machine.
	r.expirePassports(t.Context(), r.vault)
	if !has(store.NeedAttention) {
		t.Error("refused, and gone too early")
	}
	*now = now.Add(passportAge + time.Hour)
	r.expirePassports(t.Context(), r.vault)
	if has(store.NeedAttention) {
		t.Error("refused long ago, and still there")
	}
}
