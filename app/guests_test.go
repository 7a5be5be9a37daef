package app

import (
	"errors"
	"slices"
	"testing"

	"plenary/api"
)

// guestFor is a guest of a meeting, as typed.
func guestFor(meeting, name string) Guest {
	return Guest{ImportedPerson: api.ImportedPerson{
		RegisterFor: api.RegisterFor{Register: api.Register{Meeting: meeting, BadgeName: name}, FamilyName: name}, Organization: "Example Radio", Country: "SE",
	}}
}

// managing is the service for whoever is logged in.
func (b *bench) managing() *Service {
	b.app.Service.Client = b.app.Session.as(b.vault)
	return b.app.Service
}

// What is typed of a guest is there after the next start, with the import by which they may
// be registered already, until they are, or are not wanted.
func TestGuestDrafts(t *testing.T) {
	const meeting = "C-00000011"
	tried := func(name string) Guest {
		g := guestFor(meeting, name)
		g.Import = "import-1"
		return g
	}
	register := func(b *bench, g Guest) error {
		out, err := b.managing().RegisterGuest(t.Context(), g, g.ImportedPerson)
		if err == nil && !out.Done && g.FamilyName != "" {
			err = errors.New("nobody is registered")
		}
		return err
	}
	for name, c := range map[string]struct {
		do       func(b *bench) error
		want     *Guest
		imported int
	}{
		"nothing":     {func(*bench) error { return nil }, new(guestFor(meeting, "Ng")), 0},
		"typed again": {func(b *bench) error { return b.app.Service.SaveGuestDraft(t.Context(), guestFor(meeting, "Li")) }, new(guestFor(meeting, "Li")), 0},
		"registered":  {func(b *bench) error { return register(b, tried("Ng")) }, nil, 1},
		"refused":     {func(b *bench) error { return register(b, tried("")) }, new(tried("")), 1},
		"discarded":   {func(b *bench) error { return b.app.Service.DropGuestDraft(t.Context(), meeting) }, nil, 0},
		"the own draft deleted": {func(b *bench) error {
			return b.app.Registrations.DeleteDraft(t.Context(), meeting)
		}, new(guestFor(meeting, "Ng")), 0},
		"the appointment for an organization ended": {func(b *bench) error {
			b.app.Session.state.Account = api.Account{Username: "someone"}
			return b.app.Delegation.refresh(t.Context(), b.vault)
		}, new(guestFor(meeting, "Ng")), 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := fileBench(t)
			if err := errors.Join(b.app.Service.SaveGuestDraft(t.Context(), guestFor(meeting, "Ng")), b.app.Service.Flush(t.Context()), c.do(b), b.app.Service.Flush(t.Context())); err != nil {
				t.Fatal(err)
			}
			check := func(when string) {
				t.Helper()
				in, ok := b.app.Service.GuestDraft(meeting)
				if ok != (c.want != nil) || ok && !sameJSON(in, c.want) {
					t.Errorf("%s: %+v, %v, want %+v", when, in, ok, c.want)
				}
				want := LocalWork{}
				if c.want != nil {
					want.Guests = 1
				}
				if meetings := b.app.Service.GuestDrafts(); len(meetings) != want.Guests || slices.ContainsFunc(meetings, func(code string) bool { return code != meeting }) {
					t.Errorf("%s: drafts for %q", when, meetings)
				}
				if work, err := b.vault.localWork(); err != nil || work != want {
					t.Errorf("%s: work %+v, %v", when, work, err)
				}
				if own, others := b.app.Registrations.List(), b.app.Delegation.List(); len(own)+len(others) != 0 {
					t.Errorf("%s: among others %+v, %+v", when, own, others)
				}
			}
			check("at once")
			b.reopen(t)
			check("after the next start")
			if len(b.service.imported) != c.imported {
				t.Errorf("imported %q", b.service.imported)
			}
		})
	}
}

// Where the answer is lost, and then the program, the same import is tried again.
func TestGuestDrafts_registerOnce(t *testing.T) {
	b := fileBench(t)
	g := guestFor("C-00000011", "Ng")
	g.Import = "import-1"
	b.service.locked(func() { b.service.noImports = true })
	if _, err := b.managing().RegisterGuest(t.Context(), g, g.ImportedPerson); err == nil {
		t.Fatal("it was answered")
	}
	b.service.locked(func() { b.service.noImports = false })
	b.reopen(t)
	again, ok := b.app.Service.GuestDraft("C-00000011")
	if !ok || !sameJSON(again, g) {
		t.Fatalf("kept %+v, %v", again, ok)
	}
	if out, err := b.managing().RegisterGuest(t.Context(), again, again.ImportedPerson); err != nil || !out.Done {
		t.Fatalf("%+v, %v", out, err)
	}
	if slices.ContainsFunc(b.service.imported, func(id string) bool { return id != "import-1" }) {
		t.Errorf("imports %q", b.service.imported)
	}
	if left, ok := b.app.Service.GuestDraft("C-00000011"); ok {
		t.Errorf("left %+v", left)
	}
}
