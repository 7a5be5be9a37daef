package mail

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/store"
)

// outgoingPage is how many e-mails a page of the list has.
const outgoingPage = 50

// Filter chooses outgoing e-mails.
type Filter struct {
	State string // one of the states; empty means all
	Query string // part of the recipient's address
	After string // api.OutgoingMails.Next of the page before
}

// place is where a page ends: the e-mail's time and id.
type place struct {
	created int64
	id      string
}

func (p place) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", p.created, p.id))
}

func parsePlace(s string) (place, error) {
	p := place{created: 1 << 62}
	if s == "" {
		return p, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		_, err = fmt.Sscanf(string(text), "%d %s", &p.created, &p.id)
	}
	if err == nil {
		_, err = uuid.Parse(p.id)
	}
	if err != nil {
		return p, &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/after", Code: api.FieldInvalid}}}
	}
	return p, nil
}

// Outgoing lists e-mails, the newest first, with what became of them and not
// with what they say.
func (a *Admin) Outgoing(ctx context.Context, f Filter) (api.OutgoingMails, error) {
	after, err := parsePlace(f.After)
	if err != nil {
		return api.OutgoingMails{}, err
	}
	var page api.OutgoingMails
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		page = api.OutgoingMails{Mails: []api.OutgoingMail{}}
		if err := countStates(ctx, tx, &page); err != nil {
			return err
		}
		if page.Cause, err = cause(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT id, recipient, template, language, state, attempts, problem, created_at, next_at, done_at, subject, lease
			FROM mails WHERE (created_at < $1 OR (created_at = $1 AND id < $2)) AND ($3 = '' OR state = $3)
			AND LOWER(recipient) LIKE $4 ESCAPE '!' ORDER BY created_at DESC, id DESC LIMIT $5`,
			after.created, after.id, f.State, store.Containing(strings.ToLower(strings.TrimSpace(f.Query))), outgoingPage+1)
		if err != nil {
			return err
		}
		defer rows.Close()
		var last place
		for rows.Next() {
			m, created, err := scanOutgoing(rows)
			if err != nil {
				return err
			}
			if len(page.Mails) == outgoingPage {
				page.Next = last.String()
				break
			}
			page.Mails, last = append(page.Mails, m), place{created, m.ID}
		}
		return rows.Err()
	})
	if err != nil {
		return api.OutgoingMails{}, fmt.Errorf("mail: list outgoing e-mails: %w", err)
	}
	return page, nil
}

func countStates(ctx context.Context, tx *store.Tx, page *api.OutgoingMails) error {
	return tx.QueryRow(ctx, `SELECT COALESCE(SUM(CASE WHEN state = $1 THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN state = $2 THEN 1 ELSE 0 END), 0) FROM mails WHERE state IN ($1, $2)`, Waiting, Failed).
		Scan(&page.Waiting, &page.Failed)
}

// cause gives what most of those e-mails wait for that were tried and wait for the
// mail server or its settings; nil: there are none.
func cause(ctx context.Context, tx *store.Tx) (*api.MailCause, error) {
	problems, err := tx.Texts(ctx, `SELECT problem FROM mails WHERE state = $1 AND problem <> '' GROUP BY problem ORDER BY COUNT(*) DESC, problem`, Waiting)
	for _, p := range problems {
		if e := parseStored(p); e.ofSettings() {
			return &api.MailCause{Step: e.step, Problem: e.problem, Code: e.code, Enhanced: e.enhanced}, err
		}
	}
	return nil, err
}

func scanOutgoing(row interface{ Scan(...any) error }) (m api.OutgoingMail, created int64, err error) {
	var (
		next, done              int64
		problem, subject, lease string
	)
	if err := row.Scan(&m.ID, &m.To, &m.Template, &m.Language, &m.State, &m.Attempts, &problem, &created, &next, &done, &subject, &lease); err != nil {
		return m, 0, err
	}
	e := parseStored(problem)
	m.Step, m.Problem, m.Code, m.Enhanced = e.step, e.problem, e.code, e.enhanced
	m.Created, m.Done = store.Time(created), store.Time(done)
	if m.State == Waiting && lease == "" {
		m.Next = store.Time(next)
	}
	m.Again = m.To != "" && canAgain(m.State, m.Template, subject)
	return m, created, nil
}

// canAgain says whether an e-mail can be sent again, as far as its row tells.
func canAgain(state, template, subject string) bool {
	t, err := templateOf(template)
	return state == Waiting || err == nil && t.anew && subject != ""
}

// SendAgain sends one e-mail again. One that waits is tried at once. What any
// other one said was erased: it is made anew from what it is about, with a new
// link, as an e-mail of its own. It refuses with api.CodeNotFound, and with
// api.CodeWrongState what cannot be made anew; see Again.
func (a *Admin) SendAgain(ctx context.Context, id string) error {
	m, err := a.outgoing(ctx, id)
	if err != nil {
		return err
	}
	if m.To == "" || !canAgain(m.State, m.Template, m.Subject) { // without a recipient: erased with an account
		return &api.Problem{Code: api.CodeWrongState}
	}
	var queue func(context.Context, *store.Tx) error
	switch {
	case m.State == Waiting:
		queue = a.atOnce(m.ID)
	case strings.HasPrefix(m.Template, registrations):
		queue, err = a.Registrations(ctx, m)
	default:
		queue, err = a.Accounts(ctx, m)
	}
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := queue(ctx, tx); err != nil {
			return err
		}
		return a.Audit.Note(ctx, tx, audit.MailSentAgain, "", m.Template+" "+m.ID)
	})
}

func (a *Admin) outgoing(ctx context.Context, id string) (m Mail, err error) {
	err = a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		m.ID = id
		var created int64
		err := tx.QueryRow(ctx, `SELECT recipient, language, template, subject, state, created_at FROM mails WHERE id = $1`, id).
			Scan(&m.To, &m.Language, &m.Template, &m.Subject, &m.State, &created)
		if errors.Is(err, store.ErrNoRows) {
			return &api.Problem{Code: api.CodeNotFound}
		}
		if err != nil {
			return fmt.Errorf("mail: read an outgoing e-mail: %w", err)
		}
		m.Created = store.Time(created)
		return nil
	})
	return m, err
}

// atOnce ends the wait of an e-mail. One that was sent meanwhile, or is being sent, is
// left as it is.
func (a *Admin) atOnce(id string) func(context.Context, *store.Tx) error {
	return func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE mails SET next_at = $1 WHERE id = $2 AND state = $3 AND lease = ''`, store.Micros(a.Now()), id, Waiting); err != nil {
			return fmt.Errorf("mail: try an e-mail at once: %w", err)
		}
		return nil
	}
}
