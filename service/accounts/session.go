package accounts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/store"
)

// Lifetimes of sessions.
const (
	accessLife = 10 * time.Minute
	raceLife   = 60 * time.Second // how long an older refresh token answers "race"
)

// sessionLife is how long a session lasts unused, and in all.
func sessionLife(p api.SessionPolicy, keep bool) (idle, absolute time.Duration) {
	const day = 24 * time.Hour
	if keep {
		return time.Duration(p.KeptIdleDays) * day, time.Duration(p.KeptAbsoluteDays) * day
	}
	return time.Duration(p.IdleHours) * time.Hour, time.Duration(p.AbsoluteHours) * time.Hour
}

// begin makes a session with its first tokens, on a known device.
func (a *Accounts) begin(ctx context.Context, tx *store.Tx, accountID, machine, device string, keep bool) (api.Session, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return api.Session{}, fmt.Errorf("accounts: make id: %w", err)
	}
	seed, now := newSeed(id), a.Now()
	idle, absolute := sessionLife(a.Policies.Now().Sessions, keep)
	if _, err := tx.Exec(ctx, `INSERT INTO sessions
		(id, account_id, machine, device, keep, created_at, used_at, expires_at, seed, generation, rotated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, 0, $6)`,
		id.String(), accountID, machine, mustHash(device), number(keep), store.Micros(now), store.Micros(now.Add(min(idle, absolute))),
		seed.seed[:]); err != nil {
		return api.Session{}, fmt.Errorf("accounts: begin session: %w", err)
	}
	s := a.tokens(seed, 1)
	s.Device = device
	return s, nil
}

// tokens makes the tokens that a session goes on with: the refresh token of a
// generation, and another access token. Earlier ones of the same seed live out
// their ten minutes.
func (a *Accounts) tokens(of sessionSeed, generation int64) api.Session {
	expires := a.Now().Add(accessLife).UTC().Truncate(time.Microsecond)
	return api.Session{
		Access:        a.writeToken(forAccess, sessionToken{of, store.Micros(expires)}),
		AccessExpires: expires,
		Refresh:       a.writeToken(forRefresh, sessionToken{of, generation}),
	}
}

// Authenticate gives whose session an access token is of, or
// api.CodeUnauthenticated.
func (a *Accounts) Authenticate(ctx context.Context, access string) (Principal, error) {
	now := store.Micros(a.Now())
	t, ok := a.readToken(forAccess, access)
	if !ok || t.number <= now {
		return Principal{}, refused(api.CodeUnauthenticated)
	}
	p := Principal{SessionID: t.session.String()}
	err := a.DB.Peek(ctx, func(tx *store.Tx) error {
		var proved int64
		var g grants
		err := tx.QueryRow(tx.Context(), `SELECT s.account_id, s.proved_until, `+grantsOf("s.account_id")+`
			FROM sessions s WHERE s.id = $1 AND s.seed = $2 AND s.expires_at > $3`, p.SessionID, t.seed[:], now).
			Scan(&p.AccountID, &proved, &g.names, &g.twoSteps)
		if errors.Is(err, store.ErrNoRows) {
			return refused(api.CodeUnauthenticated)
		}
		if err != nil {
			return fmt.Errorf("accounts: authenticate: %w", err)
		}
		p.ProvedUntil = store.Time(proved)
		p.Roles, _ = a.inForce(g)
		return nil
	})
	return p, err
}

// Refresh gives a session's next tokens. The session's row holds the newest
// generation of refresh tokens that was presented. That one again (the answer was
// lost) gets the same successor; an older one gets api.CodeRefreshRace for 60
// seconds, and after that ends the session, since somebody has a copy. One that is
// newer than the row, because the database was restored, is the newest. A token of
// no living session gives api.CodeSessionEnded.
func (a *Accounts) Refresh(ctx context.Context, token string) (api.Session, error) {
	t, ok := a.readToken(forRefresh, token)
	if !ok {
		return api.Session{}, refused(api.CodeSessionEnded)
	}
	var accountID string
	var verdict error // of a session that this call ended: to be committed
	// It may be done twice: then the second time it repeats.
	err := a.DB.UpdateOne(store.MayRepeat(ctx), func(tx *store.Tx) (err error) {
		accountID, err = a.present(tx.Context(), tx, rotating, t)
		return err
	})
	if err == nil && accountID == "" {
		// READ COMMITTED: one row, named by its id, whose generation only grows.
		err = a.DB.UpdateCommitted(ctx, func(tx *store.Tx) (err error) {
			verdict = nil
			if accountID, err = a.present(tx.Context(), tx, repeating, t); accountID == "" && err == nil {
				verdict, err = a.refuseOld(tx.Context(), tx, t)
			}
			return err
		})
	}
	if err == nil {
		err = verdict
	}
	if err != nil {
		return api.Session{}, err
	}
	s := a.tokens(t.sessionSeed, t.number+1)
	s.Account, err = a.Account(ctx, accountID)
	if api.HasCode(err, api.CodeNotFound) {
		err = refused(api.CodeSessionEnded) // erased meanwhile
	}
	if err != nil {
		return api.Session{}, err
	}
	return s, nil
}

// What a session may last by the policies of now, in SQL: $5 and $6 unused and in
// all for one that is kept, $7 and $8 for one that is not.
const (
	idleLimit     = `CASE keep WHEN 1 THEN CAST($5 AS BIGINT) ELSE CAST($7 AS BIGINT) END`
	absoluteLimit = `CASE keep WHEN 1 THEN CAST($6 AS BIGINT) ELSE CAST($8 AS BIGINT) END`
	// used says that a living session is used at $4. A policy that was shortened
	// meanwhile counts.
	used = `used_at = $4, expires_at = CASE WHEN created_at + ` + absoluteLimit + ` < $4 + ` + idleLimit + `
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

// present runs one of the two; no account is the answer where it does not apply.
func (a *Accounts) present(ctx context.Context, tx *store.Tx, query string, t sessionToken) (accountID string, err error) {
	policy := a.Policies.Now().Sessions
	keptIdle, keptAbsolute := sessionLife(policy, true)
	idle, absolute := sessionLife(policy, false)
	err = tx.QueryRow(ctx, query, t.session.String(), t.seed[:], t.number, store.Micros(a.Now()),
		keptIdle.Microseconds(), keptAbsolute.Microseconds(), idle.Microseconds(), absolute.Microseconds()).Scan(&accountID)
	if err != nil && !errors.Is(err, store.ErrNoRows) {
		return "", fmt.Errorf("accounts: present refresh token: %w", err)
	}
	return accountID, nil
}

// refuseOld judges a token that is neither the newest nor newer, or whose session
// is over, and ends the session where that is due.
func (a *Accounts) refuseOld(ctx context.Context, tx *store.Tx, t sessionToken) (verdict, err error) {
	var accountID string
	var generation, rotated int64
	id, now := t.session.String(), a.Now()
	err = tx.QueryRow(ctx, `SELECT account_id, generation, rotated_at FROM sessions WHERE id = $1 AND seed = $2 AND expires_at > $3`,
		id, t.seed[:], store.Micros(now)).Scan(&accountID, &generation, &rotated)
	if errors.Is(err, store.ErrNoRows) {
		return refused(api.CodeSessionEnded), nil
	}
	if err != nil {
		return nil, fmt.Errorf("accounts: find session: %w", err)
	}
	why := "refresh token used again"
	switch {
	case generation <= t.number:
		why = "too old by the policy of now"
	case now.Sub(store.Time(rotated)) <= raceLife:
		return refused(api.CodeRefreshRace), nil
	}
	return refused(api.CodeSessionEnded), a.end(ctx, tx, why, accountID, id)
}

// end ends a session: its tokens go with it.
func (a *Accounts) end(ctx context.Context, tx *store.Tx, why, accountID, session string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE id = $1 AND account_id = $2`, session, accountID); err != nil {
		return fmt.Errorf("accounts: end session: %w", err)
	}
	a.log.Note(tx, audit.SessionEnded, accountID, why)
	return nil
}

// LogOut ends the session.
func (a *Accounts) LogOut(ctx context.Context, p Principal) error {
	// READ COMMITTED: one row, named by its id.
	return a.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
		return a.end(ctx, tx, "logged out", p.AccountID, p.SessionID)
	})
}

// LogOutEverywhere ends all sessions of the account.
func (a *Accounts) LogOutEverywhere(ctx context.Context, p Principal) error {
	// READ COMMITTED: the account is held, so that a log-in under way is ended too.
	return a.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := hold(ctx, tx, p.AccountID); err != nil {
			return err
		}
		if err := endWith(ctx, tx, loggedOutEverywhere, p.AccountID, ""); err != nil {
			return err
		}
		a.log.Note(tx, audit.SessionsEnded, p.AccountID, string(loggedOutEverywhere))
		return nil
	})
}
