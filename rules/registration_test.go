package rules

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"plenary/api"
)

func TestNextState_walksTheTable(t *testing.T) {
	for _, c := range []struct {
		state string
		event RegistrationEvent
		want  string
	}{
		{StateDraft, EventSubmit, StateWaitingToSend},
		{StateWaitingToSend, EventAskFocalPoint, api.WaitingFocalPoint},
		{StateWaitingToSend, EventAskSecretariat, api.WaitingSecretariat},
		{StateWaitingToSend, EventConfirm, api.Confirmed},
		{StateWaitingToSend, EventPutOnList, api.WaitingList},
		{StateWaitingToSend, EventReject, StateDraft},
		{api.WaitingFocalPoint, EventApprove, api.Confirmed},
		{api.WaitingFocalPoint, EventRefuse, api.Refused},
		{api.WaitingFocalPoint, EventHandToSecretary, api.WaitingSecretariat},
		{api.WaitingSecretariat, EventApprove, api.Confirmed},
		{api.WaitingList, EventConfirm, api.Confirmed},
		{api.WaitingList, EventWithdraw, api.Withdrawn},
		{api.Confirmed, EventWithdraw, api.Withdrawn},
	} {
		if got, err := NextState(c.state, c.event); got != c.want || err != nil {
			t.Errorf("%s, %s: %q, %v; want %q", c.state, c.event, got, err, c.want)
		}
	}
}

func TestNextState_refusesWhatCannotBe(t *testing.T) {
	for _, c := range []struct {
		state string
		event RegistrationEvent
	}{
		{api.Withdrawn, EventApprove}, // api.CodeWrongState names this one
		{api.Withdrawn, EventWithdraw},
		{api.Refused, EventApprove},
		{api.Confirmed, EventApprove},
		{api.Confirmed, EventSubmit},
		{StateDraft, EventApprove},
		{StateDraft, EventWithdraw},
		{"", EventSubmit},
		{"nonsense", EventSubmit},
		{api.Confirmed, "nonsense"},
	} {
		got, err := NextState(c.state, c.event)
		var wrong *TransitionError
		if got != "" || !errors.As(err, &wrong) || wrong.State != c.state || wrong.Event != c.event {
			t.Errorf("%q, %q: %q, %v", c.state, c.event, got, err)
		}
	}
}

func TestTransitions_leadFromADraftEverywhereAndOutOfEverything(t *testing.T) {
	reached := map[string]bool{StateDraft: true}
	for todo := []string{StateDraft}; len(todo) > 0; todo = todo[1:] {
		for _, next := range transitions[todo[0]] {
			if _, known := transitions[next]; !known {
				t.Errorf("%s leads to %q, which has no row", todo[0], next)
			}
			if !reached[next] {
				reached[next] = true
				todo = append(todo, next)
			}
		}
	}
	for _, state := range slices.Sorted(maps.Keys(transitions)) {
		if !reached[state] {
			t.Errorf("nothing leads to %s", state)
		}
		if want := state == api.Refused || state == api.Withdrawn; Final(state) != want {
			t.Errorf("%s: final %v", state, !want)
		}
	}
	if Final("nonsense") {
		t.Error("an unknown state is final")
	}
}

func TestArrival(t *testing.T) {
	for _, c := range []struct {
		approval        string
		focal, hasPlace bool
		want            RegistrationEvent
	}{
		{api.ApprovalNone, true, true, EventConfirm},
		{api.ApprovalNone, false, false, EventPutOnList},
		{api.ApprovalFocalPoint, true, true, EventAskFocalPoint},
		{api.ApprovalFocalPoint, false, true, EventAskSecretariat},
		{api.ApprovalFocalPoint, true, false, EventPutOnList},
		{api.ApprovalSecretariat, true, true, EventAskSecretariat},
		{"unheard of", true, true, EventAskSecretariat},
	} {
		got := Arrival(c.approval, c.focal, c.hasPlace)
		if got != c.want {
			t.Errorf("%s, focal point %v, place %v: %s, want %s", c.approval, c.focal, c.hasPlace, got, c.want)
		}
		for _, state := range []string{StateWaitingToSend, api.WaitingList} {
			if next, err := NextState(state, got); got != EventPutOnList && (err != nil || !TakesPlace(next)) {
				t.Errorf("from %s: %q, %v", state, next, err)
			}
		}
	}
}
