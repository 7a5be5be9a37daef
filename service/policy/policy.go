// Package policy keeps the organization's policies: what administrators may
// change about passwords, limits, proofs and sessions while the service runs.
//
// They stand in the database, so that all nodes have the same; each node holds
// a copy, which Refresh brings up to date. The package judges whether policies
// are possible (Check) and writes what was changed into the audit log; that only
// administrators change them is package httpapi's care.
//
// Start reading at Admin.Change.
package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

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
		DeletionDays: 14, VisaDays: 30,
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

// State is in SQL what Refresh reads.
const State = `SELECT value FROM settings WHERE name = '` + row + `'`

// Refresh reads what any node has saved.
func (k *Keeper) Refresh(ctx context.Context, db *store.DB) error {
	k.reading.Lock()
	defer k.reading.Unlock()
	var p api.Policies
	err := db.Peek(ctx, func(tx *store.Tx) error {
		p = k.read(tx)
		return nil
	})
	if err != nil {
		return err
	}
	k.now.Store(&p)
	return nil
}

func (k *Keeper) read(tx *store.Tx) api.Policies {
	p := k.start
	text := tx.ReadSetting(row)
	if text != "" {
		p.Networks = nil // or JSON would be read into those of the start
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			tx.Fail(fmt.Errorf("policy: read: %w", err))
		}
	}
	p.Version = store.Version(text)
	return p
}

// set saves policies that Check has let through, and gives those of before. Those
// that were made from other ones than these are api.CodeOutdated.
func (k *Keeper) set(tx *store.Tx, p api.Policies) (before api.Policies) {
	before = k.read(tx)
	if p.Version != before.Version {
		tx.Fail(api.Refuse(api.CodeOutdated))
	}
	p.Version = ""
	text, err := json.Marshal(p)
	if err != nil {
		tx.Fail(fmt.Errorf("policy: write: %w", err))
	}
	tx.WriteSetting(row, string(text))
	return before
}
