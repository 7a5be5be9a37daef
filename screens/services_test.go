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
	_ Session                 = (*app.Session)(nil)
	_ account.Account         = (*app.Account)(nil)
	_ person.Directory        = (*app.Directory)(nil)
	_ meetings.MeetingCatalog = (*app.Meetings)(nil)
	_ meetings.Registrations  = (*app.Registrations)(nil)
	_ Sync                    = (*app.Sync)(nil)
	_ settings.Account        = (*app.Service)(nil)
	_ admin.Admin             = (*app.Service)(nil)
)
