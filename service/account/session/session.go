// Package session keeps the sessions of accounts, their tokens, and the devices on
// which they begin.
//
// A session begins with a log-in (Begin), goes on by its refresh tokens (Refresh),
// opens the service by its access tokens (Authenticate), and ends by itself, by its
// owner or by staff. A known device is one on which somebody has logged in fully
// before; security.md says what it is good for.
//
// The package knows neither passwords nor roles nor profiles: who may begin a session
// is package accounts' affair. Start reading at Begin and Refresh; what a token is,
// stands in token.go.
package session

import (
	"context"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/account/token"
	"plenary/service/audit"
	"plenary/service/secret"
	"plenary/service/store"
)

const (
	// AccessLife is how long an access token is good.
	AccessLife = 10 * time.Minute
	// RaceLife is how long an older refresh token answers api.CodeRefreshRace: after
	// that its session ends.
	RaceLife = 60 * time.Second
)

// Sessions is safe for concurrent use.
type Sessions struct {
	DB     *store.DB
	Key    *secret.Key
	Log    *audit.Log
	Now    func() time.Time         // the service's clock
	Policy func() api.SessionPolicy // of now
	// Networks are those that administrators have listed by now, see network.
	Networks func() []api.NetworkBudget
}

// Machine is on what a session begins, as the program tells it; either may be empty.
type Machine struct {
	Computer string // its name
	Program  string // its version, and the system
}

// Session is a session that an access token was shown of.
type Session struct {
	ID, AccountID string
	// ProvedUntil is how long the newest proof of who is there counts
	// (api.Reauthenticate).
	ProvedUntil time.Time
}

// life is how long a session lasts unused, and in all.
func life(p api.SessionPolicy, keep bool) (idle, absolute time.Duration) {
	const day = 24 * time.Hour
	if keep {
		return time.Duration(p.KeptIdleDays) * day, time.Duration(p.KeptAbsoluteDays) * day
	}
	return time.Duration(p.IdleHours) * time.Hour, time.Duration(p.AbsoluteHours) * time.Hour
}

// Begin makes a session of an account, which is held, on a known device (Remember)
// and gives its first tokens.
func (s *Sessions) Begin(tx *store.Tx, accountID string, on Machine, device string, keep bool) api.Session {
	id, err := uuid.NewV7()
	tx.Fail(err)
	of, now, kept := newSeed(id), s.Now(), 0
	if keep {
		kept = 1
	}
	idle, absolute := life(s.Policy(), keep)
	hash, _ := token.Hash(device)
	tx.Do(`INSERT INTO sessions
		(id, account_id, computer, machine, device, keep, created_at, used_at, expires_at, seed, generation, rotated_at, first_network, last_network)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, 0, $7, $10, $10)`,
		id.String(), accountID, on.Computer, on.Program, hash, kept, store.Micros(now), store.Micros(now.Add(min(idle, absolute))), of.random[:],
		s.network(tx.Context()))
	first := s.tokens(of, 1)
	first.Device = device
	return first
}

// tokens makes the tokens that a session goes on with: the refresh token of a
// generation, and another access token. Earlier ones of the same seed live out
// their ten minutes.
func (s *Sessions) tokens(of seed, generation int64) api.Session {
	expires := s.Now().Add(AccessLife).UTC().Truncate(time.Microsecond)
	return api.Session{
		Access:        s.write(forAccess, facts{of, store.Micros(expires)}),
		AccessExpires: expires,
		Refresh:       s.write(forRefresh, facts{of, generation}),
	}
}

// Renew gives a session new tokens and voids all those of before. Error:
// api.CodeUnauthenticated if it has ended meanwhile.
func (s *Sessions) Renew(tx *store.Tx, accountID, sessionID string) (api.Session, error) {
	id, err := uuid.Parse(sessionID)
	tx.Fail(err)
	of, now := newSeed(id), store.Micros(s.Now())
	if tx.Do(`UPDATE sessions SET seed = $1, generation = 0, rotated_at = $2, used_at = $2, last_network = $5 WHERE id = $3 AND account_id = $4`,
		of.random[:], now, sessionID, accountID, s.network(tx.Context())) != 1 {
		return api.Session{}, api.Refuse(api.CodeUnauthenticated)
	}
	return s.tokens(of, 1), nil
}

// Prove notes that somebody has proved again, within a session, who is there: for
// api.ProofLife. Error: api.CodeUnauthenticated if the session has ended meanwhile.
func (s *Sessions) Prove(tx *store.Tx, accountID, sessionID string) error {
	if tx.Do(`UPDATE sessions SET proved_until = $1 WHERE id = $2 AND account_id = $3`,
		store.Micros(s.Now().Add(api.ProofLife)), sessionID, accountID) != 1 {
		return api.Refuse(api.CodeUnauthenticated)
	}
	return nil
}

// Owner says in SQL what is read of a session's account together with the session:
// columns of the tables, where a is the account and $2 the time, and where they go.
type Owner struct {
	Columns, Tables string
	Into            []any
}

// Authenticate gives the session that an access token is of, and reads its owner.
// Error: api.CodeUnauthenticated.
func (s *Sessions) Authenticate(ctx context.Context, access string, owner Owner) (Session, error) {
	now := store.Micros(s.Now())
	t, ok := s.read(forAccess, access)
	if !ok || t.number <= now {
		return Session{}, api.Refuse(api.CodeUnauthenticated)
	}
	found := Session{ID: t.session.String()}
	err := s.DB.Peek(ctx, func(tx *store.Tx) error {
		var proved int64
		if !tx.Get(`SELECT s.account_id, s.proved_until, `+owner.Columns+` FROM `+owner.Tables+`
			JOIN sessions s ON s.account_id = a.id WHERE s.id = $1 AND s.seed = $3 AND s.expires_at > $2`, found.ID, now, t.random[:]).
			Into(append([]any{&found.AccountID, &proved}, owner.Into...)...) {
			return api.Refuse(api.CodeUnauthenticated)
		}
		found.ProvedUntil = store.Time(proved)
		return nil
	})
	return found, err
}
