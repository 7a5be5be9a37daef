package rules

import (
	"fmt"
	"slices"

	"plenary/api"
)

// States that a registration has on the person's machine only; the others are
// those of api.Registration. Their texts are words "registration.state." and
// the state (product.md, Register).
const (
	StateDraft         = "draft"
	StateWaitingToSend = "waiting-to-send"
)

// RegistrationEvent is what can happen to a registration.
type RegistrationEvent string

// Events of a registration. Who may make each happen stands in the table of steps.
const (
	EventSubmit          RegistrationEvent = "submit"            // send it, now or when there is a network
	EventTakeBack        RegistrationEvent = "take-back"         // before it was sent
	EventReject          RegistrationEvent = "reject"            // the service did not take the operation: back to the person
	EventAskFocalPoint   RegistrationEvent = "ask-focal-point"   // a place is there, the focal point decides
	EventAskSecretariat  RegistrationEvent = "ask-secretariat"   // a place is there, the secretariat decides
	EventPutOnList       RegistrationEvent = "put-on-list"       // the meeting is full
	EventConfirm         RegistrationEvent = "confirm"           // a place is there, and nobody has to approve
	EventApprove         RegistrationEvent = "approve"           // by whoever decides
	EventRefuse          RegistrationEvent = "refuse"            // by whoever decides
	EventHandToSecretary RegistrationEvent = "hand-to-secretary" // the organization lost its focal point
	EventOffer           RegistrationEvent = "offer"             // a place from the waiting list, for a time; it is accepted by what Arrival gives
	EventDecline         RegistrationEvent = "decline"           // the place that was offered
	EventLapse           RegistrationEvent = "lapse"             // nobody has accepted it in time
	EventChange          RegistrationEvent = "change"            // of what was answered; where that wants an approval anew, it is what Arrival gives
	EventWithdraw        RegistrationEvent = "withdraw"
	EventRevoke          RegistrationEvent = "revoke"         // what was confirmed
	EventCancelMeeting   RegistrationEvent = "cancel-meeting" // there will be no meeting
)

// Actor is who makes something happen to a registration.
type Actor string

// Actors. One account may be several: whose registration it is acts as that person
// alone, so that nobody decides on an own one.
const (
	ActorPerson     Actor = "person"      // whose registration it is
	ActorFocalPoint Actor = "focal-point" // of the registration's organization
	ActorAssistant  Actor = "assistant"   // of that focal point, for others than assistants
	ActorManager    Actor = "manager"     // of the meeting
	ActorService    Actor = "service"
)

// By is how a registration's history names an actor (api.Event).
func (a Actor) By() string {
	switch a {
	case ActorAssistant:
		return string(ActorFocalPoint)
	case ActorManager:
		return "secretariat"
	default:
		return string(a)
	}
}

// Step is what an event makes of a registration in a state.
type Step struct {
	From  string
	Event RegistrationEvent
	To    string
	Who   []Actor // one of these makes it happen
	// Reason says that whoever makes it happen has to say why.
	Reason bool
	// What is the line in the registration's history (api.Event); empty on the person's machine.
	What string
	// Letter is the e-mail that tells the person; empty where there is none.
	Letter string
}

// Lines in a registration's history.
const (
	WhatSent         = "sent"           // by the person, before the first step at the service
	WhatDeclined     = "declined"       // the place that was offered
	WhatLapsed       = "lapsed"         // nobody has accepted the place in time
	WhatChanged      = "changed"        // of what was answered
	WhatErased       = "answers-erased" // after the meeting
	whatAcknowledged = "acknowledged"
	whatApproved     = "approved"
	whatRefused      = "refused"
	whatWaitlisted   = "waitlisted"
	whatHandedOver   = "handed-over"
	whatOffered      = "offered"
	whatAccepted     = "accepted"
	whatWithdrawn    = "withdrawn"
	whatRevoked      = "revoked"
	whatCancelled    = "cancelled"
)

// E-mails about what happened to a registration, by the names of their templates.
const (
	letterReceived    = "registration-received"
	letterConfirmed   = "registration-confirmed"
	letterRefused     = "registration-refused"
	letterWaitingList = "registration-waiting-list"
	letterOffered     = "registration-offered"
	letterLapsed      = "registration-lapsed"
	letterChanged     = "registration-changed"
	letterWithdrawn   = "registration-withdrawn"
	letterCancelled   = "meeting-cancelled"
)

// Those who act together in several steps.
var (
	byPerson   = []Actor{ActorPerson}
	byService  = []Actor{ActorService}
	byManager  = []Actor{ActorManager}
	byOwnSide  = []Actor{ActorPerson, ActorFocalPoint}                  // for the person
	byDeciding = []Actor{ActorFocalPoint, ActorAssistant, ActorManager} // while the focal point is asked
	byRevoking = []Actor{ActorFocalPoint, ActorManager}
)

// steps is every step that a registration may take (product.md, Register and Then).
// Refused and withdrawn are final: whoever wants to come after all registers anew.
var steps = []Step{
	{StateDraft, EventSubmit, StateWaitingToSend, byPerson, false, "", ""},

	{StateWaitingToSend, EventTakeBack, StateDraft, byPerson, false, "", ""},
	{StateWaitingToSend, EventReject, StateDraft, byService, false, "", ""},
	{StateWaitingToSend, EventAskFocalPoint, api.WaitingFocalPoint, byService, false, whatAcknowledged, letterReceived},
	{StateWaitingToSend, EventAskSecretariat, api.WaitingSecretariat, byService, false, whatAcknowledged, letterReceived},
	{StateWaitingToSend, EventPutOnList, api.WaitingList, byService, false, whatWaitlisted, letterWaitingList},
	{StateWaitingToSend, EventConfirm, api.Confirmed, byService, false, whatApproved, letterConfirmed},

	{api.WaitingFocalPoint, EventApprove, api.Confirmed, byDeciding, false, whatApproved, letterConfirmed},
	{api.WaitingFocalPoint, EventRefuse, api.Refused, byDeciding, true, whatRefused, letterRefused},
	{api.WaitingFocalPoint, EventHandToSecretary, api.WaitingSecretariat, byService, false, whatHandedOver, letterReceived},
	{api.WaitingFocalPoint, EventChange, api.WaitingFocalPoint, byPerson, false, WhatChanged, letterChanged},
	{api.WaitingFocalPoint, EventWithdraw, api.Withdrawn, byOwnSide, false, whatWithdrawn, letterWithdrawn},
	{api.WaitingFocalPoint, EventCancelMeeting, api.Withdrawn, byService, true, whatCancelled, letterCancelled},

	{api.WaitingSecretariat, EventApprove, api.Confirmed, byManager, false, whatApproved, letterConfirmed},
	{api.WaitingSecretariat, EventRefuse, api.Refused, byManager, true, whatRefused, letterRefused},
	{api.WaitingSecretariat, EventChange, api.WaitingSecretariat, byPerson, false, WhatChanged, letterChanged},
	{api.WaitingSecretariat, EventWithdraw, api.Withdrawn, byOwnSide, false, whatWithdrawn, letterWithdrawn},
	{api.WaitingSecretariat, EventCancelMeeting, api.Withdrawn, byService, true, whatCancelled, letterCancelled},

	// A place that becomes free is offered to the first in line, or, in a meeting that
	// does not ask, given: it takes the way then that the meeting has for everybody.
	// A manager passes the line by approving.
	{api.WaitingList, EventOffer, api.Offered, byService, false, whatOffered, letterOffered},
	{api.WaitingList, EventAskFocalPoint, api.WaitingFocalPoint, byService, false, whatAcknowledged, letterReceived},
	{api.WaitingList, EventAskSecretariat, api.WaitingSecretariat, byService, false, whatAcknowledged, letterReceived},
	{api.WaitingList, EventConfirm, api.Confirmed, byService, false, whatApproved, letterConfirmed},
	{api.WaitingList, EventApprove, api.Confirmed, byManager, false, whatApproved, letterConfirmed},
	{api.WaitingList, EventRefuse, api.Refused, byManager, true, whatRefused, letterRefused},
	{api.WaitingList, EventChange, api.WaitingList, byPerson, false, WhatChanged, letterChanged},
	{api.WaitingList, EventWithdraw, api.Withdrawn, byOwnSide, false, whatWithdrawn, letterWithdrawn},
	{api.WaitingList, EventCancelMeeting, api.Withdrawn, byService, true, whatCancelled, letterCancelled},

	{api.Offered, EventAskFocalPoint, api.WaitingFocalPoint, byOwnSide, false, whatAccepted, letterReceived},
	{api.Offered, EventAskSecretariat, api.WaitingSecretariat, byOwnSide, false, whatAccepted, letterReceived},
	{api.Offered, EventConfirm, api.Confirmed, byOwnSide, false, whatAccepted, letterConfirmed},
	{api.Offered, EventDecline, api.Withdrawn, byOwnSide, false, WhatDeclined, letterWithdrawn},
	{api.Offered, EventLapse, api.Withdrawn, byService, false, WhatLapsed, letterLapsed},
	{api.Offered, EventRefuse, api.Refused, byManager, true, whatRefused, letterRefused},
	{api.Offered, EventChange, api.Offered, byPerson, false, WhatChanged, letterChanged},
	{api.Offered, EventWithdraw, api.Withdrawn, byOwnSide, false, whatWithdrawn, letterWithdrawn},
	{api.Offered, EventCancelMeeting, api.Withdrawn, byService, true, whatCancelled, letterCancelled},

	{api.Confirmed, EventChange, api.Confirmed, byPerson, false, WhatChanged, letterChanged},
	{api.Confirmed, EventAskFocalPoint, api.WaitingFocalPoint, byPerson, false, WhatChanged, letterChanged},
	{api.Confirmed, EventAskSecretariat, api.WaitingSecretariat, byPerson, false, WhatChanged, letterChanged},
	{api.Confirmed, EventWithdraw, api.Withdrawn, byOwnSide, false, whatWithdrawn, letterWithdrawn},
	{api.Confirmed, EventRevoke, api.Refused, byRevoking, true, whatRevoked, letterRefused},
	{api.Confirmed, EventCancelMeeting, api.Withdrawn, byService, true, whatCancelled, letterCancelled},
}

// TransitionError says that an actor cannot make an event happen in a state.
type TransitionError struct {
	State string
	Event RegistrationEvent
	Actor Actor
}

func (e *TransitionError) Error() string {
	return fmt.Sprintf("rules: a registration that is %q cannot %q by %q", e.State, e.Event, e.Actor)
}

// StepOf gives the step that an actor may take with a registration in a state, or a
// *TransitionError.
func StepOf(state string, event RegistrationEvent, actor Actor) (Step, error) {
	for _, s := range steps {
		if s.From == state && s.Event == event && slices.Contains(s.Who, actor) {
			return s, nil
		}
	}
	return Step{}, &TransitionError{State: state, Event: event, Actor: actor}
}

// StepsFor are the steps that an actor may take with a registration in a state, in the
// order of the table.
func StepsFor(state string, actor Actor) (may []Step) {
	for _, s := range steps {
		if s.From == state && slices.Contains(s.Who, actor) {
			may = append(may, s)
		}
	}
	return may
}

// ToldIn are the states in which what an e-mail says is true: those to which the steps
// lead that it tells of.
func ToldIn(letter string) (states []string) {
	for _, s := range steps {
		if s.Letter == letter && !slices.Contains(states, s.To) {
			states = append(states, s.To)
		}
	}
	return states
}

// Letters are the e-mails that tell of steps, sorted.
func Letters() (letters []string) {
	for _, s := range steps {
		if s.Letter != "" {
			letters = append(letters, s.Letter)
		}
	}
	slices.Sort(letters)
	return slices.Compact(letters)
}

// Speaker is who speaks for the organization of a registration.
type Speaker int

// Speakers.
const (
	NoFocalPoint  Speaker = iota // nobody: the secretariat decides
	HasFocalPoint                // a focal point, who is asked
	IsFocalPoint                 // whoever registers does, and has decided by that
)

// Arrival gives the event by which a registration that reached the service, or
// a place that became free, goes on: by the meeting's way of approval, who speaks for the
// organization, and whether the meeting has a place.
func Arrival(approval string, speaker Speaker, placeFree bool) RegistrationEvent {
	switch {
	case !placeFree:
		return EventPutOnList
	case approval == api.ApprovalFocalPoint && speaker == HasFocalPoint:
		return EventAskFocalPoint
	case approval == api.ApprovalNone, approval == api.ApprovalFocalPoint && speaker == IsFocalPoint:
		return EventConfirm
	default: // by the secretariat, also where the organization has no focal point
		return EventAskSecretariat
	}
}

// WasConfirmed says by its history whether a registration has been confirmed once.
func WasConfirmed(history []api.Event) bool {
	return slices.ContainsFunc(history, func(e api.Event) bool { return e.What == whatApproved || e.What == whatAccepted })
}

// TakesPlace says whether a registration in this state takes one of the meeting's
// places: confirmed, waiting for a decision, or with a place that was offered.
func TakesPlace(state string) bool {
	switch state {
	case api.Confirmed, api.WaitingFocalPoint, api.WaitingSecretariat, api.Offered:
		return true
	}
	return false
}

// Final says whether nothing can happen to a registration any more.
func Final(state string) bool { return state == api.Refused || state == api.Withdrawn }
