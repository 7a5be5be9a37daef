package operation

import (
	"context"
	"time"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/store"
)

// Once carries out, in one transaction, what a call asks for that is no delivery of
// operations, unless the same came before under its id: then it does nothing and says so.
// subject is what do has led to, also when that was before. What do refuses leaves no
// trace, and can be asked for again. The account is held (store.Tx.HoldOwner); line is
// Prepared.Line.
//
// It refuses with api.CodeInvalid an id that is no UUID, with CodeNotFound where the
// account is gone, with CodeKeyReused where something else came under the id, and with
// CodeTooMany as Deliver does.
func (o *Operations) Once(ctx context.Context, c caller.Caller, op api.Operation, line string,
	do func(*store.Tx) (subject string, err error),
) (subject string, before bool, err error) {
	if !isUUID(op.ID) {
		return "", false, api.Invalid(api.FieldError{Pointer: "/id", Code: api.FieldInvalid})
	}
	w := work{Caller: c, op: &op, made: o.Now()}
	ctx = store.MayRepeat(store.InLine(ctx, line))
	// READ COMMITTED: the account is held before what came from it is read.
	err = o.DB.UpdateCommitted(ctx, func(tx *store.Tx) (err error) {
		before, w.result = false, api.Result{ID: op.ID, Outcome: api.Done}
		if !tx.HoldOwner(c.AccountID) {
			return api.Refuse(api.CodeNotFound)
		}
		var lately int
		tx.Get(`SELECT EXISTS (SELECT 1 FROM operations WHERE account_id = $1 AND id = $2),
				(SELECT COUNT(*) FROM operations WHERE account_id = $1 AND done_at > $3)`,
			c.AccountID, op.ID, store.Micros(o.Now())-time.Hour.Microseconds()).Into(&before, &lately)
		switch {
		case before:
			if subject, err = o.recall(tx, &w); err != nil {
				return err
			}
			if w.result.Outcome != api.Done {
				return api.Refuse(w.result.Code)
			}
			return nil
		case lately >= anHour:
			return &api.Problem{Code: api.CodeTooMany, RetryAfter: time.Hour}
		}
		if subject, err = do(tx); err != nil {
			return err
		}
		tx.Finally(o.recording(&w, subject))
		return nil
	})
	if err != nil {
		return "", false, err
	}
	return subject, before, nil
}
