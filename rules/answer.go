package rules

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// AnswerKey is what counts of an answer to a secret question: its letters and
// digits, without case and accents.
func AnswerKey(answer string) string { return strings.Join(Tokens(answer), "") }

// AnswerIsGuessed tells whether an answer is what anybody would try first: counted
// or repeated letters and digits, keys beside each other, a word that is no answer.
func AnswerIsGuessed(answer string) bool {
	key := []rune(AnswerKey(answer))
	if slices.Contains(noAnswers, string(key)) {
		return true
	}
	keys := []rune(strings.ToLower(norm.NFC.String(strings.TrimSpace(answer)))) // й has a key of its own
	if slices.ContainsFunc(keyboardPatterns(keys), func(p pattern) bool { return p.i == 0 && p.j == len(keys)-1 }) {
		return true
	}
	whole := func(p pattern) bool { return p.i == 0 && p.j == len(key)-1 }
	repeated := func(p pattern) bool {
		return whole(p) && (allDigits(string(key)) || len(slices.Compact(slices.Clone(key))) == 1)
	}
	return slices.ContainsFunc(sequencePatterns(key), whole) ||
		slices.ContainsFunc(repeatPatterns(key, nil), repeated) // Coco is a name, 1212 is none
}

// noAnswers are what people type where they do not want to answer, as AnswerKey
// gives them, in the six languages.
var noAnswers = []string{
	"answer", "secret", "password", "none", "nothing", "unknown", "test", "idontknow", "dontknow", "notapplicable", "plenary", "asdf", "qwe", "asd", "zxc",
	"reponse", "motdepasse", "aucun", "aucune", "rien", "inconnu", "jenesaispas", "nesaispas",
	"respuesta", "secreto", "contrasena", "ninguno", "ninguna", "nada", "nose", "desconocido",
	"ответ", "секрет", "пароль", "нет", "ничего", "неизвестно", "незнаю", "ицу",
	"答案", "秘密", "密码", "没有", "不知道", "无",
	"جواب", "سر", "كلمهالمرور", "لا", "لاشي", "لااعرف",
}

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
