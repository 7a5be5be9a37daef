package httpapi

import "plenary/api"

func (s *API) registerSettings() {
	secured(s, operation{
		Route: "GET /v1/settings", ID: "get-settings", Tag: "management", Roles: administrators,
		Summary: "What the service says of itself: the organization's name, the service desk, addresses of pages",
	}, ask(s.Settings))
	secured(s, operation{
		Route: "PUT /v1/settings", ID: "save-settings", Tag: "management", Roles: administrators, Proof: true,
		Summary: "Change it; it counts at once, on other nodes within seconds",
		Codes:   []api.Code{api.CodeOutdated},
	}, askWith(s.ChangeSettings))
}
