package registrations

import (
	"encoding/json"
	"fmt"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/meetings"
	"plenary/service/store"
)

// registration is a registration with what its owner does not see.
type registration struct {
	api.Registration
	accountID string
	platform  string // of the meeting
	places    int    // that it takes
	line      int64  // place in line
	created   time.Time
}

const registrationColumns = `r.number, r.meeting, r.account_id, r.operation, r.state, r.participation, r.first_name, r.family_name,
	r.badge_name, r.job_title, r.organization, r.country, r.answers, r.companions, r.places, r.place_in_line, r.version,
	r.created_at, m.private`

const registrationTables = ` FROM registrations r JOIN meetings m ON m.code = r.meeting `

func scanRegistration(scan store.Scan) (*registration, error) {
	var (
		r                            registration
		first, family                string
		answers, companions, private string
		created                      int64
	)
	if !scan(&r.Number, &r.Meeting, &r.accountID, &r.Operation, &r.State, &r.Participation, &first, &family,
		&r.BadgeName, &r.JobTitle, &r.Organization, &r.Country, &answers, &companions, &r.places, &r.line, &r.Version,
		&created, &private) {
		return &r, nil // the transaction has an error
	}
	r.Person, r.created = rules.FullName(first, family), store.Time(created)
	if err := json.Unmarshal([]byte(answers), &r.Answers); err != nil {
		return nil, fmt.Errorf("registrations: read answers: %w", err)
	}
	if err := json.Unmarshal([]byte(companions), &r.Companions); err != nil {
		return nil, fmt.Errorf("registrations: read companions: %w", err)
	}
	var of meetings.Private
	if err := json.Unmarshal([]byte(private), &of); err != nil {
		return nil, fmt.Errorf("registrations: read what is private of %s: %w", r.Meeting, err)
	}
	r.platform = of.Platform
	return &r, nil
}

// readRegistration gives a registration with its history, or refuses with
// api.CodeNotFound.
func readRegistration(tx *store.Tx, number string) (*registration, error) {
	found, err := queryRegistrations(tx, `WHERE r.number = $1`, number)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, api.Refuse(api.CodeNotFound)
	}
	return found[0], nil
}

// queryRegistrations gives the registrations that a condition names, with
// their histories: two statements, however many there are.
func queryRegistrations(tx *store.Tx, where string, args ...any) ([]*registration, error) {
	var list []*registration
	byNumber := map[string]*registration{}
	for scan := range tx.Each(`SELECT `+registrationColumns+registrationTables+where, args...) {
		r, err := scanRegistration(scan)
		if err != nil {
			return nil, err
		}
		list, byNumber[r.Number] = append(list, r), r
	}
	if len(list) == 0 {
		return nil, tx.Err()
	}
	for scan := range tx.Each(`SELECT registration, at, what, by_whom, reason FROM registration_events
		WHERE registration IN (SELECT r.number`+registrationTables+where+`) ORDER BY registration, position`, args...) {
		var (
			number string
			e      api.Event
			at     int64
		)
		scan(&number, &at, &e.What, &e.By, &e.Reason)
		e.At = store.Time(at)
		if r := byNumber[number]; r != nil {
			r.History = append(r.History, e)
		}
	}
	return list, tx.Err()
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

// move brings a registration of a locked meeting into another state by an event
// of the rules, and writes the line of history. The meeting has counted it then,
// under its next version, and is to be saved. actor is the account that did it, or
// empty.
func (r *registration) move(tx *store.Tx, in *meetings.Row, event rules.RegistrationEvent, e api.Event, actor string) error {
	next, err := rules.NextState(r.State, event)
	if err != nil {
		return api.Refuse(api.CodeWrongState)
	}
	if rules.TakesPlace(r.State) {
		in.Taken -= r.places
	}
	if rules.TakesPlace(next) {
		in.Taken += r.places
	}
	if r.State == api.WaitingList {
		in.Waiting--
	}
	in.Version++
	r.State, r.Version = next, in.Version
	tx.Do(`UPDATE registrations SET state = $1, version = $2, changed_at = $3 WHERE number = $4`,
		r.State, r.Version, store.Micros(e.At), r.Number)
	r.record(tx, e, actor)
	return nil
}

// record writes a line of history.
func (r *registration) record(tx *store.Tx, e api.Event, actor string) {
	tx.Do(`INSERT INTO registration_events (registration, position, at, what, by_whom, actor, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.Number, len(r.History)+1, store.Micros(e.At), e.What, e.By, actor, e.Reason)
	e.At = inDatabase(e.At)
	r.History = append(r.History, e)
}

// inDatabase is a time as exactly as the database keeps it, so that an answer says
// the same at once and later.
func inDatabase(t time.Time) time.Time { return store.Time(store.Micros(t)) }
