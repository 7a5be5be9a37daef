package staff

import (
	"bytes"
	"slices"
	"strings"

	"plenary/rules"
	"plenary/service/account"
	"plenary/service/store"
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
	words := rules.SearchWords(typed)
	if len(words) > 0 && !inside {
		for _, w := range words {
			for i := range w {
				w[i] = account.CutText(w[i], account.MaxSearchForm)
			}
		}
		return userQuery{words: words[:min(len(words), account.MaxSearchWords)]}
	}
	var q userQuery
	for _, word := range strings.Fields(typed) {
		if len(q.parts) == account.MaxSearchWords {
			break
		}
		var patterns []string
		for _, spelling := range rules.Spellings(word) {
			patterns = append(patterns, store.Containing(spelling))
		}
		q.parts = append(q.parts, patterns)
	}
	return q
}

// prefix is a range of words that begin alike: from, and below to.
type prefix struct{ from, to []byte }

// prefixes of a word's spellings, in order, none within another.
func prefixes(w rules.SearchWord) []prefix {
	spellings := slices.Sorted(slices.Values(w))
	var list []prefix
	for i, s := range spellings {
		if i > 0 && strings.HasPrefix(s, string(list[len(list)-1].from)) {
			continue
		}
		// Text in UTF-8 has no byte that cannot be counted up.
		to := []byte(s)
		to[len(to)-1]++
		list = append(list, prefix{[]byte(s), to})
	}
	return list
}

// manyWords is from how many on it does not matter which word is looked up.
const manyWords = 2000

// chooseDriver looks for the rarest word: it is looked up, and the others in what
// it finds. A page behind another one goes on with the word of that one.
func (q *userQuery) chooseDriver(tx *store.Tx, after place) {
	if len(q.words) < 2 {
		return
	}
	if after.word != "" {
		q.driver = max(0, slices.IndexFunc(q.words, func(w rules.SearchWord) bool { return w.Begins(after.word) }))
		return
	}
	fewest := manyWords + 1
	for i, w := range q.words {
		n := 0
		for _, p := range prefixes(w) {
			var some int
			// In order, so that PostgreSQL does not look for all of them before it counts.
			tx.Get(`SELECT COUNT(*) FROM (SELECT 1 FROM account_words WHERE word >= $1 AND word < $2 ORDER BY word, sort_key LIMIT $3) n`,
				p.from, p.to, manyWords).Into(&some)
			n += some
		}
		if n < fewest {
			q.driver, fewest = i, n
		}
	}
}

// find gives the first word of a user that the looked up one begins, if the user
// has all words that are searched for.
func (q *userQuery) find(p *account.Person) (first string, ok bool) {
	if len(q.words) == 0 {
		return "", true
	}
	forms := p.SearchForms()
	for i, w := range q.words {
		at := slices.IndexFunc(forms, w.Begins)
		if at < 0 {
			return "", false
		}
		if i == q.driver {
			first = forms[at]
		}
	}
	return first, true
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
