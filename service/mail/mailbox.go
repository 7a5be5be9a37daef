package mail

import (
	"context"
	"iter"
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
// their links and codes; each is rendered when its turn has come, and an error is
// the last. It is for the demonstration's mailbox only: nobody reads other people's
// e-mails anywhere else.
func Outgoing(ctx context.Context, db *store.DB, key *secret.Key, info Info) iter.Seq2[Shown, error] {
	return func(yield func(Shown, error) bool) {
		var all []Mail
		if err := db.Peek(ctx, func(tx *store.Tx) error {
			all = nil
			for scan := range tx.Each(`SELECT ` + columns + ` FROM mails ORDER BY created_at DESC, id DESC LIMIT 200`) {
				if m := readMail(key, scan); m.broken == nil {
					all = append(all, m)
				}
			}
			return nil
		}); err != nil {
			yield(Shown{}, err)
			return
		}
		for _, m := range all {
			if info.confirms(&m.Message) {
				_ = info.complete(ctx, &m.Message) // as at a sender, it is shown all the same
			}
			r, err := Render(info, m.Message)
			if err != nil {
				yield(Shown{}, err)
				return
			}
			if !yield(Shown{ID: m.ID, Template: m.Template, Rendered: r, At: m.Created, State: m.State, Secrets: m.Secrets}, nil) {
				return
			}
		}
	}
}
