package mail

import (
	"context"
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
	err := db.Peek(ctx, func(tx *store.Tx) error {
		all = nil
		for scan := range tx.Each(`SELECT ` + columns + ` FROM mails ORDER BY created_at DESC, id DESC LIMIT 200`) {
			if m := readMail(key, scan); m.broken == nil {
				all = append(all, m)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
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
