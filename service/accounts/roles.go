package accounts

import (
	"context"
	"fmt"
	"slices"

	"plenary/api"
	"plenary/service/store"
)

// granted gives the roles that an account was given, participant first, whether
// they are in force or not.
func granted(ctx context.Context, tx *store.Tx, accountID string) ([]string, error) {
	roles, _, err := readRoles(ctx, tx, accountID)
	return roles, err
}

// rolesInForce gives the roles that count now, participant first, and those that
// count only once two-step log-in is on: by the policy "staff", every one but
// participant.
func (a *Accounts) rolesInForce(ctx context.Context, tx *store.Tx, accountID string) (roles, needSecondFactor []string, err error) {
	roles, twoSteps, err := readRoles(ctx, tx, accountID)
	if err != nil || twoSteps || len(roles) == 1 || a.Policies.Now().SecondFactor != api.SecondFactorStaff {
		return roles, nil, err
	}
	return roles[:1:1], roles[1:], nil
}

// readRoles gives the roles that an account was given, and whether it has
// two-step log-in; the latter for those with a role beyond participant only.
func readRoles(ctx context.Context, tx *store.Tx, accountID string) (roles []string, twoSteps bool, err error) {
	rows, err := tx.Query(ctx, `SELECT role, EXISTS (SELECT 1 FROM second_factors f WHERE f.account_id = $1 AND f.confirmed_at > 0)
		FROM account_roles WHERE account_id = $1`, accountID)
	if err != nil {
		return nil, false, fmt.Errorf("accounts: read roles: %w", err)
	}
	defer rows.Close()
	roles = []string{api.RoleParticipant}
	for rows.Next() {
		var role string
		if err := rows.Scan(&role, &twoSteps); err != nil {
			return nil, false, fmt.Errorf("accounts: read roles: %w", err)
		}
		roles = append(roles, role)
	}
	slices.Sort(roles[1:])
	return roles, twoSteps, rows.Err()
}
