package registrations

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/delegations"
	"plenary/service/mail"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/store"
)

// newcomer is a registration that was judged and is not written yet.
type newcomer struct {
	registration
	who     api.Account
	meeting *meetings.Row // as it was judged by
	letter  *mail.Message
	claims  []rules.Limit    // of which it takes a place; none on the waiting list
	visa    *store.Statement // that begins the case of visa support; nil without
	// sure: it gets a place although others stand in line, or none although there is
	// one, for a reason that the meeting's counts alone do not tell.
	sure bool
	// decider is the account of the manager who has approved it beforehand.
	decider string
}

// welcome is what speaks for somebody who registers, beside the meeting's description.
type welcome struct {
	speaker rules.Speaker
	// late: also while registration for the meeting is closed, until it is over.
	late bool
	// approved: by a manager beforehand, so that nobody is asked for a decision. That is
	// the account by, whose name staff sees.
	approved bool
	by, name string
}

// spokenFor is what most people bring along.
func spokenFor(speaker rules.Speaker) welcome { return welcome{speaker: speaker} }

// line tells whether somebody in a locked meeting's line keeps the places that are free.
type line func() (kept bool, err error)

func (rs *Registrations) lineOf(tx *store.Tx, meeting *meetings.Row) line {
	return func() (bool, error) {
		for _, err := range rs.nextOnes(tx, meeting) {
			return err == nil, err
		}
		return false, tx.Err()
	}
}

// prepareRegister judges a registration without a lock, by the meeting as this node
// has read it last or, if that refuses it, as it is now; carried out, it stands only if
// that is still so. Judged again, it is after the meeting's counts were locked.
func (rs *Registrations) prepareRegister(ctx context.Context, a operation.Asked) (p operation.Prepared, err error) {
	var asked api.Register
	if err := operation.Decode(a.Payload, &asked); err != nil {
		return p, err
	}
	if a.Account.ID != a.Actor {
		return p, errors.New("registrations: the account of whoever registers was not read")
	}
	var b before
	p.Line, p.Look = meetings.Line(asked.Meeting), []*store.Statement{b.looking(asked.Meeting, a.Actor, rs.Now())}
	// A focal point has decided on the own registration: if it still is one.
	speaker, still := rs.speaker(a.Account), true
	if speaker == rules.IsFocalPoint {
		p.Look = append(p.Look, delegations.StillFocalPoint(&still, a.Actor, a.Account.Organization.ID))
	}
	if a.Again || asked.Invitation != "" {
		p.Do = func(tx *store.Tx, result *api.Result) (operation.Done, error) {
			meeting, err := rs.Meetings.Lock(tx, asked.Meeting)
			if err != nil {
				return operation.Done{}, err
			}
			who, err := rs.Profile(tx, a.Actor)
			if err != nil {
				return operation.Done{}, fmt.Errorf("registrations: find who registers: %w", err)
			}
			bringing := spokenFor(delegations.SpeakerFor(tx, who.ID, who.Organization.ID))
			invitation, err := rs.bring(tx, meeting, who, asked.Invitation, &bringing)
			if err != nil {
				return operation.Done{}, err
			}
			n, err := rs.judge(meeting, who, a.ID, asked, bringing, rs.lineOf(tx, meeting))
			if err != nil {
				return operation.Done{}, err
			}
			if err := b.refuseRepeated(); err != nil {
				return operation.Done{}, err
			}
			if err := n.bringFiles(tx, n.accountID); err != nil {
				return operation.Done{}, err
			}
			invitation.use(tx, n.Number)
			return rs.arrive(*n, b, result)
		}
		return p, nil
	}
	// The account, as it was when the request was authenticated, can only have become a
	// little older.
	var n *newcomer
	if last, ok := rs.Meetings.Last(asked.Meeting); ok {
		n, err = rs.judge(&last, a.Account, a.ID, asked, spokenFor(speaker), nil)
	}
	if n == nil {
		err = rs.DB.Peek(ctx, func(tx *store.Tx) error {
			meeting, err := rs.Meetings.Read(tx, asked.Meeting)
			if err != nil {
				return err
			}
			n, err = rs.judge(meeting, a.Account, a.ID, asked, spokenFor(speaker), nil)
			return err
		})
	}
	p.Do = func(tx *store.Tx, result *api.Result) (operation.Done, error) {
		if !still {
			return operation.Done{}, operation.ErrChanged
		}
		if err := b.refuseRepeated(); err != nil {
			return operation.Done{}, err
		}
		if err := n.bringFiles(tx, n.accountID); err != nil {
			return operation.Done{}, err
		}
		return rs.arrive(*n, b, result)
	}
	return p, err
}

// speaker is who speaks for the organization of an account, as far as this node knows.
func (rs *Registrations) speaker(who api.Account) rules.Speaker {
	if who.Appointed == api.FocalPoint {
		return rules.IsFocalPoint
	}
	return rs.Delegations.Speaker(who.Organization.ID)
}

// judge decides on a registration (product.md, Register and Then). It refuses with
// api.CodeNotFound for a draft, api.CodeMeetingCancelled, CodeRegistrationEarly,
// CodeRegistrationClosed, CodeNotForMembership, CodeInvalid, CodeMeetingFull or
// CodeChoiceFull. Where others stand in line for places that there are, it has to look at
// them: for a meeting that is not locked (nil), it says so with operation.ErrChanged.
func (rs *Registrations) judge(meeting *meetings.Row, who api.Account, operationID string, asked api.Register, bringing welcome, in line) (*newcomer, error) {
	now, speaker := rs.Now(), bringing.speaker
	switch {
	case meeting.Status == api.MeetingDraft:
		return nil, api.Refuse(api.CodeNotFound)
	case meeting.Status == api.MeetingCancelled:
		return nil, api.Refuse(api.CodeMeetingCancelled)
	case bringing.late && now.Before(meeting.End()):
	case now.Before(meeting.RegistrationFrom):
		return nil, api.Refuse(api.CodeRegistrationEarly)
	case meeting.Status == api.MeetingClosed || !now.Before(meeting.RegistrationUntil):
		return nil, api.Refuse(api.CodeRegistrationClosed)
	}
	if len(meeting.Memberships) > 0 && !slices.Contains(meeting.Memberships, who.Organization.Membership) {
		return nil, api.Refuse(api.CodeNotForMembership)
	}
	if errs := rules.ValidateRegister(&meeting.Meeting, &asked); len(errs) > 0 {
		return nil, api.Invalid(errs...)
	}
	asked = rules.CleanRegister(&meeting.Meeting, asked)
	n := &newcomer{meeting: meeting, who: who}
	free, err := n.place(&asked, in)
	if err != nil {
		return nil, err
	}
	event := rules.Arrival(bringing.approval(meeting), speaker, free)
	step, err := rules.StepOf(rules.StateWaitingToSend, event, rules.ActorService)
	if err != nil {
		return nil, fmt.Errorf("registrations: register: %w", err)
	}
	number, err := rules.NewRegistrationNumber(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("registrations: register: %w", err)
	}
	n.registration = registration{
		Registration: api.Registration{
			Number: number, Meeting: meeting.Code, Operation: operationID, State: step.To,
			Participation: asked.Participation, Person: nameOf(who),
			BadgeName: asked.BadgeName, JobTitle: asked.JobTitle,
			Organization: who.Organization.Name, Country: who.Organization.Country,
			Answers:    asked.Answers,
			Companions: asked.Companions,
			Consents:   asked.Consents, Listed: asked.Listed,
			History: []api.Event{
				{At: inDatabase(now), What: rules.WhatSent, By: rules.ActorPerson.By()},
				{At: inDatabase(now), What: step.What, By: rules.ActorService.By()},
			},
		},
		accountID: who.ID, organizationID: who.Organization.ID, firstName: who.FirstName, familyName: who.FamilyName,
		platform: meeting.Platform, places: rules.PlacesOf(asked.Companions), created: now,
	}
	if speaker == rules.IsFocalPoint && event == rules.EventConfirm && meeting.Approval == api.ApprovalFocalPoint {
		n.History[1].By = rules.ActorFocalPoint.By() // who has decided by registering
	} else if bringing.approved && event == rules.EventConfirm {
		n.History[1].By, n.History[1].Actor, n.decider = rules.ActorManager.By(), bringing.name, bringing.by
	}
	if letter, ok := rs.letter(meeting, &n.registration, who, step.Letter, told{}); ok {
		n.letter = &letter
	}
	if asked.Visa {
		n.Visa = rules.VisaAfter(api.VisaAsked, n.State)
		n.visa, err = rs.Visas.Opening(number, n.Visa, asked.Passport, meeting.End())
	}
	return n, err
}

// approval is the way in which a meeting approves who brings that along.
func (w welcome) approval(meeting *meetings.Row) string {
	if w.approved {
		return api.ApprovalNone
	}
	return meeting.Approval
}

// place finds out whether there are places for a registration, and those of the choices
// that it names: of these there must be one, unless it has to wait for the meeting's
// anyway. It refuses with api.CodeInvalid where more people come along than the meeting
// has places, with CodeMeetingFull or CodeChoiceFull, and as judge says.
func (n *newcomer) place(asked *api.Register, in line) (free bool, err error) {
	meeting, places := n.meeting, rules.PlacesOf(asked.Companions)
	if meeting.Capacity > 0 && places > meeting.Capacity && len(asked.Companions) > 0 {
		return false, api.Invalid(api.FieldError{Pointer: "/companions", Code: api.FieldTooMany})
	}
	free = meeting.Room(places)
	if free && meeting.Capacity > 0 && meeting.Waiting > 0 {
		// In most meetings, who stands in line waits for nothing but places.
		n.sure, free = len(meeting.Limits) == 0 && meeting.Capacity > rules.MaxCompanions, false
		if !n.sure {
			if in == nil {
				return false, operation.ErrChanged
			}
			kept, err := in()
			if err != nil {
				return false, err
			}
			n.sure, free = true, !kept
		}
	}
	if !free {
		if !meeting.WaitingList {
			return false, api.Refuse(api.CodeMeetingFull)
		}
		return false, nil
	}
	n.claims = rules.Claims(meeting.Limits, asked.Answers)
	return true, refuseFull(meeting, n.claims)
}

// refuseFull refuses with api.CodeChoiceFull where one of the choices has no place.
func refuseFull(meeting *meetings.Row, claims []rules.Limit) error {
	var full []api.FieldError
	for _, l := range meeting.Full(claims) {
		full = append(full, api.FieldError{Pointer: "/answers/" + l.Question, Code: api.FieldFull})
	}
	if len(full) == 0 {
		return nil
	}
	return &api.Problem{Code: api.CodeChoiceFull, Errors: full}
}

// arrive writes a registration that was judged, with what others wait for coming last.
// It refuses with api.CodeAlreadyRegistered or CodeTooMany.
func (rs *Registrations) arrive(n newcomer, b before, result *api.Result) (operation.Done, error) {
	if err := b.refuseRepeated(); err != nil {
		return operation.Done{}, err
	}
	seen := n.forOwner()
	result.Registration = &seen
	return rs.write(&n, func() { seen.Version = n.Version })
}

// write writes a registration, with what others wait for coming last.
func (rs *Registrations) write(n *newcomer, then func()) (operation.Done, error) {
	var last []*store.Statement
	if n.letter != nil {
		letter, err := rs.Outbox.Queuing(*n.letter)
		if err != nil {
			return operation.Done{}, err
		}
		last = letter
	}
	place, err := n.takePlace()
	if err != nil {
		return operation.Done{}, err
	}
	return operation.Done{Subject: n.Number, Last: append(last, place...), Then: then}, nil
}

// takePlace counts a registration, which locks its meeting's counts, and writes it
// with its two lines of history, the person's and the service's. It is refused with
// operation.ErrChanged where the meeting is not as the registration was judged by:
// described otherwise, or without place for it meanwhile, or with one, or somebody stands
// in line, or nobody any more (the count becomes NULL then, which it cannot be); where a
// choice has no place any more; and where somebody has its number already.
func (n *newcomer) takePlace() ([]*store.Statement, error) {
	written, err := n.written()
	if err != nil {
		return nil, err
	}
	in := n.meeting
	count := `UPDATE meeting_counts SET version = version + 1,
			taken = CASE WHEN edition = $2 AND ($3 = 0 OR taken + $4 <= $3 AND (waiting = 0 OR $5 = 1)) THEN taken + $4 END
		WHERE meeting = $1 RETURNING version`
	if !rules.TakesPlace(n.State) {
		count = `UPDATE meeting_counts SET version = version + 1, waiting = waiting + 1,
				taken = CASE WHEN edition = $2 AND $3 > 0 AND (taken + $4 > $3 OR waiting > 0 AND $5 = 1) THEN taken END
			WHERE meeting = $1 RETURNING version`
	}
	var (
		counted        bool
		sent, answered = n.History[0], n.History[1]
		sender         = cmp.Or(n.registeredBy, n.accountID)
		decider        = n.decider
		sure           int64
	)
	if n.sure {
		sure = 1
	}
	found := names{n.who.FirstName, n.who.FamilyName, n.BadgeName, n.Organization, n.Number}
	if answered.By == rules.ActorFocalPoint.By() {
		decider = sender
	}
	statements := []*store.Statement{
		store.Query(count, in.Code, in.Edition, int64(in.Capacity), int64(n.places), sure).Into(&counted, &n.Version).Or(operation.ErrChanged),
		store.Change(nil, `INSERT INTO registrations
			(number, meeting, account_id, operation, registered_by, state, participation, first_name, family_name, email, language,
			 badge_name, job_title, organization_id, organization, membership, country, answers, companions, consents, listed,
			 visa, places, offer_until, code_version, created_at, changed_at, sort_key,
			 organization_key, place_in_line, version)
			VALUES ($1, $2, $3, $4, $23, $5, $6, $7, $8, $24, $25, $9, $10, $11, $12, $13, $14, $15, $16, $21, $22,
				$26, $17, 0, 0, $18, $18, $19, $20,
				(SELECT version FROM meeting_counts WHERE meeting = $2), (SELECT version FROM meeting_counts WHERE meeting = $2))`,
			n.Number, n.Meeting, n.accountID, n.Operation, n.State, n.Participation, n.who.FirstName, n.who.FamilyName,
			n.BadgeName, n.JobTitle, n.who.Organization.ID, n.Organization, n.who.Organization.Membership, n.Country,
			written.answers, written.companions, n.places, store.Micros(n.created), found.sortKey(),
			found.organizationKey(), written.consents, written.listed, n.registeredBy, n.email, n.language, n.Visa).Or(operation.ErrChanged),
		store.Change(nil, `INSERT INTO registration_events (registration, position, at, what, by_whom, actor, reason)
			VALUES ($1, 1, $2, $3, $4, $5, ''), ($1, 2, $6, $7, $8, $9, '')`,
			n.Number, store.Micros(sent.At), sent.What, sent.By, sender,
			store.Micros(answered.At), answered.What, answered.By, decider),
	}
	if n.visa != nil {
		statements = append(statements, n.visa)
	}
	for _, l := range n.claims {
		statements = append(statements, in.Claiming(l).Or(operation.ErrChanged))
	}
	return statements, nil
}

// maxInADay is how often a person can register for one meeting within a day,
// after withdrawals: each time makes rows, and e-mails that delay other people's.
const maxInADay = 20

// before are a person's registrations for a meeting until now.
type before struct {
	found        bool // it was looked
	live, lately int  // lately: within a day
}

// looking finds out. All registrations of the account are looked at, which are few:
// asked for those of the meeting, PostgreSQL goes through all of that one's while it
// has no statistics.
func (b *before) looking(meeting, accountID string, now time.Time) *store.Statement {
	return store.Query(`SELECT COALESCE(SUM(CASE WHEN meeting = $1 AND state <> $3 AND state <> $4 THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN meeting = $1 AND created_at > $5 THEN 1 ELSE 0 END), 0)
		FROM registrations WHERE account_id = $2`, meeting, accountID, api.Refused, api.Withdrawn,
		store.Micros(now.AddDate(0, 0, -1))).Into(&b.found, &b.live, &b.lately)
}

// refuseRepeated keeps one live registration for each person and meeting, with
// api.CodeAlreadyRegistered, and refuses with api.CodeTooMany who registers again and
// again. The person's account is held: nothing of theirs comes in meanwhile.
func (b before) refuseRepeated() error {
	switch {
	case b.live > 0:
		return api.Refuse(api.CodeAlreadyRegistered)
	case b.lately >= maxInADay:
		return api.Refuse(api.CodeTooMany)
	}
	return nil
}

// nameOf is a person's name as staff and e-mails give it.
func nameOf(a api.Account) string {
	return rules.FullName(a.FirstName, a.FamilyName)
}
