package mail

import (
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
// that it tells about, unless administrators have switched its template off. A
// template that does not exist fails the transaction with ErrUnknownTemplate.
func (o *Outbox) Queue(tx *store.Tx, m Message) { o.queue(tx, m) }

// Pretend does what Queue does, and leaves nothing: where there is nobody to
// tell, the transaction shall take as long, and write as many pages.
func (o *Outbox) Pretend(tx *store.Tx, m Message) {
	id := o.queue(tx, m)
	tx.Do(`DELETE FROM mails WHERE id = $1`, id)
}

func (o *Outbox) queue(tx *store.Tx, m Message) (id string) {
	id, statements, err := o.queuing(m)
	tx.Fail(err)
	tx.Together(statements...)
	return id
}

// Queuing is Queue as statements for the transaction to run (store.Tx.Finally).
func (o *Outbox) Queuing(m Message) ([]*store.Statement, error) {
	_, statements, err := o.queuing(m)
	return statements, err
}

// queuing gives the e-mail's id, and what queues it.
func (o *Outbox) queuing(m Message) (id string, statements []*store.Statement, err error) {
	t, err := templateOf(m.Template)
	if err != nil {
		return "", nil, err
	}
	id, params, sealed, err := o.write(m)
	if err != nil {
		return "", nil, err
	}
	if t.priority == urgent {
		// What the same person is to get before it comes along, but what was written to
		// many: it leaves in the order in which it was written, and holds nothing up.
		statements = append(statements, store.Change(nil,
			`UPDATE mails SET priority = $1 WHERE recipient = $2 AND state = '`+Waiting+`' AND priority > $1 AND priority < $3 AND lease = ''`, urgent, m.To, mass))
	}
	query := `INSERT INTO mails
		(id, recipient, language, template, params, secrets, qr, calendar, state, priority, created_at, next_at, expires_at, subject)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13`
	if t.optional {
		query += ` WHERE ` + switchedOn("$4")
	}
	now := store.Micros(o.now())
	return id, append(statements, store.Change(nil, query,
		id, m.To, m.Language, m.Template, params, sealed, m.QR, m.Calendar,
		Waiting, t.priority, now, store.Micros(m.Expires), m.Subject)), nil
}

// write makes the id of an e-mail, and what its row says; without secrets, sealed is
// nil, which is NULL in the database.
func (o *Outbox) write(m Message) (id, params string, sealed any, err error) {
	v7, err := uuid.NewV7()
	if err != nil {
		return "", "", nil, fmt.Errorf("mail: make id: %w", err)
	}
	id = v7.String()
	text, err := json.Marshal(m.Params)
	if err != nil {
		return "", "", nil, fmt.Errorf("mail: write parameters: %w", err)
	}
	if len(m.Secrets) > 0 {
		plain, err := json.Marshal(m.Secrets)
		if err != nil {
			return "", "", nil, fmt.Errorf("mail: write secrets: %w", err)
		}
		sealed = o.key.Seal(sealing, []byte(id), plain)
	}
	return id, string(text), sealed, nil
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

// columns are those that readMail reads.
const columns = `id, recipient, language, template, params, secrets, qr, calendar, state, subject, attempts, problem, created_at, first_at, expires_at`

// readMail reads a row of columns and opens its secrets.
func readMail(key *secret.Key, scan store.Scan) (m Mail) {
	var (
		params                  string
		sealed                  []byte
		created, first, expires int64
	)
	if !scan(&m.ID, &m.To, &m.Language, &m.Template, &params, &sealed, &m.QR, &m.Calendar,
		&m.State, &m.Subject, &m.attempts, &m.problem, &created, &first, &expires) {
		return m
	}
	m.Created, m.first, m.Expires = store.Time(created), store.Time(first), store.Time(expires)
	m.broken = m.open(key, params, sealed)
	return m
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
