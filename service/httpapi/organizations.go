package httpapi

// registerOrganizations is for those that people entered because the directory
// does not have them.
func (s *API) registerOrganizations() {
	secured(s, operation{
		Route: "GET /v1/organizations/entered", ID: "list-entered-organizations", Tag: "management", Roles: administrators,
		Summary: "Organizations that people entered, the oldest first, with the likeliest ones of the directory",
	}, list(s.Organizations.Entered))
	secured(s, operation{
		Route: "POST /v1/exports/organizations", ID: "export-organizations", Tag: "management", Roles: administrators,
		Summary: "Note that entered organizations are going to be exported",
	}, do(s.Organizations.ExportEntered))
	secured(s, operation{
		Route: "POST /v1/organizations/entered/{id}/accept", ID: "accept-organization", Tag: "management", Roles: administrators, Proof: true,
		Summary: "Add an entered organization to the directory",
	}, doAboutWith(s.Organizations.Accept))
	secured(s, operation{
		Route: "POST /v1/organizations/entered/{id}/merge", ID: "merge-organization", Tag: "management", Roles: administrators, Proof: true,
		Summary: "Make those who entered an organization members of one of the directory",
	}, doAboutWith(s.Organizations.Merge))
}
