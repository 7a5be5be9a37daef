package words

import (
	"encoding/json"
	"sync"

	"golang.org/x/text/language"
)

// aliasFile is countryaliases.json: by which names a country is found besides those of
// the United Nations, in groups of one source each. The first is made from Unicode CLDR
// (TestCountryAliases_areThoseOfCLDR); the others are kept by hand.
type aliasFile struct {
	Groups []aliasGroup `json:"groups"`
}

type aliasGroup struct {
	Source string              `json:"source"`
	Names  map[string][]string `json:"names"`
}

var aliases = sync.OnceValue(func() map[string][]string {
	all := make(map[string][]string)
	for _, group := range readAliases().Groups {
		for code, names := range group.Names {
			all[code] = append(all[code], names...)
		}
	}
	return all
})

func readAliases() aliasFile {
	data, err := files.ReadFile("countryaliases.json")
	if err != nil {
		panic(err) // the file is part of the program and tested
	}
	var f aliasFile
	if err := json.Unmarshal(data, &f); err != nil {
		panic(err)
	}
	return f
}

// CountryAliases gives by what else than CountryNames a country is found: abbreviations,
// common and former names, in all six languages.
func CountryAliases(code string) []string { return aliases()[code] }

// CountryCodes gives the codes of a country of ISO 3166-1: alpha-2 and alpha-3.
func CountryCodes(code string) []string {
	r, err := language.ParseRegion(code)
	if err != nil {
		return nil
	}
	return []string{code, r.ISO3()}
}
