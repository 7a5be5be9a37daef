package accounts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/bits"
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
	// waits: its failures are followed by growing waits (see waitAfter).
	waits bool
	// locks: once its failures have used it up, the owner is told.
	locks bool
	// open: it counts failures and refuses nobody; others of its name do.
	open   bool
	endsAt int64 // once reserved: which window the slot is of
}

// Growing waits: after the third failure of a name nobody tries it for a second,
// after each further one twice as long, up to a minute. The same for names that
// exist and those that do not.
const (
	freeFailures = 2
	shortestWait = time.Second
	widestWait   = time.Minute
)

// waitAfter is the SQL of wait_until after one more failure at time $3.
var waitAfter = fmt.Sprintf(`CASE WHEN failures < %d THEN wait_until
	WHEN failures >= %d THEN CAST($3 AS BIGINT) + %d
	ELSE CAST($3 AS BIGINT) + (CAST(%d AS BIGINT) << CAST(failures - %d AS INTEGER)) END`,
	freeFailures, freeFailures+bits.Len64(uint64(widestWait/shortestWait)), widestWait.Microseconds(), shortestWait.Microseconds(), freeFailures)

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

// errFull says that a budget gives no slot; kind names the budget, spent whether
// failures alone have used it up, waits whether it is a growing wait, and until
// when. If it is neither, others hold the slots.
type errFull struct {
	kind  string
	spent bool
	waits bool
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
		// READ COMMITTED: each slot is taken by one conditional UPDATE, of rows that
		// everybody behind a network shares.
		err := a.DB.WriteCommitted(ctx, func(ctx context.Context, tx *store.Tx) error {
			for i := range budgets {
				if err := a.take(ctx, tx, &budgets[i]); err != nil {
					return err
				}
			}
			return nil
		})
		full, ok := errors.AsType[*errFull](err)
		if !ok || full.spent || full.waits || time.Now().After(deadline) {
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
	now, limit := a.Now(), b.limit
	if b.open {
		limit = math.MaxInt32
	}
	err := tx.QueryRow(ctx, `
		INSERT INTO limits (name, failures, flight, ends_at, flight_until) VALUES ($1, 0, 1, $2, $5)
		ON CONFLICT (name) DO UPDATE SET
			failures = CASE WHEN limits.ends_at <= $3 THEN 0 ELSE limits.failures END,
			flight = CASE WHEN limits.ends_at <= $3 OR limits.flight_until <= $3 THEN 1 ELSE limits.flight + 1 END,
			wait_until = CASE WHEN limits.ends_at <= $3 THEN 0 ELSE limits.wait_until END,
			ends_at = CASE WHEN limits.ends_at <= $3 THEN $2 ELSE limits.ends_at END,
			flight_until = $5
		WHERE limits.ends_at <= $3 OR limits.wait_until <= $3
			AND limits.failures + CASE WHEN limits.flight_until <= $3 THEN 0 ELSE limits.flight END < $4
		RETURNING ends_at`,
		b.name, store.Micros(now.Add(b.window)), store.Micros(now), limit, store.Micros(now.Add(slotLease))).Scan(&b.endsAt)
	if err == nil {
		return nil
	}
	var failures, endsAt, waitUntil int64
	if errors.Is(err, store.ErrNoRows) {
		err = tx.QueryRow(ctx, `SELECT failures, ends_at, wait_until FROM limits WHERE name = $1`, b.name).
			Scan(&failures, &endsAt, &waitUntil)
	}
	if err != nil {
		return fmt.Errorf("accounts: take a slot of %s: %w", b.kind, err)
	}
	full := &errFull{kind: b.kind, spent: failures >= int64(limit), until: store.Time(endsAt)}
	if wait := store.Time(waitUntil); !full.spent && wait.After(now) {
		full.waits, full.until = true, wait
	}
	return full
}

// settle gives the slots of a try back: as failures, or freely. It tells whether
// a budget that locks was used up by this failure.
func (a *Accounts) settle(ctx context.Context, tx *store.Tx, budgets []budget, failed bool) (locked bool, err error) {
	const where = ` WHERE name = $1 AND ends_at = $2 AND flight > 0`
	for _, b := range budgets {
		if !failed {
			if _, err := tx.Exec(ctx, `UPDATE limits SET flight = flight - 1`+where, b.name, b.endsAt); err != nil {
				return false, fmt.Errorf("accounts: give a slot of %s back: %w", b.kind, err)
			}
			continue
		}
		set, args := `UPDATE limits SET flight = flight - 1, failures = failures + 1`, []any{b.name, b.endsAt}
		if b.waits {
			set, args = set+`, wait_until = `+waitAfter, append(args, store.Micros(a.Now()))
		}
		var failures int64
		err := tx.QueryRow(ctx, set+where+` RETURNING failures`, args...).Scan(&failures)
		if err != nil && !errors.Is(err, store.ErrNoRows) { // none: of a window that is over
			return false, fmt.Errorf("accounts: count a failure in %s: %w", b.kind, err)
		}
		locked = locked || b.locks && failures == int64(b.limit)
	}
	return locked, nil
}

// giveBack settles in a transaction of its own, also when the client has gone.
func (a *Accounts) giveBack(ctx context.Context, budgets []budget, failed bool) error {
	// READ COMMITTED: one conditional UPDATE for each counter.
	return a.DB.WriteCommitted(context.WithoutCancel(ctx), func(ctx context.Context, tx *store.Tx) error {
		_, err := a.settle(ctx, tx, budgets, failed)
		return err
	})
}

// clearFailures forgets failures and their waits: after the right password, or a reset.
func clearFailures(ctx context.Context, tx *store.Tx, names ...[]byte) error {
	slices.SortFunc(names, bytes.Compare)
	for _, name := range names {
		if _, err := tx.Exec(ctx, `UPDATE limits SET failures = 0, wait_until = 0 WHERE name = $1 AND failures > 0`, name); err != nil {
			return fmt.Errorf("accounts: forget failures: %w", err)
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
	_, err := a.settle(ctx, tx, []budget{b}, true)
	return err
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

// explainFull turns a budget that gives no slot into what the client learns of
// it; other errors, and nil, stay.
func (a *Accounts) explainFull(err error) error {
	full, ok := errors.AsType[*errFull](err)
	if !ok {
		return err
	}
	wait := longestWait // for slots that others hold
	if full.spent || full.waits {
		wait = max(full.until.Sub(a.Now()), time.Second)
	}
	return &api.Problem{Code: api.CodeTooMany, RetryAfter: wait}
}
