package httpapi

// registerManagedRegistrations is for those who manage a meeting.
func (s *API) registerManagedRegistrations() {
	secured(s, operation{
		Route: "GET /v1/managed/meetings/{id}/registrations", ID: "list-managed-registrations", Tag: "managed", Roles: managers,
		Summary: "A meeting's registrations for its managers, without what was answered; with a query by the words that are found",
	}, search(s.Registrations.Managed))
	secured(s, operation{
		Route: "POST /v1/managed/meetings/{id}/exports", ID: "export-registrations", Tag: "managed", Roles: managers,
		Summary: "Note that registrations for a meeting are going to be exported",
	}, doAboutWith(s.Registrations.Export))
}
