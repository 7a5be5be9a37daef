package organizations

import (
	"slices"
	"testing"

	"plenary/api"
	"plenary/service/directory"
)

func whole(t testing.TB) *Directory {
	t.Helper()
	all, err := directory.All()
	if err != nil {
		t.Fatal(err)
	}
	return newDirectory(slices.Clone(all))
}

func TestSuggest_findsWhatWasMeant(t *testing.T) {
	d := whole(t)
	for _, c := range []struct {
		typed, country, want string // want: the first suggestion; "" for none
	}{
		{"University of Andorra", "AD", "University of Andorra"},
		{"univeristy of andora", "AD", "University of Andorra"},
		{"ANDORRA UNIVERSITY", "AD", "University of Andorra"},
		{"Andorra Telecom", "AD", "Andorra Telecom / Mobiland"},
		{"University of Andorra", "FR", "University of Andorra"}, // abroad, but all the same
		{"Administration of Spain", "ES", "Administration of Spain"},
		{"Zzyzx Quux", "AD", ""},
		{"University", "AD", ""}, // says nothing
		{"", "AD", ""},
		{"???", "AD", ""},
	} {
		got := d.suggest(c.typed, c.country)
		first := ""
		if len(got) > 0 {
			first = got[0].Name
		}
		if first != c.want || len(got) > suggestions {
			t.Errorf("%q in %s: %v, want %q first", c.typed, c.country, got, c.want)
		}
	}
}

func TestSuggest_namesTheSameCountryFirst(t *testing.T) {
	d := newDirectory([]api.Organization{
		{ID: "1", Name: "Northern Radio Institute", Country: "NO"},
		{ID: "2", Name: "Northern Radio Institute", Country: "SE"},
		{ID: "3", Name: "Northern Radio Board", Country: "SE"},
		{ID: "4", Name: "Something Else", Country: "SE"},
	})
	var got string
	for _, o := range d.suggest("Northern Radio Institute", "SE") {
		got += o.ID
	}
	if got != "231" {
		t.Errorf("in the order %s", got)
	}
}

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"radio", "radio", 1},
		{"univ", "university", nearly},
		{"university", "univ", nearly},
		{"uni", "university", 0},
		{"univeristy", "university", nearly},
		{"institute", "institut", nearly},
		{"telecon", "telecom", nearly},
		{"telecm", "telecom", nearly},
		{"tellecom", "telecom", nearly},
		{"ration", "nation", 0},
		{"bank", "bond", 0},
		{"école", "ecole", 0},
		{"связь", "связи", nearly},
		{"radio", "radar", 0},
	} {
		if got := alike(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func BenchmarkSuggest(b *testing.B) {
	d := whole(b)
	d.index()
	for b.Loop() {
		d.suggest("Institut national des télécommunications du Nord", "FR")
	}
}

func TestNamed_findsWhatIsMeant(t *testing.T) {
	d := newDirectory([]api.Organization{
		{ID: "a", Name: "École Polytechnique", Country: "FR", Membership: "academia"},
		{ID: "b", Name: "Example Radio", Country: "CH", Membership: "sector-member"},
		{ID: "c", Name: "Example Radio", Country: "AT", Membership: "sector-member"},
		{ID: "d", Name: "Example Lab", Country: "CH", Membership: "academia"},
		{ID: "e", Name: "Example Lab", Country: "CH", Membership: "associate"},
	})
	for _, c := range []struct{ name, country, membership, want string }{
		{"ecole  polytechnique", "", "", "a"},
		{"École Polytechnique", "CH", "", ""},
		{"Example Radio", "", "", ""}, // in two countries
		{"Example Radio", "AT", "", "c"},
		{"Example Lab", "CH", "associate", "e"},
		{"Example Lab", "", "associate", "e"},
		{"Example Lab", "CH", "media", "d"},
		{"Example", "", "", ""},
		{"", "", "", ""},
	} {
		got := d.Named([]api.Organization{{Name: "Nowhere"}, {Name: c.name, Country: c.country, Membership: c.membership}})
		if got[0].ID != "" || got[1].ID != c.want {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}
