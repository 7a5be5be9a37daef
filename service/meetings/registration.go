package meetings

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/operation"
	"plenary/service/store"
)

// registration is a registration with what its owner does not see.
type registration struct {
	api.Registration
	accountID string
	platform  string // of the meeting
	line      int64  // place in line
	created   time.Time
}

const registrationColumns = `r.number, r.meeting, r.account_id, r.operation, r.state, r.participation, r.person,
	r.badge_name, r.job_title, r.organization, r.country, r.answers, r.companions, r.place_in_line, r.version,
	r.created_at, m.platform`

const registrationTables = ` FROM registrations r JOIN meetings m ON m.code = r.meeting `

func scanRegistration(s interface{ Scan(...any) error }) (*registration, error) {
	var (
		r                   registration
		answers, companions string
		created             int64
	)
	if err := s.Scan(&r.Number, &r.Meeting, &r.accountID, &r.Operation, &r.State, &r.Participation, &r.Person,
		&r.BadgeName, &r.JobTitle, &r.Organization, &r.Country, &answers, &companions, &r.line, &r.Version,
		&created, &r.platform); err != nil {
		return nil, err
	}
	r.created = store.Time(created)
	if err := json.Unmarshal([]byte(answers), &r.Answers); err != nil {
		return nil, fmt.Errorf("meetings: read answers: %w", err)
	}
	if err := json.Unmarshal([]byte(companions), &r.Companions); err != nil {
		return nil, fmt.Errorf("meetings: read companions: %w", err)
	}
	return &r, nil
}

// readRegistration gives a registration with its history, or refuses with
// api.CodeNotFound.
func readRegistration(ctx context.Context, tx *store.Tx, number string) (*registration, error) {
	found, err := queryRegistrations(ctx, tx, `WHERE r.number = $1`, number)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, refuse(api.CodeNotFound)
	}
	return found[0], nil
}

// queryRegistrations gives the registrations that a condition names, with
// their histories: two statements, however many there are.
func queryRegistrations(ctx context.Context, tx *store.Tx, where string, args ...any) ([]*registration, error) {
	rows, err := tx.Query(ctx, `SELECT `+registrationColumns+registrationTables+where, args...)
	if err != nil {
		return nil, fmt.Errorf("meetings: list registrations: %w", err)
	}
	defer rows.Close()
	var list []*registration
	for rows.Next() {
		r, err := scanRegistration(rows)
		if err != nil {
			return nil, fmt.Errorf("meetings: list registrations: %w", err)
		}
		list = append(list, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("meetings: list registrations: %w", err)
	}
	if len(list) == 0 {
		return nil, nil
	}
	return list, readHistories(ctx, tx, list, where, args)
}

// readHistories reads the histories of registrations that a condition has named.
func readHistories(ctx context.Context, tx *store.Tx, list []*registration, where string, args []any) error {
	byNumber := make(map[string]*registration, len(list))
	for _, r := range list {
		byNumber[r.Number] = r
	}
	rows, err := tx.Query(ctx, `SELECT registration, at, what, by_whom, reason FROM registration_events
		WHERE registration IN (SELECT r.number`+registrationTables+where+`) ORDER BY registration, position`, args...)
	if err != nil {
		return fmt.Errorf("meetings: read histories: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			number string
			e      api.Event
			at     int64
		)
		if err := rows.Scan(&number, &at, &e.What, &e.By, &e.Reason); err != nil {
			return fmt.Errorf("meetings: read histories: %w", err)
		}
		e.At = store.Time(at)
		if r := byNumber[number]; r != nil {
			r.History = append(r.History, e)
		}
	}
	return rows.Err()
}

// forOwner is what the registered person sees: the platform's address once it
// is of use, and not the name, which is the person's own.
func (r *registration) forOwner() api.Registration {
	seen := r.Registration
	seen.Person = ""
	if seen.State == api.Confirmed && seen.Participation == api.Remote {
		seen.Platform = r.platform
	}
	return seen
}

// insert writes a new registration, with the two lines of history that it has: the
// person's and the service's. It returns operation.ErrChanged where somebody has its
// number already.
func (r *registration) insert(ctx context.Context, tx *store.Tx) error {
	answers, err := json.Marshal(r.Answers)
	if err != nil {
		return fmt.Errorf("meetings: write answers: %w", err)
	}
	companions, err := json.Marshal(r.Companions)
	if err != nil {
		return fmt.Errorf("meetings: write companions: %w", err)
	}
	n, err := tx.Exec(ctx, `INSERT INTO registrations
		(number, meeting, account_id, operation, state, participation, person, badge_name, job_title,
		 organization, country, answers, companions, place_in_line, version, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (number) DO NOTHING`,
		r.Number, r.Meeting, r.accountID, r.Operation, r.State, r.Participation, r.Person, r.BadgeName, r.JobTitle,
		r.Organization, r.Country, string(answers), string(companions), r.line, r.Version, store.Micros(r.created))
	if err != nil {
		return fmt.Errorf("meetings: insert registration: %w", err)
	}
	if n == 0 {
		return operation.ErrChanged
	}
	sent, answered := r.History[0], r.History[1]
	if _, err := tx.Exec(ctx, `INSERT INTO registration_events (registration, position, at, what, by_whom, actor, reason)
		VALUES ($1, 1, $2, $3, $4, $5, ''), ($1, 2, $6, $7, $8, '', '')`,
		r.Number, store.Micros(sent.At), sent.What, sent.By, r.accountID,
		store.Micros(answered.At), answered.What, answered.By); err != nil {
		return fmt.Errorf("meetings: record events: %w", err)
	}
	return nil
}

// move brings a registration of a locked meeting into another state by an event
// of the rules, and writes the line of history. The meeting has counted it then,
// under its next version, and is to be saved. actor is the account that did it, or
// empty.
func (r *registration) move(ctx context.Context, tx *store.Tx, in *row, event rules.RegistrationEvent, e api.Event, actor string) error {
	next, err := rules.NextState(r.State, event)
	if err != nil {
		return refuse(api.CodeWrongState)
	}
	had, has := rules.TakesPlace(r.State), rules.TakesPlace(next)
	switch {
	case has && !had:
		in.Taken++
	case had && !has:
		in.Taken--
	}
	in.Version++
	r.State, r.Version = next, in.Version
	if _, err := tx.Exec(ctx, `UPDATE registrations SET state = $1, version = $2 WHERE number = $3`,
		r.State, r.Version, r.Number); err != nil {
		return fmt.Errorf("meetings: move registration: %w", err)
	}
	return r.record(ctx, tx, e, actor)
}

// record writes a line of history.
func (r *registration) record(ctx context.Context, tx *store.Tx, e api.Event, actor string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO registration_events (registration, position, at, what, by_whom, actor, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.Number, len(r.History)+1, store.Micros(e.At), e.What, e.By, actor, e.Reason); err != nil {
		return fmt.Errorf("meetings: record event: %w", err)
	}
	e.At = inDatabase(e.At)
	r.History = append(r.History, e)
	return nil
}

// inDatabase is a time as exactly as the database keeps it, so that an answer says
// the same at once and later.
func inDatabase(t time.Time) time.Time { return store.Time(store.Micros(t)) }
