package app

import (
	"errors"
	"slices"
	"testing"
	"time"

	"plenary/api"
)

// typedFor is what was typed of somebody for a meeting.
func typedFor(meeting, name string) api.RegisterFor {
	return api.RegisterFor{
		Register:  api.Register{Meeting: meeting, Participation: api.Remote, BadgeName: name, Answers: api.Answers{"diet": {"none"}}},
		FirstName: name, Email: "someone@example.org", Language: "fr",
	}
}

// refusedFor has the service refuse the registration of somebody; it gives the operation.
func (b *bench) refusedFor(t *testing.T, in api.RegisterFor) string {
	t.Helper()
	op, err := b.vault.store.Enqueue(api.OpRegisterFor, in)
	if err == nil {
		err = b.vault.store.Refuse(op.ID, string(api.CodeMeetingFull), "ref")
	}
	if err != nil {
		t.Fatal(err)
	}
	b.app.Registrations.tell()
	return op.ID
}

// What is typed of others is there after the next start, one draft for a meeting and one for
// each registration that is corrected, until it is sent, or not wanted, or not to be known
// any more.
func TestDelegateDrafts(t *testing.T) {
	const meeting = "C-00000011"
	appointed := api.Account{Username: "someone", Appointed: api.FocalPoint}
	for name, c := range map[string]struct {
		do func(b *bench, d *Delegation, refused string) error
		// The names of who is typed then.
		typed, corrected string
		work             LocalWork
	}{
		"nothing": {func(*bench, *Delegation, string) error { return nil }, "Ana", "Bo", LocalWork{Refused: 1, Delegates: 1}},
		"typed again": {func(_ *bench, d *Delegation, _ string) error {
			return d.SaveDraft(t.Context(), typedFor(meeting, "Eva"), "")
		}, "Eva", "Bo", LocalWork{Refused: 1, Delegates: 1}},
		"corrected again": {func(_ *bench, d *Delegation, refused string) error {
			return d.SaveDraft(t.Context(), typedFor(meeting, "Eva"), refused)
		}, "Ana", "Eva", LocalWork{Refused: 1, Delegates: 1}},
		"sent": {func(_ *bench, d *Delegation, _ string) error {
			return d.RegisterFor(t.Context(), typedFor(meeting, "Ana"), "")
		}, "", "Bo", LocalWork{Waiting: 1, Refused: 1}},
		"sent after more was typed": {func(_ *bench, d *Delegation, _ string) error {
			return errors.Join(d.SaveDraft(t.Context(), typedFor(meeting, "Eva"), ""), d.RegisterFor(t.Context(), typedFor(meeting, "Eva"), ""))
		}, "", "Bo", LocalWork{Waiting: 1, Refused: 1}},
		"the corrected one sent": {func(_ *bench, d *Delegation, refused string) error {
			return d.RegisterFor(t.Context(), typedFor(meeting, "Bo"), refused)
		}, "Ana", "", LocalWork{Waiting: 1, Delegates: 1}},
		"discarded": {func(_ *bench, d *Delegation, _ string) error { return d.DropDraft(t.Context(), meeting, "") }, "", "Bo", LocalWork{Refused: 1}},
		"the correction discarded": {func(_ *bench, d *Delegation, refused string) error {
			return d.DropDraft(t.Context(), meeting, refused)
		}, "Ana", "", LocalWork{Refused: 1, Delegates: 1}},
		"the refused one dismissed": {func(_ *bench, d *Delegation, refused string) error {
			return d.Dismiss(t.Context(), refused)
		}, "Ana", "", LocalWork{Delegates: 1}},
		"the own draft deleted": {func(b *bench, _ *Delegation, _ string) error {
			return b.app.Registrations.DeleteDraft(t.Context(), meeting)
		}, "Ana", "Bo", LocalWork{Refused: 1, Delegates: 1}},
		"the appointment ended": {func(b *bench, d *Delegation, _ string) error {
			b.app.Session.state.Account = api.Account{Username: "someone"}
			return d.refresh(t.Context(), b.vault)
		}, "", "", LocalWork{Refused: 1}},
		"the service knows of no appointment": {func(b *bench, d *Delegation, _ string) error { return d.refresh(t.Context(), b.vault) }, "", "", LocalWork{Refused: 1}},
		"whether there is one is not known yet": {func(b *bench, d *Delegation, _ string) error {
			b.app.Session.state.Account = api.Account{ID: faultyAccount}
			return d.refresh(t.Context(), b.vault)
		}, "Ana", "Bo", LocalWork{Refused: 1, Delegates: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			b := fileBench(t)
			b.app.Session.state.Account = appointed
			refused := b.refusedFor(t, typedFor(meeting, "Bob"))
			if err := errors.Join(
				b.app.Delegation.SaveDraft(t.Context(), typedFor(meeting, "Ana"), ""),
				b.app.Delegation.SaveDraft(t.Context(), typedFor(meeting, "Bo"), refused),
				b.app.Delegation.Flush(t.Context()),
			); err != nil {
				t.Fatal(err)
			}
			if err := c.do(b, b.app.Delegation, refused); err != nil {
				t.Fatal(err)
			}
			check := func(when string) {
				t.Helper()
				for instead, want := range map[string]string{"": c.typed, refused: c.corrected} {
					in, ok := b.app.Delegation.Draft(meeting, instead)
					if ok != (want != "") || ok && !sameJSON(in, typedFor(meeting, want)) {
						t.Errorf("%s, instead of %q: %+v, %v, want %q", when, instead, in, ok, want)
					}
				}
				var rows, corrected []string
				for _, one := range b.app.Delegation.List() {
					if one.State == StateDraft {
						rows = append(rows, one.Person)
					}
					if one.Corrected {
						corrected = append(corrected, one.Operation)
					}
				}
				if !slices.Equal(rows, names(c.typed)) || (len(corrected) == 1) != (c.corrected != "") {
					t.Errorf("%s: drafts of %q, corrected %q", when, rows, corrected)
				}
				if work, err := b.vault.localWork(); err != nil || work != c.work {
					t.Errorf("%s: work %+v, %v, want %+v", when, work, err, c.work)
				}
				if own := b.app.Registrations.List(); len(own) != 0 {
					t.Errorf("%s: among one's own %+v", when, own)
				}
				if in, ok := b.app.Registrations.Draft(meeting); ok {
					t.Errorf("%s: one's own draft is %+v", when, in)
				}
			}
			if err := b.app.Delegation.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			check("at once")
			b.reopen(t)
			check("after the next start")
		})
	}
}

// What the person has begun stands before what others wait for.
func TestDelegateDrafts_standFirst(t *testing.T) {
	b := fileBench(t)
	b.app.Session.state.Account = api.Account{Username: "someone", Appointed: api.FocalPoint}
	d := b.app.Delegation
	d.take()
	d.replace(b.vault, api.Delegation{Kind: api.FocalPoint, Registrations: []api.Delegate{{Number: "R-AAAA-0001", Person: "Zoë", Sent: time.Now()}}}, "")
	if err := errors.Join(d.SaveDraft(t.Context(), typedFor("C-00000011", "Ana"), ""), d.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	var people []string
	for _, one := range d.List() {
		people = append(people, one.State+" "+one.Person)
	}
	if len(people) != 2 || people[0] != StateDraft+" Ana" {
		t.Errorf("%q", people)
	}
}

func names(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

// A file that was chosen for somebody is here as long as the draft names it, or what waits.
func TestDelegateDrafts_keepTheirFiles(t *testing.T) {
	b := fileBench(t)
	in := typedFor("C-00000011", "Ana")
	file := b.adds(t, &in.Register, "letter")
	if err := errors.Join(b.app.Delegation.SaveDraft(t.Context(), in, ""), b.app.Delegation.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	b.reopen(t)
	here := func(when string, want ...string) {
		t.Helper()
		if got := b.here(t); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	here("after the next start", file)
	if err := b.app.Delegation.RegisterFor(t.Context(), in, ""); err != nil {
		t.Fatal(err)
	}
	here("waits to be sent", file)
	other := typedFor("C-00000012", "Bo")
	second := b.adds(t, &other.Register, "another letter")
	if err := errors.Join(b.app.Delegation.SaveDraft(t.Context(), other, ""), b.app.Delegation.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	here("of two", file, second)
	if err := b.app.Delegation.DropDraft(t.Context(), "C-00000012", ""); err != nil {
		t.Fatal(err)
	}
	here("one is discarded", file)
}

// Once the appointment has ended nothing more is kept of others.
func TestDelegateDrafts_areNotKeptAfterTheAppointment(t *testing.T) {
	b := fileBench(t)
	b.app.Session.state.Account = api.Account{Username: "someone"}
	err := b.app.Delegation.SaveDraft(t.Context(), typedFor("C-00000011", "Ana"), "")
	if _, ok := b.app.Delegation.Draft("C-00000011", ""); ok || !api.HasCode(err, api.CodeForbidden) {
		t.Errorf("kept: %v, %v", ok, err)
	}
}

// What was typed of others for a service that was set up anew is offered as such, and taken
// over by whoever is appointed there; what was refused as it was corrected.
func TestLeftovers_ofOthers(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.service.email, m.service.appointed = "amina@example.org", api.FocalPoint
	a := m.startStill()
	m.logIn(a, true)
	ctx, store := t.Context(), a.Session.open().store
	refused, err := store.Enqueue(api.OpRegisterFor, typedFor("C-2", "Bo"))
	guest := Guest{ImportedPerson: api.ImportedPerson{RegisterFor: typedFor("C-4", "Guy"), Country: "SE"}, Import: "import-1"}
	if err := errors.Join(
		err, store.Refuse(refused.ID, string(api.CodeMeetingFull), "ref"),
		a.Delegation.SaveDraft(ctx, typedFor("C-1", "Ana"), ""),
		a.Delegation.SaveDraft(ctx, typedFor("C-2", "Eva"), refused.ID),
		a.Delegation.RegisterFor(ctx, typedFor("C-3", "Zoë"), ""),
		a.Service.SaveGuestDraft(ctx, guest),
		a.Delegation.Flush(ctx),
	); err != nil {
		t.Fatal(err)
	}
	a = m.anew(a, secondServiceID)
	m.logIn(a, true)
	list, err := a.Session.Leftovers(ctx)
	var got []string
	for _, l := range list {
		got = append(got, l.State+" "+l.Person.FirstName+" "+l.Form.Meeting)
	}
	if want := []string{"draft Ana C-1", "needs-attention Eva C-2", "waiting-to-send Zoë C-3", "draft Guy C-4"}; err != nil || !slices.Equal(got, want) {
		t.Fatalf("%q, %v", got, err)
	}
	for _, l := range list[:2] {
		if err := a.Session.TakeOver(ctx, l); err != nil {
			t.Fatal(err)
		}
		if in, ok := a.Delegation.Draft(l.Form.Meeting, ""); !ok || in.FirstName != l.Person.FirstName {
			t.Errorf("taken over: %+v, %v", in, ok)
		}
	}
	if err := a.Session.TakeOver(ctx, list[3]); err != nil {
		t.Fatal(err)
	}
	guest.Import = "" // of another service
	if in, ok := a.Service.GuestDraft("C-4"); !ok || !sameJSON(in, guest) {
		t.Errorf("taken over: %+v, %v", in, ok)
	}
	if list, err = a.Session.Leftovers(ctx); err != nil || len(list) != 1 || list[0].Person.FirstName != "Zoë" {
		t.Fatalf("then %+v, %v", list, err)
	}
	a.Session.state.Account.Appointed = ""
	if err := a.Session.TakeOver(ctx, list[0]); !api.HasCode(err, api.CodeForbidden) {
		t.Errorf("by somebody who is not appointed: %v", err)
	}
	if err := a.Session.DropLeftover(ctx, list[0]); err != nil {
		t.Fatal(err)
	}
	if list, err = a.Session.Leftovers(ctx); err != nil || len(list) != 0 {
		t.Errorf("at last %+v, %v", list, err)
	}
}
