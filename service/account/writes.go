package account

import (
	"context"
	"time"

	"plenary/service/caller"
	"plenary/service/store"
)

// writesAnHour is how many changes an account may ask for in an hour, all kinds
// together: several times what somebody does by hand. Each leaves something, in the
// audit log at the least, which nothing may shorten.
const writesAnHour = 600

// SpendWrite counts a request of an account that asks for a change, whatever becomes
// of it. Errors: api.CodeTooMany.
func (a *Accounts) SpendWrite(ctx context.Context, who caller.Caller) error {
	// READ COMMITTED: one counter, changed by conditional UPDATEs.
	return a.ExplainFull(a.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		return a.Spend(tx, a.Budget("writes", writesAnHour, time.Hour, []byte(who.AccountID)))
	}))
}
