package httpapi

import "plenary/api"

func (s *API) registerUsers() {
	secured(s, operation{
		Route: "GET /v1/users", ID: "list-users", Tag: "users", Roles: administrators,
		Summary: "Accounts, and sign-ups whose address was not verified, by family name; with a query by the words that are found",
	}, search(s.Accounts.Users))
	secured(s, operation{
		Route: "GET /v1/users/{id}", ID: "get-user", Tag: "users", Roles: administrators,
		Summary: "One user: state, sessions, history, what waits for a second administrator",
	}, askAbout(s.Accounts.User))
	s.registerUserChanges()
	s.registerUserStops()
	s.registerApprovals()
}

// registerUserChanges registers what can need a second administrator.
func (s *API) registerUserChanges() {
	secured(s, operation{
		Route: "POST /v1/users/{id}/activate", ID: "activate-user", Tag: "users", Roles: administrators, Proof: true,
		Summary: "End a deactivation, or the lock after wrong passwords; send a sign-up its activation e-mail again",
		Codes:   []api.Code{api.CodeOwnRoles, api.CodeWrongState},
	}, askAboutWith(s.Accounts.ActivateUser))
	secured(s, operation{
		Route: "PUT /v1/users/{id}/reset-address", ID: "set-reset-address", Tag: "users", Roles: administrators, Proof: true,
		Summary: "Activate a user, and say where the e-mail of the next reset goes",
		Codes:   []api.Code{api.CodeOwnRoles, api.CodeWrongState},
	}, askAboutWith(s.Accounts.SetResetAddress))
	secured(s, operation{
		Route: "PUT /v1/users/{id}/roles", ID: "change-roles", Tag: "users", Roles: administrators, Proof: true,
		Summary: "Give a user these roles and no others",
		Codes:   []api.Code{api.CodeOwnRoles, api.CodeLastAdministrator, api.CodeWrongState},
	}, askAboutWith(s.Accounts.ChangeRoles))
	secured(s, operation{
		Route: "POST /v1/users/{id}/remove-second-factor", ID: "remove-user-second-factor", Tag: "users", Roles: administrators, Proof: true,
		Summary: "Turn off the two-step log-in of a user who has lost it",
		Codes:   []api.Code{api.CodeOwnRoles, api.CodeWrongState},
	}, askAboutWith(s.Accounts.RemoveUserSecondFactor))
}

// registerUserStops registers what keeps people out, and needs no second one.
func (s *API) registerUserStops() {
	secured(s, operation{
		Route: "POST /v1/users/{id}/deactivate", ID: "deactivate-user", Tag: "users", Roles: administrators, Proof: true,
		Summary: "Keep everybody out of an account; its sessions end",
		Codes:   []api.Code{api.CodeOwnRoles, api.CodeLastAdministrator, api.CodeWrongState},
	}, doAboutWith(s.Accounts.DeactivateUser))
	secured(s, operation{
		Route: "POST /v1/users/{id}/end-sessions", ID: "end-user-sessions", Tag: "users", Roles: administrators, Proof: true,
		Summary: "Log a user out everywhere",
		Codes:   []api.Code{api.CodeOwnRoles, api.CodeWrongState},
	}, doAboutWith(s.Accounts.EndUserSessions))
	secured(s, operation{
		Route: "DELETE /v1/users/{id}/reset-address", ID: "remove-reset-address", Tag: "users", Roles: administrators, Proof: true,
		Summary: "Take a reset address back",
		Codes:   []api.Code{api.CodeOwnRoles, api.CodeWrongState},
	}, doAbout(s.Accounts.RemoveResetAddress))
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
