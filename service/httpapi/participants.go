package httpapi

import "plenary/api"

// registerParticipants is for whom a meeting shows its participants.
func (s *API) registerParticipants() {
	secured(s, operation{
		Route: "GET /v1/meetings/{id}/participants", ID: "list-participants", Tag: "meetings",
		Summary: "The participants of a meeting who have agreed to stand in its list",
		Codes:   []api.Code{api.CodeForbidden, api.CodeNotFound},
	}, search(s.Registrations.Participants))
}
