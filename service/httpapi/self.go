package httpapi

import (
	"net/http"

	"plenary/api"
)

// registerSelf registers what one does with one's own account, in Settings.
func (s *API) registerSelf() {
	s.registerProfile()
	s.registerEmail()
	s.registerSessions()
	s.registerData()
}

func (s *API) registerProfile() {
	secured(s, operation{Route: "PUT /v1/account/profile", ID: "change-profile", Tag: "account", Summary: "Change who one is, and where one comes from"},
		askWith(s.Accounts.ChangeProfile))
	secured(s, operation{Route: "PUT /v1/account/username", ID: "change-username", Tag: "account", Proof: true, Summary: "Take another username; a taken one gets a number"},
		askWith(s.Accounts.ChangeUsername))
}

func (s *API) registerEmail() {
	secured(s, operation{
		Route: "POST /v1/account/email", ID: "change-email", Tag: "account", Status: http.StatusAccepted, Proof: true,
		Summary: "Send a code to the new address; the same for a taken and for a free one",
	}, doWith(s.Accounts.ChangeEmail))
	secured(s, operation{
		Route: "POST /v1/account/email/confirm", ID: "confirm-email", Tag: "account",
		Summary: "Make the new address one's own with the code from it; all other sessions end",
		Codes:   []api.Code{api.CodeCodeWrong, api.CodeCodeExpired},
	}, askWith(s.Accounts.ConfirmEmail))
	secured(s, operation{
		Route: "POST /v1/account/email/adopt", ID: "adopt-email", Tag: "account", Proof: true,
		Summary: "Make the used reset address one's own; all other sessions end",
		Codes:   []api.Code{api.CodeWrongState},
	}, do(s.Accounts.AdoptEmail))
}

func (s *API) registerSessions() {
	secured(s, operation{Route: "GET /v1/sessions", ID: "list-sessions", Tag: "account", Summary: "The account's sessions, the one used last first"},
		list(s.Accounts.Sessions))
	secured(s, operation{Route: "DELETE /v1/sessions/{id}", ID: "end-session", Tag: "account", Uncounted: true, Summary: "End one of the account's sessions"},
		doAbout(s.Accounts.EndSession))
	secured(s, operation{Route: "POST /v1/devices/forget", ID: "forget-device", Tag: "account", Uncounted: true, Summary: "Void the token of a known device"},
		doWith(s.Accounts.ForgetDevice))
}

func (s *API) registerData() {
	secured(s, operation{
		Route: "GET /v1/account/export", ID: "export", Tag: "account", Proof: true,
		Summary: "All that the service holds about the person",
		Codes:   []api.Code{api.CodeTooMany},
	}, ask(s.Accounts.Export))
	secured(s, operation{
		Route: "POST /v1/account/deletion", ID: "ask-deletion", Tag: "account", Proof: true,
		Summary: "Have the account erased after the time that the policy gives",
		Codes:   []api.Code{api.CodeLastAdministrator},
	}, ask(s.Accounts.AskDeletion))
	secured(s, operation{Route: "GET /v1/account/deletion", ID: "get-deletion", Tag: "account", Summary: "When the account will be erased, if its owner has asked for it"},
		ask(s.Accounts.Deletion))
	secured(s, operation{Route: "DELETE /v1/account/deletion", ID: "take-back-deletion", Tag: "account", Summary: "Keep the account"},
		do(s.Accounts.TakeBackDeletion))
}
