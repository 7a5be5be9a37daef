package policy

import (
	"context"
	"slices"
	"strconv"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// Admin is what administrators do with the policies.
type Admin struct {
	Keeper *Keeper
	DB     *store.DB
	Audit  *audit.Log
}

// Stored gives the policies as they stand in the database, also when another
// node has changed them just now.
func (a *Admin) Stored(ctx context.Context, _ caller.Caller) (api.Policies, error) {
	err := a.Keeper.Refresh(ctx, a.DB)
	return a.Keeper.Now(), err
}

// Change saves policies for an administrator, notes in the audit log what is
// different now, and makes them count: on this node at once, on others when they
// Refresh. It gives them as they stand then.
//
// Errors: api.CodeOutdated where they were changed since p was read;
// api.CodeInvalid for what Check refuses, and for /second_factor
// (not-accepted) when staff shall need a second factor and the administrator has
// none: the change would take the role from whoever makes it, and from everybody
// who could take it back.
func (a *Admin) Change(ctx context.Context, who caller.Caller, p api.Policies) (api.Policies, error) {
	if p.Networks == nil {
		p.Networks = []api.NetworkBudget{}
	}
	if wrong := Check(p); len(wrong) > 0 {
		return p, api.Invalid(wrong...)
	}
	// Serializable: what is read, and judged by its version, is what is replaced.
	err := a.DB.Update(ctx, func(tx *store.Tx) error {
		before := a.Keeper.set(tx, p)
		if p.SecondFactor == api.SecondFactorStaff && before.SecondFactor != api.SecondFactorStaff && !hasFactor(tx, who.AccountID) {
			return api.Invalid(api.FieldError{Pointer: "/second_factor", Code: api.FieldNotAccepted})
		}
		changes := differences(before, p)
		if len(changes) == 0 {
			return nil
		}
		a.Audit.Note(tx, audit.PolicyChanged, "", changes...)
		return nil
	})
	if err != nil {
		return p, err
	}
	return a.Stored(ctx, who)
}

// hasFactor tells whether an account has two-step log-in.
func hasFactor(tx *store.Tx, accountID string) bool {
	return tx.Has(`SELECT 1 FROM second_factors WHERE account_id = $1 AND confirmed_at > 0`, accountID)
}

// differences are what is not as before; the names that administrators give to networks
// are left out.
func differences(before, after api.Policies) []audit.Detail {
	var changes []audit.Detail
	was, is := values(before), values(after)
	for i := range is {
		if was[i].value != is[i].value {
			changes = append(changes, audit.Detail{Field: is[i].name, Before: was[i].value, After: is[i].value})
		}
	}
	for _, n := range before.Networks {
		if !slices.ContainsFunc(after.Networks, func(a api.NetworkBudget) bool { return a.Network == n.Network }) {
			changes = append(changes, audit.Detail{Field: api.DetailNetwork, Before: n.Network})
		}
	}
	for _, n := range after.Networks {
		at := slices.IndexFunc(before.Networks, func(b api.NetworkBudget) bool { return b.Network == n.Network })
		switch {
		case at < 0:
			changes = append(changes, audit.Fact(api.DetailNetwork, n.Network),
				audit.Detail{Field: api.DetailNetworkFailures, Of: n.Network, After: strconv.Itoa(n.Failures)},
				audit.Detail{Field: api.DetailNetworkRequests, Of: n.Network, After: strconv.Itoa(n.Requests)})
		default:
			changes = append(changes, networkDifferences(before.Networks[at], n)...)
		}
	}
	return changes
}

// networkDifferences are those of one network.
func networkDifferences(before, after api.NetworkBudget) (changes []audit.Detail) {
	number := func(field string, was, is int) {
		if was != is {
			changes = append(changes, audit.Detail{Field: field, Of: after.Network, Before: strconv.Itoa(was), After: strconv.Itoa(is)})
		}
	}
	number(api.DetailNetworkFailures, before.Failures, after.Failures)
	number(api.DetailNetworkRequests, before.Requests, after.Requests)
	if before.Name != after.Name {
		changes = append(changes, audit.Detail{Field: api.DetailNetworkName, Of: after.Network})
	}
	return changes
}

// value is a policy by its name in the contract.
type value struct{ name, value string }

// values are all policies but the networks, always in the same order.
func values(p api.Policies) []value {
	return []value{
		{"password", p.Password},
		{"secret_question", p.SecretQuestion},
		{"second_factor", p.SecondFactor},
		{"limits.identifier_failures", strconv.Itoa(p.Limits.IdentifierFailures)},
		{"limits.account_failures", strconv.Itoa(p.Limits.AccountFailures)},
		{"limits.device_failures", strconv.Itoa(p.Limits.DeviceFailures)},
		{"limits.failure_hours", strconv.Itoa(p.Limits.FailureHours)},
		{"limits.network_failures", strconv.Itoa(p.Limits.NetworkFailures)},
		{"limits.network_requests", strconv.Itoa(p.Limits.NetworkRequests)},
		{"limits.mails", strconv.Itoa(p.Limits.Mails)},
		{"sessions.kept_idle_days", strconv.Itoa(p.Sessions.KeptIdleDays)},
		{"sessions.kept_absolute_days", strconv.Itoa(p.Sessions.KeptAbsoluteDays)},
		{"sessions.idle_hours", strconv.Itoa(p.Sessions.IdleHours)},
		{"sessions.absolute_hours", strconv.Itoa(p.Sessions.AbsoluteHours)},
		{"deletion_days", strconv.Itoa(p.DeletionDays)},
		{"visa_days", strconv.Itoa(p.VisaDays)},
	}
}
