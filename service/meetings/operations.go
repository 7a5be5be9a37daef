package meetings

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/strictjson"
)

// MaxOperations is how many operations one delivery may have.
const MaxOperations = 100

// Deliver takes the operations that a person's machine kept, in order
// (security.md, Streams), each in a transaction of its own that also holds the
// record of its outcome: the same id gives the same outcome, however often it
// is sent. reference names the request in the log, for operations that are
// refused.
//
// It stops at the first operation that it cannot look at, and answers with
// those before. If there are none, it returns a *api.Problem: with
// api.CodeStreamForked for a number that came with another id before,
// api.CodeNumberGap for one that is not the next, api.CodeInvalid for what is
// no delivery.
func (m *Meetings) Deliver(ctx context.Context, accountID, reference string, d api.Deliver) (api.Delivered, error) {
	if err := checkDelivery(d); err != nil {
		return api.Delivered{}, err
	}
	delivered := api.Delivered{Results: []api.Result{}}
	for i := range d.Operations {
		result, err := m.deliverOne(ctx, accountID, reference, d.Stream, &d.Operations[i])
		if _, ok := errors.AsType[*api.Problem](err); ok && i > 0 {
			break // the next delivery starts here, and is told
		}
		if err != nil {
			return api.Delivered{}, err
		}
		delivered.Results = append(delivered.Results, result)
	}
	err := m.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		delivered.HighWater, err = highWater(ctx, tx, accountID, d.Stream)
		return err
	})
	return delivered, err
}

// checkDelivery refuses what is no delivery: ids that are no UUIDs, too many
// operations, numbers from 0.
func checkDelivery(d api.Deliver) error {
	var errs []api.FieldError
	if !isUUID(d.Stream) {
		errs = append(errs, api.FieldError{Pointer: "/stream", Code: api.FieldInvalid})
	}
	if len(d.Operations) > MaxOperations {
		return invalid(append(errs, api.FieldError{Pointer: "/operations", Code: api.FieldTooMany})...)
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
		return invalid(errs...)
	}
	return nil
}

// isUUID takes only the usual form, so that one id has one spelling.
func isUUID(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.String() == s
}

// deliverOne gives the result of an operation: that of the first time, or a new
// one. An error that is a *api.Problem is about the stream, not the operation.
func (m *Meetings) deliverOne(ctx context.Context, accountID, reference, stream string, op *api.Operation) (api.Result, error) {
	var result api.Result
	// READ COMMITTED: meetings are busy rows. The account is held first, so that its
	// operations stand in line, in whatever stream they come, and its deletion finds
	// all of them; then the meeting (see lock).
	err := m.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
		if there, err := tx.Hold(ctx, accountID); err != nil || !there {
			return cmp.Or(err, refuse(api.CodeNotFound))
		}
		settled, err := take(ctx, tx, accountID, stream, op)
		if err != nil {
			return err
		}
		if settled {
			result, err = m.recall(ctx, tx, accountID, op)
			return err
		}
		result, err = m.settle(ctx, tx, accountID, reference, op)
		return err
	})
	return result, err
}

// settle performs a new operation and records its outcome. What refuses an
// operation has changed nothing by then, so that both stand in one transaction.
func (m *Meetings) settle(ctx context.Context, tx *store.Tx, accountID, reference string, op *api.Operation) (api.Result, error) {
	result := api.Result{ID: op.ID, Outcome: api.Done}
	registration, err := m.perform(ctx, tx, accountID, op)
	if refusal, ok := errors.AsType[*api.Problem](err); ok {
		result.Outcome, result.Code, result.Errors, result.Reference = api.RefusedResult, refusal.Code, refusal.Errors, reference
	} else if err != nil {
		return result, err
	}
	if registration != nil {
		seen := registration.forOwner()
		result.Registration = &seen
	}
	return result, m.record(ctx, tx, accountID, op, result)
}

// perform does what an operation asks for.
func (m *Meetings) perform(ctx context.Context, tx *store.Tx, accountID string, op *api.Operation) (*registration, error) {
	if op.Kind == api.OpVoid {
		return nil, nil
	}
	who, err := m.Profile(ctx, tx, accountID)
	if err != nil {
		return nil, fmt.Errorf("meetings: find who registers: %w", err)
	}
	switch op.Kind {
	case api.OpRegister:
		var asked api.Register
		if err := decode(op.Payload, &asked); err != nil {
			return nil, err
		}
		return m.register(ctx, tx, who, op.ID, asked)
	case api.OpWithdraw:
		var asked api.Withdraw
		if err := decode(op.Payload, &asked); err != nil {
			return nil, err
		}
		return m.withdraw(ctx, tx, who, asked.Registration)
	default:
		return nil, refuse(api.CodeUnknownOperation)
	}
}

// decode reads a payload, or refuses with the field that cannot be read. As in
// every body, a field that there is not is refused: nobody's state or number is
// quietly dropped, or taken.
func decode(payload json.RawMessage, into any) error {
	err := strictjson.Decode(payload, into)
	if err == nil {
		return nil
	}
	pointer := ""
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		pointer = "/" + strings.ReplaceAll(wrong.Field, ".", "/")
	}
	return invalid(api.FieldError{Pointer: pointer, Code: api.FieldInvalid})
}
