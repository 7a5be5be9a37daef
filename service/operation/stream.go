package operation

import (
	"plenary/api"
	"plenary/service/store"
)

// place gives an operation its number in the stream, and tells whether it was the
// next one; the others have come before. It refuses with api.CodeNumberGap. The
// account is held: its streams stand in line.
func (o *Operations) place(tx *store.Tx, w *work) (next bool, err error) {
	number, now := int64(w.op.Number), store.Micros(o.Now())
	var advanced int64
	if number == 1 {
		advanced = tx.Do(`INSERT INTO streams (account_id, stream, high_water, used_at) VALUES ($1, $2, 1, $3)
			ON CONFLICT (account_id, stream) DO NOTHING`, w.AccountID, w.stream, now)
	} else {
		advanced = tx.Do(`UPDATE streams SET high_water = $1, used_at = $2
			WHERE account_id = $3 AND stream = $4 AND high_water = $5`, number, now, w.AccountID, w.stream, number-1)
	}
	if advanced == 1 {
		w.high = w.op.Number
		if number == 1 {
			forgetStreams(tx, w.AccountID)
		}
		return true, nil
	}
	if w.high = highWater(tx, w.AccountID, w.stream); w.op.Number > w.high {
		return false, refuse(api.CodeNumberGap)
	}
	return false, nil
}

// highWater is the number up to which the service has all of a stream.
func highWater(tx *store.Tx, accountID, stream string) (high uint64) {
	tx.Get(`SELECT high_water FROM streams WHERE account_id = $1 AND stream = $2`, accountID, stream).Into(&high)
	return high
}

// forgetStreams forgets the streams that were used longest ago of an account with
// more than it can have. To their machines it looks as if the service had been
// restored: they begin a new one.
func forgetStreams(tx *store.Tx, accountID string) {
	tx.Do(`DELETE FROM streams WHERE account_id = $1 AND stream IN
		(SELECT stream FROM streams WHERE account_id = $1 ORDER BY used_at DESC, stream LIMIT 1000 OFFSET $2)`,
		accountID, maxStreams)
}
