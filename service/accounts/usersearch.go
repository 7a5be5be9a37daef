package accounts

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"plenary/rules"
	"plenary/service/store"
)

// Limits of what is kept to find an account by. An index holds it, and those of
// PostgreSQL take rows of 2,700 bytes.
const (
	maxSearchText  = 2000 // bytes
	maxSortName    = 160  // bytes of the names in a sort key; a username comes behind them
	maxSearchForm  = 40   // bytes of a word
	maxSearchForms = 80   // words of an account
)

// maxSearchWords of a query count; each must be found.
const maxSearchWords = 8

// known are the texts that staff finds a person by, a name in the orders in which
// it may be written together.
func (p *profile) known() []string {
	texts := append(rules.NameSpellings(p.FirstName, p.FamilyName), p.FirstName, p.FamilyName)
	return append(texts, p.Username, p.Email, p.Name)
}

// searchText is what is looked through for a part of a word: what is known of the
// person, folded, then the words by which the person is found beside that.
func (p *profile) searchText() string {
	text := rules.Fold(strings.Join(strings.Fields(strings.Join(p.known(), " ")), " "))
	for _, form := range p.searchForms() {
		if !strings.Contains(text, form) {
			text += " " + form
		}
	}
	return cutText(text, maxSearchText)
}

// searchForms are the words by whose beginnings an account is found, sorted, each
// once (rules.WordForms).
func (p *profile) searchForms() []string {
	var forms []string
	for _, text := range p.known() {
		for _, spelling := range rules.Spellings(text) {
			rules.WordForms(spelling, func(word string) {
				if word = cutText(word, maxSearchForm); len(forms) < maxSearchForms && !slices.Contains(forms, word) {
					forms = append(forms, word)
				}
			})
		}
	}
	slices.Sort(forms)
	return forms
}

// sortKey is the place of an account in lists: by family name, then first name,
// then username, so that no two have the same one. It is compared byte by byte.
func (p *profile) sortKey() []byte {
	return []byte(cutText(rules.SortName(p.FirstName, p.FamilyName), maxSortName) + "\x00" + rules.UsernameKey(p.Username))
}

// cutText is at most the first bytes of a text, whole characters.
func cutText(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// Index brings what an account is found by, and its place in lists, up to date.
// Whoever changes its username, name, e-mail or organization calls it in the same
// transaction.
func Index(tx *store.Tx, id string) {
	var p profile
	if !tx.Get(`SELECT username, first_name, family_name, email, organization_name FROM accounts WHERE id = $1`, id).
		Into(&p.Username, &p.FirstName, &p.FamilyName, &p.Email, &p.Name) {
		return // erased
	}
	tx.Do(`UPDATE accounts SET search = $1, sort_key = $2 WHERE id = $3`, p.searchText(), p.sortKey(), id)
	tx.Do(`DELETE FROM account_words WHERE account_id = $1`, id)
	p.indexWords(tx, id)
}

// indexWords writes the words of an account that has none, in one statement.
func (p *profile) indexWords(tx *store.Tx, id string) {
	args := []any{id, p.sortKey()}
	var rows []string
	for _, form := range p.searchForms() {
		args = append(args, []byte(form))
		rows = append(rows, fmt.Sprintf("($%d, $2, $1)", len(args)))
	}
	if len(rows) > 0 {
		tx.Do(`INSERT INTO account_words (word, sort_key, account_id) VALUES `+strings.Join(rows, ", "), args...)
	}
}

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
				w[i] = cutText(w[i], maxSearchForm)
			}
		}
		return userQuery{words: words[:min(len(words), maxSearchWords)]}
	}
	var q userQuery
	for _, word := range strings.Fields(typed) {
		if len(q.parts) == maxSearchWords {
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
			tx.Get(`SELECT COUNT(*) FROM (SELECT 1 FROM account_words WHERE word >= $1 AND word < $2 LIMIT $3) n`,
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
func (q *userQuery) find(p *profile) (first string, ok bool) {
	if len(q.words) == 0 {
		return "", true
	}
	forms := p.searchForms()
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
