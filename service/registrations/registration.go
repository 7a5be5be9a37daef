package registrations

import (
	"encoding/json"
	"fmt"
	"slices"
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
	// of whom it is, as it was at registration; address and language for e-mails are
	// there where there is no account
	organizationID, firstName, familyName, email, language string
	registeredBy                                           string // account, for somebody else's
	platform                                               string // of the meeting
	tokens                                                 bool   // that platform takes
	places                                                 int    // that it takes
	line                                                   int64  // place in line
	created                                                time.Time
	end                                                    time.Time // of the meeting
	// codeVersion tells the newest code from those before.
	codeVersion int64
}

const registrationColumns = `r.number, r.meeting, r.account_id, r.operation, r.state, r.participation, r.first_name, r.family_name,
	r.badge_name, r.job_title, r.organization, r.country, r.answers, r.companions, r.consents, r.listed, r.visa, r.places, r.offer_until, r.place_in_line, r.version,
	r.created_at, r.code_version, r.organization_id, r.email, r.language, r.registered_by, m.private, m.end_at`

const registrationTables = ` FROM registrations r JOIN meetings m ON m.code = r.meeting `

func scanRegistration(scan store.Scan) (*registration, error) {
	var (
		r                             registration
		answers, companions, private  string
		consents                      string
		created, end, listed, offered int64
	)
	if !scan(&r.Number, &r.Meeting, &r.accountID, &r.Operation, &r.State, &r.Participation, &r.firstName, &r.familyName,
		&r.BadgeName, &r.JobTitle, &r.Organization, &r.Country, &answers, &companions, &consents, &listed, &r.Visa, &r.places, &offered, &r.line, &r.Version,
		&created, &r.codeVersion, &r.organizationID, &r.email, &r.language, &r.registeredBy, &private, &end) {
		return &r, nil // the transaction has an error
	}
	r.Person, r.created, r.end = rules.FullName(r.firstName, r.familyName), store.Time(created), store.Time(end)
	if offered > 0 {
		r.OfferUntil = store.Time(offered)
	}
	if err := json.Unmarshal([]byte(answers), &r.Answers); err != nil {
		return nil, fmt.Errorf("registrations: read answers: %w", err)
	}
	if err := json.Unmarshal([]byte(companions), &r.Companions); err != nil {
		return nil, fmt.Errorf("registrations: read companions: %w", err)
	}
	if err := json.Unmarshal([]byte(consents), &r.Consents); err != nil {
		return nil, fmt.Errorf("registrations: read consents: %w", err)
	}
	r.Listed = listed == 1
	var of api.MeetingPrivate
	if err := json.Unmarshal([]byte(private), &of); err != nil {
		return nil, fmt.Errorf("registrations: read what is private of %s: %w", r.Meeting, err)
	}
	r.platform, r.tokens = of.Platform, of.Token != nil
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
	for scan := range tx.Each(`SELECT e.registration, e.at, e.what, e.by_whom, e.reason, e.changed, COALESCE(a.first_name, ''), COALESCE(a.family_name, '')
		FROM registration_events e LEFT JOIN accounts a ON a.id = e.actor
		WHERE e.registration IN (SELECT r.number`+registrationTables+where+`) ORDER BY e.registration, e.position`, args...) {
		var (
			number        string
			e             api.Event
			at            int64
			first, family string
			changed       string
		)
		if !scan(&number, &at, &e.What, &e.By, &e.Reason, &changed, &first, &family) {
			break
		}
		if changed != "" {
			if err := json.Unmarshal([]byte(changed), &e.Changed); err != nil {
				return nil, fmt.Errorf("registrations: read what was changed: %w", err)
			}
		}
		e.At, e.Actor = store.Time(at), rules.FullName(first, family)
		if r := byNumber[number]; r != nil {
			r.History = append(r.History, e)
		}
	}
	return list, tx.Err()
}

// forOwner is what the registered person sees: the platform's address once it
// is of use; of who decided the kind and the reason, but no name; and not the own name.
func (r *registration) forOwner() api.Registration {
	seen := r.Registration
	seen.Person, seen.History = "", withoutNames(r.History)
	if seen.State == api.Confirmed && seen.Participation == api.Remote {
		seen.Platform, seen.JoinToken = r.platform, r.tokens
	}
	return seen
}

// decided is what whoever decides on it is answered: all but what the person answered.
func (r *registration) decided() *api.Registration {
	seen := r.Registration
	seen.Answers, seen.History = nil, withoutChanges(r.History)
	return &seen
}

// withoutChanges is a history that does not say what was answered.
func withoutChanges(history []api.Event) []api.Event {
	seen := slices.Clone(history)
	for i := range seen {
		seen[i].Changed = nil
	}
	return seen
}

// withoutNames is a history that says of who did something what they were, and not who.
func withoutNames(history []api.Event) []api.Event {
	seen := slices.Clone(history)
	for i := range seen {
		seen[i].Actor = ""
	}
	return seen
}

// act is what somebody does to a registration.
type act struct {
	event  rules.RegistrationEvent
	by     rules.Actor
	actor  api.Account // that does it; none for the service
	reason string
	// changed is what a change changes.
	changed []api.Changed
}

// take takes a step with a registration of a locked meeting and tells the person about
// it. It refuses as move does.
func (rs *Registrations) take(tx *store.Tx, in *meetings.Row, r *registration, a act) error {
	step, err := rs.move(tx, in, r, a)
	if err != nil || step.Letter == "" {
		return err
	}
	return rs.tell(tx, in, r, step.Letter, told{reason: a.reason, changed: a.changed})
}

// move takes a step with a registration of a locked meeting: another state, the places
// and the line of history that go with it. The meeting has counted it then, under its
// next version, and is to be saved. It refuses with api.CodeWrongState what the rules do
// not have, and with api.CodeInvalid what lacks its reason.
func (rs *Registrations) move(tx *store.Tx, in *meetings.Row, r *registration, a act) (rules.Step, error) {
	step, err := rules.StepOf(r.State, a.event, a.by)
	switch {
	case err != nil || in.Status == api.MeetingCancelled && step.To != api.Withdrawn:
		return step, api.Refuse(api.CodeWrongState)
	case step.Reason && a.reason == "":
		return step, api.Invalid(api.FieldError{Pointer: "/reason", Code: api.FieldRequired})
	}
	now := rs.Now()
	if rules.TakesPlace(step.From) {
		in.Count(r.places, r.Answers, -1)
	}
	if rules.TakesPlace(step.To) {
		in.Count(r.places, r.Answers, +1)
	}
	if step.From == api.WaitingList {
		in.Waiting--
	}
	if step.To == api.WaitingList {
		in.Waiting++
	}
	in.Version++
	r.State, r.Version = step.To, in.Version
	var until int64
	switch {
	case a.event == rules.EventOffer:
		r.OfferUntil = rs.offerUntil(in)
	case step.To != api.Offered && a.event != rules.EventLapse: // which tells what time is over
		r.OfferUntil = time.Time{}
	}
	if !r.OfferUntil.IsZero() {
		until = store.Micros(r.OfferUntil)
	}
	rs.followVisa(tx, r)
	tx.Do(`UPDATE registrations SET state = $1, version = $2, changed_at = $3, offer_until = $4, visa = $6 WHERE number = $5`,
		r.State, r.Version, store.Micros(now), until, r.Number, r.Visa)
	return step, r.record(tx, api.Event{
		At: now, What: step.What, By: a.by.By(), Actor: nameOf(a.actor), Reason: a.reason, Changed: a.changed,
	}, a.actor.ID)
}

// record writes a line of history.
func (r *registration) record(tx *store.Tx, e api.Event, actor string) error {
	changed := ""
	if len(e.Changed) > 0 {
		b, err := json.Marshal(e.Changed)
		if err != nil {
			return fmt.Errorf("registrations: write what was changed: %w", err)
		}
		changed = string(b)
	}
	tx.Do(`INSERT INTO registration_events (registration, position, at, what, by_whom, actor, reason, changed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.Number, len(r.History)+1, store.Micros(e.At), e.What, e.By, actor, e.Reason, changed)
	e.At = inDatabase(e.At)
	r.History = append(r.History, e)
	return nil
}

// inDatabase is a time as exactly as the database keeps it, so that an answer says
// the same at once and later.
func inDatabase(t time.Time) time.Time { return store.Time(store.Micros(t)) }
