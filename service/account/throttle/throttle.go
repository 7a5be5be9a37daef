// Package throttle counts tries, requests and e-mails against budgets. The counters
// are in the database, so that many nodes and many parallel requests have one
// budget, and named by HMACs, so that they do not say whom they count.
//
// A try takes a slot of each of its budgets before anything is compared (Reserve),
// and gives them back when it is over: freely, or as failures (Release). Failures
// and slots in flight together stay within the limit, so that 500 parallel guesses
// get no more than the limit, and 20 parallel right ones all pass. What is used up
// at once, such as an allowance of e-mails, is Spend.
//
// It knows neither accounts nor networks; who counts for what is said by those who
// make budgets (security.md, "Limits").
package throttle

import (
	"cmp"
	"context"
	"slices"
	"time"

	"plenary/service/secret"
	"plenary/service/store"
)

// Budget is a counter, and what it allows.
type Budget struct {
	Kind   string
	Limit  int
	Window time.Duration
	// BacksOff: its failures are followed by growing waits.
	BacksOff bool
	// Notifies: Release tells once failures have used it up.
	Notifies bool
	// CountOnly: it counts failures but never refuses.
	CountOnly bool
	// Shared: many people count for it, such as those behind one address. Its row is
	// written after those of others, and so held for as short as can be.
	Shared bool

	name []byte
	slot slot
}

// slot says which of a counter's slots a try has: those of a window that is over,
// and those of long ago, are forgotten.
type slot struct {
	endsAt int64 // of the window; 0: none
	lease  int64 // the number of the lease
}

// Full is the error of a budget that gives nothing: Spent by failures alone,
// BackingOff in a growing wait, either of them until a time. If it is neither,
// others hold the slots.
type Full struct {
	Kind              string
	Spent, BackingOff bool
	Until             time.Time

	budget *Budget
}

func (e *Full) Error() string { return "throttle: nothing left of the budget " + e.Kind }

// Wait is how long somebody is to wait before the next try.
func (e *Full) Wait(now time.Time) time.Duration {
	if e.Spent || e.BackingOff {
		return max(e.Until.Sub(now), time.Second)
	}
	return LongestWait // for slots that others hold
}

// Limiter keeps the counters. It is safe for concurrent use.
type Limiter struct {
	DB  *store.DB
	Key *secret.Key
	Now func() time.Time // the service's clock
	// Pause waits for a time or the end of the context, between looks for a slot; nil
	// means the machine's clock.
	Pause func(context.Context, time.Duration) error

	lines lines
	// longest is in the place of LongestWait, in tests.
	longest time.Duration
}

// Budget makes the budget of a kind for what it is counted by.
func (l *Limiter) Budget(kind string, limit int, window time.Duration, by []byte) Budget {
	return Budget{Kind: kind, Limit: limit, Window: window, name: l.Key.MAC("limit", []byte(kind), by)}
}

// Reserve takes a slot of each budget and writes into it which, or waits up to
// LongestWait for slots that other tries are using. The error is *Full for a budget
// that gives none; then none is taken.
//
// Who waits on this node does so in line, and is refused together with the first one.
func (l *Limiter) Reserve(ctx context.Context, budgets []Budget) error {
	pause := l.Pause
	if pause == nil {
		pause = sleep
	}
	var own *line // whose first this try is
	leave := func() {
		if own != nil {
			l.lines.leave(own)
			own = nil
		}
	}
	defer leave()
	var waited time.Duration
	longest := cmp.Or(l.longest, LongestWait)
	at := l.lines.waitedFor(budgets)
	for wait := firstPause; ; {
		if at != nil && (own == nil || own.name != string(at.name)) {
			leave()
			began := time.Now()
			var err error
			if own, err = l.lines.enter(ctx, at, longest-waited); err != nil {
				return err
			}
			waited += time.Since(began)
		}
		full, err := l.reserve(ctx, budgets)
		switch {
		case err != nil:
			return err
		case full == nil:
			return nil
		case full.Spent || full.BackingOff:
			if own != nil && own.name == string(full.budget.name) {
				l.lines.refuse(own, full)
			}
			return full
		case waited >= longest:
			return full
		}
		if at = full.budget; own == nil || own.name != string(at.name) {
			continue // whoever waits for this one looks first
		}
		d := jittered(wait)
		if err := pause(ctx, d); err != nil {
			return err
		}
		waited += d
		wait = min(2*wait, longestPause)
	}
}

// reserve takes a slot of each budget, or of none, and says then which has none.
func (l *Limiter) reserve(ctx context.Context, budgets []Budget) (full *Full, err error) {
	// One statement, which takes each slot under the condition that there is one.
	err = l.DB.UpdateOne(ctx, func(tx *store.Tx) error {
		full = l.acquire(tx, budgets, aSlot)
		return nil
	})
	if err != nil || full == nil {
		return nil, err
	}
	taken := slices.DeleteFunc(slices.Clone(budgets), func(b Budget) bool { return b.slot == slot{} })
	if len(taken) == 0 {
		return full, nil
	}
	return full, l.GiveBack(ctx, taken, false)
}

// Spend uses one of each budget for good, such as an e-mail of an hourly allowance,
// within the transaction of the change. The error is *Full when nothing is left.
func (l *Limiter) Spend(tx *store.Tx, budgets ...Budget) error {
	if full := l.acquire(tx, budgets, forGood); full != nil {
		return full
	}
	return nil
}

// Release gives the slots of a try back: freely, or as failures. It tells whether a
// budget that notifies was used up by this one. Within a transaction it is the last
// statement: rows that many share are held from it on.
func (l *Limiter) Release(tx *store.Tx, budgets []Budget, failed bool) (usedUp bool) {
	if failed {
		return l.release(tx, budgets, asFailure)
	}
	return l.release(tx, budgets, freely)
}

// Succeed is Release for a try after which the failures of before are forgotten,
// but in budgets that many share.
func (l *Limiter) Succeed(tx *store.Tx, budgets []Budget) { l.release(tx, budgets, forgetting) }

// GiveBack is Release in a transaction of its own, also when the client has gone.
func (l *Limiter) GiveBack(ctx context.Context, budgets []Budget, failed bool) error {
	// READ COMMITTED: one statement, which gives back what this try has taken.
	return l.DB.UpdateOne(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		l.Release(tx, budgets, failed)
		return nil
	})
}

// Forget forgets failures and their waits, such as after a reset.
func Forget(tx *store.Tx, budgets ...Budget) {
	places, args := named(budgets, nil)
	tx.Do(`UPDATE limits SET failures = 0, wait_until = 0 WHERE failures > 0 AND name IN (`+places+`)`, args...)
}

// Failures gives how many failures count now of each budget.
func (l *Limiter) Failures(tx *store.Tx, budgets ...Budget) []int {
	counts := make([]int, len(budgets))
	if len(budgets) == 0 {
		return counts
	}
	places, args := named(budgets, []any{store.Micros(l.Now())})
	found := map[string]int{}
	for scan := range tx.Each(`SELECT name, failures FROM limits WHERE failures > 0 AND ends_at > $1 AND name IN (`+places+`)`, args...) {
		var name []byte
		var failures int
		scan(&name, &failures)
		found[string(name)] = failures
	}
	for i, b := range budgets {
		counts[i] = found[string(b.name)]
	}
	return counts
}

// MostFailures is how many failures count now of the budget that has most, as SQL for
// a statement that reads other things too, and the statement's arguments with those
// that it needs. The second of those before is the time.
func (l *Limiter) MostFailures(args []any, budgets ...Budget) (string, []any) {
	places, args := named(budgets, args)
	return `(SELECT COALESCE(MAX(l.failures), 0) FROM limits l WHERE l.ends_at > $2 AND l.name IN (` + places + `))`, args
}

// RefuseSpent is *Full where Spend would find nothing left because of failures. It
// is asked before something costly is done, so that whom the budget refuses costs
// little; Spend counts afterwards.
func (l *Limiter) RefuseSpent(ctx context.Context, budgets ...Budget) error {
	return l.DB.Peek(ctx, func(tx *store.Tx) error {
		for _, b := range budgets {
			if c := l.read(tx, b); c.failures >= int64(b.Limit) && c.endsAt.After(l.Now()) {
				return &Full{Kind: b.Kind, Spent: true, Until: c.endsAt}
			}
		}
		return nil
	})
}
