package directory

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"plenary/api"
	"plenary/rules"
)

func all(t *testing.T) []api.Organization {
	t.Helper()
	organizations, err := All()
	if err != nil {
		t.Fatal(err)
	}
	return organizations
}

func TestAll_isWholeAndValid(t *testing.T) {
	ids := make(map[string]bool)
	count := make(map[rules.Membership]int)
	for _, o := range all(t) {
		if ids[o.ID] || len(o.ID) != 12 {
			t.Errorf("%q has the id %q, wrong or taken", o.Name, o.ID)
		}
		ids[o.ID] = true
		count[rules.Membership(o.Membership)]++
		if !rules.IsCountry(o.Country) || !rules.Membership(o.Membership).Real() {
			t.Errorf("%q: country %q, type %q", o.Name, o.Country, o.Membership)
		}
		if o.Name == "" || len(o.Name) > 200 || o.Name != strings.TrimSpace(o.Name) || strings.ContainsFunc(o.Name, unicode.IsControl) {
			t.Errorf("name %q", o.Name)
		}
		if o.Domain != "" && !strings.Contains(o.Domain, ".") {
			t.Errorf("%q has the domain %q", o.Name, o.Domain)
		}
	}
	// 12,183 organizations in the source, two of them there twice, and 194 member states.
	if got, want := len(ids), 12183-2+194; got != want {
		t.Errorf("%d entries, want %d", got, want)
	}
	if got := count[rules.MemberState]; got != 194 {
		t.Errorf("%d administrations, want 194", got)
	}
	for _, m := range []rules.Membership{rules.SectorMember, rules.Academia, rules.RegionalInternational, rules.Resolution99, rules.UNAgency, rules.Media} {
		if count[m] == 0 {
			t.Errorf("nothing of type %s", m)
		}
	}
}

func TestAll_keepsIDs(t *testing.T) {
	organizations := all(t)
	at := slices.IndexFunc(organizations, func(o api.Organization) bool { return o.Name == "Administration of Spain" })
	if at < 0 {
		t.Fatal("no administration of Spain")
	}
	// What people chose is stored under this id: it must outlive regenerating.
	want := api.Organization{ID: "gq3pr3aqg0m1", Name: "Administration of Spain", Country: "ES", Membership: "member-state"}
	if organizations[at] != want {
		t.Errorf("%+v, want %+v", organizations[at], want)
	}
}

func TestID_isThatOfTheEntry(t *testing.T) {
	for _, o := range all(t) {
		if id := ID(o); id != o.ID {
			t.Fatalf("%q has the id %s, and %s by what it says", o.Name, o.ID, id)
		}
	}
}

func BenchmarkAll(b *testing.B) {
	for b.Loop() {
		if _, err := read(); err != nil {
			b.Fatal(err)
		}
	}
}
