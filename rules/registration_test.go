package rules

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"plenary/api"
)

// table is what may happen to a registration: state, event, the state after it, who may
// make it happen (in capital letters: with a reason only), what the history says, and
// the e-mail.
const table = `
draft                submit             waiting-to-send      person                             -             -
waiting-to-send      take-back          draft                person                             -             -
waiting-to-send      reject             draft                service                            -             -
waiting-to-send      ask-focal-point    waiting-focal-point  service                            acknowledged  registration-received
waiting-to-send      ask-secretariat    waiting-secretariat  service                            acknowledged  registration-received
waiting-to-send      put-on-list        waiting-list         service                            waitlisted    registration-waiting-list
waiting-to-send      confirm            confirmed            service                            approved      registration-confirmed
waiting-focal-point  approve            confirmed            focal-point,assistant,manager      approved      registration-confirmed
waiting-focal-point  refuse             refused              FOCAL-POINT,ASSISTANT,MANAGER      refused       registration-refused
waiting-focal-point  hand-to-secretary  waiting-secretariat  service                            handed-over   registration-received
waiting-focal-point  change             waiting-focal-point  person                             changed       registration-changed
waiting-focal-point  withdraw           withdrawn            person,focal-point                 withdrawn     registration-withdrawn
waiting-focal-point  cancel-meeting     withdrawn            SERVICE                            cancelled     meeting-cancelled
waiting-secretariat  approve            confirmed            manager                            approved      registration-confirmed
waiting-secretariat  refuse             refused              MANAGER                            refused       registration-refused
waiting-secretariat  change             waiting-secretariat  person                             changed       registration-changed
waiting-secretariat  withdraw           withdrawn            person,focal-point                 withdrawn     registration-withdrawn
waiting-secretariat  cancel-meeting     withdrawn            SERVICE                            cancelled     meeting-cancelled
waiting-list         offer              offered              service                            offered       registration-offered
waiting-list         ask-focal-point    waiting-focal-point  service                            acknowledged  registration-received
waiting-list         ask-secretariat    waiting-secretariat  service                            acknowledged  registration-received
waiting-list         confirm            confirmed            service                            approved      registration-confirmed
waiting-list         approve            confirmed            manager                            approved      registration-confirmed
waiting-list         refuse             refused              MANAGER                            refused       registration-refused
waiting-list         change             waiting-list         person                             changed       registration-changed
waiting-list         withdraw           withdrawn            person,focal-point                 withdrawn     registration-withdrawn
waiting-list         cancel-meeting     withdrawn            SERVICE                            cancelled     meeting-cancelled
offered              ask-focal-point    waiting-focal-point  person,focal-point                 accepted      registration-received
offered              ask-secretariat    waiting-secretariat  person,focal-point                 accepted      registration-received
offered              confirm            confirmed            person,focal-point                 accepted      registration-confirmed
offered              decline            withdrawn            person,focal-point                 declined      registration-withdrawn
offered              lapse              withdrawn            service                            lapsed        registration-lapsed
offered              refuse             refused              MANAGER                            refused       registration-refused
offered              change             offered              person                             changed       registration-changed
offered              withdraw           withdrawn            person,focal-point                 withdrawn     registration-withdrawn
offered              cancel-meeting     withdrawn            SERVICE                            cancelled     meeting-cancelled
confirmed            change             confirmed            person                             changed       registration-changed
confirmed            ask-focal-point    waiting-focal-point  person                             changed       registration-changed
confirmed            ask-secretariat    waiting-secretariat  person                             changed       registration-changed
confirmed            withdraw           withdrawn            person,focal-point                 withdrawn     registration-withdrawn
confirmed            revoke             refused              FOCAL-POINT,MANAGER                revoked       registration-refused
confirmed            cancel-meeting     withdrawn            SERVICE                            cancelled     meeting-cancelled
`

var (
	everyState = []string{
		StateDraft, StateWaitingToSend, api.WaitingFocalPoint, api.WaitingSecretariat, api.WaitingList, api.Offered,
		api.Confirmed, api.Refused, api.Withdrawn,
	}
	everyActor = []Actor{ActorPerson, ActorFocalPoint, ActorAssistant, ActorManager, ActorService}
	everyEvent = []RegistrationEvent{
		EventSubmit, EventTakeBack, EventReject, EventAskFocalPoint, EventAskSecretariat, EventPutOnList, EventConfirm,
		EventApprove, EventRefuse, EventHandToSecretary, EventOffer, EventDecline, EventLapse, EventChange, EventWithdraw,
		EventRevoke, EventCancelMeeting,
	}
)

// Every event in every state by every actor is what the table says, and nothing else is
// possible.
func TestStepOf_everyStateEventAndActor(t *testing.T) {
	type at struct {
		state string
		event RegistrationEvent
		actor Actor
	}
	wanted := map[at]Step{}
	empty := func(s string) string { return strings.TrimPrefix(s, "-") }
	for line := range strings.Lines(strings.TrimSpace(table)) {
		f := strings.Fields(line)
		for actor := range strings.SplitSeq(f[3], ",") {
			needs := actor != strings.ToLower(actor)
			a := Actor(strings.ToLower(actor))
			wanted[at{f[0], RegistrationEvent(f[1]), a}] = Step{
				From: f[0], Event: RegistrationEvent(f[1]), To: f[2], Reason: needs, What: empty(f[4]), Letter: empty(f[5]),
			}
		}
	}
	for _, state := range append(slices.Clone(everyState), "", "nonsense") {
		for _, actor := range append(slices.Clone(everyActor), "") {
			var may []RegistrationEvent
			for _, event := range append(slices.Clone(everyEvent), "nonsense") {
				got, err := StepOf(state, event, actor)
				want, possible := wanted[at{state, event, actor}]
				delete(wanted, at{state, event, actor})
				if !possible {
					var wrong *TransitionError
					if !errors.As(err, &wrong) || *wrong != (TransitionError{state, event, actor}) {
						t.Errorf("%q, %q by %q: %+v, %v", state, event, actor, got, err)
					}
					continue
				}
				may = append(may, event)
				got.Who = nil
				if err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%q, %q by %q: %+v, %v; want %+v", state, event, actor, got, err, want)
				}
			}
			var listed []RegistrationEvent
			for _, s := range StepsFor(state, actor) {
				listed = append(listed, s.Event)
			}
			slices.Sort(may)
			slices.Sort(listed)
			if !slices.Equal(may, listed) {
				t.Errorf("%q by %q: %q are listed, of %q", state, actor, listed, may)
			}
		}
	}
	for left := range wanted {
		t.Errorf("not walked: %+v", left)
	}
}

func TestSteps_leadFromADraftEverywhereAndOutOfEverything(t *testing.T) {
	reached := map[string]bool{StateDraft: true}
	for todo := []string{StateDraft}; len(todo) > 0; todo = todo[1:] {
		for _, s := range steps {
			if s.From == todo[0] && !reached[s.To] {
				reached[s.To] = true
				todo = append(todo, s.To)
			}
		}
	}
	for _, state := range everyState {
		if !reached[state] {
			t.Errorf("nothing leads to %s", state)
		}
		leaves := slices.ContainsFunc(steps, func(s Step) bool { return s.From == state })
		if Final(state) == leaves {
			t.Errorf("%s: final %v", state, Final(state))
		}
		if !leaves || state == StateDraft || state == StateWaitingToSend {
			continue
		}
		for event, actor := range map[RegistrationEvent]Actor{EventWithdraw: ActorPerson, EventCancelMeeting: ActorService} {
			if _, err := StepOf(state, event, actor); err != nil {
				t.Error(err)
			}
		}
	}
	for state := range reached {
		if !slices.Contains(everyState, state) {
			t.Errorf("%q is no state", state)
		}
	}
	if Final("nonsense") {
		t.Error("an unknown state is final")
	}
}

// An e-mail is true where a step led that it tells of; each has one way at least.
func TestToldIn(t *testing.T) {
	for letter, want := range map[string][]string{
		"registration-received":     {api.WaitingFocalPoint, api.WaitingSecretariat},
		"registration-confirmed":    {api.Confirmed},
		"registration-refused":      {api.Refused},
		"registration-waiting-list": {api.WaitingList},
		"registration-withdrawn":    {api.Withdrawn},
		"registration-offered":      {api.Offered},
		"password-changed":          nil,
	} {
		if got := ToldIn(letter); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", letter, got, want)
		}
	}
	for _, letter := range Letters() {
		if len(ToldIn(letter)) == 0 {
			t.Errorf("%s is true nowhere", letter)
		}
	}
}

func TestActor_By(t *testing.T) {
	want := map[Actor]string{
		ActorPerson: "person", ActorFocalPoint: "focal-point", ActorAssistant: "focal-point",
		ActorManager: "secretariat", ActorService: "service",
	}
	for _, actor := range everyActor {
		if actor.By() != want[actor] {
			t.Errorf("%s: %q", actor, actor.By())
		}
	}
}

func TestTakesPlace(t *testing.T) {
	takes := []string{api.WaitingFocalPoint, api.WaitingSecretariat, api.Offered, api.Confirmed}
	for _, state := range append(slices.Clone(everyState), "nonsense") {
		if TakesPlace(state) != slices.Contains(takes, state) {
			t.Errorf("%s: %v", state, TakesPlace(state))
		}
	}
}

func TestArrival(t *testing.T) {
	for _, c := range []struct {
		approval string
		speaker  Speaker
		hasPlace bool
		want     RegistrationEvent
	}{
		{api.ApprovalNone, HasFocalPoint, true, EventConfirm},
		{api.ApprovalNone, NoFocalPoint, false, EventPutOnList},
		{api.ApprovalFocalPoint, HasFocalPoint, true, EventAskFocalPoint},
		{api.ApprovalFocalPoint, NoFocalPoint, true, EventAskSecretariat},
		{api.ApprovalFocalPoint, HasFocalPoint, false, EventPutOnList},
		{api.ApprovalFocalPoint, IsFocalPoint, true, EventConfirm},
		{api.ApprovalFocalPoint, IsFocalPoint, false, EventPutOnList},
		{api.ApprovalSecretariat, HasFocalPoint, true, EventAskSecretariat},
		{api.ApprovalSecretariat, IsFocalPoint, true, EventAskSecretariat},
		{"unheard of", HasFocalPoint, true, EventAskSecretariat},
		{"unheard of", IsFocalPoint, true, EventAskSecretariat},
	} {
		got := Arrival(c.approval, c.speaker, c.hasPlace)
		if got != c.want {
			t.Errorf("%s, focal point %v, place %v: %s, want %s", c.approval, c.speaker, c.hasPlace, got, c.want)
		}
		for _, state := range []string{StateWaitingToSend, api.WaitingList} {
			if s, err := StepOf(state, got, ActorService); got != EventPutOnList && (err != nil || !TakesPlace(s.To)) {
				t.Errorf("from %s: %+v, %v", state, s, err)
			}
		}
	}
}
