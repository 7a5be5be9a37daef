package screens

import (
	"context"
	"slices"
	"strconv"

	"plenary/api"
	"plenary/screens/admin"
)

// administers tells whether the person who is logged in is an administrator.
func (s *Shell) administers() bool {
	return s.services.Staff != nil && slices.Contains(s.account.Roles, api.RoleAdministrator)
}

func (s *Shell) usersPage(route) page {
	return admin.NewUsers(s.env, s.services.Staff, s.services.Directory, s.services.Self.Prove, s.account, admin.UsersEvents{Waiting: s.approvalsWait})
}

func (s *Shell) managementPage(route) page {
	return admin.NewManagement(s.env, s.services.Staff, s.services.Directory, s.services.Self.Prove)
}

func (s *Shell) policiesPage(route) page {
	return admin.NewPolicies(s.env, s.services.Staff, s.services.Self.Prove)
}

func (s *Shell) auditPage(route) page { return admin.NewAuditLog(s.env, s.services.Staff) }

// approvalsWait shows how many changes wait for this administrator.
func (s *Shell) approvalsWait(count int) {
	text := ""
	if count > 0 {
		text = strconv.Itoa(count)
	}
	s.nav.Count(navUsers, text)
}

// countApprovals asks what waits for the administrator who has come in. An
// answer that does not come is asked for again when the users are looked at.
func (s *Shell) countApprovals() {
	if !s.administers() {
		return
	}
	service := s.services.Staff
	var list []api.Approval
	s.env.Run.Run(s.during, func(ctx context.Context) { list, _ = service.Approvals(ctx) }, func() {
		if s.frame != nil {
			s.approvalsWait(admin.OthersIn(list))
		}
	})
}
