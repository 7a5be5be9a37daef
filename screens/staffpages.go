package screens

import (
	"context"
	"slices"
	"strconv"

	"fyne.io/fyne/v2/theme"

	"plenary/api"
	"plenary/screens/admin"
	"plenary/screens/parts"
)

// The places of administrators.
const (
	routeUsers      = "users"
	routeManagement = "management"
	routePolicies   = "policies"
	routeAudit      = "audit"
)

const (
	navUsers      parts.ID = "nav.users"
	navManagement parts.ID = "nav.management"
	navPolicies   parts.ID = "nav.policies"
	navAudit      parts.ID = "nav.audit"
)

// administers tells whether the person who is logged in is an administrator.
func (s *Shell) administers() bool {
	return s.services.Staff != nil && slices.Contains(s.account.Roles, api.RoleAdministrator)
}

// staffPlaces are the places that only administrators see.
func (s *Shell) staffPlaces(to func(name string) func()) []parts.Place {
	if !s.administers() {
		return nil
	}
	t := s.env.T
	return []parts.Place{
		{ID: navUsers, Text: t("nav.users"), Icon: theme.AccountIcon(), Open: to(routeUsers)},
		{ID: navManagement, Text: t("nav.management"), Icon: theme.MailSendIcon(), Open: to(routeManagement)},
		{ID: navPolicies, Text: t("nav.policies"), Icon: theme.DocumentIcon(), Open: to(routePolicies)},
		{ID: navAudit, Text: t("nav.audit"), Icon: theme.HistoryIcon(), Open: to(routeAudit)},
	}
}

// staffPage makes the screen of an administrator's place; nil for other places
// and other people.
func (s *Shell) staffPage(to route) page {
	if !s.administers() {
		return nil
	}
	service := s.services.Staff
	switch to.name {
	case routeUsers:
		return admin.NewUsers(s.env, service, s.services.Directory, s.services.Self.Prove, s.account, admin.UsersEvents{Waiting: s.approvalsWait})
	case routeManagement:
		return admin.NewManagement(s.env, service, s.services.Directory, s.services.Self.Prove)
	case routePolicies:
		return admin.NewPolicies(s.env, service, s.services.Self.Prove)
	case routeAudit:
		return admin.NewAuditLog(s.env, service)
	}
	return nil
}

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
