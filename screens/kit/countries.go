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
func Countries(env Env) *parts.Choices {
	if c, ok := countries[env.Words.Lang()]; ok {
		return c
	}
	var items []parts.Item
	for _, c := range env.Words.Countries() {
		items = append(items, parts.Item{
			ID: c.Code, Text: c.Name,
			Keys:  slices.Concat(words.CountryNames(c.Code), words.CountryAliases(c.Code)),
			Codes: words.CountryCodes(c.Code),
		})
	}
	c := parts.NewChoices(items)
	countries[env.Words.Lang()] = c
	env.Prepare(c.Prepare)
	return c
}
