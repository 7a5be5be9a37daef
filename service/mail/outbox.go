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
	t, err := templateOf(m.Template)
	if err != nil {
		return "", err
	}
	if on, err := switchedOn(ctx, tx, t); err != nil || !on {
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
	if t.priority == urgent {
		// What the same person is to get before it comes along: it leaves in the
		// order in which it was written, and holds nothing up.
		if _, err := tx.Exec(ctx, `UPDATE mails SET priority = $1 WHERE recipient = $2 AND state = '`+Waiting+`' AND priority > $1 AND lease = ''`,
			urgent, m.To); err != nil {
			return "", fmt.Errorf("mail: take earlier e-mails along: %w", err)
		}
	}
	now := store.Micros(o.now())
	_, err = tx.Exec(ctx, `INSERT INTO mails
		(id, recipient, language, template, params, secrets, qr, calendar, state, priority, created_at, next_at, expires_at, subject)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13)`,
		id.String(), m.To, m.Language, m.Template, string(params), sealed, m.QR, m.Calendar,
		Waiting, t.priority, now, store.Micros(m.Expires), m.Subject)
	if err != nil {
		return "", fmt.Errorf("mail: queue %s: %w", m.Template, err)
	}
	return id.String(), nil
}

// Mail is an e-mail as the outbox holds it. What it said, and its Params, Secrets,
// QR and Calendar, are erased when it was sent, failed or expired.
type Mail struct {
	ID    string
	State string
	Message
	Created time.Time

	attempts int
	problem  string    // of the last attempt that counted
	first    time.Time // when a mail server was first asked to take it
	broken   error     // it cannot be read any more: the service's key was lost, or the row is damaged
}

// columns are those that scan reads.
const columns = `id, recipient, language, template, params, secrets, qr, calendar, state, subject, attempts, problem, created_at, first_at, expires_at`

// scan reads a row of columns and opens its secrets.
func scan(key *secret.Key, row interface{ Scan(...any) error }) (Mail, error) {
	var (
		m                       Mail
		params                  string
		sealed                  []byte
		created, first, expires int64
	)
	if err := row.Scan(&m.ID, &m.To, &m.Language, &m.Template, &params, &sealed, &m.QR, &m.Calendar,
		&m.State, &m.Subject, &m.attempts, &m.problem, &created, &first, &expires); err != nil {
		return m, fmt.Errorf("mail: read: %w", err)
	}
	m.Created, m.first, m.Expires = store.Time(created), store.Time(first), store.Time(expires)
	m.broken = m.open(key, params, sealed)
	return m, nil
}

func (m *Mail) open(key *secret.Key, params string, sealed []byte) error {
	if err := json.Unmarshal([]byte(params), &m.Params); err != nil {
		return fmt.Errorf("mail: read parameters of %s: %w", m.ID, err)
	}
	if sealed == nil {
		return nil
	}
	plain, err := key.Open(sealing, []byte(m.ID), sealed)
	if err != nil {
		return fmt.Errorf("mail: open secrets of %s: %w", m.ID, err)
	}
	if err := json.Unmarshal(plain, &m.Secrets); err != nil {
		return fmt.Errorf("mail: read secrets of %s: %w", m.ID, err)
	}
	return nil
}
