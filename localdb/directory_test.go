package localdb

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/directory"
	"plenary/words"
)

// whole is the directory that the service ships.
var whole = sync.OnceValue(func() *Directory {
	organizations, err := directory.All()
	if err != nil {
		panic(err)
	}
	return NewDirectory(organizations, words.CountryNames)
})

func TestDirectory_findsByAnyPartInAnyScript(t *testing.T) {
	for _, c := range []struct {
		query, membership, country string
		want                       string // the first name, or a part of it
	}{
		{query: "University of Andorra", want: "University of Andorra"},
		{query: "administration of spain", want: "Administration of Spain"},
		{query: "spain admin", want: "Administration of Spain"},
		{query: "españa", membership: "member-state", want: "Administration of Spain"},
		{query: "suisse", membership: "member-state", want: "Administration of Switzerland"},
		{query: "швейцария", membership: "member-state", want: "Administration of Switzerland"},
		{query: "سويسرا", membership: "member-state", want: "Administration of Switzerland"},
		{query: "瑞士", membership: "member-state", want: "Administration of Switzerland"},
		{query: "cote d'ivoire", membership: "member-state", want: "Administration of Côte d’Ivoire"},
		{query: "DIVOIRE", membership: "member-state", want: "Administration of Côte d’Ivoire"},
		{query: "turkiye", membership: "member-state", want: "Administration of Türkiye"},
		{query: "GENEVA universit", want: "University of Geneva"},
		{query: "epfl.ch", want: "Lausanne"},
		{query: "rmit.edu", want: "Royal Melbourne Institute of Technology"},
		{query: "telecommunications administrations", want: "European Conference of Postal"},
		{query: "lodz film", want: "Film"},
		{query: "niversity of andorr", want: "University of Andorra"}, // inside a word
		{query: "world", membership: "un-agency", country: "CH", want: "World Health Organization"},
		{query: "who.int", membership: "please-choose", want: "World Health Organization"},
	} {
		found := whole().Search(c.query, c.membership, c.country, 5)
		if !slices.ContainsFunc(found, func(o api.Organization) bool { return strings.Contains(o.Name, c.want) }) {
			t.Errorf("%q (%s %s): %q is not among %v", c.query, c.membership, c.country, c.want, names(found))
		}
	}
}

func TestDirectory_putsNamesThatBeginWithTheQueryFirst(t *testing.T) {
	d := NewDirectory([]api.Organization{
		{ID: "1", Name: "New School of Arts", Membership: "academia"},
		{ID: "2", Name: "Artsakh Telecom", Membership: "sector-member"},
		{ID: "3", Name: "Arts Academy of the North", Membership: "academia"},
		{ID: "4", Name: "Smarts", Membership: "academia"},
		{ID: "5", Name: "Institute", Domain: "arts.example", Membership: "academia"},
	}, func(string) []string { return nil })
	want := []string{"Artsakh Telecom", "Arts Academy of the North", "New School of Arts", "Institute", "Smarts"}
	if got := names(d.Search("ARTS", "", "", 10)); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := names(d.Search("arts", "academia", "", 2)); !slices.Equal(got, []string{"Arts Academy of the North", "New School of Arts"}) {
		t.Errorf("narrowed: %q", got)
	}
}

func TestDirectory_browsesByNameWithoutAQuery(t *testing.T) {
	for _, query := range []string{"", "  ", "--"} {
		found := whole().Search(query, "member-state", "", 1000)
		if len(found) != 194 || found[0].Name != "Administration of Afghanistan" {
			t.Errorf("%q: %d administrations, first %q", query, len(found), names(found[:1]))
		}
	}
	if found := whole().Search("", "", "LI", 1000); len(found) == 0 || !slices.IsSortedFunc(found, func(a, b api.Organization) int {
		return strings.Compare(rules.Fold(a.Name), rules.Fold(b.Name))
	}) {
		t.Errorf("Liechtenstein: %q", names(found))
	}
	if found := whole().Search("", "", "", 0); len(found) != 0 {
		t.Errorf("%d found with room for none", len(found))
	}
}

func TestDirectory_findsNothingForNonsense(t *testing.T) {
	for _, query := range []string{"qqqxyzw", strings.Repeat("a very long query ", 100), "university \xff\xfe qqq", "\x00"} {
		if query == "\x00" {
			continue // no word: browses
		}
		if found := whole().Search(query, "", "", 5); len(found) != 0 {
			t.Errorf("%.30q found %q", query, names(found))
		}
	}
}

func names(organizations []api.Organization) []string {
	list := make([]string, len(organizations))
	for i, o := range organizations {
		list[i] = o.Name
	}
	return list
}

// keystrokes types names as people do, some with a slip, some with a country.
func keystrokes(d *Directory, n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	var typed []string
	for len(typed) < n {
		text := d.byName[random.IntN(d.Len())].Name
		switch random.IntN(5) {
		case 0:
			text = strings.ToUpper(text)
		case 1:
			text = rules.Fold(text)
		case 2:
			fields := strings.Fields(text)
			text = fields[random.IntN(len(fields))] + " " + words.For("fr").Country(d.byName[random.IntN(d.Len())].Country)
		case 3:
			at := random.IntN(len(text))
			text = strings.ToValidUTF8(text[:at]+"x"+text[at:], "")
		}
		runes := []rune(text)
		for i := 1; i <= min(len(runes), 30); i++ {
			typed = append(typed, string(runes[:i]))
		}
	}
	return typed
}

// BenchmarkDirectory_keystroke reports what a keystroke costs on the whole
// directory; the aim is a p99 of 1,000 us.
func BenchmarkDirectory_keystroke(b *testing.B) {
	var before, after runtime.MemStats
	organizations, err := directory.All()
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	d := NewDirectory(organizations, words.CountryNames)
	built := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)

	typed := keystrokes(d, 3000)
	took := make([]time.Duration, 0, len(typed))
	for b.Loop() {
		took = took[:0]
		for _, query := range typed {
			start := time.Now()
			d.Search(query, "", "", 50)
			took = append(took, time.Since(start))
		}
	}
	slices.Sort(took)
	micros := func(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
	b.ReportMetric(micros(took[len(took)/2]), "p50-us")
	b.ReportMetric(micros(took[len(took)*99/100]), "p99-us")
	b.ReportMetric(micros(took[len(took)-1]), "max-us")
	b.ReportMetric(float64(built.Milliseconds()), "build-ms")
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB")
	runtime.KeepAlive(organizations)
}
