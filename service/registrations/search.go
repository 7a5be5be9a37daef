package registrations

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"plenary/rules"
	"plenary/service/store"
	"plenary/service/wordsearch"
)

// maxSearchForms is how many words a registration is found by: each is a row.
const maxSearchForms = 40

// Limits of what counts for a registration's place in lists, in bytes: an index holds it.
const (
	maxSortKey         = 160
	maxOrganizationKey = 100
)

// names are what a registration is found by.
type names struct{ first, family, badge, organization, number string }

// forms are the words by whose beginnings it is found, sorted, each once.
func (n *names) forms() []string {
	texts := append(rules.NameSpellings(n.first, n.family), n.first, n.family, n.badge, n.organization,
		strings.TrimPrefix(n.number, numberPrefix))
	return wordsearch.Forms(maxSearchForms, texts...)
}

// numberPrefix begins each number, and says nothing.
const numberPrefix = "R-"

// sortKey is the place in a meeting's list: by family name, then first name.
func (n *names) sortKey() []byte {
	return []byte(wordsearch.Cut(rules.SortName(n.first, n.family), maxSortKey))
}

// organizationKey is the place in a list by organizations.
func (n *names) organizationKey() []byte {
	return []byte(wordsearch.Cut(rules.Fold(n.organization), maxOrganizationKey))
}

// indexing writes the words of a registration, as far as they are not there.
func (n *names) indexing(meeting string) *store.Statement {
	args := []any{meeting, n.sortKey(), n.number}
	var rows []string
	for _, form := range n.forms() {
		args = append(args, []byte(form))
		rows = append(rows, fmt.Sprintf("($1, $%d, $2, $3)", len(args)))
	}
	return store.Change(nil, `INSERT INTO registration_words (meeting, word, sort_key, number) VALUES `+
		strings.Join(rows, ", ")+` ON CONFLICT DO NOTHING`, args...)
}

// notIndexed is true where a meeting has changed since its registrations got their words.
const notIndexed = `EXISTS (SELECT 1 FROM meeting_counts c LEFT JOIN registration_search s ON s.meeting = c.meeting
	WHERE c.version > COALESCE(s.version, 0))`

// indexEvery is the time between two rounds of indexing: in a rush, a thousand new ones
// are indexed sooner together than one by one.
const indexEvery = 10 * time.Second

// indexAll gives all registrations their words.
func (rs *Registrations) indexAll(ctx context.Context) error {
	var codes []string
	if err := rs.DB.Peek(ctx, func(tx *store.Tx) error {
		codes = tx.Strings(`SELECT c.meeting FROM meeting_counts c LEFT JOIN registration_search s ON s.meeting = c.meeting
			WHERE c.version > COALESCE(s.version, 0) ORDER BY c.meeting`)
		return nil
	}); err != nil {
		return err
	}
	for _, code := range codes {
		if err := rs.indexMeeting(ctx, code, math.MaxInt); err != nil {
			return err
		}
	}
	return nil
}

// indexMeeting gives the registrations of a meeting that came lately their words, so many
// at most.
func (rs *Registrations) indexMeeting(ctx context.Context, code string, most int) error {
	for more, n := true, 0; more && n < most; n += indexedAtOnce {
		// READ COMMITTED: the meeting is locked.
		if err := rs.DB.UpdateCommitted(ctx, func(tx *store.Tx) (err error) {
			more, err = rs.indexSome(tx, code)
			return err
		}); err != nil {
			return fmt.Errorf("registrations: index %s: %w", code, err)
		}
	}
	return nil
}

// indexedAtOnce is how many registrations get their words in one transaction, for which
// whoever registers for the meeting waits.
const indexedAtOnce = 250

// indexedBySearch is how many a search waits for: as many as come between two rounds of the
// job, but in a rush.
const indexedBySearch = 2000

// indexSome locks the meeting, so that nobody is erased meanwhile; it says whether there
// are more.
func (rs *Registrations) indexSome(tx *store.Tx, code string) (more bool, err error) {
	meeting, err := rs.Meetings.Lock(tx, code)
	if err != nil {
		return false, err
	}
	var until int64
	tx.Get(`SELECT version FROM registration_search WHERE meeting = $1`, code).Into(&until)
	var words []*store.Statement
	for scan := range tx.Each(`SELECT number, first_name, family_name, badge_name, organization, place_in_line FROM registrations
		WHERE meeting = $1 AND place_in_line > $2 ORDER BY place_in_line LIMIT $3`, code, until, indexedAtOnce) {
		var n names
		scan(&n.number, &n.first, &n.family, &n.badge, &n.organization, &until)
		if n.first+n.family != "" { // else it was erased
			words = append(words, n.indexing(code))
		}
		more = true
	}
	if !more {
		until = meeting.Version
	}
	tx.Together(append(words, store.Change(nil, `INSERT INTO registration_search (meeting, version) VALUES ($1, $2)
		ON CONFLICT (meeting) DO UPDATE SET version = excluded.version`, code, until))...)
	return more, nil
}

// behind says whether some registrations of a meeting have no words yet.
func behind(tx *store.Tx, code string) bool {
	return tx.Has(`SELECT 1 FROM registrations r WHERE r.meeting = $1
		AND r.place_in_line > COALESCE((SELECT s.version FROM registration_search s WHERE s.meeting = $1), 0)`, code)
}

// search reads what was typed; a number may stand there as it is written. Without a
// letter or digit nothing is searched for.
func (l *managedList) search(typed string) {
	typed = rules.Visible(strings.ToValidUTF8(typed, " "))
	if rest, ok := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(typed)), numberPrefix); ok {
		typed = rest
	}
	l.words = wordsearch.Words(typed)
}

// choose looks for the rarest word of those that are searched for.
func (l *managedList) choose(tx *store.Tx) {
	l.driver = wordsearch.Driver(l.words, string(l.after.Word), func(p wordsearch.Prefix) (n int) {
		// In order, so that PostgreSQL does not look for all of them before it counts.
		tx.Get(`SELECT COUNT(*) FROM (SELECT 1 FROM registration_words WHERE meeting = $1 AND word >= $2 AND word < $3
			ORDER BY meeting, word, sort_key, number LIMIT $4) n`, l.filter.Meeting, p.From, p.To, wordsearch.Many).Into(&n)
		return n
	})
}

// foundOrder is that of what is searched for.
var foundOrder = managedOrder{"word", "sort_key", "number"}

// moreFound is how many registrations are read at once where the first page's worth did
// not have enough that have all words.
const moreFound = 500

// collectFound gives the registrations of a page of what is searched for, and one more
// where there are more.
func (l *managedList) collectFound(tx *store.Tx) (found []managedRow) {
	after := l.after
	for n := l.filter.Limit + 1; len(found) <= l.filter.Limit; n = max(moreFound, l.filter.Limit) {
		batch := l.byWord(tx, after, n)
		for _, r := range batch {
			if l.listed {
				r.found.badge, r.found.number = "", ""
			}
			// Under its first word alone, where several begin so.
			if word, ok := wordsearch.Find(l.words, l.driver, r.found.forms()); ok && word == string(r.at.Word) {
				found = append(found, r)
			}
		}
		if len(batch) < n {
			break
		}
		after = batch[len(batch)-1].at
	}
	return found
}

// byWord reads registrations in the order of the words that the looked up one begins.
func (l *managedList) byWord(tx *store.Tx, after managedCursor, n int) (list []managedRow) {
	for _, p := range wordsearch.Prefixes(l.words[l.driver]) {
		if len(list) == n {
			break
		}
		// Behind a place before the range is where the range begins: PostgreSQL goes
		// through the index from the place on.
		at := managedCursor{Word: p.From}
		if string(after.Word) >= string(p.From) {
			at = after
		}
		var q managedQuery
		meeting := q.place(l.filter.Meeting)
		conditions := []string{
			"w.meeting = " + meeting, "w.word >= " + q.place(at.Word), "w.word < " + q.place(p.To),
			fmt.Sprintf("(w.word, w.sort_key, w.number) > (%s, %s, %s)", q.place(at.Word), q.place(at.value("sort_key")), q.place(at.Number)),
			"r.number = w.number",
		}
		for _, column := range filtered {
			if wanted := l.wanted(column); wanted != "" {
				conditions = append(conditions, q.aside(column, wanted))
			}
		}
		if l.listed {
			conditions = append(conditions, onlyListed)
		}
		list = append(list, scanManaged(tx, fmt.Sprintf(`SELECT %s, w.word FROM registration_words w CROSS JOIN registrations r
			WHERE %s ORDER BY w.word, w.sort_key, w.number LIMIT %d`, managedColumns, strings.Join(conditions, " AND "), n-len(list)),
			q.args, func(r *managedRow) []any { return []any{&r.at.Word} })...)
	}
	return list
}
