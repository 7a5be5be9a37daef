package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenary/service/secret"
	"plenary/service/store"
)

// sealing is the purpose under which the service's key seals links and codes.
const sealing = "mail-secrets"

// States of an e-mail in the outbox.
const (
	Waiting = "waiting" // to be sent, or to be tried again
	Sent    = "sent"    // a mail server has taken it
	Failed  = "failed"  // refused for good, or tried too often
	Expired = "expired" // not sent before it became pointless
)

// Outbox takes e-mails to be sent. It is safe for concurrent use.
type Outbox struct {
	key *secret.Key
	now func() time.Time
}

// NewOutbox makes an outbox that seals with the service's key. now is the
// service's clock.
func NewOutbox(key *secret.Key, now func() time.Time) *Outbox {
	return &Outbox{key: key, now: now}
}

// Queue puts an e-mail into the outbox within the transaction of the change
// that it tells about, unless administrators have switched its template off. It
// returns ErrUnknownTemplate for a template that does not exist.
func (o *Outbox) Queue(ctx context.Context, tx *store.Tx, m Message) error {
	_, err := o.queue(ctx, tx, m)
	return err
}

// Pretend does what Queue does, and leaves nothing: where there is nobody to
// tell, the transaction shall take as long, and write as many pages.
func (o *Outbox) Pretend(ctx context.Context, tx *store.Tx, m Message) error {
	id, err := o.queue(ctx, tx, m)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM mails WHERE id = $1`, id); err != nil {
		return fmt.Errorf("mail: leave nothing of %s: %w", m.Template, err)
	}
	return nil
}

// queue gives the e-mail's id; none where its template is switched off.
func (o *Outbox) queue(ctx context.Context, tx *store.Tx, m Message) (string, error) {
	if _, err := layoutOf(m.Template); err != nil {
		return "", err
	}
	if on, err := switchedOn(ctx, tx, m.Template); err != nil || !on {
		return "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("mail: make id: %w", err)
	}
	params, err := json.Marshal(m.Params)
	if err != nil {
		return "", fmt.Errorf("mail: write parameters: %w", err)
	}
	var sealed any // NULL where there are none
	if len(m.Secrets) > 0 {
		plain, err := json.Marshal(m.Secrets)
		if err != nil {
			return "", fmt.Errorf("mail: write secrets: %w", err)
		}
		sealed = o.key.Seal(sealing, []byte(id.String()), plain)
	}
	now := store.Micros(o.now())
	_, err = tx.Exec(ctx, `INSERT INTO mails
		(id, recipient, language, template, params, secrets, qr, calendar, state, created_at, next_at, expires_at, subject)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12)`,
		id.String(), m.To, m.Language, m.Template, string(params), sealed, m.QR, m.Calendar,
		Waiting, now, store.Micros(m.Expires), m.Subject)
	if err != nil {
		return "", fmt.Errorf("mail: queue %s: %w", m.Template, err)
	}
	return id.String(), nil
}

// columns are those that scan reads.
const columns = `id, recipient, language, template, params, secrets, qr, calendar, state, attempts, created_at, expires_at`

// queued is an e-mail as the outbox holds it.
type queued struct {
	id       string
	state    string
	attempts int
	created  time.Time
	broken   error // it cannot be read any more: the service's key was lost, or the row is damaged
	Message
}

// scan reads a row of columns and opens its secrets.
func scan(key *secret.Key, row interface{ Scan(...any) error }) (queued, error) {
	var (
		q                queued
		params           string
		sealed           []byte
		created, expires int64
	)
	if err := row.Scan(&q.id, &q.To, &q.Language, &q.Template, &params, &sealed, &q.QR, &q.Calendar,
		&q.state, &q.attempts, &created, &expires); err != nil {
		return q, fmt.Errorf("mail: read: %w", err)
	}
	q.created, q.Expires = store.Time(created), store.Time(expires)
	q.broken = q.open(key, params, sealed)
	return q, nil
}

func (q *queued) open(key *secret.Key, params string, sealed []byte) error {
	if err := json.Unmarshal([]byte(params), &q.Params); err != nil {
		return fmt.Errorf("mail: read parameters of %s: %w", q.id, err)
	}
	if sealed == nil {
		return nil
	}
	plain, err := key.Open(sealing, []byte(q.id), sealed)
	if err != nil {
		return fmt.Errorf("mail: open secrets of %s: %w", q.id, err)
	}
	if err := json.Unmarshal(plain, &q.Secrets); err != nil {
		return fmt.Errorf("mail: read secrets of %s: %w", q.id, err)
	}
	return nil
}
