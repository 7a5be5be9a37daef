package registrations

import (
	"context"
	"fmt"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/delegations"
	"plenary/service/job"
	"plenary/service/meetings"
	"plenary/service/operation"
	"plenary/service/store"
)

// offerUntil is until when a place that is offered now can be accepted: for the meeting's
// hours, and at most until the meeting is over.
func (rs *Registrations) offerUntil(meeting *meetings.Row) time.Time {
	until := rs.Now().Add(time.Duration(meeting.OfferHours) * time.Hour)
	if end := meeting.End(); end.Before(until) {
		until = end
	}
	return inDatabase(until)
}

// prepareAnswerOffer accepts a place that was offered, or declines it, which gives it to
// the next in line, for the person or the focal point of its organization. It refuses with
// api.CodeNotFound, also for what is nobody of theirs, with CodeForbidden for those who
// only decide on it, with CodeMeetingCancelled, with CodeOfferOver once the time is over, whether the place has
// gone to somebody else by then or not, and with CodeWrongState where none is offered.
func (rs *Registrations) prepareAnswerOffer(ctx context.Context, a operation.Asked) (p operation.Prepared, err error) {
	var asked api.AnswerOffer
	if err := operation.Decode(a.Payload, &asked); err != nil {
		return p, err
	}
	of, err := rs.meetingOf(ctx, asked.Registration)
	if err != nil {
		return p, err
	}
	p.Line = meetings.Line(of.meeting)
	p.Do = func(tx *store.Tx, result *api.Result) (operation.Done, error) {
		r, err := rs.answerOffer(tx, a, of, asked.Accept)
		if err != nil {
			return operation.Done{}, err
		}
		if r.accountID != a.Actor {
			return operation.Done{}, nil // there is nothing to show but to the person
		}
		seen := r.forOwner()
		result.Registration = &seen
		return operation.Done{Subject: r.Number}, nil
	}
	return p, nil
}

func (rs *Registrations) answerOffer(tx *store.Tx, a operation.Asked, of named, accept bool) (*registration, error) {
	mine := delegations.Of(tx, a.Actor)
	r, meeting, err := rs.lockRegistration(tx, of)
	if err != nil {
		return nil, err
	}
	actors, err := rs.actorsFor(tx, meeting.Code, r, a.Actor, a.Roles, mine)
	if err != nil {
		return nil, err
	}
	by := actors[0] // the nearest
	switch {
	case by != rules.ActorPerson && by != rules.ActorFocalPoint:
		return nil, api.Refuse(api.CodeForbidden)
	case meeting.Status == api.MeetingCancelled:
		return nil, api.Refuse(api.CodeMeetingCancelled)
	case r.State == api.Offered && !rs.Now().Before(r.OfferUntil), r.lapsed():
		return nil, api.Refuse(api.CodeOfferOver)
	case r.State != api.Offered: // a step that leads there from elsewhere is none of an answer
		return nil, api.Refuse(api.CodeWrongState)
	}
	event := rules.EventDecline
	if accept {
		event = rules.Arrival(approvalOf(tx, meeting, r), delegations.SpeakerFor(tx, r.accountID, r.organizationID), true)
	}
	if err := rs.take(tx, meeting, r, act{event: event, by: by, actor: actorOf(a)}); err != nil {
		return nil, err
	}
	return r, rs.leave(tx, meeting)
}

// lapsed tells whether a registration ended because nobody accepted its place in time.
func (r *registration) lapsed() bool {
	return r.State == api.Withdrawn && len(r.History) > 0 && r.History[len(r.History)-1].What == rules.WhatLapsed
}

// lapseOffers is the job that ends offers whose time is over, and gives their places to
// the next in line. Each is ended in a transaction of its own, which looks again: nothing
// happens twice where the job is killed, or done by two nodes.
func (rs *Registrations) lapseOffers() job.Job {
	return job.Job{
		Name: "lapse-offers",
		If:   `EXISTS (SELECT 1` + offersDue + `)`,
		Do:   rs.LapseOffers,
	}
}

// offersDue are the offers whose time is over at $1, but for meetings that were cancelled:
// who is registered for one is told that, and nothing else. The state of a registration
// stands in the text, so that the index of those is used.
const offersDue = ` FROM registrations r JOIN meetings m ON m.code = r.meeting
	WHERE r.state = '` + api.Offered + `' AND r.offer_until <= $1 AND m.status <> '` + api.MeetingCancelled + `'`

// lapsePage is how many offers are looked for at a time.
const lapsePage = 500

// LapseOffers ends the offers whose time is over by now.
func (rs *Registrations) LapseOffers(ctx context.Context) error {
	now := rs.Now()
	for {
		var due []named
		err := rs.DB.Peek(ctx, func(tx *store.Tx) error {
			due = due[:0]
			for scan := range tx.Each(`SELECT r.number, r.meeting`+offersDue+` ORDER BY r.offer_until, r.place_in_line LIMIT $2`, store.Micros(now), lapsePage) {
				var of named
				scan(&of.number, &of.meeting)
				due = append(due, of)
			}
			return nil
		})
		if err != nil || len(due) == 0 {
			return err
		}
		for _, of := range due {
			// READ COMMITTED: the meeting is locked before it is read.
			err := rs.DB.UpdateCommitted(store.InLine(ctx, meetings.Line(of.meeting)), func(tx *store.Tx) error { return rs.lapse(tx, of, now) })
			if err != nil {
				return fmt.Errorf("registrations: end the offer of %s: %w", of.number, err)
			}
		}
	}
}

// lapse ends an offer, if there still is one and its time was over then.
func (rs *Registrations) lapse(tx *store.Tx, of named, then time.Time) error {
	r, meeting, err := rs.lockRegistration(tx, of)
	if err != nil || r.State != api.Offered || r.OfferUntil.After(then) {
		return err
	}
	if err := rs.take(tx, meeting, r, act{event: rules.EventLapse, by: rules.ActorService}); err != nil {
		return err
	}
	return rs.leave(tx, meeting)
}
