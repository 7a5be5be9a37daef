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
	l.NotePersonal(tx, event, accountID, reason, nil, details...)
}

// NotePersonal is NoteReason with details that are names, or that somebody typed: they
// are erased with the reason.
func (l *Log) NotePersonal(tx *store.Tx, event Event, accountID, reason string, personal []Detail, details ...Detail) {
	l.note(tx, event, accountID, keepReason(tx, accountID, reason, personal), details)
}

// keepReason gives the id of the row of a reason and of personal details, empty where
// neither was given.
func keepReason(tx *store.Tx, accountID, reason string, personal []Detail) string {
	if reason == "" && len(personal) == 0 {
		return ""
	}
	id, err := uuid.NewV7()
	if err != nil {
		tx.Fail(fmt.Errorf("audit: make id: %w", err))
		return ""
	}
	tx.Do(`INSERT INTO reasons (id, account_id, reason, details) VALUES ($1, $2, $3, $4)`,
		id.String(), accountID, reason, writeDetails(tx, personal))
	return id.String()
}
