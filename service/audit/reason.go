package audit

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"plenary/service/store"
)

// reasonMark stands in a detail before the id of a row in the table reasons:
// why staff did something, in its own words. Those are erased with the account;
// the entry, which never is, holds the id only.
const reasonMark = "reason:"

// NoteReason is Note for what staff did to an account, and why.
func (l *Log) NoteReason(ctx context.Context, tx *store.Tx, event Event, accountID, detail, reason string) error {
	detail, err := KeepReason(ctx, tx, accountID, detail, reason)
	if err != nil {
		return err
	}
	return l.Note(ctx, tx, event, accountID, detail)
}

// KeepReason keeps why staff does something to an account, and gives the detail
// with which it is to be noted. Without a reason it keeps nothing.
func KeepReason(ctx context.Context, tx *store.Tx, accountID, detail, reason string) (string, error) {
	if reason == "" {
		return detail, nil
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("audit: make id: %w", err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO reasons (id, account_id, reason) VALUES ($1, $2, $3)`, id.String(), accountID, reason); err != nil {
		return "", fmt.Errorf("audit: keep reason: %w", err)
	}
	return strings.TrimSpace(detail + " " + reasonMark + id.String()), nil
}

// joinReason is the SQL that finds the reason of an entry: the join of reasons,
// as r, to the table audit, as a.
const joinReason = ` LEFT JOIN reasons r ON r.account_id = a.subject AND a.detail LIKE '%' || '` + reasonMark + `' || r.id`

// withReason gives a detail with the reason in the place of its id; where it was
// erased, without either.
func withReason(detail, reason string) string {
	detail, _, _ = strings.Cut(detail, reasonMark)
	if detail = strings.TrimSpace(detail); reason == "" {
		return detail
	}
	return strings.TrimSpace(detail + " “" + reason + "”")
}
