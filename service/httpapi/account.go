package httpapi

import (
	"context"
	"net/http"

	"plenary/api"
	"plenary/service/accounts"
)

func source(ctx context.Context) accounts.Source {
	return accounts.Source{Address: Address(ctx)}
}

func (s *API) registerAccount() {
	s.registerSignUp()
	s.registerSession()
	s.registerRecovery()
	s.registerAnswer()
	s.registerProof()
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/account", ID: "get-account", Tag: "account",
		Summary: "The account of the session",
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*out[api.Account], error) {
		return answer(s.Accounts.Account(ctx, p.AccountID))
	})
}

func (s *API) registerSignUp() {
	open(s, operation{
		Method: http.MethodPost, Path: "/v1/account/sign-up", ID: "sign-up", Tag: "account", Status: statusAccepted,
		Summary: "Ask for an account; the same for a taken and for a free address",
		Codes:   []api.Code{api.CodeKeyReused, api.CodePasswordRefused, api.CodeTooMany},
	}, func(ctx context.Context, q *in[api.SignUp]) (*none, error) {
		return nil, s.Accounts.SignUp(ctx, q.Body, source(ctx))
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/v1/account/sign-up/state", ID: "sign-up-state", Tag: "account",
		Summary: "How far a sign-up is",
	}, func(ctx context.Context, q *in[api.Flow]) (*out[api.SignUpState], error) {
		return answer(s.Accounts.SignUpState(ctx, q.Body))
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/v1/account/sign-up/resend", ID: "resend-sign-up", Tag: "account", Status: statusAccepted,
		Summary: "Send the e-mail of a sign-up again",
		Codes:   []api.Code{api.CodeTooMany},
	}, func(ctx context.Context, q *in[api.Flow]) (*none, error) {
		return nil, s.Accounts.ResendSignUp(ctx, q.Body, source(ctx))
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/v1/account/activate", ID: "activate", Tag: "account", Status: statusNoContent,
		Summary: "Verify the address with the code from the e-mail; the same again is a success while the code lives",
		Codes:   []api.Code{api.CodeCredentials, api.CodeCodeWrong, api.CodeCodeExpired},
	}, func(ctx context.Context, q *in[api.Activate]) (*none, error) {
		return nil, s.Accounts.Activate(ctx, q.Body)
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/v1/account/activate/resend", ID: "resend-activation", Tag: "account", Status: statusAccepted,
		Summary: "Send the activation e-mail again, to someone with the right password",
		Codes:   []api.Code{api.CodeTooMany},
	}, func(ctx context.Context, q *in[api.ResendActivation]) (*none, error) {
		return nil, s.Accounts.ResendActivation(ctx, q.Body, source(ctx))
	})
}

func (s *API) registerSession() {
	open(s, operation{
		Method: http.MethodPost, Path: "/v1/session", ID: "log-in", Tag: "account",
		Summary: "Log in",
		Codes:   []api.Code{api.CodeCredentials, api.CodeNotActive, api.CodeDeactivated, api.CodeDeactivatedByStaff, api.CodeSecondFactorNeeded, api.CodeSecondFactorWrong, api.CodeTooMany},
	}, func(ctx context.Context, q *in[api.LogIn]) (*out[api.Session], error) {
		return answer(s.Accounts.LogIn(ctx, q.Body, source(ctx)))
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/v1/session/refresh", ID: "refresh", Tag: "account",
		Summary: "The session's next tokens",
		Codes:   []api.Code{api.CodeSessionEnded, api.CodeRefreshRace},
	}, func(ctx context.Context, q *in[api.Refresh]) (*out[api.Session], error) {
		return answer(s.Accounts.Refresh(ctx, q.Body.Refresh))
	})
	secured(s, operation{
		Method: http.MethodDelete, Path: "/v1/session", ID: "log-out", Tag: "account", Uncounted: true, Status: statusNoContent,
		Summary: "Log out: end this session",
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*none, error) {
		return nil, s.Accounts.LogOut(ctx, p)
	})
	secured(s, operation{
		Method: http.MethodDelete, Path: "/v1/sessions", ID: "log-out-everywhere", Tag: "account", Uncounted: true, Status: statusNoContent,
		Summary: "Log out everywhere: end all sessions of the account",
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*none, error) {
		return nil, s.Accounts.LogOutEverywhere(ctx, p)
	})
}

func (s *API) registerRecovery() {
	open(s, operation{
		Method: http.MethodPost, Path: "/v1/account/recovery", ID: "recover", Tag: "account",
		Summary: "Begin \"Forgot password?\"; the same form for names that do not exist",
		Codes:   []api.Code{api.CodeKeyReused, api.CodeTooMany},
	}, func(ctx context.Context, q *in[api.Recover]) (*out[api.Recovery], error) {
		return answer(s.Accounts.Recover(ctx, q.Body, source(ctx)))
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/v1/account/recovery/send", ID: "send-recovery", Tag: "account", Status: statusAccepted,
		Summary: "Send the e-mail with the link and the code",
		Codes:   []api.Code{api.CodeCodeExpired, api.CodeTooMany},
	}, func(ctx context.Context, q *in[api.Flow]) (*none, error) {
		return nil, s.Accounts.SendRecovery(ctx, q.Body, source(ctx))
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/v1/account/recovery/check", ID: "check-recovery-code", Tag: "account", Status: statusNoContent,
		Summary: "Check the code without using it up",
		Codes:   []api.Code{api.CodeCodeWrong, api.CodeCodeExpired},
	}, func(ctx context.Context, q *in[api.RecoveryCode]) (*none, error) {
		return nil, s.Accounts.CheckCode(ctx, q.Body)
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/v1/account/recovery/reset", ID: "reset", Tag: "account", Status: statusNoContent,
		Summary: "Set the new password; all sessions end",
		Codes:   []api.Code{api.CodeCodeWrong, api.CodeCodeExpired, api.CodeAnswerWrong, api.CodeSecondFactorNeeded, api.CodeSecondFactorWrong, api.CodePasswordRefused, api.CodeTooMany, api.CodeForbidden},
	}, func(ctx context.Context, q *in[api.Reset]) (*none, error) {
		return nil, s.Accounts.Reset(ctx, q.Body)
	})
}
