package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// VisaAnswer is what somebody with the role visa has answered, and the service has not done
// yet, or has refused.
type VisaAnswer struct {
	api.AnswerVisa
	Operation string
	Made      time.Time // by the device's clock
	// Refused: nobody has dealt with that yet; Code and Reference say why. Else it waits to
	// be sent.
	Refused   bool
	Code      api.Code
	Reference string
}

func visaAnswerOf(op localdb.Operation, refused bool) (list []VisaAnswer) {
	one := VisaAnswer{Operation: op.ID, Made: op.Made, Refused: refused, Code: api.Code(op.Code), Reference: op.Reference}
	if op.Kind != api.OpAnswerVisa || json.Unmarshal(op.Payload, &one.AnswerVisa) != nil {
		return nil
	}
	return []VisaAnswer{one}
}

// VisaAnswers are those of whoever is logged in, what was refused first; they are in memory.
// SubscribeVisaAnswers tells of changes.
func (s *Service) VisaAnswers() []VisaAnswer {
	r := s.session.registrations
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.shown.answers
}

// SubscribeVisaAnswers calls f after each change of VisaAnswers, on any goroutine.
func (s *Service) SubscribeVisaAnswers(f func()) (cancel func()) {
	return s.session.registrations.changed.subscribe(f)
}

// AnswerVisa keeps an answer for sending; where one on the same case waits already, that
// stands. One that was refused is dealt with by it. Errors to test for: ErrNoSession,
// localdb.ErrDiskFull.
func (s *Service) AnswerVisa(ctx context.Context, in api.AnswerVisa) error {
	r := s.session.registrations
	err := ctx.Err()
	if err == nil {
		err = s.answerVisa(ctx, in)
	}
	if err != nil {
		return fmt.Errorf("answer on visa support: %w", err)
	}
	r.worked()
	r.queued()
	return nil
}

func (s *Service) answerVisa(ctx context.Context, in api.AnswerVisa) error {
	store, give, err := s.session.registrations.write(ctx)
	if err != nil {
		return err
	}
	defer give()
	same := func(refused bool) func(op localdb.Operation) bool {
		return func(op localdb.Operation) bool {
			a := visaAnswerOf(op, refused)
			return len(a) == 1 && a[0].Registration == in.Registration
		}
	}
	pending, err := store.Pending()
	if err != nil || slices.ContainsFunc(pending, same(false)) {
		return err
	}
	if _, err := store.Enqueue(api.OpAnswerVisa, in); err != nil {
		return err
	}
	refused, err := store.NeedAttention()
	if i := slices.IndexFunc(refused, same(true)); err == nil && i >= 0 {
		err = store.Dismiss(refused[i].ID)
	}
	if err != nil {
		s.session.core.log.Warn("a refused answer was not dismissed", "cause", Explain(err).Kind)
	}
	return nil
}

// DismissVisaAnswer forgets what the service has refused of an answer. One that is not there
// is localdb.ErrNotFound.
func (s *Service) DismissVisaAnswer(ctx context.Context, operation string) error {
	return s.session.registrations.Dismiss(ctx, operation)
}
