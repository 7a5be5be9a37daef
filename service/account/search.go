package account

import (
	"fmt"
	"strings"

	"plenary/rules"
	"plenary/service/store"
	"plenary/service/wordsearch"
)

// Limits of what is kept to find an account by. An index holds it, and those of
// PostgreSQL take rows of 2,700 bytes.
const (
	maxSearchText  = 2000 // bytes
	maxSortName    = 160  // bytes of the names in a sort key; a username comes behind them
	maxSearchForms = 80   // words of an account
)

// known are the texts that staff finds a person by, a name in the orders in which
// it may be written together.
func (p *Person) known() []string {
	texts := append(rules.NameSpellings(p.FirstName, p.FamilyName), p.FirstName, p.FamilyName)
	return append(texts, p.Username, p.Email, p.Name)
}

// SearchText is what is looked through for a part of a word: what is known of the
// person, folded, then the words by which the person is found beside that.
func (p *Person) SearchText() string {
	text := rules.Fold(strings.Join(strings.Fields(strings.Join(p.known(), " ")), " "))
	for _, form := range p.SearchForms() {
		if !strings.Contains(text, form) {
			text += " " + form
		}
	}
	return wordsearch.Cut(text, maxSearchText)
}

// SearchForms are the words by whose beginnings an account is found, sorted, each
// once (rules.WordForms).
func (p *Person) SearchForms() []string { return wordsearch.Forms(maxSearchForms, p.known()...) }

// SortKey is the place of an account in lists: by family name, then first name,
// then username, so that no two have the same one. It is compared byte by byte.
func (p *Person) SortKey() []byte {
	return []byte(wordsearch.Cut(rules.SortName(p.FirstName, p.FamilyName), maxSortName) + "\x00" + rules.UsernameKey(p.Username))
}

// Index brings what an account is found by, and its place in lists, up to date.
// Whoever changes its username, name, e-mail or organization calls it in the same
// transaction.
func Index(tx *store.Tx, id string) {
	var p Person
	if !tx.Get(`SELECT username, first_name, family_name, email, organization_name FROM accounts WHERE id = $1`, id).
		Into(&p.Username, &p.FirstName, &p.FamilyName, &p.Email, &p.Name) {
		return // erased
	}
	tx.Do(`UPDATE accounts SET search = $1, sort_key = $2 WHERE id = $3`, p.SearchText(), p.SortKey(), id)
	tx.Do(`DELETE FROM account_words WHERE account_id = $1`, id)
	p.indexWords(tx, id)
}

// indexWords writes the words of an account that has none, in one statement.
func (p *Person) indexWords(tx *store.Tx, id string) {
	args := []any{id, p.SortKey()}
	var rows []string
	for _, form := range p.SearchForms() {
		args = append(args, []byte(form))
		rows = append(rows, fmt.Sprintf("($%d, $2, $1)", len(args)))
	}
	if len(rows) > 0 {
		tx.Do(`INSERT INTO account_words (word, sort_key, account_id) VALUES `+strings.Join(rows, ", "), args...)
	}
}
