package screens

import "plenary/app"

// The types of package app do what the screens ask for.
var (
	_ SessionControl   = (*app.Session)(nil)
	_ AccountControl   = (*app.Account)(nil)
	_ Directory        = (*app.Directory)(nil)
	_ MeetingCatalog   = (*app.Meetings)(nil)
	_ OwnRegistrations = (*app.Registrations)(nil)
	_ SyncControl      = (*app.Sync)(nil)
	_ SelfAccount      = (*app.Self)(nil)
	_ StaffOffice      = (*app.Staff)(nil)
)
