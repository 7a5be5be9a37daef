package screens

import (
	"plenary/app"
	"plenary/screens/account"
	"plenary/screens/admin"
	"plenary/screens/meetings"
	"plenary/screens/person"
	"plenary/screens/settings"
)

// The types of package app do what the screens ask for.
var (
	_ SessionControl            = (*app.Session)(nil)
	_ account.AccountControl    = (*app.Account)(nil)
	_ person.Directory          = (*app.Directory)(nil)
	_ meetings.MeetingCatalog   = (*app.Meetings)(nil)
	_ meetings.OwnRegistrations = (*app.Registrations)(nil)
	_ SyncControl               = (*app.Sync)(nil)
	_ settings.SelfAccount      = (*app.Service)(nil)
	_ admin.StaffOffice         = (*app.Service)(nil)
)
