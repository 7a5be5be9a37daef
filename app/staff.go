package app

import (
	"context"

	"plenary/api"
	"plenary/client"
)

// Staff is what administrators do for users and with the service. Errors to test
// for: ErrNoSession, api.CodeForbidden, CodeProofNeeded (see Self.Prove), and
// those at the methods.
type Staff struct{ session *Session }

func (s *Staff) client() *client.Client { return s.session.core.client }

func (s *Staff) do(ctx context.Context, what string, f func(access string) error) error {
	return s.session.withAccess(ctx, what, f)
}

// Users returns a page of users.
func (s *Staff) Users(ctx context.Context, f api.UserFilter) (api.Users, error) {
	return ask(ctx, s.session, "list the users", func(access string) (api.Users, error) {
		return s.client().Users(ctx, access, f)
	})
}

// User returns one user, with history.
func (s *Staff) User(ctx context.Context, id string) (api.User, error) {
	return ask(ctx, s.session, "look at a user", func(access string) (api.User, error) {
		return s.client().User(ctx, access, id)
	})
}

// ChangeUser changes a user, or asks a second administrator to approve that. Errors to
// test for: api.CodeOwnRoles, CodeWrongState, CodeLastAdministrator, CodeInvalid with
// its fields.
func (s *Staff) ChangeUser(ctx context.Context, id string, in api.ChangeUser) (api.Outcome, error) {
	return ask(ctx, s.session, "change a user", func(access string) (api.Outcome, error) {
		return s.client().ChangeUser(ctx, access, id, in)
	})
}

// Approvals lists what waits for a second administrator, the oldest first.
func (s *Staff) Approvals(ctx context.Context) ([]api.Approval, error) {
	return everyPage(func(after string) ([]api.Approval, string, error) {
		page, err := ask(ctx, s.session, "list the approvals", func(access string) (api.Approvals, error) {
			return s.client().Approvals(ctx, access, after)
		})
		return page.Approvals, page.Next, err
	})
}

// Decide approves or refuses one of them. Errors to test for:
// api.CodeSecondPerson, CodeWrongState.
func (s *Staff) Decide(ctx context.Context, id string, approve bool, reason string) error {
	return s.do(ctx, "decide on an approval", func(access string) error {
		return s.client().DecideApproval(ctx, access, id, api.DecideApproval{Approve: approve, Reason: reason})
	})
}

// EnteredOrganizations returns a page of those that people entered by hand.
func (s *Staff) EnteredOrganizations(ctx context.Context, after string) (api.EnteredOrganizations, error) {
	return ask(ctx, s.session, "list the entered organizations", func(access string) (api.EnteredOrganizations, error) {
		return s.client().EnteredOrganizations(ctx, access, after)
	})
}

// AcceptOrganization takes one into the directory.
func (s *Staff) AcceptOrganization(ctx context.Context, id string, in api.AcceptOrganization) error {
	return s.do(ctx, "accept an organization", func(access string) error { return s.client().AcceptOrganization(ctx, access, id, in) })
}

// MergeOrganization makes one the same as one of the directory.
func (s *Staff) MergeOrganization(ctx context.Context, id, organizationID string) error {
	return s.do(ctx, "merge an organization", func(access string) error {
		return s.client().MergeOrganization(ctx, access, id, api.MergeOrganization{OrganizationID: organizationID})
	})
}

// Policies returns those of the service.
func (s *Staff) Policies(ctx context.Context) (api.Policies, error) {
	return ask(ctx, s.session, "read the policies", func(access string) (api.Policies, error) {
		return s.client().Policies(ctx, access)
	})
}

// SavePolicies replaces those that were read, and returns them as they stand then.
// Errors to test for: api.CodeInvalid with its fields, api.CodeOutdated where
// somebody else has replaced them meanwhile.
func (s *Staff) SavePolicies(ctx context.Context, p api.Policies) (api.Policies, error) {
	return ask(ctx, s.session, "save the policies", func(access string) (api.Policies, error) {
		return s.client().SavePolicies(ctx, access, p)
	})
}

// Settings returns what the service says of itself.
func (s *Staff) Settings(ctx context.Context) (api.ServiceSettings, error) {
	return ask(ctx, s.session, "read the settings", func(access string) (api.ServiceSettings, error) {
		return s.client().Settings(ctx, access)
	})
}

// SaveSettings replaces what was read, and returns it as it stands then. Errors to
// test for: api.CodeInvalid with its fields, api.CodeOutdated where somebody else has
// replaced it meanwhile.
func (s *Staff) SaveSettings(ctx context.Context, in api.ServiceSettings) (api.ServiceSettings, error) {
	return ask(ctx, s.session, "save the settings", func(access string) (api.ServiceSettings, error) {
		return s.client().SaveSettings(ctx, access, in)
	})
}

// ExportAudit notes in the audit log that a part of it is going to be read and kept.
func (s *Staff) ExportAudit(ctx context.Context, in api.ExportAudit) error {
	return s.do(ctx, "export the audit log", func(access string) error { return s.client().ExportAudit(ctx, access, in) })
}

// Audit returns a page of the audit log.
func (s *Staff) Audit(ctx context.Context, f api.AuditFilter) (api.AuditPage, error) {
	return ask(ctx, s.session, "read the audit log", func(access string) (api.AuditPage, error) {
		return s.client().Audit(ctx, access, f)
	})
}
