package meetings

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"plenary/api"
	"plenary/service/store"
)

// take gives an operation its place in the stream, and says whether its id was
// settled before: under this number, or in another stream that was given up. It
// refuses with api.CodeStreamForked or api.CodeNumberGap.
func take(ctx context.Context, tx *store.Tx, accountID, stream string, op *api.Operation) (settled bool, err error) {
	if _, err := tx.Exec(ctx, `INSERT INTO streams (account_id, stream, high_water) VALUES ($1, $2, 0)
		ON CONFLICT (account_id, stream) DO NOTHING`, accountID, stream); err != nil {
		return false, fmt.Errorf("meetings: open stream: %w", err)
	}
	// Written before it is read, so that deliveries of one stream stand in line.
	var high uint64
	if err := tx.QueryRow(ctx, `UPDATE streams SET high_water = high_water
		WHERE account_id = $1 AND stream = $2 RETURNING high_water`, accountID, stream).Scan(&high); err != nil {
		return false, fmt.Errorf("meetings: lock stream: %w", err)
	}
	switch {
	case op.Number > high+1:
		return false, refuse(api.CodeNumberGap)
	case op.Number <= high:
		var id string
		err := tx.QueryRow(ctx, `SELECT operation FROM stream_numbers
			WHERE account_id = $1 AND stream = $2 AND number = $3`, accountID, stream, int64(op.Number)).Scan(&id)
		if err != nil {
			return false, fmt.Errorf("meetings: read stream: %w", err)
		}
		if id != op.ID {
			return false, refuse(api.CodeStreamForked)
		}
		return true, nil
	}
	if _, err := tx.Exec(ctx, `UPDATE streams SET high_water = $1 WHERE account_id = $2 AND stream = $3`,
		int64(op.Number), accountID, stream); err != nil {
		return false, fmt.Errorf("meetings: advance stream: %w", err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO stream_numbers (account_id, stream, number, operation) VALUES ($1, $2, $3, $4)`,
		accountID, stream, int64(op.Number), op.ID); err != nil {
		return false, fmt.Errorf("meetings: advance stream: %w", err)
	}
	var n int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM operations WHERE account_id = $1 AND id = $2`,
		accountID, op.ID).Scan(&n); err != nil {
		return false, fmt.Errorf("meetings: look for operation: %w", err)
	}
	return n > 0, nil
}

// highWater is the number up to which the service has all of a stream.
func highWater(ctx context.Context, tx *store.Tx, accountID, stream string) (uint64, error) {
	var high uint64
	err := tx.QueryRow(ctx, `SELECT high_water FROM streams WHERE account_id = $1 AND stream = $2`,
		accountID, stream).Scan(&high)
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		return 0, fmt.Errorf("meetings: read stream: %w", err)
	}
	return high, nil
}

// record keeps the outcome of an operation.
func (m *Meetings) record(ctx context.Context, tx *store.Tx, accountID string, op *api.Operation, r api.Result) error {
	errs, err := json.Marshal(r.Errors)
	if err != nil {
		return fmt.Errorf("meetings: record operation: %w", err)
	}
	number := ""
	if r.Registration != nil {
		number = r.Registration.Number
	}
	if _, err := tx.Exec(ctx, `INSERT INTO operations
		(account_id, id, kind, fingerprint, outcome, code, reference, errors, registration, done_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		accountID, op.ID, op.Kind, m.fingerprint(op), r.Outcome, string(r.Code), r.Reference, string(errs), number,
		store.Micros(m.Now())); err != nil {
		return fmt.Errorf("meetings: record operation: %w", err)
	}
	return nil
}

// recall gives the outcome of an operation that was settled, with its
// registration as it is now. The same id with other content is refused with
// api.CodeKeyReused, and the first outcome stands.
func (m *Meetings) recall(ctx context.Context, tx *store.Tx, accountID string, op *api.Operation) (api.Result, error) {
	var (
		r                  = api.Result{ID: op.ID}
		fingerprint        []byte
		code, errs, number string
	)
	if err := tx.QueryRow(ctx, `SELECT fingerprint, outcome, code, reference, errors, registration
		FROM operations WHERE account_id = $1 AND id = $2`, accountID, op.ID).
		Scan(&fingerprint, &r.Outcome, &code, &r.Reference, &errs, &number); err != nil {
		return r, fmt.Errorf("meetings: recall operation: %w", err)
	}
	if !bytes.Equal(fingerprint, m.fingerprint(op)) {
		return api.Result{ID: op.ID, Outcome: api.RefusedResult, Code: api.CodeKeyReused}, nil
	}
	r.Code = api.Code(code)
	if err := json.Unmarshal([]byte(errs), &r.Errors); err != nil {
		return r, fmt.Errorf("meetings: recall operation: %w", err)
	}
	if number != "" {
		registration, err := readRegistration(ctx, tx, number)
		if err != nil {
			return r, err
		}
		if err := registration.readHistory(ctx, tx); err != nil {
			return r, err
		}
		seen := registration.forOwner()
		r.Registration = &seen
	}
	return r, nil
}

// fingerprint tells one operation from another under the same id. Space in the
// payload does not count, since JSON loses it on the way.
func (m *Meetings) fingerprint(op *api.Operation) []byte {
	payload := []byte(op.Payload)
	var compact bytes.Buffer
	if json.Compact(&compact, payload) == nil {
		payload = compact.Bytes()
	}
	return m.Key.MAC("operation", []byte(op.Kind), payload)
}
