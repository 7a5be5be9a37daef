package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// WordForms hands over what a folded text is found by at the beginnings of words:
// its words, and what else people type for them. That is "obrien" for O'Brien and
// "itu" for I.T.U., an Arabic word without its article, the rest of a Chinese name,
// a badge's number without its letter.
func WordForms(folded string, found func(word string)) {
	for chunk := range strings.FieldsSeq(folded) {
		words := wordsOf(chunk)
		for _, word := range words {
			found(word)
			if rest := withoutArticle(word); rest != word {
				found(rest)
			}
			if number := strings.TrimLeft(word, "abcdefghijklmnopqrstuvwxyz"); number != word && len(number) > 1 {
				found(number)
			}
			for i, r := range word {
				if i > 0 && writtenWithoutSpaces(r) {
					found(word[i:])
				}
			}
		}
		if len(words) > 1 {
			found(strings.Join(words, ""))
		}
	}
}

// writtenWithoutSpaces says whether a new word may begin at r.
func writtenWithoutSpaces(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

const article = "ال" // folded

// withoutArticle takes the Arabic article off a folded word of at least two more letters.
func withoutArticle(word string) string {
	if rest, ok := strings.CutPrefix(word, article); ok && utf8.RuneCountInString(rest) >= 2 {
		return rest
	}
	return word
}
