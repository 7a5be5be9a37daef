// Package idempotency gives one outcome to a keyed request, however often it
// is sent (security.md, "Idempotency records"): the same key with the same body
// gives the same status and result, with another body api.CodeKeyReused, and
// api.CodeInProgress while it is being worked on.
//
// A record holds status, code and the id of the result, no payload. It is
// scoped by who asks and by operation, and is written in the transaction of the
// change.
package idempotency

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/store"
)

const (
	// Keep is how long outcomes are kept: longer than the longest time offline.
	Keep = 100 * 24 * time.Hour
	// lease is how long a request is taken to be worked on by a node that does
	// not answer any more.
	lease = 30 * time.Second
)

// Request names a keyed request.
type Request struct {
	Scope       string // the account's id
	Operation   string
	Key         string // the Idempotency-Key: a UUID
	Fingerprint []byte // HMAC of what was asked, without secret fields
}

// Outcome is what a request led to: an HTTP status and the id of the result.
type Outcome struct {
	Status   int
	ResultID string
}

// transient are the refusals that another try may not meet: they are not kept.
var transient = map[api.Code]bool{
	api.CodeTooMany: true, api.CodeBusy: true, api.CodeInternal: true, api.CodeInProgress: true,
}

// Do runs change in a transaction, unless the request was done before: then it
// gives the outcome of that, a refusal (*api.Problem) included. The transaction is
// READ COMMITTED: change locks what it depends on before it reads it.
func Do(ctx context.Context, db *store.DB, now func() time.Time, r Request,
	change func(context.Context, *store.Tx) (Outcome, error),
) (Outcome, error) {
	if _, err := uuid.Parse(r.Key); err != nil || len(r.Key) != 36 {
		return Outcome{}, &api.Problem{Code: api.CodeInvalid}
	}
	claim := uuid.NewString()
	done, outcome, err := begin(ctx, db, now(), r, claim)
	if done || err != nil {
		return outcome, err
	}
	// READ COMMITTED: the record is finished by one conditional UPDATE, while the
	// claim is this one's, and change holds what it reads.
	err = db.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
		if outcome, err = change(ctx, tx); err != nil {
			return err
		}
		return finish(ctx, tx, r, claim, outcome, "")
	})
	if err == nil {
		return outcome, nil
	}
	// Nothing was changed: the refusal is noted, or the claim given up, also
	// when the client has gone.
	problem, refused := errors.AsType[*api.Problem](err)
	note := db.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		if refused && !transient[problem.Code] {
			return finish(ctx, tx, r, claim, Outcome{Status: -1}, problem.Code)
		}
		_, err := tx.Exec(ctx, `DELETE FROM idempotency WHERE scope = $1 AND operation = $2 AND key = $3 AND claim = $4 AND status = 0`,
			r.Scope, r.Operation, r.Key, claim)
		return err
	})
	if note != nil && refused {
		return Outcome{}, note
	}
	return Outcome{}, err
}

// begin claims the request, or gives its outcome.
func begin(ctx context.Context, db *store.DB, now time.Time, r Request, claim string) (done bool, o Outcome, err error) {
	err = db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		done, o = false, Outcome{}
		var (
			fingerprint []byte
			code        string
			until       int64
		)
		err := tx.QueryRow(ctx, `SELECT fingerprint, status, code, result_id, claimed_until FROM idempotency
			WHERE scope = $1 AND operation = $2 AND key = $3`, r.Scope, r.Operation, r.Key).
			Scan(&fingerprint, &o.Status, &code, &o.ResultID, &until)
		switch {
		case errors.Is(err, store.ErrNoRows):
		case err != nil:
			return err
		case !bytes.Equal(fingerprint, r.Fingerprint):
			return &api.Problem{Code: api.CodeKeyReused}
		case code != "":
			return &api.Problem{Code: api.Code(code)}
		case o.Status != 0:
			done = true
			return nil
		case store.Time(until).After(now):
			return &api.Problem{Code: api.CodeInProgress, RetryAfter: time.Second}
		}
		_, err = tx.Exec(ctx, `INSERT INTO idempotency
				(scope, operation, key, fingerprint, status, code, result_id, claim, claimed_until, created_at)
			VALUES ($1, $2, $3, $4, 0, '', '', $5, $6, $7)
			ON CONFLICT (scope, operation, key) DO UPDATE SET claim = excluded.claim, claimed_until = excluded.claimed_until`,
			r.Scope, r.Operation, r.Key, r.Fingerprint, claim, store.Micros(now.Add(lease)), store.Micros(now))
		return err
	})
	if err != nil {
		if _, ok := errors.AsType[*api.Problem](err); !ok {
			err = fmt.Errorf("idempotency: begin: %w", err)
		}
	}
	return done, o, err
}

// finish writes the outcome, if the claim still is this one's: a node that was
// away for longer than its lease has lost it, and its change is rolled back.
func finish(ctx context.Context, tx *store.Tx, r Request, claim string, o Outcome, code api.Code) error {
	n, err := tx.Exec(ctx, `UPDATE idempotency SET status = $1, code = $2, result_id = $3
		WHERE scope = $4 AND operation = $5 AND key = $6 AND claim = $7 AND status = 0`,
		o.Status, string(code), o.ResultID, r.Scope, r.Operation, r.Key, claim)
	if err != nil {
		return fmt.Errorf("idempotency: finish: %w", err)
	}
	if n != 1 {
		return &api.Problem{Code: api.CodeInProgress, RetryAfter: time.Second}
	}
	return nil
}

// Housekeep removes records that are older than Keep.
func Housekeep(ctx context.Context, db *store.DB, now time.Time) error {
	// READ COMMITTED: rows of long ago.
	err := db.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM idempotency WHERE created_at <= $1`, store.Micros(now.Add(-Keep)))
		return err
	})
	if err != nil {
		return fmt.Errorf("idempotency: housekeeping: %w", err)
	}
	return nil
}
