package httpapi

import "plenary/api"

func (s *API) registerPolicies() {
	secured(s, operation{Route: "GET /v1/policies", ID: "get-policies", Tag: "management", Roles: administrators, Summary: "The policies of the service"},
		ask(s.Policies.Stored))
	secured(s, operation{
		Route: "PUT /v1/policies", ID: "save-policies", Tag: "management", Roles: administrators, Proof: true,
		Summary: "Change the policies; they count at once, on other nodes within two seconds",
		Codes:   []api.Code{api.CodeOutdated},
	}, askWith(s.Policies.Change))
}
