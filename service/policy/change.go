package policy

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
		a.Audit.Note(tx, audit.PolicyChanged, "", strings.Join(changes, "; "))
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

// differences are what is not as before, as "limits.mails 5->10"; the names that
// administrators give to networks are left out.
func differences(before, after api.Policies) []string {
	var changes []string
	was, is := values(before), values(after)
	for i := range is {
		if was[i].value != is[i].value {
			changes = append(changes, fmt.Sprintf("%s %v->%v", is[i].name, was[i].value, is[i].value))
		}
	}
	for _, n := range before.Networks {
		if !slices.ContainsFunc(after.Networks, func(a api.NetworkBudget) bool { return a.Network == n.Network }) {
			changes = append(changes, "network "+n.Network+" removed")
		}
	}
	for _, n := range after.Networks {
		at := slices.IndexFunc(before.Networks, func(b api.NetworkBudget) bool { return b.Network == n.Network })
		switch {
		case at < 0:
			changes = append(changes, fmt.Sprintf("network %s failures %d requests %d", n.Network, n.Failures, n.Requests))
		case before.Networks[at].Failures != n.Failures || before.Networks[at].Requests != n.Requests:
			b := before.Networks[at]
			changes = append(changes, fmt.Sprintf("network %s failures %d->%d requests %d->%d",
				n.Network, b.Failures, n.Failures, b.Requests, n.Requests))
		case before.Networks[at].Name != n.Name:
			changes = append(changes, "network "+n.Network+" renamed")
		}
	}
	return changes
}

// value is a policy by its name in the contract.
type value struct {
	name  string
	value any
}

// values are all policies but the networks, always in the same order.
func values(p api.Policies) []value {
	return []value{
		{"password", p.Password},
		{"secret_question", p.SecretQuestion},
		{"second_factor", p.SecondFactor},
		{"limits.identifier_failures", p.Limits.IdentifierFailures},
		{"limits.account_failures", p.Limits.AccountFailures},
		{"limits.device_failures", p.Limits.DeviceFailures},
		{"limits.failure_hours", p.Limits.FailureHours},
		{"limits.network_failures", p.Limits.NetworkFailures},
		{"limits.network_requests", p.Limits.NetworkRequests},
		{"limits.mails", p.Limits.Mails},
		{"sessions.kept_idle_days", p.Sessions.KeptIdleDays},
		{"sessions.kept_absolute_days", p.Sessions.KeptAbsoluteDays},
		{"sessions.idle_hours", p.Sessions.IdleHours},
		{"sessions.absolute_hours", p.Sessions.AbsoluteHours},
		{"deletion_days", p.DeletionDays},
	}
}
