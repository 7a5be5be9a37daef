package session

import (
	"context"

	"plenary/api"
	"plenary/service/store"
)

// Refresh gives a session's next tokens and whose it is, and reads its owner. The
// session's row holds the newest generation of refresh tokens that was presented. That
// one again (the answer was lost) gets the same successor; an older one gets
// api.CodeRefreshRace for RaceLife, and after that ends the session, since somebody has
// a copy. One that is newer than the row, because the database was restored, is the
// newest. A token of no living session gives api.CodeSessionEnded.
func (s *Sessions) Refresh(ctx context.Context, refresh string, owner Owner) (accountID string, next api.Session, err error) {
	t, ok := s.read(forRefresh, refresh)
	if !ok {
		return "", next, api.Refuse(api.CodeSessionEnded)
	}
	// READ COMMITTED: one conditional UPDATE, which locks the session's row until its
	// owner was read. It may be done twice: then the second time it repeats.
	err = s.DB.UpdateOne(store.MayRepeat(ctx), func(tx *store.Tx) error {
		accountID = s.present(tx, rotating, t, owner)
		return nil
	})
	if err == nil && accountID == "" {
		var verdict error // of a session that this call ended: to be committed
		// READ COMMITTED: one row, named by its id, whose generation only grows.
		err = s.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
			verdict = nil
			if accountID = s.present(tx, repeating, t, owner); accountID == "" {
				verdict = s.refuseOld(tx, t)
			}
			return nil
		})
		if err == nil {
			err = verdict
		}
	}
	if err != nil {
		return "", next, err
	}
	return accountID, s.tokens(t.seed, t.number+1), nil
}

// What a session may last by the policies of now, in SQL: $5 and $6 unused and in
// all for one that is kept, $7 and $8 for one that is not.
const (
	idleLimit     = `CASE keep WHEN 1 THEN CAST($5 AS BIGINT) ELSE CAST($7 AS BIGINT) END`
	absoluteLimit = `CASE keep WHEN 1 THEN CAST($6 AS BIGINT) ELSE CAST($8 AS BIGINT) END`
	// used says that a living session is used at $4, from the network $9. A policy that
	// was shortened meanwhile counts.
	used = `used_at = $4, last_network = $9, expires_at = CASE WHEN created_at + ` + absoluteLimit + ` < $4 + ` + idleLimit + `
			THEN created_at + ` + absoluteLimit + ` ELSE $4 + ` + idleLimit + ` END
		WHERE id = $1 AND seed = $2 AND expires_at > $4
			AND used_at + ` + idleLimit + ` > $4 AND created_at + ` + absoluteLimit + ` > $4`
)

// How a refresh token of generation $3 is presented: for the first time, or again.
// Both give whose session it is, if it is alive.
const (
	rotating  = `UPDATE sessions SET generation = $3, rotated_at = $4, ` + used + ` AND generation < $3 RETURNING account_id`
	repeating = `UPDATE sessions SET ` + used + ` AND generation = $3 RETURNING account_id`
)

// present runs one of the two, and reads the owner; no account is the answer where it
// does not apply.
func (s *Sessions) present(tx *store.Tx, query string, t facts, owner Owner) (accountID string) {
	policy := s.Policy()
	keptIdle, keptAbsolute := life(policy, true)
	idle, absolute := life(policy, false)
	id, now := t.session.String(), store.Micros(s.Now())
	var alive, there bool
	tx.Together(
		store.Query(query, id, t.random[:], t.number, now,
			keptIdle.Microseconds(), keptAbsolute.Microseconds(), idle.Microseconds(), absolute.Microseconds(), s.network(tx.Context())).Into(&alive, &accountID),
		store.Query(`SELECT `+owner.Columns+` FROM `+owner.Tables+`
			JOIN sessions s ON s.account_id = a.id WHERE s.id = $1 AND s.expires_at > $2`, id, now).Into(&there, owner.Into...))
	if !there {
		return ""
	}
	return accountID
}

// refuseOld says why a token is refused that is neither the newest nor newer, or
// whose session is over, and ends the session where that is due: the transaction is
// to be committed.
func (s *Sessions) refuseOld(tx *store.Tx, t facts) error {
	var accountID string
	var generation, rotated int64
	id, now := t.session.String(), s.Now()
	if !tx.Get(`SELECT account_id, generation, rotated_at FROM sessions WHERE id = $1 AND seed = $2 AND expires_at > $3`,
		id, t.random[:], store.Micros(now)).Into(&accountID, &generation, &rotated) {
		return api.Refuse(api.CodeSessionEnded)
	}
	cause := api.CauseTokenReused
	switch {
	case generation <= t.number:
		cause = api.CauseExpired
	case now.Sub(store.Time(rotated)) <= RaceLife:
		return api.Refuse(api.CodeRefreshRace)
	}
	s.End(tx, cause, accountID, id)
	return api.Refuse(api.CodeSessionEnded)
}
