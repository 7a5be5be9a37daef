// Package policy keeps the organization's policies: what administrators may
// change about passwords, limits, proofs and sessions while the service runs.
//
// They stand in the database, so that all nodes have the same; each node holds
// a copy, which is at most RefreshEvery old. The package judges whether policies
// are possible (Check) and writes what was changed into the audit log; that only
// administrators change them is package httpapi's care.
//
// Start reading at Keeper.Change.
package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// RefreshEvery is how old a node's copy may be.
const RefreshEvery = time.Second

// Default serves an organization with meetings of some thousand people
// (security.md, Limits and Sessions).
func Default() api.Policies {
	return api.Policies{
		Password: string(rules.PolicyClassic), SecretQuestion: api.QuestionOn, SecondFactor: api.SecondFactorStaff,
		Limits: api.LimitPolicy{
			IdentifierFailures: 10, AccountFailures: 20, DeviceFailures: 10, FailureHours: 24,
			NetworkFailures: 1000, NetworkRequests: 3000, Mails: 5,
		},
		Sessions:     api.SessionPolicy{KeptIdleDays: 90, KeptAbsoluteDays: 365, IdleHours: 12, AbsoluteHours: 24},
		Networks:     []api.NetworkBudget{},
		DeletionDays: 14,
	}
}

// Keeper holds a node's copy. It is safe for concurrent use.
type Keeper struct {
	start   api.Policies
	reading sync.Mutex // so that an older reading never takes the place of a newer one
	now     atomic.Pointer[api.Policies]
}

// New makes a keeper of policies that count until others are saved.
func New(start api.Policies) *Keeper {
	k := &Keeper{start: start}
	k.now.Store(&start)
	return k
}

// Now gives the policies as this node knows them; they are not to be changed.
func (k *Keeper) Now() api.Policies { return *k.now.Load() }

// row is the name of the policies among the settings.
const row = "policies"

// Refresh reads what any node has saved.
func (k *Keeper) Refresh(ctx context.Context, db *store.DB) error {
	k.reading.Lock()
	defer k.reading.Unlock()
	var p api.Policies
	err := db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		p, err = k.read(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	k.now.Store(&p)
	return nil
}

func (k *Keeper) read(ctx context.Context, tx *store.Tx) (api.Policies, error) {
	p := k.start
	text, err := tx.Setting(ctx, row)
	if err != nil {
		return p, err
	}
	if text != "" {
		p.Networks = nil // or JSON would be read into those of the start
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return p, fmt.Errorf("policy: read: %w", err)
		}
	}
	p.Version = store.Version(text)
	return p, nil
}

// Stored gives the policies as they stand in the database, also when another
// node has changed them just now.
func (k *Keeper) Stored(ctx context.Context, db *store.DB) (api.Policies, error) {
	err := k.Refresh(ctx, db)
	return k.Now(), err
}

// set saves policies that Check has let through, and gives those of before. Those
// that were made from other ones than these are api.CodeOutdated.
func (k *Keeper) set(ctx context.Context, tx *store.Tx, p api.Policies) (before api.Policies, err error) {
	if before, err = k.read(ctx, tx); err != nil {
		return before, err
	}
	if p.Version != before.Version {
		return before, &api.Problem{Code: api.CodeOutdated}
	}
	p.Version = ""
	text, err := json.Marshal(p)
	if err != nil {
		return before, fmt.Errorf("policy: write: %w", err)
	}
	return before, tx.SetSetting(ctx, row, string(text))
}
