package rules

import "strings"

// Marks tells of each rune of a text whether it stands for something that was typed: of
// each word the first place where it begins a word of the text, else the first inside one.
func Marks(text string, typed []SearchWord) []bool {
	marked := make([]bool, len([]rune(text)))
	if len(typed) == 0 {
		return marked
	}
	spellings := []spelled{spell(text, Fold)}
	if passport := spell(text, Passport); passport.text != spellings[0].text {
		spellings = append(spellings, passport)
	}
	for _, word := range typed {
		if !markFirst(spellings, word, wordAt, marked) {
			markFirst(spellings, word, strings.Index, marked)
		}
	}
	return marked
}

func markFirst(spellings []spelled, word SearchWord, find func(text, word string) int, marked []bool) bool {
	for _, s := range spellings {
		for _, w := range word {
			if from := find(s.text, w); from >= 0 {
				for _, at := range s.at[from : from+len(w)] {
					marked[at] = true
				}
				return true
			}
		}
	}
	return false
}

// spelled is a text in one of its spellings: at[i] is the place in the text, in runes,
// that byte i comes from.
type spelled struct {
	text string
	at   []int
}

func spell(text string, as func(string) string) spelled {
	var b strings.Builder
	var at []int
	for i, r := range []rune(text) {
		s := as(string(r))
		b.WriteString(s)
		for range len(s) {
			at = append(at, i)
		}
	}
	return spelled{b.String(), at}
}
