package kit

import (
	"slices"

	"plenary/screens/parts"
	"plenary/words"
)

// countries are those of each language. Like the pickers that share them they belong to
// the window's goroutine.
var countries = map[string]*parts.Choices{}

// Countries are all countries to pick from, in the order of the language's dictionary:
// found by their codes, and by their names, short forms and former names in any of the
// six languages.
func Countries(w *words.Words) *parts.Choices {
	if c, ok := countries[w.Lang()]; ok {
		return c
	}
	var items []parts.Item
	for _, c := range w.Countries() {
		items = append(items, parts.Item{
			ID: c.Code, Text: c.Name,
			Keys:  slices.Concat(words.CountryNames(c.Code), words.CountryAliases(c.Code)),
			Codes: words.CountryCodes(c.Code),
		})
	}
	countries[w.Lang()] = parts.NewChoices(items)
	return countries[w.Lang()]
}
