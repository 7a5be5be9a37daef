package rules

import (
	"fmt"

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

// Events of a registration.
const (
	EventSubmit          RegistrationEvent = "submit"            // the person: send it, now or when there is a network
	EventReject          RegistrationEvent = "reject"            // the service did not take the operation: back to the person
	EventAskFocalPoint   RegistrationEvent = "ask-focal-point"   // the service: a place is there, the focal point decides
	EventAskSecretariat  RegistrationEvent = "ask-secretariat"   // the service: a place is there, the secretariat decides
	EventPutOnList       RegistrationEvent = "put-on-list"       // the service: the meeting is full
	EventConfirm         RegistrationEvent = "confirm"           // the service: a place is there, and nobody has to approve
	EventApprove         RegistrationEvent = "approve"           // whoever decides
	EventRefuse          RegistrationEvent = "refuse"            // whoever decides
	EventWithdraw        RegistrationEvent = "withdraw"          // the person
	EventHandToSecretary RegistrationEvent = "hand-to-secretary" // the organization lost its focal point
)

// transitions is every step that a registration may take (product.md,
// Register and Then). Refused and withdrawn are final: whoever wants to come
// after all registers anew.
var transitions = map[string]map[RegistrationEvent]string{
	StateDraft: {
		EventSubmit: StateWaitingToSend,
	},
	StateWaitingToSend: {
		EventReject:         StateDraft,
		EventAskFocalPoint:  api.WaitingFocalPoint,
		EventAskSecretariat: api.WaitingSecretariat,
		EventPutOnList:      api.WaitingList,
		EventConfirm:        api.Confirmed,
	},
	api.WaitingFocalPoint: {
		EventApprove:         api.Confirmed,
		EventRefuse:          api.Refused,
		EventWithdraw:        api.Withdrawn,
		EventHandToSecretary: api.WaitingSecretariat,
	},
	api.WaitingSecretariat: {
		EventApprove:  api.Confirmed,
		EventRefuse:   api.Refused,
		EventWithdraw: api.Withdrawn,
	},
	// A place that becomes free goes to the first on the list, who then takes
	// the way that the meeting has for everybody.
	api.WaitingList: {
		EventAskFocalPoint:  api.WaitingFocalPoint,
		EventAskSecretariat: api.WaitingSecretariat,
		EventConfirm:        api.Confirmed,
		EventApprove:        api.Confirmed,
		EventRefuse:         api.Refused,
		EventWithdraw:       api.Withdrawn,
	},
	api.Confirmed: {
		EventWithdraw: api.Withdrawn,
	},
	api.Refused:   {},
	api.Withdrawn: {},
}

// TransitionError says that an event does not apply to a state.
type TransitionError struct {
	State string
	Event RegistrationEvent
}

func (e *TransitionError) Error() string {
	return fmt.Sprintf("rules: a registration that is %q cannot %q", e.State, e.Event)
}

// NextState gives the state after an event, or a *TransitionError.
func NextState(state string, event RegistrationEvent) (string, error) {
	if next, ok := transitions[state][event]; ok {
		return next, nil
	}
	return "", &TransitionError{State: state, Event: event}
}

// Arrival gives the event by which a registration that reached the service, or
// a place that became free, goes on: by the meeting's way of approval, and by
// whether the organization has a focal point and the meeting a place.
func Arrival(approval string, hasFocalPoint, placeFree bool) RegistrationEvent {
	switch {
	case !placeFree:
		return EventPutOnList
	case approval == api.ApprovalFocalPoint && hasFocalPoint:
		return EventAskFocalPoint
	case approval == api.ApprovalNone:
		return EventConfirm
	default: // by the secretariat, also where the organization has no focal point
		return EventAskSecretariat
	}
}

// TakesPlace says whether a registration in this state takes one of the
// meeting's places: confirmed, or waiting for a decision.
func TakesPlace(state string) bool {
	return state == api.Confirmed || state == api.WaitingFocalPoint || state == api.WaitingSecretariat
}

// Final says whether nothing can happen to a registration any more.
func Final(state string) bool {
	next, known := transitions[state]
	return known && len(next) == 0
}
