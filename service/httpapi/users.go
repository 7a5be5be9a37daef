package httpapi

import (
	"plenary/api"
	"plenary/service/account/staff"
)

func (s *API) registerUsers() {
	secured(s, operation{
		Route: "GET /v1/users", ID: "list-users", Tag: "users", Roles: administrators,
		Summary: "Accounts, and sign-ups whose address was not verified, by family name; with a query by the words that are found",
	}, search(s.Accounts.Users))
	secured(s, operation{
		Route: "POST /v1/users", ID: "invite-user", Tag: "users", Roles: administrators, Proof: true,
		Summary: "Invite somebody to an account, by an e-mail with a link that is valid for 72 hours",
	}, askWith(s.Accounts.InviteUser))
	secured(s, operation{
		Route: "POST /v1/exports/users", ID: "export-users", Tag: "users", Roles: administrators,
		Summary: "Note that users are going to be exported",
	}, doWith(s.Accounts.ExportUsers))
	secured(s, operation{
		Route: "GET /v1/users/{id}", ID: "get-user", Tag: "users", Roles: administrators,
		Summary: "One user: state, sessions, history, what waits for a second administrator",
	}, askAbout(s.Accounts.User))
	secured(s, operation{
		Route: "POST /v1/users/{id}/changes", ID: "change-user", Tag: "users", Roles: administrators, Proof: true,
		Summary: "Change a user, or ask a second administrator to approve that",
		Kinds:   staff.UserKinds(),
		Codes:   []api.Code{api.CodeOwnRoles, api.CodeWrongState},
	}, askAboutWith(s.Accounts.ChangeUser))
	secured(s, operation{
		Route: "GET /v1/users/{id}/registrations", ID: "list-user-registrations", Tag: "users", Roles: administrators,
		Summary: "A user's registrations, newest first, without what was answered",
	}, listOf(s.Registrations.OfUser))
	s.registerApprovals()
}

func (s *API) registerApprovals() {
	secured(s, operation{
		Route: "GET /v1/approvals", ID: "list-approvals", Tag: "users", Roles: administrators,
		Summary: "Changes that wait for a second administrator, the oldest first",
	}, list(s.Accounts.Approvals))
	secured(s, operation{
		Route: "POST /v1/approvals/{id}", ID: "decide-approval", Tag: "users", Roles: administrators, Proof: true,
		Summary: "Approve or refuse a change that another administrator has asked for",
		Codes:   []api.Code{api.CodeSecondPerson, api.CodeOwnRoles, api.CodeLastAdministrator, api.CodeWrongState},
	}, doAboutWith(s.Accounts.DecideApproval))
}
