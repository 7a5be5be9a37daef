package visas

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/store"
)

// Opening is a statement that begins a case of a registration, behind that which writes
// the registration. end is that of the meeting.
func (v *Visas) Opening(number, state string, p *api.Passport, end time.Time) (*store.Statement, error) {
	key := make([]byte, 32)
	rand.Read(key) // crypto/rand never fails
	s, err := newSealer(number, key)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("visas: write a passport: %w", err)
	}
	// Another one of the same registration was taken back.
	return store.Change(nil, `INSERT INTO visa_cases (registration, state, data_key, passport, opened_at, erase_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (registration) DO UPDATE SET state = excluded.state, data_key = excluded.data_key, passport = excluded.passport,
			answer = NULL, opened_at = excluded.opened_at, decided_at = 0, decided_by = '', erase_at = excluded.erase_at`,
		number, state, v.Key.Seal(purpose, []byte(number), key), s.seal(sealedPassport, plain), store.Micros(v.Now()), store.Micros(end.Add(v.keep()))), nil
}

// Same tells whether a passport is the one that a case has; not where the case was erased.
func (v *Visas) Same(tx *store.Tx, number string, p *api.Passport) (bool, error) {
	var sealedKey, sealed []byte
	if !tx.Get(`SELECT data_key, passport FROM visa_cases WHERE registration = $1 AND data_key IS NOT NULL`, number).Into(&sealedKey, &sealed) {
		return false, nil
	}
	s, err := v.sealer(number, sealedKey)
	if errors.Is(err, errGone) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	before, err := s.passport(sealed)
	return err == nil && *before == *p, err
}

// Correct puts another passport into a case, sealed under the key that it has. It refuses
// with api.CodeWrongState where the case was erased.
func (v *Visas) Correct(tx *store.Tx, number string, p *api.Passport) error {
	var sealedKey []byte
	if !tx.Get(`SELECT data_key FROM visa_cases WHERE registration = $1 AND data_key IS NOT NULL`, number).Into(&sealedKey) {
		return api.Refuse(api.CodeWrongState)
	}
	s, err := v.sealer(number, sealedKey)
	if errors.Is(err, errGone) {
		return api.Refuse(api.CodeWrongState)
	}
	if err != nil {
		return err
	}
	plain, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("visas: write a passport: %w", err)
	}
	tx.Do(`UPDATE visa_cases SET passport = $1 WHERE registration = $2`, s.seal(sealedPassport, plain), number)
	return nil
}

// Stand says how a case stands that nobody has decided.
func (v *Visas) Stand(tx *store.Tx, number, state string) {
	tx.Do(`UPDATE visa_cases SET state = $1 WHERE registration = $2 AND decided_at = 0`, state, number)
}

// Decide answers a case that waits: its data is erased some days later.
func (v *Visas) Decide(tx *store.Tx, number, actor, state, answer string) error {
	var sealedKey []byte
	if !tx.Get(`SELECT data_key FROM visa_cases WHERE registration = $1 AND state = $2 AND data_key IS NOT NULL`, number, api.VisaWaiting).Into(&sealedKey) {
		return api.Refuse(api.CodeWrongState)
	}
	s, err := v.sealer(number, sealedKey)
	if errors.Is(err, errGone) {
		return api.Refuse(api.CodeWrongState)
	}
	if err != nil {
		return err
	}
	now := v.Now()
	tx.Do(`UPDATE visa_cases SET state = $1, answer = $2, decided_at = $3, decided_by = $4, erase_at = $5 WHERE registration = $6`,
		state, s.seal(sealedAnswer, []byte(answer)), store.Micros(now), actor, store.Micros(now.Add(v.keep())), number)
	v.Audit.Note(tx, audit.VisaAnswered, "", audit.Fact(api.DetailRegistration, number), audit.Fact(api.DetailVisa, state))
	return nil
}

// ended is the state of a case that ended before it was decided.
const ended = "ended"

// erase is what erases a case.
const erase = `UPDATE visa_cases SET data_key = NULL, passport = NULL, answer = NULL, erase_at = 0,
	state = CASE WHEN decided_at = 0 THEN '` + ended + `' ELSE state END WHERE registration = $1 AND erase_at > 0`

// End ends a registration's case, and erases what it says; it tells whether there was
// anything.
func (v *Visas) End(tx *store.Tx, number string) (erased bool) {
	if erased = tx.Do(erase, number) > 0; erased {
		v.Audit.Note(tx, audit.VisaErased, "", audit.Fact(api.DetailRegistration, number))
	}
	return erased
}

// IsDue is in SQL whether there is a case to be erased at $1.
const IsDue = `EXISTS (SELECT 1 FROM visa_cases WHERE erase_at > 0 AND erase_at <= $1)`

// AllDue calls f with each registration, and its meeting, whose case is due to be erased: at
// most 500.
func (v *Visas) AllDue(tx *store.Tx, f func(number, meeting string)) {
	for scan := range tx.Each(`SELECT v.registration, r.meeting FROM visa_cases v JOIN registrations r ON r.number = v.registration
		WHERE v.erase_at > 0 AND v.erase_at <= $1 ORDER BY v.erase_at, v.registration LIMIT 500`, store.Micros(v.Now())) {
		var number, meeting string
		scan(&number, &meeting)
		f(number, meeting)
	}
}

// PutOff keeps a case that nobody has decided until its meeting, which ends later now, has
// been over for long enough. It says whether that is later than now.
func (v *Visas) PutOff(tx *store.Tx, number string, end time.Time) bool {
	until := end.Add(v.keep())
	return until.After(v.Now()) && tx.Do(`UPDATE visa_cases SET erase_at = $1 WHERE registration = $2 AND decided_at = 0 AND erase_at > 0`,
		store.Micros(until), number) > 0
}
