package parts

import (
	"slices"

	"plenary/rules"
)

// spelled is a text as it is searched in (rules.Spellings): at[i] is the place in
// the text, in runes, that rune i comes from.
type spelled struct {
	runes []rune
	at    []int
}

func spell(text string, as func(string) string) spelled {
	var s spelled
	for i, r := range []rune(text) {
		for _, f := range as(string(r)) {
			s.runes = append(s.runes, f)
			s.at = append(s.at, i)
		}
	}
	return s
}

// spellings are a text folded, and as passports write it where that differs.
func spellings(text string) []spelled {
	folded, passport := spell(text, rules.Fold), spell(text, rules.Passport)
	if slices.Equal(folded.runes, passport.runes) {
		return []spelled{folded}
	}
	return []spelled{folded, passport}
}

// matches tells whether every word of the query begins a word of the text.
func matches(text string, query []rules.SearchWord) bool {
	all := spellings(text)
	for _, word := range query {
		if !slices.ContainsFunc(all, func(s spelled) bool { _, found := s.find(word); return found }) {
			return false
		}
	}
	return true
}

// found are the places of a word in a spelled text, from, and up to, to.
type found struct{ from, to int }

// find looks for the first word of the text that begins with a spelling of this one.
func (s *spelled) find(word rules.SearchWord) (f found, ok bool) {
	for _, spelling := range word {
		runes := []rune(spelling)
		for i := 0; i+len(runes) <= len(s.runes); i++ {
			if i > 0 && rules.IsWord(s.runes[i-1]) && !breaksAnywhere(s.runes[i]) {
				continue
			}
			if slices.Equal(s.runes[i:i+len(runes)], runes) {
				return found{i, i + len(runes)}, true
			}
		}
	}
	return found{}, false
}

// highlight splits a text into spans, with what matches the query in bold.
func highlight(text, query string) []Span {
	runes := []rune(text)
	bold := make([]bool, len(runes))
	for _, word := range rules.SearchWords(query) {
		for _, text := range spellings(text) {
			if f, ok := text.find(word); ok {
				for _, at := range text.at[f.from:f.to] {
					bold[at] = true
				}
				break
			}
		}
	}
	var spans []Span
	for i := 0; i < len(runes); {
		j := i + 1
		for j < len(runes) && bold[j] == bold[i] {
			j++
		}
		spans = append(spans, Span{Text: string(runes[i:j]), Bold: bold[i]})
		i = j
	}
	return spans
}
