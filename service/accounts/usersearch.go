package accounts

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"plenary/rules"
	"plenary/service/store"
)

// maxSearchText is how many bytes of a search text are kept: an index holds it,
// and PostgreSQL's take rows of 2,700 bytes.
const maxSearchText = 2000

// searchText is what staff finds a person by: folded, so that case, accents and
// the forms of letters do not count (rules.Fold).
func searchText(username, first, family, email, organization string) string {
	words := strings.Fields(strings.Join([]string{username, first, family, email, organization}, " "))
	text := rules.Fold(strings.Join(words, " "))
	if len(text) > maxSearchText {
		text = strings.ToValidUTF8(text[:maxSearchText], "")
	}
	return text
}

func (p *profile) searchText() string {
	return searchText(p.Username, p.FirstName, p.FamilyName, p.Email, p.Name)
}

// Index brings the search text of an account up to date. Whoever changes its
// username, name, e-mail or organization calls it in the same transaction.
func Index(ctx context.Context, tx *store.Tx, id string) error {
	var username, first, family, email, organization string
	err := tx.QueryRow(ctx, `SELECT username, first_name, family_name, email, organization_name FROM accounts WHERE id = $1`, id).
		Scan(&username, &first, &family, &email, &organization)
	if errors.Is(err, store.ErrNoRows) {
		return nil // erased
	}
	if err == nil {
		_, err = tx.Exec(ctx, `UPDATE accounts SET search = $1 WHERE id = $2`,
			searchText(username, first, family, email, organization), id)
	}
	if err != nil {
		return fmt.Errorf("accounts: index account: %w", err)
	}
	return nil
}

// unindexedBatch is how many accounts are indexed in one transaction.
const unindexedBatch = 500

// indexMissing indexes accounts that have no search text: those of a service
// from before there was one.
func (a *Accounts) indexMissing(ctx context.Context) error {
	for n := unindexedBatch; n == unindexedBatch; {
		err := a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			ids, err := tx.Texts(ctx, `SELECT id FROM accounts WHERE search = '' LIMIT $1`, unindexedBatch)
			if err != nil {
				return fmt.Errorf("accounts: find accounts to index: %w", err)
			}
			for _, id := range ids {
				if err := Index(ctx, tx, id); err != nil {
					return err
				}
			}
			n = len(ids)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// maxSearchWords of a query count; each must be found.
const maxSearchWords = 8

// searchPatterns are the LIKE patterns of what staff typed, with ! as escape: one
// for each word.
func searchPatterns(typed string) []string {
	words := strings.Fields(rules.Fold(printable(strings.ToValidUTF8(typed, " "))))
	patterns := make([]string, 0, maxSearchWords)
	for _, w := range words[:min(len(words), maxSearchWords)] {
		patterns = append(patterns, store.Containing(w))
	}
	return patterns
}
