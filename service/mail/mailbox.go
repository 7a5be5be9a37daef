package mail

import (
	"context"
	"fmt"
	"time"

	"plenary/service/secret"
	"plenary/service/store"
)

// Shown is an e-mail as the demonstration's mailbox shows it.
type Shown struct {
	ID       string
	Template string
	Rendered
	At      time.Time
	State   string
	Secrets map[string]string // link and code, until they have expired
}

// Outgoing gives the e-mails of the outbox, newest first, at most 200, with
// their links and codes. It is for the demonstration's mailbox only: nobody
// reads other people's e-mails anywhere else.
func Outgoing(ctx context.Context, db *store.DB, key *secret.Key, info Info) ([]Shown, error) {
	var all []queued
	err := db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		all = nil
		rows, err := tx.Query(ctx, `SELECT `+columns+` FROM mails ORDER BY created_at DESC, id DESC LIMIT 200`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			q, err := scan(key, rows)
			if err != nil {
				return err
			}
			if q.broken == nil {
				all = append(all, q)
			}
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("mail: read the outbox: %w", err)
	}
	shown := make([]Shown, 0, len(all))
	for _, q := range all {
		r, err := Render(info, q.Message)
		if err != nil {
			return nil, err
		}
		shown = append(shown, Shown{ID: q.id, Template: q.Template, Rendered: r, At: q.created, State: q.state, Secrets: q.Secrets})
	}
	return shown, nil
}
