package accounts

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

// budget and errFull are those of package throttle, which counts.
type (
	budget  = throttle.Budget
	errFull = throttle.Full
)

// limits are the budgets of tries and e-mails of now; security.md says what they
// are for.
func (a *Accounts) limits() api.LimitPolicy { return a.Policies.Now().Limits }

// failureWindow is how long a failure counts.
func (a *Accounts) failureWindow() time.Duration {
	return time.Duration(a.limits().FailureHours) * time.Hour
}

// budget makes the budget of a kind for what it is counted by.
func (a *Accounts) budget(kind string, limit int, window time.Duration, by []byte) budget {
	return a.throttle.Budget(kind, limit, window, by)
}

// logInNetwork and requestNetwork are the budgets of the network that a request
// comes from: its wrong passwords, its sign-ups and recoveries.
func (a *Accounts) logInNetwork(ctx context.Context) []budget {
	return a.networks(ctx, "log-in network", a.limits().NetworkFailures, func(n api.NetworkBudget) int { return n.Failures })
}

func (a *Accounts) requestNetwork(ctx context.Context, kind string) []budget {
	return a.networks(ctx, kind, a.limits().NetworkRequests, func(n api.NetworkBudget) int { return n.Requests })
}

// siteShare is how many times the budget of one IPv6 network (/64) a site (/48) has:
// it has 65,536 such networks, all of them one subscriber's.
const siteShare = 4

// networks gives the budget of an IPv4 address, or those of an IPv6 address's
// network and site. A larger one that administrators have listed counts for each.
func (a *Accounts) networks(ctx context.Context, kind string, limit int, larger func(api.NetworkBudget) int) []budget {
	addr, least := audit.OriginOf(ctx).Network.Unmap(), 0
	for _, n := range a.Policies.Now().Networks {
		if prefix, err := netip.ParsePrefix(n.Network); err == nil && prefix.Contains(addr) {
			least = max(least, larger(n))
		}
	}
	shared := func(kind string, limit int, by []byte) budget {
		b := a.budget(kind, max(limit, least), time.Hour, by)
		b.Shared = true
		return b
	}
	if !addr.Is6() {
		return []budget{shared(kind, limit, addr.AsSlice())}
	}
	bytes := addr.As16()
	return []budget{
		shared(kind, limit, append(bytes[:8:8], make([]byte, 8)...)),
		shared(kind+" of a site", siteShare*limit, bytes[:6]),
	}
}

// reserve takes a slot of each budget; see throttle.Limiter.Reserve.
func (a *Accounts) reserve(ctx context.Context, budgets []budget) error {
	return a.throttle.Reserve(ctx, budgets)
}

// giveBack gives slots back in a transaction of its own.
func (a *Accounts) giveBack(ctx context.Context, budgets []budget, failed bool) error {
	return a.throttle.GiveBack(ctx, budgets, failed)
}

// spend uses one of each budget for good; see throttle.Limiter.Spend.
func (a *Accounts) spend(tx *store.Tx, budgets ...budget) error {
	return a.throttle.Spend(tx, budgets...)
}

// spendQuietly is spend where nobody is told that nothing is left: it tells whether
// there was something.
func (a *Accounts) spendQuietly(tx *store.Tx, b budget) bool { return a.spend(tx, b) == nil }

// counted does what counts for budgets that many share, and whose transaction is not
// to hold their rows: they are written before it and after it, each for a moment.
// do says whether it counts.
func (a *Accounts) counted(ctx context.Context, budgets []budget, do func() (counts bool, err error)) error {
	if err := a.reserve(ctx, budgets); err != nil {
		return err
	}
	counts, err := do()
	return errors.Join(err, a.giveBack(ctx, budgets, counts))
}

// refuseSpent is *errFull where spend would find nothing left.
func (a *Accounts) refuseSpent(ctx context.Context, budgets ...budget) error {
	return a.throttle.RefuseSpent(ctx, budgets...)
}

// explainFull turns a budget that gives no slot into what the client learns of
// it; other errors, and nil, stay.
func (a *Accounts) explainFull(err error) error {
	full, ok := isFull(err)
	if !ok {
		return err
	}
	return &api.Problem{Code: api.CodeTooMany, RetryAfter: full.Wait(a.Now())}
}

func isFull(err error) (*errFull, bool) { return errors.AsType[*errFull](err) }
