package rules

import (
	"strings"
	"unicode"
)

// AnswerKey is what counts of an answer to a secret question: its letters and
// digits, without case and accents.
func AnswerKey(answer string) string { return strings.Join(Tokens(answer), "") }

// minAnswer is how many letters and digits an answer has at least. A sign of a
// script that writes words or syllables says as much as two of them.
const minAnswer = 3

// AnswerLongEnough tells whether an answer has enough to it not to be met by
// chance.
func AnswerLongEnough(answer string) bool {
	n := 0
	for _, r := range AnswerKey(answer) {
		n++
		if unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) {
			n++
		}
	}
	return n >= minAnswer
}
