package meetings

import (
	"context"
	"slices"

	"plenary/api"
	"plenary/rules"
	"plenary/service/audit"
	"plenary/service/caller"
	"plenary/service/store"
)

// Manages tells whether an account manages a meeting, by the roles that it has in
// force: it has the role, and either it is one of the meeting's managers, or the meeting
// has none whose account has the role. Who acts on that in a transaction holds the
// meeting (Lock), as does whoever changes its managers.
func (m *Meetings) Manages(tx *store.Tx, code, accountID string, roles []string) bool {
	if !slices.Contains(roles, api.RoleMeetingManager) {
		return false
	}
	var all, itself int
	tx.Get(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN m.account_id = $3 THEN 1 ELSE 0 END), 0)
		FROM meeting_managers m JOIN account_roles r ON r.account_id = m.account_id AND r.role = $2
		WHERE m.meeting = $1`, code, api.RoleMeetingManager, accountID).Into(&all, &itself)
	return itself > 0 || all == 0
}

// maxManagers is how many people a list of all who can manage meetings has.
const maxManagers = 1000

const managerColumns = `a.id, a.first_name, a.family_name, a.username, a.organization_name`

// Managers gives everybody who can manage a meeting, by name.
func (m *Meetings) Managers(ctx context.Context, _ caller.Caller) (all api.Managers, err error) {
	err = m.DB.View(ctx, func(tx *store.Tx) error {
		all.Managers = managers(tx, `SELECT `+managerColumns+` FROM account_roles r JOIN accounts a ON a.id = r.account_id
			WHERE r.role = $1 ORDER BY a.sort_key LIMIT $2`, api.RoleMeetingManager, maxManagers)
		return nil
	})
	return all, err
}

// managersOf are those who are named as a meeting's managers.
func managersOf(tx *store.Tx, code string) []api.Manager {
	return managers(tx, `SELECT `+managerColumns+` FROM meeting_managers m JOIN accounts a ON a.id = m.account_id
		WHERE m.meeting = $1 ORDER BY a.sort_key`, code)
}

func managers(tx *store.Tx, query string, args ...any) []api.Manager {
	list := []api.Manager{}
	for scan := range tx.Each(query, args...) {
		var (
			one           api.Manager
			first, family string
		)
		scan(&one.ID, &first, &family, &one.Username, &one.Organization)
		one.Name = rules.FullName(first, family)
		list = append(list, one)
	}
	return list
}

// SaveManagers says who manages a meeting: nobody in particular means all who have the
// role. It refuses as change does, and with api.CodeInvalid for an account that has not
// the role.
func (m *Meetings) SaveManagers(ctx context.Context, who caller.Caller, code string, in api.SaveManagers) (api.ManagedMeeting, error) {
	return m.change(ctx, who, code, in.Edition, func(tx *store.Tx, r *Row) error {
		var before []string
		for _, one := range managersOf(tx, code) {
			before = append(before, one.ID)
		}
		details := []audit.Detail{audit.Fact(api.DetailMeeting, code)}
		for _, id := range before {
			if slices.Contains(in.Managers, id) {
				continue
			}
			tx.Do(`DELETE FROM meeting_managers WHERE meeting = $1 AND account_id = $2`, code, id)
			details = append(details, audit.Detail{Field: api.DetailAccount, Before: id})
		}
		for _, id := range in.Managers {
			if slices.Contains(before, id) {
				continue
			}
			if !tx.Has(`SELECT 1 FROM account_roles WHERE account_id = $1 AND role = $2`, id, api.RoleMeetingManager) {
				return api.Invalid(api.FieldError{Pointer: "/managers", Code: api.FieldUnknown})
			}
			m.addManager(tx, code, id, who.AccountID)
			details = append(details, audit.Detail{Field: api.DetailAccount, After: id})
		}
		if len(details) == 1 {
			return nil
		}
		m.edit(tx, r)
		r.Save(tx)
		m.Audit.Note(tx, audit.MeetingManagersChanged, "", details...)
		return nil
	})
}

func (m *Meetings) addManager(tx *store.Tx, code, accountID, by string) {
	tx.Do(`INSERT INTO meeting_managers (meeting, account_id, added_by, added_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (meeting, account_id) DO NOTHING`, code, accountID, by, store.Micros(m.Now()))
}

// ManagedBy are the codes of the meetings whose manager somebody is.
func (m *Meetings) ManagedBy(tx *store.Tx, accountID string) []string {
	return append([]string{}, tx.Strings(`SELECT meeting FROM meeting_managers WHERE account_id = $1 ORDER BY meeting`, accountID)...)
}

// Forget removes what says of meetings that somebody managed them. What the person's
// account itself has goes with it.
func (m *Meetings) Forget(tx *store.Tx, accountID string) {
	tx.Do(`UPDATE meeting_managers SET added_by = '' WHERE added_by = $1`, accountID)
	tx.Do(`UPDATE meeting_notices SET by_whom = '' WHERE by_whom = $1`, accountID)
}
