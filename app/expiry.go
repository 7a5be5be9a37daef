package app

import (
	"errors"
	"maps"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// How long what the service has told is kept on this computer. What its person made, drafts
// and operations, does not expire, but for passports (expirePassports).
const (
	// withoutContact is how long all of it is kept while the service does not answer.
	withoutContact = 180 * 24 * time.Hour
	// meetingOver is how long after its end a meeting is listed.
	meetingOver = 90 * 24 * time.Hour
	// delegationLife is how long what is known of others' registrations is kept for whoever
	// is appointed, unless it is confirmed.
	delegationLife = 14 * 24 * time.Hour
	// managedAge is how long what is known of other people is kept for a manager, unless it
	// is read anew.
	managedAge = 7 * 24 * time.Hour
	// expireEvery is how often it is looked for.
	expireEvery = 24 * time.Hour
)

// keptTooLong tells whether something of a time has been kept for too long. What has no time is not.
func (k *core) keptTooLong(at time.Time, life time.Duration) bool {
	return !at.IsZero() && k.serviceNow().Sub(at) > life
}

// expire deletes from a person's store what has been there for too long, and tells whether
// there was any.
func (k *core) expire(store *localdb.Store) bool {
	forgotten := k.keptTooLong(k.lastContact(), withoutContact)
	heads := map[string]delegationHead{}
	loadRows(store, delegationHeadSet, heads)
	delegation := k.keptTooLong(heads["head"].At, delegationLife)
	some := false
	err := errors.Join(
		expireRows(store, registrationsSet, &some, func(api.Registration) bool { return forgotten }),
		expireRows(store, delegationHeadSet, &some, func(delegationHead) bool { return delegation }),
		expireRows(store, delegationSet, &some, func(api.Delegate) bool { return delegation }),
		expireRows(store, delegationRefused, &some, func(api.Code) bool { return delegation }),
		expireSeen[api.RegistrationRows](k, store, managedRegistrationsSet, &some),
		expireSeen[api.Participants](k, store, participantsSet, &some),
		expireSeen[[]api.ManagedMeetingRow](k, store, managedMeetingsSet, &some),
	)
	if err != nil {
		k.log.Warn("what has been kept for too long is not deleted", "cause", Explain(err).Kind)
	}
	return some
}

// expireRows deletes the rows of a set that are over; some is set where there are some.
func expireRows[T any](store *localdb.Store, set string, some *bool, over func(T) bool) error {
	rows := map[string]T{}
	loadRows(store, set, rows)
	before := len(rows)
	maps.DeleteFunc(rows, func(_ string, one T) bool { return over(one) })
	if len(rows) == before {
		return nil
	}
	*some = true
	return saveRows(store, set, rows)
}

// expireSeen is expireRows for what the service gave (see orSeen).
func expireSeen[T any](k *core, store *localdb.Store, set string, some *bool) error {
	return expireRows(store, set, some, func(one seen[T]) bool { return k.keptTooLong(one.At, managedAge) })
}

// expire is that of a person's store while it is open, once in a while.
func (s *Sync) expire(v *vault) {
	now := s.core.serviceNow()
	if now.Sub(s.expired) < expireEvery {
		return
	}
	if !s.expired.IsZero() && s.core.expire(v.store) { // it was done as the store was opened
		s.delegation.forgetStore()
		s.registrations.load(v)
	}
	s.expired = now
}
