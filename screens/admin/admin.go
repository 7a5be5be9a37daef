// Package admin has the pages of administrators: users and approvals, Application
// Management (mail server, e-mails, organizations, settings of the service), policies and
// the audit log. Start reading at users.go and management.go.
package admin

// StaffOffice is what administrators do for users and with the service.
type StaffOffice interface {
	UserOffice
	ManagementOffice
	PolicyOffice
	AuditOffice
}
