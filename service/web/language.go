package web

import (
	"net/http"

	"golang.org/x/text/language"

	"plenary/words"
)

// languageOf is the language of a page: that of the link (?lang=fr), or else
// the one that the browser asks for, or else English.
func languageOf(r *http.Request) *words.Words {
	offered := words.Letters()
	tags := make([]language.Tag, len(offered))
	for i, l := range offered {
		if r.URL.Query().Get("lang") == l.Code {
			return words.ForLetters(l.Code)
		}
		tags[i] = language.Make(l.Code)
	}
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(wanted) == 0 {
		return words.For(words.English)
	}
	_, i, _ := language.NewMatcher(tags).Match(wanted...)
	return words.ForLetters(offered[i].Code)
}
