package throttle

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"plenary/service/store"
)

// LongestWait is how long a try waits for a slot that others are using. It looks
// again after pauses that grow to longestPause.
const (
	LongestWait  = 5 * time.Second
	firstPause   = 50 * time.Millisecond
	longestPause = 400 * time.Millisecond
)

// Lease is how long a slot is in use at least, and longer than any try takes; after
// twice the time it is in use no more. So the slots of a process that was killed
// come back, whatever others do with the counter meanwhile, and keep nobody out
// until the window ends. A counter has two numbers of slots in flight: of the lease
// that runs, and of the one before.
const Lease = 2 * time.Minute

// Growing waits: after the third failure of a name nobody tries it for a second,
// after each further one twice as long, up to a minute. The same for names that
// exist and those that do not.
const (
	FreeFailures = 2
	ShortestWait = time.Second
	WidestWait   = time.Minute
)

// What is in flight of a counter, seen from the lease of now.
const inFlight = `CASE
	WHEN limits.lease >= excluded.lease THEN limits.in_flight + limits.in_flight_before
	WHEN limits.lease = excluded.lease - 1 THEN limits.in_flight
	ELSE 0 END`

// acquireSQL takes what is in its rows of VALUES from the counters that have it, and
// gives those. A window that is over begins anew. $1 is the time.
//
// The rows of one statement are written in the order in which they are given, so
// that two tries which need the same ones never wait for each other.
const acquireSQL = `INSERT INTO limits (name, allowed, failures, in_flight, in_flight_before, lease, ends_at, wait_until) VALUES %s
	ON CONFLICT (name) DO UPDATE SET
		allowed = excluded.allowed,
		failures = CASE WHEN limits.ends_at <= $1 THEN 0 ELSE limits.failures END + excluded.failures,
		in_flight = CASE WHEN limits.ends_at <= $1 OR limits.lease < excluded.lease THEN 0 ELSE limits.in_flight END + excluded.in_flight,
		in_flight_before = CASE
			WHEN limits.ends_at <= $1 OR limits.lease < excluded.lease - 1 THEN 0
			WHEN limits.lease = excluded.lease - 1 THEN limits.in_flight
			ELSE limits.in_flight_before END,
		lease = CASE WHEN limits.ends_at > $1 AND limits.lease > excluded.lease THEN limits.lease ELSE excluded.lease END,
		wait_until = CASE WHEN limits.ends_at <= $1 THEN 0 ELSE limits.wait_until END,
		ends_at = CASE WHEN limits.ends_at <= $1 THEN excluded.ends_at ELSE limits.ends_at END
	WHERE limits.ends_at <= $1 OR limits.wait_until <= $1 AND limits.failures + ` + inFlight + ` < excluded.allowed
	RETURNING name, ends_at, lease`

// releaseSQL gives slots back. In its rows, in_flight is 1 where there is a slot;
// failures is 1 for a failure and -1 where failures are to be forgotten; wait_until
// is the time where a failure is followed by a growing wait. Slots of a window or a
// lease that is over count no more.
//
// It is an INSERT, and no UPDATE, for the sake of the order (see acquireSQL). A row that
// was swept meanwhile is inserted again with a window that is over, and swept again.
var releaseSQL = `INSERT INTO limits (name, allowed, failures, in_flight, in_flight_before, lease, ends_at, wait_until) VALUES %s
	ON CONFLICT (name) DO UPDATE SET
		failures = CASE
			WHEN excluded.failures < 0 THEN 0
			WHEN limits.ends_at = excluded.ends_at THEN limits.failures + excluded.failures
			ELSE limits.failures END,
		in_flight = CASE WHEN limits.ends_at = excluded.ends_at AND limits.lease = excluded.lease AND limits.in_flight > 0
			THEN limits.in_flight - 1 ELSE limits.in_flight END,
		in_flight_before = CASE WHEN limits.ends_at = excluded.ends_at AND limits.lease = excluded.lease + 1 AND limits.in_flight_before > 0
			THEN limits.in_flight_before - 1 ELSE limits.in_flight_before END,
		wait_until = CASE
			WHEN excluded.failures < 0 THEN 0
			WHEN limits.ends_at = excluded.ends_at AND excluded.wait_until > 0 THEN ` + waitAfter + `
			ELSE limits.wait_until END
	RETURNING name, ends_at, failures`

// waitAfter is when a growing wait is over after one more failure.
var waitAfter = fmt.Sprintf(`CASE WHEN limits.failures < %d THEN limits.wait_until
	WHEN limits.failures >= %d THEN excluded.wait_until + %d
	ELSE excluded.wait_until + (CAST(%d AS BIGINT) << CAST(limits.failures - %d AS INTEGER)) END`,
	FreeFailures, FreeFailures+bits.Len64(uint64(WidestWait/ShortestWait)), WidestWait.Microseconds(), ShortestWait.Microseconds(), FreeFailures)

// row is a row of VALUES of either statement.
type row struct {
	name                                                  []byte
	allowed, failures, inFlight, lease, endsAt, waitUntil int64
}

// rowsOf fills rows into a statement. first are the arguments before theirs.
func rowsOf(statement string, first []any, rows []row) (string, []any) {
	var places strings.Builder
	args := first
	for i, r := range rows {
		if i > 0 {
			places.WriteString(", ")
		}
		n := len(args)
		places.WriteByte('(')
		for j, v := range []any{r.name, r.allowed, r.failures, r.inFlight, int64(0), r.lease, r.endsAt, r.waitUntil} {
			if j > 0 {
				places.WriteString(", ")
			}
			places.WriteByte('$')
			places.WriteString(strconv.Itoa(n + j + 1))
			args = append(args, v)
		}
		places.WriteByte(')')
	}
	return fmt.Sprintf(statement, places.String()), args
}

// named gives the places of the names of budgets in a list of SQL, and the arguments
// with them; first are those before.
func named(budgets []Budget, first []any) (places string, args []any) {
	list := make([]string, len(budgets))
	args = first
	for i, b := range budgets {
		args = append(args, b.name)
		list[i] = "$" + strconv.Itoa(len(args))
	}
	return strings.Join(list, ", "), args
}

// What acquire takes of a budget.
const (
	aSlot   = 0 // to be given back
	forGood = 1 // counts as a failure does
)

// acquire takes of each budget that has something left, and gives *Full for the
// first that has not: then the transaction is to be taken back, or what was taken
// is to be given back. What a budget has now stands in its slot.
func (l *Limiter) acquire(tx *store.Tx, budgets []Budget, failures int64) *Full {
	now := l.Now()
	lease := now.UnixMicro() / Lease.Microseconds()
	order := inOrder(budgets)
	rows := make([]row, len(order))
	for i, at := range order {
		b := &budgets[at]
		rows[i] = row{
			name: b.name, allowed: int64(b.Limit), failures: failures, inFlight: 1 - failures, lease: lease,
			endsAt: store.Micros(now.Add(b.Window)),
		}
		if b.CountOnly {
			rows[i].allowed = math.MaxInt32
		}
	}
	query, args := rowsOf(acquireSQL, []any{store.Micros(now)}, rows)
	slots := map[string]slot{}
	for scan := range tx.Each(query, args...) {
		var name []byte
		var s slot
		scan(&name, &s.endsAt, &s.lease)
		slots[string(name)] = s
	}
	missing := -1
	for _, at := range order {
		b := &budgets[at]
		var ok bool
		if b.slot, ok = slots[string(b.name)]; !ok && missing < 0 {
			missing = at
		}
	}
	if missing < 0 {
		return nil
	}
	return l.explain(tx, budgets[missing])
}

// explain says why a counter gave nothing.
func (l *Limiter) explain(tx *store.Tx, b Budget) *Full {
	c := l.read(tx, b)
	full := &Full{Kind: b.Kind, Spent: c.failures >= int64(b.Limit), Until: c.endsAt, budget: &b}
	if !full.Spent && c.waitUntil.After(l.Now()) {
		full.BackingOff, full.Until = true, c.waitUntil
	}
	return full
}

// counter is what stands in the database.
type counter struct {
	failures          int64
	endsAt, waitUntil time.Time
}

// read gives what stands of a budget; nothing of one that has no row.
func (l *Limiter) read(tx *store.Tx, b Budget) (c counter) {
	var endsAt, waitUntil int64
	tx.Get(`SELECT failures, ends_at, wait_until FROM limits WHERE name = $1`, b.name).Into(&c.failures, &endsAt, &waitUntil)
	c.endsAt, c.waitUntil = store.Time(endsAt), store.Time(waitUntil)
	return c
}

// How slots are given back.
type ending int

const (
	freely ending = iota
	asFailure
	forgetting
)

func (l *Limiter) release(tx *store.Tx, budgets []Budget, how ending) (usedUp bool) {
	rows := make([]row, 0, len(budgets))
	notifying := map[string]*Budget{}
	for _, at := range inOrder(budgets) {
		b := &budgets[at]
		r := row{name: b.name, inFlight: 1, lease: b.slot.lease, endsAt: b.slot.endsAt}
		switch {
		case how == asFailure:
			r.failures = 1
			if b.BacksOff {
				r.waitUntil = store.Micros(l.Now())
			}
			if b.Notifies {
				notifying[string(b.name)] = b
			}
		case how == forgetting && !b.Shared:
			r.failures = -1
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return false
	}
	query, args := rowsOf(releaseSQL, nil, rows)
	for scan := range tx.Each(query, args...) {
		var name []byte
		var endsAt, failures int64
		scan(&name, &endsAt, &failures)
		if b, ok := notifying[string(name)]; ok && endsAt == b.slot.endsAt && failures == int64(b.Limit) {
			usedUp = true
		}
	}
	return usedUp
}

// inOrder gives the places of budgets in the one order in which their rows are
// written: those that many share come last.
func inOrder(budgets []Budget) []int {
	order := make([]int, len(budgets))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return compare(budgets[i], budgets[j]) })
	return order
}

func compare(a, b Budget) int {
	return cmp.Or(cmp.Compare(rank(a), rank(b)), bytes.Compare(a.name, b.name))
}

func rank(b Budget) int {
	if b.Shared {
		return 1
	}
	return 0
}

func jittered(d time.Duration) time.Duration { return d + rand.N(d) }

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
