package httpapi

import (
	"net/http"

	"plenary/api"
)

func (s *API) registerAccount() {
	s.registerSignUp()
	s.registerSession()
	s.registerRecovery()
	s.registerAnswer()
	s.registerProof()
	secured(s, operation{Route: "GET /v1/account", ID: "get-account", Tag: "account", Summary: "The account of the session"},
		ask(s.Accounts.Own))
}

func (s *API) registerSignUp() {
	open(s, operation{
		Route: "POST /v1/account/sign-up", ID: "sign-up", Tag: "account", Status: http.StatusAccepted,
		Summary: "Ask for an account; the same for a taken and for a free address",
		Codes:   []api.Code{api.CodeKeyReused, api.CodePasswordRefused, api.CodeTooMany},
	}, openDoWith(s.Accounts.SignUp))
	open(s, operation{Route: "POST /v1/account/sign-up/state", ID: "sign-up-state", Tag: "account", Summary: "How far a sign-up is"},
		openAskWith(s.Accounts.SignUpState))
	open(s, operation{
		Route: "POST /v1/account/sign-up/resend", ID: "resend-sign-up", Tag: "account", Status: http.StatusAccepted,
		Summary: "Send the e-mail of a sign-up again",
		Codes:   []api.Code{api.CodeTooMany},
	}, openDoWith(s.Accounts.ResendSignUp))
	open(s, operation{
		Route: "POST /v1/account/activate", ID: "activate", Tag: "account",
		Summary: "Verify the address with the code from the e-mail; the same again is a success while the code lives",
		Codes:   []api.Code{api.CodeCredentials, api.CodeCodeWrong, api.CodeCodeExpired},
	}, openDoWith(s.Accounts.Activate))
	open(s, operation{
		Route: "POST /v1/account/activate/resend", ID: "resend-activation", Tag: "account", Status: http.StatusAccepted,
		Summary: "Send the activation e-mail again, to someone with the right password",
		Codes:   []api.Code{api.CodeTooMany},
	}, openDoWith(s.Accounts.ResendActivation))
}

func (s *API) registerSession() {
	open(s, operation{
		Route: "POST /v1/session", ID: "log-in", Tag: "account",
		Summary: "Log in",
		Codes:   []api.Code{api.CodeCredentials, api.CodeNotActive, api.CodeDeactivated, api.CodeDeactivatedByStaff, api.CodeSecondFactorNeeded, api.CodeSecondFactorWrong, api.CodeTooMany},
	}, openAskWith(s.Accounts.LogIn))
	open(s, operation{
		Route: "POST /v1/session/refresh", ID: "refresh", Tag: "account",
		Summary: "The session's next tokens",
		Codes:   []api.Code{api.CodeSessionEnded, api.CodeRefreshRace},
	}, openAskWith(s.Accounts.Refresh))
	secured(s, operation{Route: "DELETE /v1/session", ID: "log-out", Tag: "account", Uncounted: true, Summary: "Log out: end this session"},
		do(s.Accounts.LogOut))
	secured(s, operation{
		Route: "DELETE /v1/sessions", ID: "log-out-everywhere", Tag: "account", Uncounted: true,
		Summary: "Log out everywhere: end all sessions of the account",
	}, do(s.Accounts.LogOutEverywhere))
}

func (s *API) registerRecovery() {
	open(s, operation{
		Route: "POST /v1/account/recovery", ID: "recover", Tag: "account",
		Summary: "Begin \"Forgot password?\"; the same form for names that do not exist",
		Codes:   []api.Code{api.CodeKeyReused, api.CodeTooMany},
	}, openAskWith(s.Accounts.Recover))
	open(s, operation{
		Route: "POST /v1/account/recovery/send", ID: "send-recovery", Tag: "account", Status: http.StatusAccepted,
		Summary: "Send the e-mail with the link and the code",
		Codes:   []api.Code{api.CodeCodeExpired, api.CodeTooMany},
	}, openDoWith(s.Accounts.SendRecovery))
	open(s, operation{
		Route: "POST /v1/account/recovery/check", ID: "check-recovery-code", Tag: "account",
		Summary: "Check the code without using it up; of an account that waits, for whom it is",
		Codes:   []api.Code{api.CodeCodeWrong, api.CodeCodeExpired},
	}, openAskWith(s.Accounts.CheckCode))
	open(s, operation{
		Route: "POST /v1/account/recovery/reset", ID: "reset", Tag: "account",
		Summary: "Set the new password; all sessions end",
		Codes:   []api.Code{api.CodeCodeWrong, api.CodeCodeExpired, api.CodeAnswerWrong, api.CodeSecondFactorNeeded, api.CodeSecondFactorWrong, api.CodePasswordRefused, api.CodeTooMany, api.CodeForbidden},
	}, openDoWith(s.Accounts.Reset))
}
