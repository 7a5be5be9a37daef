package accounts

import (
	"slices"
	"strings"

	"plenary/api"
	"plenary/service/store"
)

// granted gives the roles that an account was given, participant first, whether
// they are in force or not.
func granted(tx *store.Tx, accountID string) []string {
	var g grants
	tx.Get(`SELECT `+grantsOf("CAST($1 AS TEXT)"), accountID).Into(&g.names, &g.twoSteps)
	return g.roles()
}

// inForce gives the roles that count now, participant first, and those that count
// only once two-step log-in is on: by the policy "staff", every one but participant.
func (a *Accounts) inForce(g grants) (roles, needSecondFactor []string) {
	roles = g.roles()
	if g.twoSteps || len(roles) == 1 || a.Policies.Now().SecondFactor != api.SecondFactorStaff {
		return roles, nil
	}
	return roles[:1:1], roles[1:]
}

// grants are what an account was given beyond participant, as grantsOf reads it:
// the roles with a space between them, and whether it has two-step log-in.
type grants struct {
	names    string
	twoSteps bool
}

// grantsOf is the SQL of the two columns of grants, for the account whose id is in
// a column.
func grantsOf(column string) string {
	return `COALESCE((SELECT string_agg(g.role, ' ') FROM account_roles g WHERE g.account_id = ` + column + `), ''),
		EXISTS (SELECT 1 FROM second_factors f WHERE f.account_id = ` + column + ` AND f.confirmed_at > 0)`
}

// roles are all of them, participant first.
func (g grants) roles() []string {
	roles := append([]string{api.RoleParticipant}, strings.Fields(g.names)...)
	slices.Sort(roles[1:])
	return roles
}
