package words

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"plenary/rules"
)

// cldr is a folder with the unpacked npm package cldr-localenames-full
// , as its folder package/main:
//
//	npm pack cldr-localenames-full@48.2.0
var cldr = flag.String("cldr", "", "write the aliases of the countries anew from CLDR in this folder")

const cldrSource = "Unicode CLDR 48.2 (Unicode License v3): display names of territories with their short forms and variants, as far as the United Nations write them otherwise."

// TestCountryAliases_areThoseOfCLDR writes them with -cldr; without it, it checks that
// none stands there twice.
func TestCountryAliases_areThoseOfCLDR(t *testing.T) {
	f := readAliases()
	if f.Groups[0].Source != cldrSource {
		t.Fatalf("the first group is %q", f.Groups[0].Source)
	}
	if *cldr != "" {
		f.Groups[0].Names = namesOfCLDR(t, *cldr)
		writeAliases(t, f)
		return
	}
	for _, code := range rules.CountryCodes() {
		seen := make(map[string]bool)
		for _, name := range append(slices.Clone(CountryNames(code)), CountryAliases(code)...) {
			key := searched(name)
			if seen[key] && !slices.Contains(CountryNames(code), name) { // Andorra is Andorra in three languages
				t.Errorf("%s has %q twice", code, name)
			}
			seen[key] = true
		}
	}
	for _, group := range f.Groups {
		for code := range group.Names {
			if !rules.IsCountry(code) || group.Source == "" {
				t.Errorf("%s of %q is no country, or has no source", code, group.Source)
			}
		}
	}
}

// searched is a name as a search sees it.
func searched(name string) string { return strings.Join(rules.Tokens(name), " ") }

func namesOfCLDR(t *testing.T, folder string) map[string][]string {
	t.Helper()
	found := make(map[string][]string)
	for _, lang := range countries().Languages {
		var file struct {
			Main map[string]struct {
				LocaleDisplayNames struct{ Territories map[string]string }
			}
		}
		data, err := os.ReadFile(filepath.Join(folder, "package", "main", lang, "territories.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &file); err != nil {
			t.Fatal(err)
		}
		names := file.Main[lang].LocaleDisplayNames.Territories
		for _, key := range slices.Sorted(maps.Keys(names)) {
			code, _, _ := strings.Cut(key, "-")
			if !rules.IsCountry(code) {
				continue
			}
			known := func(name string) bool { return searched(name) == searched(names[key]) }
			if !slices.ContainsFunc(CountryNames(code), known) && !slices.ContainsFunc(found[code], known) {
				found[code] = append(found[code], names[key])
			}
		}
	}
	return found
}

// writeAliases writes one country a line, so that changes can be read.
func writeAliases(t *testing.T, f aliasFile) {
	t.Helper()
	marshal := func(v any) string {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(b.String())
	}
	var groups []string
	for _, group := range f.Groups {
		var lines []string
		for _, code := range slices.Sorted(maps.Keys(group.Names)) {
			lines = append(lines, "      "+marshal(code)+": "+marshal(group.Names[code]))
		}
		groups = append(groups, "    {\n      \"source\": "+marshal(group.Source)+",\n      \"names\": {\n  "+strings.Join(lines, ",\n  ")+"\n      }\n    }")
	}
	text := "{\n  \"groups\": [\n" + strings.Join(groups, ",\n") + "\n  ]\n}\n"
	if err := os.WriteFile("countryaliases.json", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
