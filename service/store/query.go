package store

import (
	"context"
	"strings"
)

// Texts gives the rows of a query with one column of text.
func (tx *Tx) Texts(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// Containing is the pattern of what contains a text, for LIKE ... ESCAPE '!':
// nothing in the text stands for anything else.
func Containing(text string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
}
