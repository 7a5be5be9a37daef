package registrations

import (
	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// Held gives the registrations of a person, with their answers and histories, oldest
// first; staff in them has no names.
func (rs *Registrations) Held(tx *store.Tx, accountID string) ([]api.Registration, error) {
	list, err := queryRegistrations(tx, `WHERE r.account_id = $1 ORDER BY r.created_at, r.number`, accountID)
	registrations := []api.Registration{}
	for _, r := range list {
		r.History = withoutNames(r.History)
		registrations = append(registrations, r.Registration)
	}
	return registrations, err
}

// Erase removes what is personal of a person's registrations, in the caller's
// transaction: those for meetings that are not over are withdrawn, which gives
// their places to the waiting list, and nobody is told. That somebody from that
// country was registered, and what was decided, stays for the meeting's numbers.
// The caller holds the account (store.Tx.HoldOwner), so that it registers for nothing
// meanwhile, and removes it afterwards: streams and operations go with it.
func (rs *Registrations) Erase(tx *store.Tx, accountID string) error {
	// In the order of the codes, so that two who are erased at once, or a
	// withdrawal, never wait for each other.
	var own []named
	for scan := range tx.Each(`SELECT number, meeting FROM registrations WHERE account_id = $1 ORDER BY meeting, number`, accountID) {
		var of named
		scan(&of.number, &of.meeting)
		own = append(own, of)
	}
	for _, of := range own {
		if err := rs.eraseOne(tx, of); err != nil {
			return err
		}
	}
	tx.Do(`UPDATE registration_events SET actor = '' WHERE actor = $1`, accountID)
	tx.Do(`UPDATE registrations SET registered_by = '' WHERE registered_by = $1`, accountID)
	tx.Do(`UPDATE meeting_invitations SET invited_by = '' WHERE invited_by = $1`, accountID)
	rs.eraseInvitations(tx, `email_key IN (SELECT email_key FROM accounts WHERE id = $1)`, accountID)
	tx.Do(`DELETE FROM registration_files WHERE account_id = $1 AND registration = ''`, accountID)
	tx.Do(`UPDATE registration_files SET account_id = '' WHERE account_id = $1`, accountID) // of others whom it registered
	return nil
}

func (rs *Registrations) eraseOne(tx *store.Tx, of named) error {
	r, meeting, err := rs.lockRegistration(tx, of)
	if err != nil {
		return err
	}
	// The meeting is locked by now: nobody is telling the person anything.
	rs.Outbox.Erase(tx, "", of.number)
	// First, so that nobody who is promoted is told at this person's address.
	tx.Do(`UPDATE registrations SET account_id = '', operation = '', registered_by = '', first_name = '', family_name = '',
		email = '', language = '', badge_name = '', job_title = '', organization_id = '', organization = '', answers = '{}',
		companions = '[]', consents = '[]', listed = 0, sort_key = $1, organization_key = $1 WHERE number = $2`, []byte{}, of.number)
	tx.Do(`DELETE FROM registration_words WHERE number = $1`, of.number)
	tx.Do(`DELETE FROM registration_files WHERE registration = $1`, of.number)
	tx.Do(`UPDATE registration_events SET reason = '', changed = '' WHERE registration = $1`, of.number)
	rs.Visas.End(tx, of.number)
	if !rules.Final(r.State) && rs.Now().Before(meeting.End()) {
		if _, err := rs.move(tx, meeting, r, act{event: rules.EventWithdraw, by: rules.ActorPerson}); err != nil {
			return err
		}
		if err := rs.promote(tx, meeting); err != nil {
			return err
		}
	} else {
		meeting.Version++
		tx.Do(`UPDATE registrations SET version = $1, changed_at = $2 WHERE number = $3`, meeting.Version, store.Micros(rs.Now()), of.number)
	}
	meeting.Save(tx)
	return nil
}
