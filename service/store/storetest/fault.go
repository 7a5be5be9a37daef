package storetest

import (
	"context"

	"plenary/service/store"
	"plenary/service/store/internal/hook"
)

// Fault is what happens to one try of a transaction.
type Fault = hook.Fault

// Faults, see package hook.
const (
	NoFault            = hook.None
	FaultSerialization = hook.Serialization // tried again
	FaultRollback      = hook.Rollback      // final: ErrFault
	FaultLostAnswer    = hook.LostAnswer    // committed, but store.OutcomeUnknown
)

// ErrFault is the error of FaultRollback, and is in that of FaultLostAnswer.
var ErrFault = hook.ErrFault

// InjectFaults makes each try of a transaction that writes meet the fault that next
// gives, until stop is called. No transaction may run while it begins or stops.
func InjectFaults(db *store.DB, next func() Fault) (stop func()) {
	db.SetHook(&hook.Hook{Write: next})
	return func() { db.SetHook(nil) }
}

// InjectReadFaults is InjectFaults for transactions that only read.
func InjectReadFaults(db *store.DB, next func() Fault) (stop func()) {
	db.SetHook(&hook.Hook{Read: next})
	return func() { db.SetHook(nil) }
}

// FaultsOf gives faults one after the other, then none. It is for one transaction
// at a time.
func FaultsOf(faults ...Fault) func() Fault {
	return func() Fault {
		if len(faults) == 0 {
			return NoFault
		}
		f := faults[0]
		faults = faults[1:]
		return f
	}
}

// HoldOpen makes each transaction that writes call wait before it is committed.
func HoldOpen(db *store.DB, wait func(context.Context)) (stop func()) {
	db.SetHook(&hook.Hook{Hold: wait})
	return func() { db.SetHook(nil) }
}
