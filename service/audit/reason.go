package audit

import (
	"fmt"

	"github.com/google/uuid"

	"plenary/service/store"
)

// NoteReason is Note for what staff did to an account, and why, in its own words, which
// are erased with the account: the entry, which never is, holds the id of their row in
// the table reasons only.
func (l *Log) NoteReason(tx *store.Tx, event Event, accountID, reason string, details ...Detail) {
	l.note(tx, event, accountID, keepReason(tx, accountID, reason), details)
}

// keepReason gives the id of a reason's row, empty where none was given.
func keepReason(tx *store.Tx, accountID, reason string) string {
	if reason == "" {
		return ""
	}
	id, err := uuid.NewV7()
	if err != nil {
		tx.Fail(fmt.Errorf("audit: make id: %w", err))
		return ""
	}
	tx.Do(`INSERT INTO reasons (id, account_id, reason) VALUES ($1, $2, $3)`, id.String(), accountID, reason)
	return id.String()
}
