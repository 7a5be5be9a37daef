// Package registrations holds the registrations for the service's meetings: who gets a
// place, who waits, who decides, and what people are told about it by e-mail. What
// people ask for are operations (package operation), of the kinds that stand in Kinds;
// what may happen to a registration, and by whom, the table of steps says (rules.StepOf).
//
// It knows no HTTP.
//
// A registration is judged, and all but itself written, before it touches its meeting's
// counts, by what they said then; if that is not so any more, it is judged again.
// Whatever else changes registrations holds the counts first (meetings.Meetings.Lock).
// Who is next when a place becomes free stands in line.go.
//
// Time is the service's: an operation that was made before registration closed
// and delivered afterwards is refused, since nobody can check a device's clock.
//
// Start reading at Kinds and prepareRegister (register.go).
package registrations

import (
	"context"
	"time"
	_ "time/tzdata" // meetings have time zones, and Windows has no database of them

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/badges"
	"plenary/service/delegations"
	"plenary/service/job"
	"plenary/service/joining"
	"plenary/service/mail"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/visas"
)

// Deps is what registrations stand on.
type Deps struct {
	DB          *store.DB
	Key         *secret.Key // seals files
	Meetings    *meetings.Meetings
	Badges      *badges.Badges
	Delegations *delegations.Delegations
	Visas       *visas.Visas
	Outbox      *mail.Outbox
	Joining     *joining.Keys // signs join tokens
	Audit       *audit.Log
	Now         func() time.Time // the service's clock
	// Address gives the service's public address, for calendar entries.
	Address func() string
	// MailInfo is what every e-mail says of the service.
	MailInfo func(context.Context) (mail.Info, error)
	// Organization is whose service it is, for confirmations.
	Organization func() string
	// Profile gives an account, within a transaction.
	Profile func(tx *store.Tx, accountID string) (api.Account, error)
	// Listed is organizations.Directory.Named, of now.
	Listed func(wanted []api.Organization) []api.Organization
	// Once is operation.Operations.Once, of operations that are made of these registrations'
	// kinds: it is set after New.
	Once meetings.Once
}

// Registrations is the service's registrations. It is safe for concurrent use.
type Registrations struct {
	Deps
	counts     stateCounts
	decoding   chan struct{} // has one for each photo that is being decoded
	statistics statistics
}

// New makes Registrations from what they stand on, and sees to the waiting list where
// a meeting's description changes.
func New(d Deps) *Registrations {
	rs := &Registrations{Deps: d, decoding: make(chan struct{}, decoding)}
	d.Meetings.Changed = rs.described
	return rs
}

// unrecorded is what of a payload is in no record, not even as a fingerprint.
var unrecorded = []string{"/passport", "/invitation"}

// Kinds are the operations of registrations.
func (rs *Registrations) Kinds() map[string]operation.Kind {
	return map[string]operation.Kind{
		api.OpRegister:    {Prepare: rs.prepareRegister, Show: showOwn, Secret: unrecorded},
		api.OpRegisterFor: {Prepare: rs.prepareRegisterFor, Show: showDecided},
		api.OpChange:      {Prepare: rs.prepareChange, Show: showOwn, Secret: unrecorded},
		api.OpWithdraw:    {Prepare: rs.prepareWithdraw, Show: showOwn},
		api.OpAnswerOffer: {Prepare: rs.prepareAnswerOffer, Show: showOwn},
		api.OpAttend:      {Prepare: rs.prepareAttend},
		api.OpDecide:      {Prepare: rs.prepareDecide, Show: showDecided},
		api.OpDecideMany:  {Prepare: rs.prepareDecideMany},
		api.OpAnswerVisa:  {Role: api.RoleVisa, Prepare: rs.prepareAnswerVisa},

		api.OpMailParticipants: {Prepare: rs.prepareMailParticipants},
	}
}

// Jobs are what registrations do by themselves.
func (rs *Registrations) Jobs() []job.Job {
	return []job.Job{
		rs.lapseOffers(),
		{Name: "send-notices", If: meetings.NoticesWait, Do: rs.SendNotices},
		{Name: "index-registrations", Every: indexEvery, If: notIndexed, Do: rs.indexAll},
		rs.tellOfChanges(),
		rs.eraseAnswers(),
		rs.sweepFiles(),
		rs.sweepInvitations(),
		{Name: "hand-to-secretary", Every: handOverEvery, Do: rs.HandOver},
		{Name: "remind-delegations", Every: remindLook, Do: rs.RemindDelegations},
		{Name: "erase-visas", If: visas.IsDue, Do: rs.EraseVisas},
	}
}

// showOwn puts a registration into a result as its owner sees it.
func showOwn(tx *store.Tx, number string, result *api.Result) error {
	r, err := readRegistration(tx, number)
	if err == nil {
		seen := r.forOwner()
		result.Registration = &seen
	}
	return err
}

// showDecided puts a registration into a result as whoever decides on it sees it.
func showDecided(tx *store.Tx, number string, result *api.Result) error {
	r, err := readRegistration(tx, number)
	if err == nil {
		result.Registration = r.decided()
	}
	return err
}
