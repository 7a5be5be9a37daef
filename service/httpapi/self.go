package httpapi

import (
	"context"
	"net/http"

	"plenary/api"
	"plenary/service/accounts"
)

// registerSelf registers what one does with one's own account, in Settings.
func (s *API) registerSelf() {
	s.registerProfile()
	s.registerEmail()
	s.registerSessions()
	s.registerData()
}

func (s *API) registerProfile() {
	secured(s, operation{
		Method: http.MethodPut, Path: "/v1/account/profile", ID: "change-profile", Tag: "account",
		Summary: "Change who one is, and where one comes from",
	}, func(ctx context.Context, p accounts.Principal, q *in[api.ChangeProfile]) (*out[api.Account], error) {
		return answer(s.Accounts.ChangeProfile(ctx, p, q.Body))
	})
	secured(s, operation{
		Method: http.MethodPut, Path: "/v1/account/username", ID: "change-username", Tag: "account", Proof: true,
		Summary: "Take another username; a taken one gets a number",
	}, func(ctx context.Context, p accounts.Principal, q *in[api.ChangeUsername]) (*out[api.Account], error) {
		return answer(s.Accounts.ChangeUsername(ctx, p, q.Body))
	})
}

func (s *API) registerEmail() {
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/account/email", ID: "change-email", Tag: "account", Status: statusAccepted, Proof: true,
		Summary: "Send a code to the new address; the same for a taken and for a free one",
	}, func(ctx context.Context, p accounts.Principal, q *in[api.ChangeEmail]) (*none, error) {
		return nil, s.Accounts.ChangeEmail(ctx, p, q.Body)
	})
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/account/email/confirm", ID: "confirm-email", Tag: "account",
		Summary: "Make the new address one's own with the code from it; all other sessions end",
		Codes:   []api.Code{api.CodeCodeWrong, api.CodeCodeExpired},
	}, func(ctx context.Context, p accounts.Principal, q *in[api.ConfirmEmail]) (*out[api.Account], error) {
		return answer(s.Accounts.ConfirmEmail(ctx, p, q.Body))
	})
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/account/email/adopt", ID: "adopt-email", Tag: "account", Status: statusNoContent, Proof: true,
		Summary: "Make the used reset address one's own; all other sessions end",
		Codes:   []api.Code{api.CodeWrongState},
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*none, error) {
		return nil, s.Accounts.AdoptEmail(ctx, p)
	})
}

// page asks for a page of a list.
type page struct {
	After string `query:"after" maxLength:"400" doc:"next of the page before"`
}

func (s *API) registerSessions() {
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/sessions", ID: "list-sessions", Tag: "account",
		Summary: "The account's sessions, the one used last first",
	}, func(ctx context.Context, p accounts.Principal, q *page) (*out[api.Sessions], error) {
		return answer(s.Accounts.Sessions(ctx, p, q.After))
	})
	secured(s, operation{
		Method: http.MethodDelete, Path: "/v1/sessions/{id}", ID: "end-session", Tag: "account", Uncounted: true, Status: statusNoContent,
		Summary: "End one of the account's sessions",
	}, func(ctx context.Context, p accounts.Principal, q *byID) (*none, error) {
		return nil, s.Accounts.EndSession(ctx, p, q.ID)
	})
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/devices/forget", ID: "forget-device", Tag: "account", Uncounted: true, Status: statusNoContent,
		Summary: "Void the token of a known device",
	}, func(ctx context.Context, p accounts.Principal, q *in[api.ForgetDevice]) (*none, error) {
		return nil, s.Accounts.ForgetDevice(ctx, p, q.Body)
	})
}

func (s *API) registerData() {
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/account/export", ID: "export", Tag: "account", Proof: true,
		Summary: "All that the service holds about the person",
		Codes:   []api.Code{api.CodeTooMany},
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*out[api.Export], error) {
		return answer(s.Accounts.Export(ctx, p))
	})
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/account/deletion", ID: "ask-deletion", Tag: "account", Status: http.StatusOK, Proof: true,
		Summary: "Have the account erased after the time that the policy gives",
		Codes:   []api.Code{api.CodeLastAdministrator},
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*out[api.Deletion], error) {
		return answer(s.Accounts.AskDeletion(ctx, p))
	})
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/account/deletion", ID: "get-deletion", Tag: "account",
		Summary: "When the account will be erased, if its owner has asked for it",
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*out[api.Deletion], error) {
		return answer(s.Accounts.Deletion(ctx, p))
	})
	secured(s, operation{
		Method: http.MethodDelete, Path: "/v1/account/deletion", ID: "take-back-deletion", Tag: "account", Status: statusNoContent,
		Summary: "Keep the account",
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*none, error) {
		return nil, s.Accounts.TakeBackDeletion(ctx, p)
	})
}
