package staff

import (
	"bytes"
	"strings"

	"plenary/rules"
	"plenary/service/account"
	"plenary/service/store"
	"plenary/service/wordsearch"
)

// userQuery is what staff searches for.
type userQuery struct {
	// words each begin a word of the user, the one at driver that is looked up; nil
	// where parts are looked for.
	words  []rules.SearchWord
	driver int
	// parts each stand somewhere in the user's search text: LIKE patterns with ! as
	// escape, one of the spellings of each.
	parts [][]string
}

// readQuery takes apart what was typed. What has no letter or digit can only be a
// part of a text.
func readQuery(typed string, inside bool) userQuery {
	typed = rules.Visible(strings.ToValidUTF8(typed, " "))
	words := wordsearch.Words(typed)
	if len(words) > 0 && !inside {
		return userQuery{words: words}
	}
	var q userQuery
	for _, word := range wordsearch.Parts(typed) {
		var patterns []string
		for _, spelling := range rules.Spellings(word) {
			patterns = append(patterns, store.Containing(spelling))
		}
		q.parts = append(q.parts, patterns)
	}
	return q
}

// chooseDriver looks for the rarest word: it is looked up.
func (q *userQuery) chooseDriver(tx *store.Tx, after place) {
	q.driver = wordsearch.Driver(q.words, after.word, func(p wordsearch.Prefix) (n int) {
		// In order, so that PostgreSQL does not look for all of them before it counts.
		tx.Get(`SELECT COUNT(*) FROM (SELECT 1 FROM account_words WHERE word >= $1 AND word < $2 ORDER BY word, sort_key LIMIT $3) n`,
			p.From, p.To, wordsearch.Many).Into(&n)
		return n
	})
}

// find gives the first word of a user that the looked up one begins, if the user
// has all words that are searched for.
func (q *userQuery) find(p *account.Person) (first string, ok bool) {
	if len(q.words) == 0 {
		return "", true
	}
	return wordsearch.Find(q.words, q.driver, p.SearchForms())
}

// place is where a user stands in a list: by the word that was found, where words
// are searched for, then by the sort key.
type place struct {
	word string
	key  []byte
}

func (p place) compare(other place) int {
	if c := strings.Compare(p.word, other.word); c != 0 {
		return c
	}
	return bytes.Compare(p.key, other.key)
}
