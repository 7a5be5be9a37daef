package operation

import (
	"time"

	"plenary/api"
	"plenary/service/store"
)

// found is what there is when an operation comes.
type found struct {
	next   bool // its number is the stream's next one, and is its own now; else it has come before
	known  bool // its id has come before
	lately int  // new operations of the account within the last hour
}

// begin holds the account, so that its operations stand in line, and gives an
// operation its number in the stream; with that it looks at what the operation's kind
// wants to know. It refuses with api.CodeNotFound where there is no such account, and
// with api.CodeNumberGap.
func (o *Operations) begin(tx *store.Tx, w *work, look []*store.Statement) (f found, err error) {
	var (
		number, now    = int64(w.op.Number), store.Micros(o.Now())
		held, advanced int64
		counted        bool
	)
	statements := []*store.Statement{store.HoldingOwner(&held, w.AccountID)}
	if number == 1 {
		statements = append(statements, store.Change(&advanced, `INSERT INTO streams (account_id, stream, high_water, used_at)
			SELECT id, $2, 1, $3 FROM owners WHERE id = $1
			ON CONFLICT (account_id, stream) DO NOTHING`, w.AccountID, w.stream, now), forgettingStreams(w.AccountID))
	} else {
		statements = append(statements, store.Change(&advanced, `UPDATE streams SET high_water = $1, used_at = $2
			WHERE account_id = $3 AND stream = $4 AND high_water = $5`, number, now, w.AccountID, w.stream, number-1))
	}
	statements = append(statements, store.Query(`SELECT EXISTS (SELECT 1 FROM operations WHERE account_id = $1 AND id = $2),
			(SELECT COUNT(*) FROM operations WHERE account_id = $1 AND done_at > $3)`,
		w.AccountID, w.op.ID, now-time.Hour.Microseconds()).Into(&counted, &f.known, &f.lately))
	tx.Together(append(statements, look...)...)
	if held == 0 {
		return f, api.Refuse(api.CodeNotFound)
	}
	if f.next = advanced == 1; f.next {
		w.high = w.op.Number
		return f, nil
	}
	if w.high = highWater(tx, w.AccountID, w.stream); w.op.Number > w.high {
		return f, api.Refuse(api.CodeNumberGap)
	}
	return f, nil
}

// highWater is the number up to which the service has all of a stream.
func highWater(tx *store.Tx, accountID, stream string) (high uint64) {
	tx.Get(`SELECT high_water FROM streams WHERE account_id = $1 AND stream = $2`, accountID, stream).Into(&high)
	return high
}

// forgettingStreams forgets the streams that were used longest ago of an account with
// more than it can have. To their machines it looks as if the service had been
// restored: they begin a new one.
func forgettingStreams(accountID string) *store.Statement {
	return store.Change(nil, `DELETE FROM streams WHERE account_id = $1 AND stream IN
		(SELECT stream FROM streams WHERE account_id = $1 ORDER BY used_at DESC, stream LIMIT 1000 OFFSET $2)`,
		accountID, maxStreams)
}
