package parts

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold brings a text to the form in which it is compared: small letters
// without accents. at[i] is the place in text (in runes) that rune i of the
// result comes from.
func fold(text string) (folded []rune, at []int) {
	for i, r := range []rune(text) {
		for _, d := range norm.NFD.String(string(r)) {
			if unicode.Is(unicode.Mn, d) {
				continue
			}
			for _, l := range strings.ToLower(string(d)) {
				folded = append(folded, l)
				at = append(at, i)
			}
		}
	}
	return folded, at
}

// tokens returns the folded words of a query.
func tokens(query string) [][]rune {
	f, _ := fold(query)
	words := strings.FieldsFunc(string(f), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	out := make([][]rune, len(words))
	for i, w := range words {
		out[i] = []rune(w)
	}
	return out
}

// matches tells whether every word of the query begins a word of the text.
func matches(text string, query [][]rune) bool {
	folded, _ := fold(text)
	for _, word := range query {
		if find(folded, word) < 0 {
			return false
		}
	}
	return true
}

// find returns where a word of the text begins with this one, or -1.
func find(folded, word []rune) int {
	for i := 0; i+len(word) <= len(folded); i++ {
		if i > 0 && (unicode.IsLetter(folded[i-1]) || unicode.IsNumber(folded[i-1])) && !breaksAnywhere(folded[i]) {
			continue
		}
		if string(folded[i:i+len(word)]) == string(word) {
			return i
		}
	}
	return -1
}

// highlight splits a text into spans, with what matches the query in bold.
func highlight(text, query string) []Span {
	runes := []rune(text)
	bold := make([]bool, len(runes))
	folded, at := fold(text)
	for _, word := range tokens(query) {
		if i := find(folded, word); i >= 0 {
			for j := i; j < i+len(word); j++ {
				bold[at[j]] = true
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
