// Package admin has the pages of administrators: users and approvals, Application
// Management (mail server, e-mails, organizations, settings of the service), policies and
// the audit log. Start reading at users.go and management.go.
package admin

import (
	"context"

	"plenary/api"
)

// Admin is what administrators do for users and with the service. What needs a fresh
// proof fails with api.CodeProofNeeded without one (see kit.Prover).
type Admin interface {
	UserAdmin
	ServiceAdmin
	PolicyAdmin
	AuditAdmin
}

// UserAdmin is what administrators do for users.
type UserAdmin interface {
	Users(ctx context.Context, f api.UserFilter) (api.Users, error)
	User(ctx context.Context, id string) (api.User, error)
	// ExportUsers notes in the log that users are going to be kept.
	ExportUsers(ctx context.Context, in api.ExportUsers) error
	InviteUser(ctx context.Context, in api.InviteUser) (api.Invited, error)
	UserRegistrations(ctx context.Context, id, after string) (api.UserRegistrations, error)
	ChangeUser(ctx context.Context, id string, in api.ChangeUser) (api.Outcome, error)
	Approvals(ctx context.Context) ([]api.Approval, error)
	Decide(ctx context.Context, id string, approve bool, reason string) error
}

// ServiceAdmin is what administrators do with the service's e-mails, with organizations
// that people have entered by hand, and with what the service says of itself.
type ServiceAdmin interface {
	MailSettings(ctx context.Context) (api.MailSettings, error)
	// SaveMailSettings gives the test of the settings also where they do not work
	// (api.CodeMailFailed) and those of before stay. seen is told how far the test is.
	SaveMailSettings(ctx context.Context, m api.MailSettings, seen func(api.MailTest)) (api.MailTest, error)
	TestMail(ctx context.Context, m api.MailSettings, seen func(api.MailTest)) (api.MailTest, error)
	AutomaticMails(ctx context.Context) ([]api.AutomaticMail, error)
	SwitchMail(ctx context.Context, template string, on bool) error
	Outgoing(ctx context.Context, f api.MailFilter) (api.OutgoingMails, error)
	// ExportMails notes in the log that outgoing e-mails are going to be kept.
	ExportMails(ctx context.Context, in api.ExportMails) error
	SendAgain(ctx context.Context, id string) error

	EnteredOrganizations(ctx context.Context, after string) (api.EnteredOrganizations, error)
	// ExportOrganizations notes in the log that they are going to be kept.
	ExportOrganizations(ctx context.Context) error
	AcceptOrganization(ctx context.Context, id string, in api.AcceptOrganization) error
	MergeOrganization(ctx context.Context, id, organizationID string) error

	Settings(ctx context.Context) (api.ServiceSettings, error)
	// SaveSettings gives them as they stand then.
	SaveSettings(ctx context.Context, s api.ServiceSettings) (api.ServiceSettings, error)
}

// PolicyAdmin is what administrators do with the service's policies.
type PolicyAdmin interface {
	Policies(ctx context.Context) (api.Policies, error)
	// SavePolicies gives them as they stand then.
	SavePolicies(ctx context.Context, p api.Policies) (api.Policies, error)
}

// AuditAdmin is what administrators do with the audit log.
type AuditAdmin interface {
	Audit(ctx context.Context, f api.AuditFilter) (api.AuditPage, error)
	// ExportAudit notes in the log that a part of it is going to be kept.
	ExportAudit(ctx context.Context, in api.ExportAudit) error
}
