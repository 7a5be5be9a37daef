package accounts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"plenary/api"
	"plenary/service/store"
)

// limits are the budgets of tries and e-mails of now; security.md says what they
// are for.
func (a *Accounts) limits() api.LimitPolicy { return a.Policies.Now().Limits }

// failureWindow is how long a failure counts.
func (a *Accounts) failureWindow() time.Duration {
	return time.Duration(a.limits().FailureHours) * time.Hour
}

// longestWait is how long a try waits for a slot that others are using. It looks
// again after pauses that grow to longestPause, so that a thousand that wait do
// not keep the database from everybody else.
const (
	longestWait  = 5 * time.Second
	firstPause   = 50 * time.Millisecond
	longestPause = 400 * time.Millisecond
)

// slotLease is how long a slot is taken to be in use: longer than any try takes.
// The slots of a process that was killed come back then, and do not keep people
// out until the window ends.
const slotLease = 2 * time.Minute

// budget is a counter that a try needs a slot of.
type budget struct {
	kind   string
	name   []byte
	limit  int
	window time.Duration
	endsAt int64 // once reserved: which window the slot is of
}

// budget makes the budget of a kind for what it is counted by. The name in the
// database is an HMAC: it says nothing about whom it counts.
func (a *Accounts) budget(kind string, limit int, window time.Duration, by []byte) budget {
	return budget{kind: kind, name: a.Key.MAC("limit", []byte(kind), by), limit: limit, window: window}
}

// logInNetwork and requestNetwork are the budgets of the network that a request
// comes from: its wrong passwords, its sign-ups and recoveries.
func (a *Accounts) logInNetwork(src Source) budget {
	return a.network("log-in network", a.limits().NetworkFailures, src, func(n api.NetworkBudget) int { return n.Failures })
}

func (a *Accounts) requestNetwork(kind string, src Source) budget {
	return a.network(kind, a.limits().NetworkRequests, src, func(n api.NetworkBudget) int { return n.Requests })
}

func (a *Accounts) network(kind string, limit int, src Source, larger func(api.NetworkBudget) int) budget {
	addr := src.Address.Unmap()
	for _, n := range a.Policies.Now().Networks {
		if prefix, err := netip.ParsePrefix(n.Network); err == nil && prefix.Contains(addr) {
			limit = max(limit, larger(n))
		}
	}
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			addr = p.Addr()
		}
	}
	return a.budget(kind, limit, time.Hour, addr.AsSlice())
}

// errFull says that a budget has no slot left; kind names the budget, spent
// whether failures alone have used it up, and until when.
type errFull struct {
	kind  string
	spent bool
	until time.Time
}

func (e *errFull) Error() string { return "accounts: no slot in the budget " + e.kind }

// reserve takes a slot of each budget, or waits up to five seconds for slots
// that other tries are using. It returns *errFull for a budget that is spent.
// The slots must be given back with settle.
func (a *Accounts) reserve(ctx context.Context, budgets []budget) error {
	// In one order, so that two tries do not wait for each other.
	slices.SortFunc(budgets, func(a, b budget) int { return bytes.Compare(a.name, b.name) })
	deadline := time.Now().Add(longestWait)
	for wait := firstPause; ; wait = min(2*wait, longestPause) {
		err := a.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
			for i := range budgets {
				if err := a.take(ctx, tx, &budgets[i]); err != nil {
					return err
				}
			}
			return nil
		})
		full, ok := errors.AsType[*errFull](err)
		if !ok || full.spent || time.Now().After(deadline) {
			return err
		}
		if err := pause(ctx, wait+rand.N(wait)); err != nil {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take takes one slot in one statement, beginning a new window if the last one
// is over, and without the slots in flight that nobody has touched for slotLease.
func (a *Accounts) take(ctx context.Context, tx *store.Tx, b *budget) error {
	now := a.Now()
	err := tx.QueryRow(ctx, `
		INSERT INTO limits (name, failures, flight, ends_at, flight_until) VALUES ($1, 0, 1, $2, $5)
		ON CONFLICT (name) DO UPDATE SET
			failures = CASE WHEN limits.ends_at <= $3 THEN 0 ELSE limits.failures END,
			flight = CASE WHEN limits.ends_at <= $3 OR limits.flight_until <= $3 THEN 1 ELSE limits.flight + 1 END,
			ends_at = CASE WHEN limits.ends_at <= $3 THEN $2 ELSE limits.ends_at END,
			flight_until = $5
		WHERE limits.ends_at <= $3
			OR limits.failures + CASE WHEN limits.flight_until <= $3 THEN 0 ELSE limits.flight END < $4
		RETURNING ends_at`,
		b.name, store.Micros(now.Add(b.window)), store.Micros(now), b.limit, store.Micros(now.Add(slotLease))).Scan(&b.endsAt)
	if !errors.Is(err, store.ErrNoRows) {
		return err
	}
	var failures, endsAt int64
	if err := tx.QueryRow(ctx, `SELECT failures, ends_at FROM limits WHERE name = $1`, b.name).Scan(&failures, &endsAt); err != nil {
		return err
	}
	return &errFull{kind: b.kind, spent: failures >= int64(b.limit), until: store.Time(endsAt)}
}

// settle gives the slots of a try back: as failures, or freely.
func settle(ctx context.Context, tx *store.Tx, budgets []budget, failed bool) error {
	failures := 0
	if failed {
		failures = 1
	}
	for _, b := range budgets {
		if _, err := tx.Exec(ctx, `UPDATE limits SET flight = flight - 1, failures = failures + $1
			WHERE name = $2 AND ends_at = $3 AND flight > 0`, failures, b.name, b.endsAt); err != nil {
			return err
		}
	}
	return nil
}

// giveBack settles in a transaction of its own, also when the client has gone.
func (a *Accounts) giveBack(ctx context.Context, budgets []budget, failed bool) error {
	return a.DB.WriteCommitted(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		return settle(ctx, tx, budgets, failed)
	})
}

// clear forgets failures: after the right password, or a reset.
func clearFailures(ctx context.Context, tx *store.Tx, names ...[]byte) error {
	slices.SortFunc(names, bytes.Compare)
	for _, name := range names {
		if _, err := tx.Exec(ctx, `UPDATE limits SET failures = 0 WHERE name = $1 AND failures > 0`, name); err != nil {
			return err
		}
	}
	return nil
}

// spend uses one of a budget for good, such as an e-mail of the hourly
// allowance, within the transaction of the change. It returns *errFull when
// nothing is left.
func (a *Accounts) spend(ctx context.Context, tx *store.Tx, b budget) error {
	if err := a.take(ctx, tx, &b); err != nil {
		return err
	}
	return settle(ctx, tx, []budget{b}, true)
}

// refuseSpent is *errFull where spend would find nothing left. It is asked before
// something costly is done, so that whom the budget refuses costs little; spend
// counts afterwards.
func (a *Accounts) refuseSpent(ctx context.Context, budgets ...budget) error {
	now := a.Now()
	return a.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, b := range budgets {
			var failures, endsAt int64
			err := tx.QueryRow(ctx, `SELECT failures, ends_at FROM limits WHERE name = $1`, b.name).Scan(&failures, &endsAt)
			if err != nil && !errors.Is(err, store.ErrNoRows) {
				return fmt.Errorf("accounts: read budget: %w", err)
			}
			if until := store.Time(endsAt); err == nil && failures >= int64(b.limit) && until.After(now) {
				return &errFull{kind: b.kind, spent: true, until: until}
			}
		}
		return nil
	})
}

// tooMany is what the client learns of a spent budget.
func (a *Accounts) tooMany(full *errFull) error {
	return &api.Problem{Code: api.CodeTooMany, RetryAfter: max(full.until.Sub(a.Now()), time.Second)}
}
