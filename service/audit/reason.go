package audit

import (
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
func (l *Log) NoteReason(tx *store.Tx, event Event, accountID, detail, reason string) {
	l.Note(tx, event, accountID, KeepReason(tx, accountID, detail, reason))
}

// KeepReason keeps why staff does something to an account, and gives the detail
// with which it is to be noted. Without a reason it keeps nothing.
func KeepReason(tx *store.Tx, accountID, detail, reason string) string {
	if reason == "" {
		return detail
	}
	id, err := uuid.NewV7()
	if err != nil {
		tx.Fail(fmt.Errorf("audit: make id: %w", err))
		return ""
	}
	tx.Do(`INSERT INTO reasons (id, account_id, reason) VALUES ($1, $2, $3)`, id.String(), accountID, reason)
	return strings.TrimSpace(detail + " " + reasonMark + id.String())
}

// Kind is what stands in a detail before the reason.
func Kind(detail string) string {
	kind, _, _ := strings.Cut(detail, reasonMark)
	return strings.TrimSpace(kind)
}

// joinReason is the SQL that finds the reason of an entry: the join of reasons,
// as r, to the table audit, as a.
const joinReason = ` LEFT JOIN reasons r ON r.account_id = a.subject AND a.detail LIKE '%' || '` + reasonMark + `' || r.id`

// withReason gives a detail with the reason in the place of its id; where it was
// erased, without either.
func withReason(detail, reason string) string {
	if detail = Kind(detail); reason == "" {
		return detail
	}
	return strings.TrimSpace(detail + " “" + reason + "”")
}
