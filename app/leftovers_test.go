package app

import (
	"errors"
	"slices"
	"testing"

	"plenary/api"
	"plenary/localdb"
)

// anew has another service answer at the address of m, which is taken in its place.
func (m *machineUnderTest) anew(a *App, id string) *App {
	m.t.Helper()
	m.service.locked(func() { m.service.info = id })
	if err := errors.Join(a.Replace(), a.Close()); err != nil {
		m.t.Fatal(err)
	}
	return m.startStill()
}

const secondServiceID = "0b4a6f3e-8f1b-4a55-8f7e-2f6f2a0e6b22"

// What was entered for a service that was set up anew is offered to the same person after
// a log-in there, can be taken over or dropped one by one, and is gone then with its key.
func TestLeftovers_areTakenOverOrDropped(t *testing.T) {
	t.Parallel()
	for name, keep := range map[string]bool{"of a session that was kept": true, "of one that was not": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			m.service.email = "amina@example.org"
			a := m.startStill()
			m.logIn(a, keep)
			ctx := t.Context()
			if err := errors.Join(
				a.Registrations.SaveDraft(ctx, api.Register{Meeting: "C-1", JobTitle: "Engineer"}),
				a.Registrations.Submit(ctx, api.Register{Meeting: "C-2"}),
				a.Registrations.Flush(ctx),
			); err != nil {
				t.Fatal(err)
			}
			old := m.store()
			a = m.anew(a, secondServiceID)
			m.logIn(a, true)
			list, err := a.Session.Leftovers(ctx)
			if err != nil || len(list) != 2 || list[0].State != StateDraft || list[0].Form.JobTitle != "Engineer" ||
				list[1].State != StateWaitingToSend || list[1].Form.Meeting != "C-2" {
				t.Fatalf("%+v, %v", list, err)
			}
			if err := a.Session.TakeOver(ctx, list[0]); err != nil {
				t.Fatal(err)
			}
			if draft, ok := a.Registrations.Draft("C-1"); !ok || draft.JobTitle != "Engineer" {
				t.Errorf("the draft is %+v, %v", draft, ok)
			}
			if list, err = a.Session.Leftovers(ctx); err != nil || len(list) != 1 || list[0].Form.Meeting != "C-2" {
				t.Fatalf("then %+v, %v", list, err)
			}
			if err := a.Session.DropLeftover(ctx, list[0]); err != nil {
				t.Fatal(err)
			}
			if list, err = a.Session.Leftovers(ctx); err != nil || len(list) != 0 {
				t.Errorf("at last %+v, %v", list, err)
			}
			if hasStore(old) {
				t.Error("the store of before is still there")
			}
			if names := m.itemsOf(faultyServiceID); len(names) != 0 {
				t.Errorf("the keyring has still %q", names)
			}
		})
	}
}

// A change is of no use to a service that does not know the registration; what was typed is.
func TestLeftovers_changes(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.service.email = "amina@example.org"
	a := m.startStill()
	m.logIn(a, true)
	ctx := t.Context()
	change := func(number, job string) api.Change {
		return api.Change{Registration: number, Register: api.Register{Meeting: "C-1", JobTitle: job}}
	}
	if err := errors.Join(
		a.Registrations.SaveChange(ctx, change("R-1", "Engineer")),
		a.Registrations.Change(ctx, change("R-2", "Chair")),
		a.Registrations.Flush(ctx),
	); err != nil {
		t.Fatal(err)
	}
	a = m.anew(a, secondServiceID)
	m.logIn(a, true)
	list, err := a.Session.Leftovers(ctx)
	if err != nil || len(list) != 2 || list[0].Form.JobTitle != "Engineer" || list[1].Form.JobTitle != "Chair" || list[1].State != StateWaitingToSend {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, l := range list {
		if err := a.Session.TakeOver(ctx, l); err != nil {
			t.Fatal(err)
		}
		if draft, ok := a.Registrations.Draft("C-1"); !ok || draft.JobTitle != l.Form.JobTitle {
			t.Errorf("the draft is %+v, %v", draft, ok)
		}
	}
	if list, err = a.Session.Leftovers(ctx); err != nil || len(list) != 0 {
		t.Errorf("then %+v, %v", list, err)
	}
}

// Whoever else logs in is told nothing of it.
func TestLeftovers_areTheirOwnersOnly(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.service.email = "amina@example.org"
	a := m.startStill()
	m.logIn(a, true)
	if err := errors.Join(a.Registrations.SaveDraft(t.Context(), api.Register{Meeting: "C-1"}), a.Registrations.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	a = m.anew(a, secondServiceID)
	for email, want := range map[string]int{"ben@example.org": 0, "": 0, "AMINA@example.org": 1} {
		m.service.email = email
		m.logIn(a, true)
		if list, err := a.Session.Leftovers(t.Context()); err != nil || len(list) != want {
			t.Errorf("%q is told %+v, %v", email, list, err)
		}
	}
	// What cannot be opened now is found another time.
	store, err := a.Session.openReplaced(t.Context(), faultyServiceID, faultyAccount)
	if err != nil {
		t.Fatal(err)
	}
	if list, err := a.Session.Leftovers(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("of a store that is in use: %+v, %v", list, err)
	}
	if _, err := a.Session.openReplaced(t.Context(), faultyServiceID, faultyAccount); !errors.Is(err, localdb.ErrInUse) {
		t.Errorf("a store that is open twice: %v", err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	// With the last of it goes the store, and not the session of somebody else there.
	m.service.email = "amina@example.org"
	m.logIn(a, true)
	if err := m.ring.Set(keyringService, currentItem(faultyServiceID), current{Account: secondServiceID}.encode()); err != nil {
		t.Fatal(err)
	}
	list, err := a.Session.Leftovers(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := a.Session.DropLeftover(t.Context(), list[0]); err != nil {
		t.Fatal(err)
	}
	if names := m.itemsOf(faultyServiceID); !slices.Equal(names, []string{currentItem(faultyServiceID)}) {
		t.Errorf("the keyring has %q", names)
	}
}

// itemsOf are the names of a service's items in the keyring but those of the devices.
func (m *machineUnderTest) itemsOf(service string) []string {
	var names []string
	for name := range m.ring.Items() {
		if len(name) > len(service) && name[:len(service)] == service && name != deviceItem(service) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
