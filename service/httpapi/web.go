package httpapi

import "plenary/api"

// registerWeb is what the pages of links call (package web). These are no part
// of the contract with Plenary, but of the same limits and errors.
func (s *API) registerWeb() {
	open(s, operation{
		Route: "POST /web/activation", ID: "web-activation", Tag: "web", Hidden: true,
		Summary: "For whom an activation link is; changes nothing",
		Codes:   []api.Code{api.CodeCodeExpired},
	}, openAskWith(s.Accounts.ActivationByLink))
	open(s, operation{
		Route: "POST /web/activation/confirm", ID: "web-activate", Tag: "web", Hidden: true,
		Summary: "Verify the address by the link",
		Codes:   []api.Code{api.CodeCodeExpired, api.CodeCredentials, api.CodeTooMany},
	}, openDoWith(s.Accounts.ActivateByLink))
	open(s, operation{
		Route: "POST /web/activation/refuse", ID: "web-refuse", Tag: "web", Hidden: true,
		Summary: "This was not me",
		Codes:   []api.Code{api.CodeCodeExpired},
	}, openDoWith(s.Accounts.RefuseSignUp))
	open(s, operation{
		Route: "POST /web/reset/check", ID: "web-reset-check", Tag: "web", Hidden: true,
		Summary: "Whether a reset link is good, and for whom if it activates an account, too; changes nothing",
		Codes:   []api.Code{api.CodeCodeExpired},
	}, openAskWith(s.Accounts.ResetByLinkOf))
	open(s, operation{
		Route: "POST /web/reset", ID: "web-reset", Tag: "web", Hidden: true,
		Summary: "Set the new password by the link",
		Codes:   []api.Code{api.CodeCodeExpired, api.CodeSecondFactorNeeded, api.CodeSecondFactorWrong, api.CodePasswordRefused, api.CodeTooMany},
	}, openDoWith(s.Accounts.ResetByLink))
	open(s, operation{
		Route: "POST /web/stop/check", ID: "web-stop-check", Tag: "web", Hidden: true,
		Summary: "Which reset address a stop link is for; changes nothing",
		Codes:   []api.Code{api.CodeCodeExpired},
	}, openAskWith(s.Accounts.ResetAddressByLink))
	open(s, operation{
		Route: "POST /web/stop", ID: "web-stop", Tag: "web", Hidden: true,
		Summary: "Stop the reset address",
		Codes:   []api.Code{api.CodeCodeExpired},
	}, openDoWith(s.Accounts.StopResetAddress))
}
