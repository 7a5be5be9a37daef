package httpapi

import "plenary/api"

// secretariat are those who appoint for organizations.
var secretariat = []string{api.RoleMeetingManager}

func (s *API) registerDelegations() {
	secured(s, operation{
		Route: "GET /v1/delegation", ID: "list-delegation", Tag: "delegations",
		Summary: "For who is appointed for an organization: its registrations, newest first; the ETag is that of the whole list",
		Codes:   []api.Code{api.CodeNotFound},
	}, listIfChanged(s.Registrations.DelegationETag, s.Registrations.Delegation))
	secured(s, operation{
		Route: "GET /v1/focal-points", ID: "list-focal-points", Tag: "delegations", Roles: secretariat,
		Summary: "Who is appointed for organizations, or with a query the accounts that can be, by family name",
	}, search(s.Delegations.Appointees))
	secured(s, operation{
		Route: "PUT /v1/focal-points/{id}", ID: "appoint", Tag: "delegations", Roles: secretariat, Proof: true,
		Summary: "Appoint an account for its organization, in place of whoever was",
		Codes:   []api.Code{api.CodeOwnRoles, api.CodeOutdated, api.CodeWrongState},
	}, doAboutWith(s.Delegations.Appoint))
	secured(s, operation{
		Route: "DELETE /v1/focal-points/{id}", ID: "end-appointment", Tag: "delegations", Roles: secretariat, Proof: true,
		Summary: "End what an account is appointed to",
	}, doAbout(s.Delegations.End))
	secured(s, operation{
		Route: "POST /v1/confirmed-organizations", ID: "confirm-organization", Tag: "delegations",
		Summary: "Say that an account is of the organization that its owner has chosen; for the secretariat, and who is appointed for that organization",
		Codes:   []api.Code{api.CodeNotFound, api.CodeOutdated},
	}, doWith(s.Delegations.ConfirmOrganization))
}
