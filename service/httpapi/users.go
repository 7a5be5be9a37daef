package httpapi

import (
	"context"
	"net/http"

	"plenary/api"
	"plenary/service/accounts"
)

func (s *API) registerUsers() {
	type listUsers struct {
		Query  string `query:"query" maxLength:"200" doc:"words: each begins a word of username, name, e-mail or organization"`
		Inside bool   `query:"inside" doc:"look inside words too: all users are looked through, which takes longer"`
		State  string `query:"state" enum:"active,locked,deactivated,no-password,deleting,not-verified"`
		Role   string `query:"role" maxLength:"40"`
		After  string `query:"after" maxLength:"400" doc:"next of the page before"`
	}
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/users", ID: "list-users", Tag: "users", Roles: administrators,
		Summary: "Accounts, and sign-ups whose address was not verified, by family name; with a query by the words that are found",
	}, func(ctx context.Context, _ accounts.Principal, q *listUsers) (*out[api.Users], error) {
		return answer(s.Accounts.Users(ctx, accounts.UserFilter{Query: q.Query, Inside: q.Inside, State: q.State, Role: q.Role, After: q.After}))
	})
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/users/{id}", ID: "get-user", Tag: "users", Roles: administrators,
		Summary: "One user: state, sessions, history, what waits for a second administrator",
	}, func(ctx context.Context, p accounts.Principal, q *byID) (*out[api.User], error) {
		return answer(s.Accounts.User(ctx, p, q.ID))
	})
	s.registerUserChanges()
	s.registerUserStops()
	s.registerApprovals()
}

// registerUserChanges registers what can need a second administrator.
func (s *API) registerUserChanges() {
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/users/{id}/activate", ID: "activate-user", Tag: "users", Roles: administrators, Proof: true,
		Summary: "End a deactivation, or the lock after wrong passwords; send a sign-up its activation e-mail again",
		Codes:   []api.Code{api.CodeOwnRoles, api.CodeWrongState},
	}, func(ctx context.Context, p accounts.Principal, q *changeOf[api.Reason]) (*out[api.Outcome], error) {
		return answer(s.Accounts.ActivateUser(ctx, p, q.ID, q.Body))
	})
	secured(s, operation{
		Method: http.MethodPut, Path: "/v1/users/{id}/reset-address", ID: "set-reset-address", Tag: "users", Roles: administrators, Proof: true,
		Summary: "Activate a user, and say where the e-mail of the next reset goes",
		Codes:   []api.Code{api.CodeOwnRoles, api.CodeWrongState},
	}, func(ctx context.Context, p accounts.Principal, q *changeOf[api.SetResetAddress]) (*out[api.Outcome], error) {
		return answer(s.Accounts.SetResetAddress(ctx, p, q.ID, q.Body))
	})
	secured(s, operation{
		Method: http.MethodPut, Path: "/v1/users/{id}/roles", ID: "change-roles", Tag: "users", Roles: administrators, Proof: true,
		Summary: "Give a user these roles and no others",
		Codes:   []api.Code{api.CodeOwnRoles, api.CodeLastAdministrator, api.CodeWrongState},
	}, func(ctx context.Context, p accounts.Principal, q *changeOf[api.ChangeRoles]) (*out[api.Outcome], error) {
		return answer(s.Accounts.ChangeRoles(ctx, p, q.ID, q.Body))
	})
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/users/{id}/remove-second-factor", ID: "remove-user-second-factor", Tag: "users", Roles: administrators, Proof: true,
		Summary: "Turn off the two-step log-in of a user who has lost it",
		Codes:   []api.Code{api.CodeOwnRoles, api.CodeWrongState},
	}, func(ctx context.Context, p accounts.Principal, q *changeOf[api.Reason]) (*out[api.Outcome], error) {
		return answer(s.Accounts.RemoveUserSecondFactor(ctx, p, q.ID, q.Body))
	})
}

// registerUserStops registers what keeps people out, and needs no second one.
func (s *API) registerUserStops() {
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/users/{id}/deactivate", ID: "deactivate-user", Tag: "users", Status: statusNoContent,
		Roles: administrators, Proof: true, Summary: "Keep everybody out of an account; its sessions end",
		Codes: []api.Code{api.CodeOwnRoles, api.CodeLastAdministrator, api.CodeWrongState},
	}, func(ctx context.Context, p accounts.Principal, q *changeOf[api.Reason]) (*none, error) {
		return nil, s.Accounts.DeactivateUser(ctx, p, q.ID, q.Body)
	})
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/users/{id}/end-sessions", ID: "end-user-sessions", Tag: "users", Status: statusNoContent,
		Roles: administrators, Proof: true, Summary: "Log a user out everywhere",
		Codes: []api.Code{api.CodeOwnRoles, api.CodeWrongState},
	}, func(ctx context.Context, p accounts.Principal, q *changeOf[api.Reason]) (*none, error) {
		return nil, s.Accounts.EndUserSessions(ctx, p, q.ID, q.Body)
	})
	secured(s, operation{
		Method: http.MethodDelete, Path: "/v1/users/{id}/reset-address", ID: "remove-reset-address", Tag: "users", Status: statusNoContent,
		Roles: administrators, Proof: true, Summary: "Take a reset address back",
		Codes: []api.Code{api.CodeOwnRoles, api.CodeWrongState},
	}, func(ctx context.Context, p accounts.Principal, q *byID) (*none, error) {
		return nil, s.Accounts.RemoveResetAddress(ctx, p, q.ID)
	})
}

func (s *API) registerApprovals() {
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/approvals", ID: "list-approvals", Tag: "users", Roles: administrators,
		Summary: "Changes that wait for a second administrator, the oldest first",
	}, func(ctx context.Context, p accounts.Principal, q *page) (*out[api.Approvals], error) {
		return answer(s.Accounts.Approvals(ctx, p, q.After))
	})
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/approvals/{id}", ID: "decide-approval", Tag: "users", Status: statusNoContent,
		Roles: administrators, Proof: true, Summary: "Approve or refuse a change that another administrator has asked for",
		Codes: []api.Code{api.CodeSecondPerson, api.CodeOwnRoles, api.CodeLastAdministrator, api.CodeWrongState},
	}, func(ctx context.Context, p accounts.Principal, q *changeOf[api.DecideApproval]) (*none, error) {
		return nil, s.Accounts.DecideApproval(ctx, p, q.ID, q.Body)
	})
}
