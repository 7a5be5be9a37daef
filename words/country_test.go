package words

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"plenary/rules"
)

var update = flag.Bool("update", false, "write the order of the countries anew")

func TestCountries_areThoseOfISOWithANameInEveryLanguage(t *testing.T) {
	f := countries()
	if got, want := len(f.Names), len(rules.CountryCodes()); got != want {
		t.Errorf("%d countries, want %d", got, want)
	}
	for _, code := range rules.CountryCodes() {
		names := f.Names[code]
		if len(names) != len(f.Languages) {
			t.Errorf("%s has %d names", code, len(names))
		}
		for i, name := range names {
			if name == "" || name != strings.TrimSpace(name) || name == code {
				t.Errorf("%s in %s: %q", code, f.Languages[i], name)
			}
		}
	}
	for i, lang := range f.Languages {
		seen := make(map[string]string)
		for code, names := range f.Names {
			if other, taken := seen[names[i]]; taken {
				t.Errorf("%s: %s and %s are both %q", lang, code, other, names[i])
			}
			seen[names[i]] = code
		}
	}
}

func TestCountry_isTheShortNameOfTheUnitedNations(t *testing.T) {
	for _, c := range []struct{ lang, code, want string }{
		{"en", "TR", "Türkiye"},
		{"en", "CI", "Côte d’Ivoire"},
		{"en", "GB", "United Kingdom of Great Britain and Northern Ireland"},
		{"fr", "CZ", "Tchéquie"},
		{"fr", "RU", "Fédération de Russie"},
		{"de", "VA", "Holy See"}, // a language that Plenary does not speak
		{"en", "XX", "XX"},
		{"en", "", ""},
	} {
		if got := For(c.lang).Country(c.code); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.code, c.lang, got, c.want)
		}
	}
}

// TestCountryOrder compares the order in countries.json with the language's
// dictionary; with -update it writes it.
func TestCountryOrder(t *testing.T) {
	f := countries()
	for i, lang := range f.Languages {
		codes := rules.CountryCodes()
		c := collate.New(language.Make(lang))
		slices.SortStableFunc(codes, func(a, b string) int {
			return c.CompareString(f.Names[a][i], f.Names[b][i])
		})
		want := strings.Join(codes, " ")
		if *update {
			f.Order[lang] = want
		} else if f.Order[lang] != want {
			t.Errorf("%s: the order is not that of the dictionary; run go test ./words -run CountryOrder -update", lang)
		}
	}
	if *update {
		writeCountries(t, f)
	}
}

// writeCountries writes one country a line, so that changes can be read.
func writeCountries(t *testing.T, f *countryFile) {
	t.Helper()
	marshal := func(v any) []byte {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		return bytes.TrimSpace(b.Bytes())
	}
	var b bytes.Buffer
	b.WriteString("{\n  \"source\": ")
	b.Write(marshal(f.Source))
	b.WriteString(",\n  \"languages\": ")
	b.Write(marshal(f.Languages))
	b.WriteString(",\n  \"names\": {\n")
	for i, code := range rules.CountryCodes() {
		if i > 0 {
			b.WriteString(",\n")
		}
		b.WriteString("    \"" + code + "\": ")
		b.Write(marshal(f.Names[code]))
	}
	b.WriteString("\n  },\n  \"order\": {\n")
	for i, lang := range f.Languages {
		if i > 0 {
			b.WriteString(",\n")
		}
		b.WriteString("    \"" + lang + "\": ")
		b.Write(marshal(f.Order[lang]))
	}
	b.WriteString("\n  }\n}\n")
	if err := os.WriteFile("countries.json", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestCountries_startAndEndAsInTheDictionary(t *testing.T) {
	en := For("en").Countries()
	if len(en) != 250 || en[0].Code != "AF" || en[1].Code != "AX" || en[249].Code != "ZW" {
		t.Errorf("%d countries from %v to %v", len(en), en[0], en[len(en)-1])
	}
	fr := For("fr").Countries()
	if at := slices.IndexFunc(fr, func(c Country) bool { return c.Code == "EG" }); fr[at-1].Code != "EC" && fr[at+1].Name[0] != 'E' {
		t.Errorf("Égypte stands between %v and %v", fr[at-1], fr[at+1])
	}
}
