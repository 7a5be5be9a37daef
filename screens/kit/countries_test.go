package kit_test

import (
	"slices"
	"strings"
	"testing"

	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
	"plenary/words"
)

// offered are the countries that a picker offers for what was typed, the best first.
func offered(p *parts.Picker, typed string) []string {
	p.Entry().OnChanged(typed)
	var codes []string
	for _, i := range p.Items() {
		codes = append(codes, i.ID)
	}
	return codes
}

func newCountries(t testing.TB, lang string) *parts.Picker {
	screentest.NewEnv(t)
	return parts.NewPickerOf("country", "", "", kit.Countries(kit.Env{Words: words.For(lang), Run: screentest.Synchronous{}}))
}

func TestCountries_areFoundAsPeopleTypeThem(t *testing.T) {
	p := newCountries(t, "en")
	for typed, want := range map[string]string{ // the first ones
		// Abbreviations and codes
		"uk": "GB UA", "UK": "GB UA", "u.k.": "GB", "gb": "GB", "gbr": "GB", "us": "US", "usa": "US", "U.S.A.": "US", "u s": "US",
		"uae": "AE", "EAU": "AE", "drc": "CD", "RDC": "CD", "cod": "CD", "png": "PG", "ksa": "SA", "rok": "KR", "dprk": "KP", "car": "CF",
		"prc": "CN", "nz": "NZ", "rsa": "ZA", "ch": "CH", "che": "CH", "de": "DE", "deu": "DE", "in": "IN", "sui": "CH", "fsm": "FM", "bih": "BA",
		"xk": "XK", "t&t": "TT", "КНДР": "KP", "США": "US", "ЮАР": "ZA", "ОАЭ": "AE", "EE. UU.": "US", "EEUU": "US",
		// Common names
		"holland": "NL", "the netherlands": "NL", "turkey": "TR", "turkiye": "TR", "ivory coast": "CI", "cote divoire": "CI", "cote d'ivoire": "CI",
		"vatican": "VA", "vatican city": "VA", "holy see": "VA", "england": "GB", "scotland": "GB", "wales": "GB", "great britain": "GB",
		"northern ireland": "GB", "ireland": "IE", "america": "US", "united states": "US", "emirates": "AE", "south korea": "KR", "north korea": "KP",
		"russia": "RU", "iran": "IR", "syria": "SY", "laos": "LA", "bolivia": "BO", "venezuela": "VE", "tanzania": "TZ", "moldova": "MD",
		"vietnam": "VN", "brunei": "BN", "czech republic": "CZ", "palestine": "PS", "taiwan": "TW", "hong kong": "HK", "macau": "MO",
		"congo kinshasa": "CD", "congo brazzaville": "CG", "congo": "CG CD", "guinea": "GN GW GQ", "niger": "NE NG", "st lucia": "LC", "antigua": "AG",
		"cape verde": "CV", "micronesia": "FM", "bosnia": "BA", "kosovo": "XK", "falkland": "FK", "virgin islands": "VG",
		// Former names
		"burma": "MM", "zaire": "CD", "ceylon": "LK", "swaziland": "SZ", "persia": "IR", "siam": "TH", "upper volta": "BF", "dahomey": "BJ",
		"rhodesia": "ZW", "kampuchea": "KH", "east timor": "TL", "abyssinia": "ET", "new hebrides": "VU", "byelorussia": "BY", "fyrom": "MK", "macedonia": "MK",
		// In the other languages
		"suisse": "CH", "allemagne": "DE", "hollande": "NL", "royaume uni": "GB", "estados unidos": "US", "inglaterra": "GB", "costa de marfil": "CI",
		"испания": "ES", "англия": "GB", "турция": "TR", "бирма": "MM", "美国": "US", "英国": "GB", "荷兰": "NL", "象牙海岸": "CI",
		"سويسرا": "CH", "هولندا": "NL", "تركيا": "TR", "الإمارات": "AE", "امارات": "AE",
		// The name as it stands there, its beginning, a word of it
		"united kingdom of": "GB", "switz": "CH", "lanka": "LK", "emir": "AE", "zealand": "NZ",
		// One letter wrong, too many, too few, or two that changed places
		"swizerland": "CH", "switzreland": "CH", "swittzerland": "CH", "germony": "DE", "brazl": "BR", "untied kingdom": "GB", "austrailia": "AU",
		"philipines": "PH", "colmbia": "CO", "moroco": "MA", "kazakstan": "KZ", "netherland": "NL", "швейцарея": "CH", "suise": "CH",
	} {
		got := offered(p, typed)
		if wants := strings.Fields(want); len(got) < len(wants) || !slices.Equal(got[:len(wants)], wants) {
			t.Errorf("%q offers %v, want %s first", typed, got[:min(len(got), 6)], want)
		}
	}
	for _, nothing := range []string{"zzzz", "xq", "swittzirland", "brzil zz"} {
		if got := offered(p, nothing); len(got) != 0 {
			t.Errorf("%q offers %v", nothing, got)
		}
	}
}

func TestCountries_everyNameAndCodeLeadsToItsCountry(t *testing.T) {
	p := newCountries(t, "en")
	for _, code := range rules.CountryCodes() {
		names := slices.Concat(words.CountryNames(code), words.CountryAliases(code), words.CountryCodes(code))
		slices.Sort(names)
		for _, typed := range slices.Compact(names) {
			if got := offered(p, typed); !slices.Contains(got[:min(len(got), 3)], code) {
				t.Errorf("%q offers %v, not %s", typed, got[:min(len(got), 6)], code)
			}
		}
	}
}

func TestCountries_theNameThatIsShownLeadsToItsCountryFirst(t *testing.T) {
	for _, lang := range words.Offered() {
		p := newCountries(t, lang.Code)
		for _, code := range rules.CountryCodes() {
			if first := offered(p, words.For(lang.Code).Country(code)); first[0] != code {
				t.Errorf("%s: its name offers %v before %s", lang.Code, first, code)
			}
		}
	}
}

func TestCountries_tellsByWhichNameOneIsFound(t *testing.T) {
	p := newCountries(t, "en")
	for typed, want := range map[string]string{"burma": "Burma", "suisse": "Suisse"} {
		offered(p, typed)
		if got := p.Items()[0].Detail(); got != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
	if offered(p, "switz"); p.Items()[0].Detail != nil {
		t.Error("the name that is shown is told twice")
	}
}
