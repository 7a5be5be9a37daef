package accounts

import (
	"slices"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/mail"
)

// correct corrects the profile of a user, as somebody who has just read it.
func (w *world) correct(p caller.Caller, id string, in api.CorrectProfile) error {
	w.t.Helper()
	_, err := w.changeUser(p, id, api.ChangeUser{Kind: api.KindCorrectProfile, Profile: &in})
	return err
}

// The owner is told what was changed, from what to what, and why; the history says it too,
// and forgets it with the account, whose entries stay.
func TestCorrectProfile_tellsTheOwnerAndTheHistory(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		id := w.person("amina", "Amina", "Okafr", "Kenya Union", api.RoleMeetingManager)
		in := api.CorrectProfile{Title: "Dr", FirstName: "Amina", FamilyName: "Okafor", OrganizationID: itu.ID}
		if err := w.correct(boss, id, in); err != nil {
			t.Fatal(err)
		}
		u, err := w.User(t.Context(), boss, id)
		if err != nil || u.Profile.Title != "Dr" || u.Profile.FamilyName != "Okafor" || u.Profile.Organization.ID != itu.ID ||
			u.Name != "Dr Amina Okafor" || u.Organization != itu.Name || u.Country != itu.Country {
			t.Fatalf("%+v, %v", u, err)
		}
		if list, err := w.Users(t.Context(), boss, api.UserFilter{Query: "okafor"}); err != nil || len(list.Users) != 1 {
			t.Errorf("not found by the new name: %+v, %v", list, err)
		}
		to, text := w.toldOf(mail.ProfileCorrected)
		if len(to) != 1 || !strings.HasPrefix(to[0], "amina@") {
			t.Fatalf("told %q", to)
		}
		for _, part := range []string{"before: –; now: Dr", "before: Okafr; now: Okafor", "before: Kenya Union; now: " + itu.Name, why} {
			if !strings.Contains(text, part) {
				t.Errorf("the e-mail does not say %q: %s", part, text)
			}
		}
		if strings.Contains(text, "First name") {
			t.Errorf("the e-mail names what stayed: %s", text)
		}
		said := u.History[0]
		if said.Event != string(audit.ProfileChanged) || said.Reason != why ||
			!slices.Contains(said.Details, audit.Detail{Field: api.DetailFamilyName, Before: "Okafr", After: "Okafor"}) ||
			!slices.Contains(said.Details, audit.Detail{Field: api.DetailOrganization, Before: "Kenya Union", After: itu.Name}) {
			t.Errorf("the history says %+v", said)
		}
		// What is erased with the account stands apart.
		if n := w.rows(`SELECT COUNT(*) FROM audit WHERE details LIKE '%Okaf%'`); n != 0 {
			t.Error("a name stands where nothing is erased")
		}
		e, err := w.Export(t.Context(), caller.Caller{AccountID: id})
		if err != nil || !strings.Contains(string(e.Data["reasons"]), "Okafr") {
			t.Errorf("the owner's export: %s, %v", e.Data["reasons"], err)
		}
	})
}

func TestCorrectProfile_refusesWhatTheOwnerIsRefused(t *testing.T) {
	onSQLite(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		id := w.person("amina", "Amina", "Okafor", "Kenya Union")
		before := w.mustAccount(caller.Caller{AccountID: id})
		for name, in := range map[string]api.CorrectProfile{
			"no name":              {FirstName: " "},
			"line break":           {FirstName: "A\r\nBcc: x@example.org"},
			"unknown organization": {FirstName: "A", OrganizationID: "nope"},
			"two organizations":    {FirstName: "A", OrganizationID: itu.ID, NewOrganization: &api.NewOrganization{Name: "X"}},
			"no country":           {FirstName: "A", Membership: "media", NewOrganization: &api.NewOrganization{Name: "X"}},
		} {
			if err := w.correct(boss, id, in); code(t, err) != api.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if after := w.mustAccount(caller.Caller{AccountID: id}); after.Version != before.Version {
			t.Errorf("it was changed: %+v", after)
		}
		if err := w.correct(boss, boss.AccountID, api.CorrectProfile{FirstName: "A"}); code(t, err) != api.CodeOwnRoles {
			t.Errorf("one's own: %v", err)
		}
	})
}

// Who saves what they read before somebody else changed it is refused, and nothing is
// overwritten; who saves once more what is stored already is not.
func TestProfileAndRoles_areNotOverwritten(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss, other := w.administrator("boss"), w.administrator("other")
		id := w.person("amina", "Amina", "Okafor", "Kenya Union")
		owner := caller.Caller{AccountID: id}
		corrects := func(by caller.Caller, version, family string) error {
			_, err := w.changeUser(by, id, api.ChangeUser{
				Kind: api.KindCorrectProfile, Version: version, Profile: &api.CorrectProfile{FirstName: "Amina", FamilyName: family},
			})
			return err
		}
		changes := func(version, family string) error {
			_, err := w.ChangeProfile(t.Context(), owner, api.ChangeProfile{Version: version, FirstName: "Amina", FamilyName: family, Language: "en"})
			return err
		}
		gives := func(by caller.Caller, version string, roles ...string) error {
			_, err := w.changeUser(by, id, api.ChangeUser{Kind: api.KindRoles, Version: version, Roles: roles})
			return err
		}
		for _, c := range []struct {
			name          string
			first, second func(staff, own string) error
		}{
			{
				"two administrators", func(v, _ string) error { return corrects(boss, v, "First") },
				func(v, _ string) error { return corrects(other, v, "Second") },
			},
			{
				"an administrator and the owner", func(v, _ string) error { return corrects(boss, v, "Third") },
				func(_, v string) error { return changes(v, "Fourth") },
			},
			{
				"the owner and an administrator", func(_, v string) error { return changes(v, "Fifth") },
				func(v, _ string) error { return corrects(other, v, "Sixth") },
			},
			{
				"roles", func(v, _ string) error { return gives(boss, v, api.RoleMeetingManager) },
				func(v, _ string) error { return gives(other, v, api.RoleAdministrator) },
			},
		} {
			staff, own := w.versionOf(id), w.mustAccount(owner).Version
			if err := c.first(staff, own); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			now := w.versionOf(id)
			if err := c.second(staff, own); code(t, err) != api.CodeOutdated {
				t.Errorf("%s: the second one: %v", c.name, err)
			}
			if w.versionOf(id) != now {
				t.Errorf("%s: it was overwritten", c.name)
			}
			if err := c.first(staff, own); err != nil {
				t.Errorf("%s: once more after a lost answer: %v", c.name, err)
			}
		}
	})
}
