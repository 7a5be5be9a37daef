package rules

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Spellings are the foldings under which a text is searched: that of Fold, which
// drops marks (muller), and, where it differs, the one that stands in the
// machine-readable line of a passport (mueller; see Passport). A word is found in
// a text if one of its spellings stands in one of the text's. So Müller is found
// by muller, mueller and müller, and Mueller by mueller and müller.
func Spellings(s string) []string {
	folded := Fold(s)
	if passport := Passport(s); passport != folded {
		return []string{folded, passport}
	}
	return []string{folded}
}

// Passport folds a text as Fold does, but writes letters as passports write them
// (ICAO Doc 9303-3, section 6): ä as ae, å as aa, đ as dh, Cyrillic ones, and
// Greek ones after ISO 843, in Latin letters.
func Passport(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFC.String(s) {
		if r < utf8.RuneSelf {
			b.WriteByte(lowerASCII(byte(r)))
			continue
		}
		if latin, ok := passportLetters[foldCase(r)]; ok {
			b.WriteString(latin)
			continue
		}
		for _, f := range Fold(string(r)) {
			if latin, ok := roman[f]; ok {
				b.WriteString(latin)
			} else {
				b.WriteRune(f)
			}
		}
	}
	return Fold(b.String())
}

// passportLetters are those that Fold writes in another way.
var passportLetters = map[rune]string{'ä': "ae", 'ö': "oe", 'ø': "oe", 'ü': "ue", 'å': "aa", 'đ': "dh", 'ð': "dh"}

// SearchWord is one word that somebody searches for, in its spellings.
type SearchWord []string

// SearchWords takes what somebody searches for apart; every word has to be found.
// Each stands there once, without those that others begin with, the longest first.
func SearchWords(typed string) []SearchWord {
	folded, passport := Tokens(typed), wordsOf(Passport(typed))
	words := make([]SearchWord, len(folded))
	for i, word := range folded {
		words[i] = SearchWord{withoutArticle(word)}
		if len(passport) == len(folded) && passport[i] != word {
			words[i] = append(words[i], passport[i])
		}
	}
	slices.SortStableFunc(words, func(a, b SearchWord) int { return len(b[0]) - len(a[0]) })
	var distinct []SearchWord
	for _, w := range words {
		if !slices.ContainsFunc(distinct, func(longer SearchWord) bool { return longer.beginsWith(w) }) {
			distinct = append(distinct, w)
		}
	}
	return distinct
}

// beginsWith says whether whatever has the word has the other one, too.
func (w SearchWord) beginsWith(other SearchWord) bool {
	return !slices.ContainsFunc(w, func(s string) bool { return !other.Begins(s) })
}

// Begins says whether a folded word begins with one of the spellings.
func (w SearchWord) Begins(word string) bool {
	return slices.ContainsFunc(w, func(s string) bool { return strings.HasPrefix(word, s) })
}

// In says whether one of the spellings stands in one of a text's.
func (w SearchWord) In(spellings []string) bool {
	return slices.ContainsFunc(spellings, func(text string) bool {
		return slices.ContainsFunc(w, func(s string) bool { return strings.Contains(text, s) })
	})
}
