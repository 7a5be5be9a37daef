package account

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"plenary/api"
	"plenary/service/account/throttle"
	"plenary/service/audit"
	"plenary/service/store"
)

// Limits are the budgets of tries and e-mails in force; security.md says what they
// are for.
func (a *Accounts) Limits() api.LimitPolicy { return a.Policies.Now().Limits }

// FailureWindow is how long a failure counts.
func (a *Accounts) FailureWindow() time.Duration {
	return time.Duration(a.Limits().FailureHours) * time.Hour
}

// Budget makes the budget of a kind for what it is counted by.
func (a *Accounts) Budget(kind string, limit int, window time.Duration, by []byte) throttle.Budget {
	return a.Throttle.Budget(kind, limit, window, by)
}

// LogInNetwork are the budgets of the network that a request comes from, for its
// wrong passwords.
func (a *Accounts) LogInNetwork(ctx context.Context) []throttle.Budget {
	return a.networks(ctx, "log-in network", a.Limits().NetworkFailures, func(n api.NetworkBudget) int { return n.Failures })
}

// RequestNetwork are those for its sign-ups and recoveries, of a kind.
func (a *Accounts) RequestNetwork(ctx context.Context, kind string) []throttle.Budget {
	return a.networks(ctx, kind, a.Limits().NetworkRequests, func(n api.NetworkBudget) int { return n.Requests })
}

// SiteShare is how many times the budget of one IPv6 network (/64) a site (/48) has:
// it has 65,536 such networks, all of them one subscriber's.
const SiteShare = 4

// networks gives the budget of an IPv4 address, or those of an IPv6 address's
// network and site. A larger one that administrators have listed counts for each.
func (a *Accounts) networks(ctx context.Context, kind string, limit int, larger func(api.NetworkBudget) int) []throttle.Budget {
	addr, least := audit.OriginOf(ctx).Network.Unmap(), 0
	for _, n := range a.Policies.Now().Networks {
		if prefix, err := netip.ParsePrefix(n.Network); err == nil && prefix.Contains(addr) {
			least = max(least, larger(n))
		}
	}
	shared := func(kind string, limit int, by []byte) throttle.Budget {
		b := a.Budget(kind, max(limit, least), time.Hour, by)
		b.Shared = true
		return b
	}
	if !addr.Is6() {
		return []throttle.Budget{shared(kind, limit, addr.AsSlice())}
	}
	bytes := addr.As16()
	return []throttle.Budget{
		shared(kind, limit, append(bytes[:8:8], make([]byte, 8)...)),
		shared(kind+" of a site", SiteShare*limit, bytes[:6]),
	}
}

// Reserve takes a slot of each budget; see throttle.Limiter.Reserve.
func (a *Accounts) Reserve(ctx context.Context, budgets []throttle.Budget) error {
	return a.Throttle.Reserve(ctx, budgets)
}

// GiveBack gives slots back in a transaction of its own.
func (a *Accounts) GiveBack(ctx context.Context, budgets []throttle.Budget, failed bool) error {
	return a.Throttle.GiveBack(ctx, budgets, failed)
}

// Spend uses one of each budget for good; see throttle.Limiter.Spend.
func (a *Accounts) Spend(tx *store.Tx, budgets ...throttle.Budget) error {
	return a.Throttle.Spend(tx, budgets...)
}

// SpendQuietly is Spend without the error: it tells whether anything was left.
func (a *Accounts) SpendQuietly(tx *store.Tx, b throttle.Budget) bool { return a.Spend(tx, b) == nil }

// Counted runs do, and counts it if do says so. It is for budgets that many people
// share: their rows are written before and after do, each for a moment, so that do's
// transaction does not hold them.
func (a *Accounts) Counted(ctx context.Context, budgets []throttle.Budget, do func() (counts bool, err error)) error {
	if err := a.Reserve(ctx, budgets); err != nil {
		return err
	}
	counts, err := do()
	return errors.Join(err, a.GiveBack(ctx, budgets, counts))
}

// RefuseSpent is *throttle.Full where Spend would find nothing left.
func (a *Accounts) RefuseSpent(ctx context.Context, budgets ...throttle.Budget) error {
	return a.Throttle.RefuseSpent(ctx, budgets...)
}

// ExplainFull turns *throttle.Full into the problem that the client gets; other errors,
// and nil, stay.
func (a *Accounts) ExplainFull(err error) error {
	full, ok := errors.AsType[*throttle.Full](err)
	if !ok {
		return err
	}
	return &api.Problem{Code: api.CodeTooMany, RetryAfter: full.Wait(a.Now())}
}

// CountRequest counts a request that sends an e-mail for the network that it comes
// from, whatever becomes of it. *throttle.Full when nothing is left.
func (a *Accounts) CountRequest(ctx context.Context, b []throttle.Budget) error {
	// READ COMMITTED: one counter that many share; so not within the serializable
	// transaction of what the request does.
	return a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error { return a.Spend(tx, b...) })
}
