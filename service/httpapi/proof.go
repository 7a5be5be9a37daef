package httpapi

import (
	"plenary/api"
)

// registerProof registers how one proves who one is, beyond the log-in.
func (s *API) registerProof() {
	secured(s, operation{
		Route: "POST /v1/session/proof", ID: "prove", Tag: "account",
		Summary: "Prove again who is there, for the operations that ask for a fresh proof",
		Codes:   []api.Code{api.CodeCredentials, api.CodeDeactivated, api.CodeDeactivatedByStaff, api.CodeSecondFactorNeeded, api.CodeSecondFactorWrong, api.CodeTooMany},
	}, doWith(s.Accounts.Reauthenticate))
	secured(s, operation{
		Route: "POST /v1/account/password", ID: "change-password", Tag: "account", Uncounted: true,
		Summary: "Change the password; the one of now is the proof, and the session goes on with new tokens",
		Codes:   []api.Code{api.CodeCredentials, api.CodeDeactivated, api.CodeDeactivatedByStaff, api.CodeSecondFactorNeeded, api.CodeSecondFactorWrong, api.CodePasswordRefused, api.CodeTooMany},
	}, askWith(s.Accounts.ChangePassword))
	s.registerSecondFactor()
	s.registerSecretQuestion()
}

func (s *API) registerSecondFactor() {
	const path = "/v1/account/second-factor"
	secured(s, operation{Route: "GET " + path, ID: "get-second-factor", Tag: "account", Summary: "Whether two-step log-in is on"},
		ask(s.Accounts.SecondFactor))
	secured(s, operation{
		Route: "POST " + path, ID: "set-up-second-factor", Tag: "account", Proof: true,
		Summary: "A new secret for an authenticator app",
		Codes:   []api.Code{api.CodeForbidden, api.CodeWrongState},
	}, ask(s.Accounts.SetUpSecondFactor))
	secured(s, operation{
		Route: "POST " + path + "/confirm", ID: "confirm-second-factor", Tag: "account", Proof: true,
		Summary: "Turn two-step log-in on with a code of the app",
		Codes:   []api.Code{api.CodeSecondFactorWrong, api.CodeWrongState},
	}, askWith(s.Accounts.ConfirmSecondFactor))
	secured(s, operation{
		Route: "POST " + path + "/recovery-codes", ID: "make-recovery-codes", Tag: "account", Proof: true,
		Summary: "New recovery codes; earlier ones are void",
		Codes:   []api.Code{api.CodeWrongState},
	}, ask(s.Accounts.NewRecoveryCodes))
	secured(s, operation{Route: "DELETE " + path, ID: "remove-second-factor", Tag: "account", Proof: true, Summary: "Turn two-step log-in off"},
		do(s.Accounts.RemoveSecondFactor))
}

func (s *API) registerSecretQuestion() {
	const path = "/v1/account/secret-question"
	secured(s, operation{Route: "GET " + path, ID: "get-secret-question", Tag: "account", Summary: "The account's secret question"},
		ask(s.Accounts.SecretQuestion))
	secured(s, operation{
		Route: "PUT " + path, ID: "set-secret-question", Tag: "account", Proof: true,
		Summary: "Set the secret question and its answer",
		Codes:   []api.Code{api.CodeForbidden},
	}, doWith(s.Accounts.SetSecretQuestion))
	secured(s, operation{Route: "DELETE " + path, ID: "remove-secret-question", Tag: "account", Proof: true, Summary: "Remove the secret question"},
		do(s.Accounts.RemoveSecretQuestion))
}

// registerAnswer registers recovery by the secret question.
func (s *API) registerAnswer() {
	open(s, operation{
		Route: "POST /v1/account/recovery/question", ID: "recovery-question", Tag: "account",
		Summary: "The secret question, to whoever has the code from the e-mail",
		Codes:   []api.Code{api.CodeCodeWrong, api.CodeCodeExpired, api.CodeForbidden},
	}, openAskWith(s.Accounts.RecoveryQuestion))
	open(s, operation{
		Route: "POST /v1/account/recovery/answer", ID: "check-recovery-answer", Tag: "account",
		Summary: "Check the answer to the secret question without using it up",
		Codes:   []api.Code{api.CodeCodeWrong, api.CodeCodeExpired, api.CodeAnswerWrong, api.CodeTooMany, api.CodeForbidden},
	}, openDoWith(s.Accounts.CheckAnswer))
}
