package mail

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// outgoingPage is how many e-mails a page of the list has that does not ask for more.
const outgoingPage = 50

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
		return p, api.Invalid(api.FieldError{Pointer: "/after", Code: api.FieldInvalid})
	}
	return p, nil
}

// Outgoing lists e-mails, the newest first, with what became of them and not
// with what they say.
func (a *Admin) Outgoing(ctx context.Context, _ caller.Caller, f api.MailFilter) (api.OutgoingMails, error) {
	after, err := parsePlace(f.After)
	if err != nil {
		return api.OutgoingMails{}, err
	}
	limit := min(cmp.Or(f.Limit, outgoingPage), api.MailsLimit)
	var page api.OutgoingMails
	err = a.DB.View(ctx, func(tx *store.Tx) error {
		page = api.OutgoingMails{Mails: []api.OutgoingMail{}, Cause: cause(tx)}
		countStates(tx, &page)
		var last place
		for scan := range tx.Each(`SELECT id, recipient, template, language, state, attempts, problem, created_at, next_at, done_at, subject, lease
			FROM mails WHERE (created_at < $1 OR (created_at = $1 AND id < $2)) AND ($3 = '' OR state = $3)
			AND LOWER(recipient) LIKE $4 ESCAPE '!' ORDER BY created_at DESC, id DESC LIMIT $5`,
			after.created, after.id, f.State, store.Containing(strings.ToLower(strings.TrimSpace(f.Query))), limit+1) {
			m, created := readOutgoing(scan)
			if len(page.Mails) == limit {
				page.Next = last.String()
				break
			}
			page.Mails, last = append(page.Mails, m), place{created, m.ID}
		}
		return nil
	})
	if err != nil {
		return api.OutgoingMails{}, err
	}
	return page, nil
}

// ExportMails notes that somebody is going to keep the e-mails that a filter chooses.
func (a *Admin) ExportMails(ctx context.Context, _ caller.Caller, in api.ExportMails) error {
	// READ COMMITTED: an entry of the log.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		var details []audit.Detail
		if in.State != "" {
			details = append(details, audit.Fact(api.DetailMailState, in.State))
		}
		a.Audit.Note(tx, audit.MailsExported, "", details...)
		return nil
	})
}

func countStates(tx *store.Tx, page *api.OutgoingMails) {
	tx.Get(`SELECT COALESCE(SUM(CASE WHEN state = $1 THEN 1 ELSE 0 END), 0),
		COALESCE(SUM(CASE WHEN state = $2 THEN 1 ELSE 0 END), 0) FROM mails WHERE state IN ($1, $2)`, Waiting, Failed).
		Into(&page.Waiting, &page.Failed)
}

// cause gives what most of those e-mails wait for that were tried and wait for the
// mail server or its settings; nil: there are none.
func cause(tx *store.Tx) *api.MailCause {
	problems := tx.Strings(`SELECT problem FROM mails WHERE state = $1 AND problem <> '' GROUP BY problem ORDER BY COUNT(*) DESC, problem`, Waiting)
	for _, p := range problems {
		if e := parseStored(p); e.ofSettings() {
			return &api.MailCause{Step: e.step, Problem: e.problem, Code: e.code, Enhanced: e.enhanced}
		}
	}
	return nil
}

func readOutgoing(scan store.Scan) (m api.OutgoingMail, created int64) {
	var (
		next, done              int64
		problem, subject, lease string
	)
	scan(&m.ID, &m.To, &m.Template, &m.Language, &m.State, &m.Attempts, &problem, &created, &next, &done, &subject, &lease)
	e := parseStored(problem)
	m.Step, m.Problem, m.Code, m.Enhanced = e.step, e.problem, e.code, e.enhanced
	m.Created, m.Done = store.Time(created), store.Time(done)
	if m.State == Waiting && lease == "" {
		m.Next = store.Time(next)
	}
	m.Again = m.To != "" && canAgain(m.State, m.Template, subject)
	return m, created
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
func (a *Admin) SendAgain(ctx context.Context, _ caller.Caller, id string) error {
	m, err := a.outgoing(ctx, id)
	if err != nil {
		return err
	}
	if m.To == "" || !canAgain(m.State, m.Template, m.Subject) { // without a recipient: erased with an account
		return api.Refuse(api.CodeWrongState)
	}
	var queue func(*store.Tx) error
	switch {
	case m.State == Waiting:
		queue = a.atOnce(m.ID)
	case strings.HasPrefix(m.Template, registrations) || m.Template == MeetingCancelled:
		queue, err = a.Registrations(ctx, m)
	default:
		queue, err = a.Accounts(ctx, m)
	}
	if err != nil {
		return err
	}
	// Serializable: what the e-mail is made from is judged and not held.
	return a.DB.Update(ctx, func(tx *store.Tx) error {
		if err := queue(tx); err != nil {
			return err
		}
		a.Audit.Note(tx, audit.MailSentAgain, "", audit.Fact(api.DetailTemplate, m.Template), audit.Fact(api.DetailMail, m.ID))
		return nil
	})
}

func (a *Admin) outgoing(ctx context.Context, id string) (m Mail, err error) {
	err = a.DB.Peek(ctx, func(tx *store.Tx) error {
		m.ID = id
		var created int64
		if !tx.Get(`SELECT recipient, language, template, subject, state, created_at FROM mails WHERE id = $1`, id).
			Into(&m.To, &m.Language, &m.Template, &m.Subject, &m.State, &created) {
			return api.Refuse(api.CodeNotFound)
		}
		m.Created = store.Time(created)
		return nil
	})
	return m, err
}

// atOnce ends the wait of an e-mail. One that was sent meanwhile, or is being sent, is
// left as it is.
func (a *Admin) atOnce(id string) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		tx.Do(`UPDATE mails SET next_at = $1 WHERE id = $2 AND state = $3 AND lease = ''`, store.Micros(a.Now()), id, Waiting)
		return nil
	}
}
