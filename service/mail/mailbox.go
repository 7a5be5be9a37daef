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
	var all []Mail
	err := db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		all = nil
		rows, err := tx.Query(ctx, `SELECT `+columns+` FROM mails ORDER BY created_at DESC, id DESC LIMIT 200`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			m, err := scan(key, rows)
			if err != nil {
				return err
			}
			if m.broken == nil {
				all = append(all, m)
			}
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("mail: read the outbox: %w", err)
	}
	shown := make([]Shown, 0, len(all))
	for _, m := range all {
		r, err := Render(info, m.Message)
		if err != nil {
			return nil, err
		}
		shown = append(shown, Shown{ID: m.ID, Template: m.Template, Rendered: r, At: m.Created, State: m.State, Secrets: m.Secrets})
	}
	return shown, nil
}
