package httpapi

import "plenary/api"

// maxImportBody is that of 2,000 people with their answers.
const maxImportBody = 8 << 20

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
	secured(s, operation{
		Route: "POST /v1/managed/meetings/{id}/imports", ID: "import-registrations", Tag: "managed", Roles: managers, MaxBody: maxImportBody, Time: 3 * workTime,
		Summary: "Register several people, all of them or nobody; or say what would become of them",
		Codes:   []api.Code{api.CodeKeyReused, api.CodeTooMany},
	}, askAboutWith(s.Registrations.ImportRegistrations))
	secured(s, operation{
		Route: "GET /v1/managed/meetings/{id}/invitations", ID: "list-invitations", Tag: "managed", Roles: managers,
		Summary: "Who is invited to a meeting, and what has become of it",
	}, listOf(s.Registrations.Invitations))
	secured(s, operation{
		Route: "POST /v1/managed/meetings/{id}/invitations", ID: "invite", Tag: "managed", Roles: managers, MaxBody: maxMeetingBody, Time: 3 * workTime,
		Summary: "Invite people to a meeting by e-mails with personal links, all of them or nobody",
		Codes:   []api.Code{api.CodeWrongState, api.CodeMeetingCancelled, api.CodeTooLate, api.CodeKeyReused, api.CodeTooMany},
	}, doAboutWith(s.Registrations.Invite))
	secured(s, operation{
		Route: "POST /v1/invitations/{id}/send", ID: "send-invitation", Tag: "managed", Roles: managers,
		Summary: "Send an invitation again, with a new link in place of the one before",
		Codes:   []api.Code{api.CodeWrongState, api.CodeMeetingCancelled, api.CodeTooLate},
	}, doAboutWith(s.Registrations.SendInvitation))
	secured(s, operation{
		Route: "DELETE /v1/invitations/{id}", ID: "withdraw-invitation", Tag: "managed", Roles: managers,
		Summary: "Take an invitation back",
		Codes:   []api.Code{api.CodeWrongState, api.CodeMeetingCancelled, api.CodeTooLate},
	}, doAbout(s.Registrations.WithdrawInvitation))
	secured(s, operation{
		Route: "POST /v1/invitation", ID: "read-invitation", Tag: "meetings",
		Summary: "What the link of an invitation is worth to whoever asks",
		Codes:   []api.Code{api.CodeNotFound},
	}, askWith(s.Registrations.ReadInvitation))
}
