package account

import (
	"slices"
	"strings"

	"plenary/api"
	"plenary/service/store"
)

// Granted gives the roles that an account was given, participant first, whether
// they are in force or not.
func Granted(tx *store.Tx, accountID string) []string {
	var g Grants
	tx.Get(`SELECT `+GrantsOf("CAST($1 AS TEXT)"), accountID).Into(&g.Names, &g.TwoSteps)
	return g.roles()
}

// RolesInForce gives the roles that count now, participant first, and those that count
// only once two-step log-in is on: by the policy "staff", every one but participant.
func (a *Accounts) RolesInForce(g Grants) (roles, needSecondFactor []string) {
	roles = g.roles()
	if g.TwoSteps || len(roles) == 1 || a.Policies.Now().SecondFactor != api.SecondFactorStaff {
		return roles, nil
	}
	return roles[:1:1], roles[1:]
}

// Grants are what an account was given beyond participant, as GrantsOf reads it:
// the roles with a space between them, and whether it has two-step log-in.
type Grants struct {
	Names    string
	TwoSteps bool
}

// GrantsOf is the SQL of the two columns of grants, for the account whose id is in
// a column.
func GrantsOf(column string) string {
	return `COALESCE((SELECT string_agg(g.role, ' ') FROM account_roles g WHERE g.account_id = ` + column + `), ''),
		EXISTS (SELECT 1 FROM second_factors f WHERE f.account_id = ` + column + ` AND f.confirmed_at > 0)`
}

// roles are all of them, participant first.
func (g Grants) roles() []string {
	roles := append([]string{api.RoleParticipant}, strings.Fields(g.Names)...)
	slices.Sort(roles[1:])
	return roles
}
