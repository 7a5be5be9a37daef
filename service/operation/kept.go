package operation

import (
	"context"
	"fmt"
	"time"

	"plenary/service/store"
)

// Delivered is an operation of a person, as the export of their data shows it.
type Delivered struct {
	ID      string    `json:"id"`
	Kind    string    `json:"kind"`
	Outcome string    `json:"outcome"`
	Code    string    `json:"code,omitempty"`
	Subject string    `json:"subject,omitempty"` // what it led to, such as a registration's number
	Made    time.Time `json:"made,omitzero"`
	Done    time.Time `json:"done"`
}

// Of gives the operations that a person's machines delivered, oldest first. They go
// with the person's account (store.Tx.DeleteOwner).
func Of(tx *store.Tx, accountID string) []Delivered {
	list := []Delivered{}
	for scan := range tx.Each(`SELECT id, kind, outcome, code, subject, made_at, done_at FROM operations
		WHERE account_id = $1 ORDER BY done_at, id`, accountID) {
		var d Delivered
		var made, done int64
		scan(&d.ID, &d.Kind, &d.Outcome, &d.Code, &d.Subject, &made, &done)
		d.Made, d.Done = store.Time(made), store.Time(done)
		list = append(list, d)
	}
	return list
}

// sweep is how many rows one transaction of Housekeep removes: others that write
// wait for no more than that.
const sweep = 500

// Housekeep removes the outcomes, and the unused streams, that are older than Keep.
func (o *Operations) Housekeep(ctx context.Context) error {
	before := store.Micros(o.Now().Add(-Keep))
	for _, old := range []string{
		`DELETE FROM operations WHERE (account_id, id) IN (SELECT account_id, id FROM operations WHERE done_at <= $1 LIMIT $2)`,
		`DELETE FROM streams WHERE used_at <= $1 AND (account_id, stream) IN
			(SELECT account_id, stream FROM streams WHERE used_at <= $1 LIMIT $2)`,
	} {
		for n := int64(sweep); n == sweep; {
			// READ COMMITTED: rows of long ago; a stream that is used meanwhile stays.
			if err := o.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
				n = tx.Do(old, before, sweep)
				return nil
			}); err != nil {
				return fmt.Errorf("operation: housekeeping: %w", err)
			}
		}
	}
	return nil
}
