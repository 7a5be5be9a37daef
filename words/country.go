package words

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// Country is a country or area of rules.CountryCodes.
type Country struct {
	Code string // ISO 3166-1 alpha-2: "CH"
	Name string // United Nations short name in the language asked for
}

// countryFile is countries.json: the names of every code in the order of
// Languages, and for each language its codes in the order of its dictionary
// (golang.org/x/text/collate, kept out of the program for its size; the test
// TestCountryOrder compares, and writes it anew with -update).
type countryFile struct {
	Source    string              `json:"source"`
	Languages []string            `json:"languages"`
	Names     map[string][]string `json:"names"`
	Order     map[string]string   `json:"order"`
}

var countries = sync.OnceValue(func() *countryFile {
	data, err := files.ReadFile("countries.json")
	if err != nil {
		panic(err) // the file is part of the program and tested
	}
	var f countryFile
	if err := json.Unmarshal(data, &f); err != nil {
		panic(err)
	}
	return &f
})

// Country is the United Nations short name of an ISO 3166-1 alpha-2 code in
// capitals; a code that is not one is given back as it is.
func (w *Words) Country(code string) string {
	f := countries()
	if names, ok := f.Names[code]; ok {
		return names[slices.Index(f.Languages, w.lang)]
	}
	return code
}

// Countries lists all of them in the order of the language's dictionary. The list
// is the caller's own.
func (w *Words) Countries() []Country {
	list := make([]Country, 0, len(countries().Names))
	for code := range strings.FieldsSeq(countries().Order[w.lang]) {
		list = append(list, Country{Code: code, Name: w.Country(code)})
	}
	return list
}

// CountryNames gives the names of a country in all six languages, for searching.
func CountryNames(code string) []string {
	return countries().Names[code]
}
