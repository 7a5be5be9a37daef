// Package wordsearch finds rows of the database by beginnings of words, in any script
// (rules.WordForms). A row's words stand in a table of their own, each with the row's
// place in lists, so that a page of what is found is read as quickly among a hundred
// thousand rows as among a thousand.
package wordsearch

import (
	"slices"
	"strings"
	"unicode/utf8"

	"plenary/rules"
)

// Limits: an index holds the words, and those of PostgreSQL take rows of 2,700 bytes.
const (
	maxForm  = 40 // bytes of a word
	maxWords = 8  // of a query
)

// Forms are the words by whose beginnings texts are found, sorted, each once; at most
// so many.
func Forms(most int, texts ...string) []string {
	var forms []string
	for _, text := range texts {
		for _, spelling := range rules.Spellings(text) {
			rules.WordForms(spelling, func(word string) {
				if word = Cut(word, maxForm); len(forms) < most && !slices.Contains(forms, word) {
					forms = append(forms, word)
				}
			})
		}
	}
	slices.Sort(forms)
	return forms
}

// Words takes what somebody searches for apart; each has to be found. There are none
// in what has no letter or digit.
func Words(typed string) []rules.SearchWord {
	words := rules.SearchWords(typed)
	for _, w := range words {
		for i := range w {
			w[i] = Cut(w[i], maxForm)
		}
	}
	return words[:min(len(words), maxWords)]
}

// Parts are the words as they were typed, as many as count.
func Parts(typed string) []string {
	parts := strings.Fields(typed)
	return parts[:min(len(parts), maxWords)]
}

// Find gives the first of some forms that the word at driver begins, if each word
// begins one.
func Find(words []rules.SearchWord, driver int, forms []string) (first string, ok bool) {
	for i, w := range words {
		at := slices.IndexFunc(forms, w.Begins)
		if at < 0 {
			return "", false
		}
		if i == driver {
			first = forms[at]
		}
	}
	return first, true
}

// Prefix is a range of words that begin alike: from, and below to.
type Prefix struct{ From, To []byte }

// Prefixes are those of a word's spellings, in order, none within another.
func Prefixes(w rules.SearchWord) []Prefix {
	spellings := slices.Sorted(slices.Values(w))
	var list []Prefix
	for i, s := range spellings {
		if i > 0 && strings.HasPrefix(s, string(list[len(list)-1].From)) {
			continue
		}
		// Text in UTF-8 has no byte that cannot be counted up.
		to := []byte(s)
		to[len(to)-1]++
		list = append(list, Prefix{[]byte(s), to})
	}
	return list
}

// Many is from how many rows on it does not matter which word is looked up.
const Many = 2000

// Driver says which word is to be looked up: that with the fewest rows, and the others
// are looked for in what it finds. A page behind another one, which ended at the word
// after, goes on with the word of that one. count counts the rows of a range, up to Many.
func Driver(words []rules.SearchWord, after string, count func(Prefix) int) (driver int) {
	if len(words) < 2 {
		return 0
	}
	if after != "" {
		return max(0, slices.IndexFunc(words, func(w rules.SearchWord) bool { return w.Begins(after) }))
	}
	fewest := Many + 1
	for i, w := range words {
		n := 0
		for _, p := range Prefixes(w) {
			n += count(p)
		}
		if n < fewest {
			driver, fewest = i, n
		}
	}
	return driver
}

// Cut is at most the first bytes of a text, whole characters.
func Cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}
