// Package admin has the pages of administrators: users and approvals, Application
// Management (mail server, e-mails, organizations, settings of the service), policies and
// the audit log. Start reading at users.go and management.go.
package admin

import (
	"plenary/app"
	"plenary/screens/kit"
)

// StaffOffice is what administrators do for users and with the service.
type StaffOffice interface {
	UserOffice
	ManagementOffice
	PolicyOffice
	AuditOffice
}

// canceled tells whether the person has changed their mind, such as when asked
// for the password: then nothing happened, and there is nothing to say.
func canceled(env kit.Env, err error) bool { return err != nil && env.KindOf(err) == app.KindCanceled }
