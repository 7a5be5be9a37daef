package httpapi

import (
	"context"
	"net/http"

	"plenary/api"
	"plenary/service/accounts"
)

// registerProof registers how one proves who one is, beyond the log-in.
func (s *API) registerProof() {
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/session/proof", ID: "prove", Tag: "account", Status: statusNoContent,
		Summary: "Prove again who is there, for the operations that ask for a fresh proof",
		Codes:   []api.Code{api.CodeCredentials, api.CodeDeactivated, api.CodeDeactivatedByStaff, api.CodeSecondFactorNeeded, api.CodeSecondFactorWrong, api.CodeTooMany},
	}, func(ctx context.Context, p accounts.Principal, q *in[api.Reauthenticate]) (*none, error) {
		return nil, s.Accounts.Reauthenticate(ctx, p, q.Body, source(ctx))
	})
	secured(s, operation{
		Method: http.MethodPost, Path: "/v1/account/password", ID: "change-password", Tag: "account", Uncounted: true, Status: http.StatusOK,
		Summary: "Change the password; the one of now is the proof, and the session goes on with new tokens",
		Codes:   []api.Code{api.CodeCredentials, api.CodeDeactivated, api.CodeDeactivatedByStaff, api.CodeSecondFactorNeeded, api.CodeSecondFactorWrong, api.CodePasswordRefused, api.CodeTooMany},
	}, func(ctx context.Context, p accounts.Principal, q *in[api.ChangePassword]) (*out[api.Session], error) {
		return answer(s.Accounts.ChangePassword(ctx, p, q.Body, source(ctx)))
	})
	s.registerSecondFactor()
	s.registerSecretQuestion()
}

func (s *API) registerSecondFactor() {
	const path = "/v1/account/second-factor"
	secured(s, operation{
		Method: http.MethodGet, Path: path, ID: "get-second-factor", Tag: "account",
		Summary: "Whether two-step log-in is on",
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*out[api.SecondFactor], error) {
		return answer(s.Accounts.SecondFactor(ctx, p))
	})
	secured(s, operation{
		Method: http.MethodPost, Path: path, ID: "set-up-second-factor", Tag: "account", Proof: true,
		Summary: "A new secret for an authenticator app",
		Codes:   []api.Code{api.CodeForbidden, api.CodeWrongState},
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*out[api.SecondFactorSetup], error) {
		return answer(s.Accounts.SetUpSecondFactor(ctx, p))
	})
	secured(s, operation{
		Method: http.MethodPost, Path: path + "/confirm", ID: "confirm-second-factor", Tag: "account", Proof: true,
		Summary: "Turn two-step log-in on with a code of the app",
		Codes:   []api.Code{api.CodeSecondFactorWrong, api.CodeWrongState},
	}, func(ctx context.Context, p accounts.Principal, q *in[api.ConfirmSecondFactor]) (*out[api.RecoveryCodes], error) {
		return answer(s.Accounts.ConfirmSecondFactor(ctx, p, q.Body))
	})
	secured(s, operation{
		Method: http.MethodPost, Path: path + "/recovery-codes", ID: "make-recovery-codes", Tag: "account", Proof: true,
		Summary: "New recovery codes; earlier ones are void",
		Codes:   []api.Code{api.CodeWrongState},
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*out[api.RecoveryCodes], error) {
		return answer(s.Accounts.NewRecoveryCodes(ctx, p))
	})
	secured(s, operation{
		Method: http.MethodDelete, Path: path, ID: "remove-second-factor", Tag: "account", Proof: true, Status: statusNoContent,
		Summary: "Turn two-step log-in off",
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*none, error) {
		return nil, s.Accounts.RemoveSecondFactor(ctx, p)
	})
}

func (s *API) registerSecretQuestion() {
	const path = "/v1/account/secret-question"
	secured(s, operation{
		Method: http.MethodGet, Path: path, ID: "get-secret-question", Tag: "account",
		Summary: "The account's secret question",
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*out[api.SecretQuestion], error) {
		return answer(s.Accounts.SecretQuestion(ctx, p))
	})
	secured(s, operation{
		Method: http.MethodPut, Path: path, ID: "set-secret-question", Tag: "account", Proof: true, Status: statusNoContent,
		Summary: "Set the secret question and its answer",
		Codes:   []api.Code{api.CodeForbidden},
	}, func(ctx context.Context, p accounts.Principal, q *in[api.SetSecretQuestion]) (*none, error) {
		return nil, s.Accounts.SetSecretQuestion(ctx, p, q.Body)
	})
	secured(s, operation{
		Method: http.MethodDelete, Path: path, ID: "remove-secret-question", Tag: "account", Proof: true, Status: statusNoContent,
		Summary: "Remove the secret question",
	}, func(ctx context.Context, p accounts.Principal, _ *none) (*none, error) {
		return nil, s.Accounts.RemoveSecretQuestion(ctx, p)
	})
}

// registerAnswer registers recovery by the secret question.
func (s *API) registerAnswer() {
	open(s, operation{
		Method: http.MethodPost, Path: "/v1/account/recovery/question", ID: "recovery-question", Tag: "account",
		Summary: "The secret question, to whoever has the code from the e-mail",
		Codes:   []api.Code{api.CodeCodeWrong, api.CodeCodeExpired, api.CodeForbidden},
	}, func(ctx context.Context, q *in[api.RecoveryCode]) (*out[api.RecoveryQuestion], error) {
		return answer(s.Accounts.RecoveryQuestion(ctx, q.Body))
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/v1/account/recovery/answer", ID: "check-recovery-answer", Tag: "account", Status: statusNoContent,
		Summary: "Check the answer to the secret question without using it up",
		Codes:   []api.Code{api.CodeCodeWrong, api.CodeCodeExpired, api.CodeAnswerWrong, api.CodeTooMany, api.CodeForbidden},
	}, func(ctx context.Context, q *in[api.RecoveryAnswer]) (*none, error) {
		return nil, s.Accounts.CheckAnswer(ctx, q.Body)
	})
}
