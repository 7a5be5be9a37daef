package registrations

import (
	"encoding/json"
	"fmt"
	"iter"

	"plenary/api"
	"plenary/rules"
	"plenary/service/delegations"
	"plenary/service/meetings"
	"plenary/service/store"
)

// The waiting list is one line, in the order of arrival. Next is the first in it that
// could come if only the meeting had places enough: who waits for a place of a choice too
// is passed over while that has none, and so is who comes with more people than the
// meeting has places. Nobody gets a place before the next one: places that are free and
// too few for the next and who comes along are kept until they are enough, and are not
// given to somebody behind, or to a newcomer.
//
// Whatever frees a place, or somebody in line, calls promote before the meeting is saved.
// So when it is saved, the next one in line, if there is one, has not places enough.

// inLine is a registration on the waiting list.
type inLine struct {
	number  string
	line    int64
	places  int
	answers api.Answers
}

// linePage is how many of the waiting list are read at a time.
const linePage = 100

// nextOnes goes through those of a locked meeting's line who could come if it had places
// enough, in order. Whoever goes through it may give them their places meanwhile: that
// takes places of choices from those behind, and gives none to those before.
func (rs *Registrations) nextOnes(tx *store.Tx, meeting *meetings.Row) iter.Seq2[inLine, error] {
	return func(yield func(inLine, error) bool) {
		for after := int64(0); ; {
			page, err := readLine(tx, meeting.Code, after)
			if err != nil {
				yield(inLine{}, err)
				return
			}
			if len(page) == 0 {
				return
			}
			for _, one := range page {
				fits := meeting.Capacity == 0 || one.places <= meeting.Capacity
				if fits && len(meeting.Full(rules.Claims(meeting.Limits, one.answers))) == 0 && !yield(one, nil) {
					return
				}
				after = one.line
			}
		}
	}
}

func readLine(tx *store.Tx, meeting string, after int64) (page []inLine, err error) {
	for scan := range tx.Each(`SELECT number, place_in_line, places, answers FROM registrations
		WHERE meeting = $1 AND state = $2 AND place_in_line > $3 ORDER BY place_in_line LIMIT $4`,
		meeting, api.WaitingList, after, linePage) {
		var one inLine
		var answers string
		if !scan(&one.number, &one.line, &one.places, &answers) {
			break
		}
		if err := json.Unmarshal([]byte(answers), &one.answers); err != nil {
			return nil, fmt.Errorf("registrations: read answers: %w", err)
		}
		page = append(page, one)
	}
	return page, tx.Err()
}

// promote gives the free places of a locked meeting to its line, as long as there will be
// a meeting, and it is not over: each is offered for a time, or given, where the meeting does not ask, or
// nobody is there to ask.
func (rs *Registrations) promote(tx *store.Tx, meeting *meetings.Row) error {
	if meeting.Status == api.MeetingCancelled || meeting.Waiting == 0 || !meeting.Room(1) || !rs.Now().Before(meeting.End()) {
		return nil
	}
	for next, err := range rs.nextOnes(tx, meeting) {
		if err != nil || !meeting.Room(next.places) {
			return err
		}
		r, err := readRegistration(tx, next.number)
		if err != nil {
			return err
		}
		// The database says who speaks for an organization, and the node's copy does not
		// count: a place from the line is not given in a hurry.
		event := rules.Arrival(approvalOf(tx, meeting, r), delegations.SpeakerFor(tx, r.accountID, r.organizationID), true)
		if meeting.OfferHours > 0 && r.accountID != "" {
			event = rules.EventOffer
		}
		if err := rs.take(tx, meeting, r, act{event: event, by: rules.ActorService}); err != nil {
			return err
		}
		if !meeting.Room(1) {
			return nil
		}
	}
	return tx.Err()
}

// described sees to what a changed description of a locked meeting means for its
// registrations: the choices that are counted, and who can come now. Nobody loses a place
// by it.
func (rs *Registrations) described(tx *store.Tx, meeting *meetings.Row) error {
	err := meeting.CountChoices(tx, func() ([]api.Answers, error) { return answersWithPlaces(tx, meeting.Code) })
	if err != nil {
		return err
	}
	return rs.promote(tx, meeting)
}

// answersWithPlaces gives the answers of the registrations that take a place.
func answersWithPlaces(tx *store.Tx, meeting string) (all []api.Answers, err error) {
	for scan := range tx.Each(`SELECT state, answers FROM registrations WHERE meeting = $1`, meeting) {
		var state, written string
		if !scan(&state, &written) || !rules.TakesPlace(state) {
			continue
		}
		var answers api.Answers
		if err := json.Unmarshal([]byte(written), &answers); err != nil {
			return nil, fmt.Errorf("registrations: read answers: %w", err)
		}
		all = append(all, answers)
	}
	return all, tx.Err()
}
