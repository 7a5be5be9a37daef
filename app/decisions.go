package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// Decision is what a manager has decided on a registration, and the service has not done
// yet, or has refused.
type Decision struct {
	Number    string // of the registration
	Operation string
	Approve   bool
	Revoke    bool // and not only refuse
	Reason    string
	Made      time.Time // by the device's clock
	// Refused: nobody has dealt with that yet; Code and Reference say why. Else it waits to
	// be sent.
	Refused   bool
	Code      api.Code
	Reference string
}

// decisionsOf reads the decision on each registration that an operation is about; of one
// that the service has refused, on those for which it did, as errors say.
func decisionsOf(op localdb.Operation, refused bool, errs []api.FieldError) (list []Decision) {
	one := Decision{Operation: op.ID, Made: op.Made, Refused: refused, Code: api.Code(op.Code), Reference: op.Reference}
	switch op.Kind {
	case api.OpDecide:
		var in api.Decide
		if json.Unmarshal(op.Payload, &in) == nil {
			one.Number, one.Approve, one.Revoke, one.Reason = in.Registration, in.Approve, in.Revoke, in.Reason
			list = append(list, one)
		}
	case api.OpDecideMany:
		var in api.DecideMany
		if json.Unmarshal(op.Payload, &in) != nil {
			return nil
		}
		codes := map[string]string{}
		for _, e := range errs {
			if strings.HasPrefix(e.Pointer, manyPointer) {
				codes[e.Pointer] = e.Code
			}
		}
		one.Approve, one.Revoke, one.Reason = in.Approve, in.Revoke, in.Reason
		for i, number := range in.Registrations {
			code, wrong := codes[manyPointer+strconv.Itoa(i)]
			if wrong {
				one.Code = api.Code(code)
			}
			if one.Number = number; wrong || len(codes) == 0 {
				list = append(list, one)
			}
		}
	}
	return list
}

// manyPointer begins the pointer to a registration of api.DecideMany.
const manyPointer = "/registrations/"

// Decisions are those of whoever is logged in, what was refused first; they are in memory.
// SubscribeDecisions tells of changes.
func (s *Service) Decisions() []Decision {
	r := s.session.registrations
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.shown.decisions
}

// SubscribeDecisions calls f after each change of Decisions, on any goroutine.
func (s *Service) SubscribeDecisions(f func()) (cancel func()) {
	return s.session.registrations.changed.subscribe(f)
}

// DecideRegistrations keeps a decision on any number of registrations for sending; one on
// which another decision waits already is left out. Errors to test for: ErrNoSession,
// localdb.ErrDiskFull.
func (s *Service) DecideRegistrations(ctx context.Context, in api.DecideMany) error {
	r := s.session.registrations
	err := s.decide(ctx, in)
	if err != nil {
		err = fmt.Errorf("decide: %w", err)
	}
	r.worked() // also of those before one that could not be kept
	r.queued()
	return err
}

func (s *Service) decide(ctx context.Context, in api.DecideMany) error {
	store, give, err := s.session.registrations.write(ctx)
	if err != nil {
		return err
	}
	defer give()
	pending, err := store.Pending()
	if err != nil {
		return err
	}
	waits := map[string]bool{}
	for _, op := range pending {
		for _, d := range decisionsOf(op, false, nil) {
			waits[d.Number] = true
		}
	}
	numbers := slices.DeleteFunc(slices.Clone(in.Registrations), func(number string) bool { return waits[number] })
	if len(numbers) == 1 {
		_, err := store.Enqueue(api.OpDecide, api.Decide{Registration: numbers[0], Approve: in.Approve, Revoke: in.Revoke, Reason: in.Reason})
		return err
	}
	for some := range slices.Chunk(numbers, api.MaxDecideMany) {
		in.Registrations = some
		if _, err := store.Enqueue(api.OpDecideMany, in); err != nil {
			return err
		}
	}
	return nil
}

// DismissDecision forgets what the service has refused of a decision, on one registration
// or on many. One that is not there is localdb.ErrNotFound.
func (s *Service) DismissDecision(ctx context.Context, operation string) error {
	return s.session.registrations.Dismiss(ctx, operation)
}

// ManagedPage is a page of a meeting's registrations.
type ManagedPage struct {
	api.RegistrationRows
	// Seen is when the service gave it, if it cannot be reached now; zero otherwise.
	Seen time.Time
}

// ManagedRegistrations gives a page of a meeting's registrations to its managers. The first
// one of all of them, in the list's own order, is kept (see orSeen).
func (s *Service) ManagedRegistrations(ctx context.Context, f api.RegistrationFilter) (ManagedPage, error) {
	page, err := s.Client.ManagedRegistrations(ctx, f)
	if f != (api.RegistrationFilter{Meeting: f.Meeting, Limit: f.Limit}) {
		return ManagedPage{RegistrationRows: page}, err
	}
	page, at, err := orSeen(s.session.registrations, managedRegistrationsSet, f.Meeting, page, err)
	if !at.IsZero() {
		page.Next = "" // what follows is not here
	}
	return ManagedPage{page, at}, err
}
