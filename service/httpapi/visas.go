package httpapi

import "plenary/api"

// visaOfficers are those who answer visa support, and read passports.
var visaOfficers = []string{api.RoleVisa}

func (s *API) registerVisas() {
	secured(s, operation{
		Route: "GET /v1/visas", ID: "list-visas", Tag: "visas", Roles: visaOfficers,
		Summary: "Cases of visa support, what waits longest first, without passports",
	}, search(s.Visas.List))
	secured(s, operation{
		Route: "GET /v1/visas/{id}", ID: "read-visa", Tag: "visas",
		Summary: "One case by its registration's number, with the passport: for the role visa, and for whose it is; each time stands in the audit log",
		Codes:   []api.Code{api.CodeNotFound},
	}, askAbout(s.Visas.One))
}
