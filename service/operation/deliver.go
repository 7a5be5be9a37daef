package operation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/store"
)

// Deliver takes the operations that somebody's machine kept, in order (security.md,
// Streams), each in a transaction of its own that also holds the record of its
// outcome: the same id gives the same outcome, however often it is sent.
//
// It stops at the first operation that it cannot look at, and answers with
// those before. If there are none, it returns an *api.Problem: with
// api.CodeStreamForked for a number that came with another id before,
// api.CodeNumberGap for one that is not the next, api.CodeInvalid for what is
// no delivery, api.CodeNotFound where the account is gone, api.CodeTooMany for more
// new operations than an account can have in an hour.
func (o *Operations) Deliver(ctx context.Context, c caller.Caller, d api.Deliver) (api.Delivered, error) {
	if err := checkDelivery(d); err != nil {
		return api.Delivered{}, err
	}
	delivered := api.Delivered{Results: []api.Result{}}
	behind := o.behind(d.Sent)
	for i := range d.Operations {
		w := work{Caller: c, stream: d.Stream, op: &d.Operations[i], made: d.Operations[i].Made.Add(behind)}
		err := o.deliverOne(ctx, &w)
		if _, ok := errors.AsType[*api.Problem](err); ok && i > 0 {
			break // the next delivery starts here, and is told
		}
		if err != nil {
			return api.Delivered{}, err
		}
		delivered.Results = append(delivered.Results, w.result)
		delivered.HighWater = w.high
	}
	if len(d.Operations) > 0 {
		return delivered, nil
	}
	err := o.DB.Peek(ctx, func(tx *store.Tx) error {
		delivered.HighWater = highWater(tx, c.AccountID, d.Stream)
		return nil
	})
	return delivered, err
}

// behind is how far the device's clock is behind the service's, by what it says
// that it is now.
func (o *Operations) behind(sent time.Time) time.Duration {
	if sent.IsZero() {
		return 0
	}
	return o.Now().Sub(sent)
}

// checkDelivery refuses what is no delivery: ids that are no UUIDs, too many
// operations, numbers from 0.
func checkDelivery(d api.Deliver) error {
	var errs []api.FieldError
	if !isUUID(d.Stream) {
		errs = append(errs, api.FieldError{Pointer: "/stream", Code: api.FieldInvalid})
	}
	if len(d.Operations) > MaxInDelivery {
		return api.Invalid(append(errs, api.FieldError{Pointer: "/operations", Code: api.FieldTooMany})...)
	}
	for i, op := range d.Operations {
		if !isUUID(op.ID) {
			errs = append(errs, api.FieldError{Pointer: fmt.Sprintf("/operations/%d/id", i), Code: api.FieldInvalid})
		}
		if op.Number == 0 || op.Number > 1<<62 {
			errs = append(errs, api.FieldError{Pointer: fmt.Sprintf("/operations/%d/number", i), Code: api.FieldOutOfRange})
		}
	}
	if len(errs) > 0 {
		return api.Invalid(errs...)
	}
	return nil
}

// isUUID takes only the usual form, so that one id has one spelling.
func isUUID(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.String() == s
}

// work is an operation on its way.
type work struct {
	caller.Caller
	stream string
	op     *api.Operation
	made   time.Time // by the service's clock, as far as the device's is known

	result api.Result
	high   uint64 // the stream's number up to which the service has all
}

// deliverOne gives the result of an operation: that of the first time, or a new
// one. An error that is an *api.Problem is about the stream or the caller, not the
// operation.
func (o *Operations) deliverOne(ctx context.Context, w *work) error {
	err := o.try(ctx, w, false)
	if errors.Is(err, ErrChanged) {
		err = o.try(ctx, w, true)
	}
	return err
}

// try prepares an operation and carries it out, unless that was done before.
func (o *Operations) try(ctx context.Context, w *work, again bool) error {
	prepared, refusal, err := o.prepare(ctx, w, again)
	if err != nil {
		return err
	}
	if prepared.Line != "" {
		ctx = store.InLine(ctx, prepared.Line)
	}
	// Who sends an operation again gets the outcome of the first time.
	ctx = store.MayRepeat(ctx)
	var then func()
	// READ COMMITTED: what operations change are busy rows, such as a meeting's
	// counts. The account is held first, so that its operations stand in line, in
	// whatever stream they come, and its deletion finds all of them.
	err = o.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		then = nil
		w.result = api.Result{ID: w.op.ID, Outcome: api.Done}
		at, err := o.begin(tx, w, prepared.Look)
		switch {
		case err != nil || w.op.Kind == api.OpVoid:
			return err // a void does nothing, so that it needs no record
		case at.known:
			_, err = o.recall(tx, w)
			return err
		case !at.next:
			return api.Refuse(api.CodeStreamForked)
		case at.lately >= anHour:
			return &api.Problem{Code: api.CodeTooMany, RetryAfter: time.Hour}
		}
		then, err = o.carryOut(tx, w, prepared, refusal)
		return err
	})
	if err == nil && then != nil {
		then()
	}
	return err
}

// prepare asks an operation's kind for how it is carried out, or why it is refused.
func (o *Operations) prepare(ctx context.Context, w *work, again bool) (Prepared, *api.Problem, error) {
	if w.op.Kind == api.OpVoid {
		return Prepared{}, nil, nil
	}
	kind, ok := o.kinds[w.op.Kind]
	switch {
	case !ok:
		return Prepared{}, &api.Problem{Code: api.CodeUnknownOperation}, nil
	case kind.Role != "" && !slices.Contains(w.Roles, kind.Role):
		return Prepared{}, &api.Problem{Code: api.CodeForbidden}, nil
	}
	prepared, err := kind.Prepare(ctx, Asked{
		ID: w.op.ID, Actor: w.AccountID, Account: w.Account, Roles: w.Roles, Payload: w.op.Payload, Again: again,
	})
	if refusal, ok := errors.AsType[*api.Problem](err); ok {
		return Prepared{}, refusal, nil
	}
	return prepared, nil, err
}

// carryOut does what a new operation asks for, and records its outcome. then, if it is
// there, is what remains to be done once that is committed.
func (o *Operations) carryOut(tx *store.Tx, w *work, prepared Prepared, refusal *api.Problem) (then func(), err error) {
	var done Done
	if refusal == nil {
		done, err = prepared.Do(tx, &w.result)
		if problem, ok := errors.AsType[*api.Problem](err); ok {
			refusal = problem
		} else if err != nil {
			return nil, err
		}
	}
	if refusal != nil {
		done = Done{}
		w.result = api.Result{
			ID: w.op.ID, Outcome: api.RefusedResult, Code: refusal.Code, Errors: refusal.Errors, Reference: w.Reference,
		}
	}
	tx.Finally(append([]*store.Statement{o.recording(w, done.Subject)}, done.Last...)...)
	return done.Then, nil
}
