package accounts

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

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
	s := api.Session{Device: device}
	id, err := newID()
	if err != nil {
		return s, err
	}
	now := a.Now()
	idle, absolute := sessionLife(a.Policies.Now().Sessions, keep)
	if _, err := tx.Exec(ctx, `INSERT INTO sessions (id, account_id, machine, device, keep, created_at, used_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $6, $7)`,
		id, accountID, machine, mustHash(device), number(keep), store.Micros(now), store.Micros(now.Add(min(idle, absolute)))); err != nil {
		return s, fmt.Errorf("accounts: begin session: %w", err)
	}
	s.Refresh = newToken()
	if err := addRefresh(ctx, tx, id, 1, s.Refresh); err != nil {
		return s, err
	}
	return s, a.addAccess(ctx, tx, id, &s)
}

func addRefresh(ctx context.Context, tx *store.Tx, session string, generation int64, token string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO refresh_tokens (hash, session_id, generation, used_at) VALUES ($1, $2, $3, 0)`,
		mustHash(token), session, generation); err != nil {
		return fmt.Errorf("accounts: add refresh token: %w", err)
	}
	return nil
}

// addAccess gives a session another access token; earlier ones live out their
// ten minutes.
func (a *Accounts) addAccess(ctx context.Context, tx *store.Tx, session string, s *api.Session) error {
	s.Access, s.AccessExpires = newToken(), a.Now().Add(accessLife).UTC()
	if _, err := tx.Exec(ctx, `INSERT INTO access_tokens (hash, session_id, expires_at) VALUES ($1, $2, $3)`,
		mustHash(s.Access), session, store.Micros(s.AccessExpires)); err != nil {
		return fmt.Errorf("accounts: add access token: %w", err)
	}
	return nil
}

// Authenticate gives whose session an access token is of, or
// api.CodeUnauthenticated.
func (a *Accounts) Authenticate(ctx context.Context, access string) (Principal, error) {
	var p Principal
	hash, ok := hashToken(access)
	if !ok {
		return p, refused(api.CodeUnauthenticated)
	}
	err := a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.Micros(a.Now())
		var proved int64
		err := tx.QueryRow(ctx, `SELECT s.id, s.account_id, s.proved_until FROM access_tokens t JOIN sessions s ON s.id = t.session_id
			WHERE t.hash = $1 AND t.expires_at > $2 AND s.expires_at > $2`, hash, now).Scan(&p.SessionID, &p.AccountID, &proved)
		if errors.Is(err, store.ErrNoRows) {
			return refused(api.CodeUnauthenticated)
		}
		if err != nil {
			return fmt.Errorf("accounts: authenticate: %w", err)
		}
		p.ProvedUntil = store.Time(proved)
		p.Roles, _, err = a.rolesInForce(ctx, tx, p.AccountID)
		return err
	})
	return p, err
}

// presented is a refresh token that somebody shows, and its session.
type presented struct {
	session    string
	account    string
	generation int64
	first      bool // it was not presented before
}

// Refresh gives a session's next tokens. The successor of a refresh token is
// derived from it, so that a repetition (the answer was lost) gets the same one
// until that is first used; for 60 seconds after that the answer is
// api.CodeRefreshRace, later the whole session ends, since somebody has a copy.
// A token that is not or no longer known gives api.CodeSessionEnded.
func (a *Accounts) Refresh(ctx context.Context, token string) (api.Session, error) {
	var s api.Session
	hash, ok := hashToken(token)
	if !ok {
		return s, refused(api.CodeSessionEnded)
	}
	var verdict error // of a session that this call ended: to be committed
	// READ COMMITTED: the session's row is written before anything of it is read.
	err := a.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
		s, verdict = api.Session{}, nil
		p, err := a.present(ctx, tx, hash)
		if err != nil {
			return err
		}
		s.Refresh = a.successor(p, token)
		if p.first {
			if err := addRefresh(ctx, tx, p.session, p.generation+1, s.Refresh); err != nil {
				return err
			}
		} else if verdict, err = a.repeated(ctx, tx, p); err != nil || verdict != nil {
			return err
		}
		return a.renew(ctx, tx, p, &s)
	})
	if err == nil {
		err = verdict
	}
	if err != nil {
		return api.Session{}, err
	}
	return s, nil
}

// successor is the refresh token that follows the presented one.
func (a *Accounts) successor(p presented, token string) string {
	var generation [8]byte
	binary.BigEndian.PutUint64(generation[:], uint64(p.generation))
	return base64.RawURLEncoding.EncodeToString(
		a.Key.MAC("refresh", []byte(p.session), generation[:], []byte(token)))
}

// present writes down that a refresh token was presented: its session is used
// now, and ends later. There are as few statements as can be: a service refreshes
// more sessions than it does anything else.
func (a *Accounts) present(ctx context.Context, tx *store.Tx, hash []byte) (presented, error) {
	var p presented
	now, policy := a.Now(), a.Policies.Now().Sessions
	keptIdle, keptAbsolute := sessionLife(policy, true)
	idle, absolute := sessionLife(policy, false)
	// The session's row is written first: presentations of one family stand in
	// line, on one node or many.
	err := tx.QueryRow(ctx, `UPDATE sessions SET used_at = $1, expires_at = CASE
			WHEN keep = 1 AND created_at + $3 < $4 THEN created_at + $3
			WHEN keep = 1 THEN $4
			WHEN created_at + $5 < $6 THEN created_at + $5
			ELSE $6 END
		WHERE id = (SELECT session_id FROM refresh_tokens WHERE hash = $2) AND expires_at > $1
		RETURNING id, account_id`, store.Micros(now), hash,
		keptAbsolute.Microseconds(), store.Micros(now.Add(keptIdle)), absolute.Microseconds(), store.Micros(now.Add(idle))).
		Scan(&p.session, &p.account)
	if errors.Is(err, store.ErrNoRows) {
		return p, refused(api.CodeSessionEnded)
	}
	if err != nil {
		return p, fmt.Errorf("accounts: present refresh token: %w", err)
	}
	// Whoever sets used_at is the first; a repetition finds it set.
	err = tx.QueryRow(ctx, `UPDATE refresh_tokens SET used_at = $1 WHERE hash = $2 AND used_at = 0 RETURNING generation`,
		store.Micros(now), hash).Scan(&p.generation)
	p.first = err == nil
	if errors.Is(err, store.ErrNoRows) {
		err = tx.QueryRow(ctx, `SELECT generation FROM refresh_tokens WHERE hash = $1`, hash).Scan(&p.generation)
	}
	if err != nil {
		return p, fmt.Errorf("accounts: use refresh token: %w", err)
	}
	return p, nil
}

// repeated judges a refresh token that was used before: nil if its successor
// was not used yet, else the problem to answer with.
func (a *Accounts) repeated(ctx context.Context, tx *store.Tx, p presented) (verdict, err error) {
	var usedAt int64
	err = tx.QueryRow(ctx, `SELECT used_at FROM refresh_tokens WHERE session_id = $1 AND generation = $2`,
		p.session, p.generation+1).Scan(&usedAt)
	if err != nil {
		return nil, fmt.Errorf("accounts: read successor: %w", err)
	}
	switch {
	case usedAt == 0:
		return nil, nil
	case a.Now().Sub(store.Time(usedAt)) <= raceLife:
		return refused(api.CodeRefreshRace), nil
	}
	if err := a.end(ctx, tx, "refresh token used again", p.account, p.session); err != nil {
		return nil, err
	}
	return refused(api.CodeSessionEnded), nil
}

// renew completes the answer to a refresh.
func (a *Accounts) renew(ctx context.Context, tx *store.Tx, p presented, s *api.Session) error {
	if err := a.addAccess(ctx, tx, p.session, s); err != nil {
		return err
	}
	var err error
	s.Account, err = a.Profile(ctx, tx, p.account)
	return err
}

// end ends a session: its tokens go with it.
func (a *Accounts) end(ctx context.Context, tx *store.Tx, why, accountID, session string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE id = $1 AND account_id = $2`, session, accountID); err != nil {
		return fmt.Errorf("accounts: end session: %w", err)
	}
	return a.log.Note(ctx, tx, audit.SessionEnded, accountID, why)
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
		return a.endOthers(ctx, tx, "logged out everywhere", Principal{AccountID: p.AccountID})
	})
}

// endSessions ends all sessions of an account, which is held, but one, if there is
// one to stay.
func endSessions(ctx context.Context, tx *store.Tx, accountID, stays string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE account_id = $1 AND id <> $2`, accountID, stays); err != nil {
		return fmt.Errorf("accounts: end sessions: %w", err)
	}
	return nil
}

// endOthers ends all sessions of an account but the one that asks, and notes it.
func (a *Accounts) endOthers(ctx context.Context, tx *store.Tx, why string, who Principal) error {
	if err := endSessions(ctx, tx, who.AccountID, who.SessionID); err != nil {
		return err
	}
	return a.log.Note(ctx, tx, audit.SessionsEnded, who.AccountID, why)
}
