package httpapi

import (
	"context"
	"net/http"
	"time"

	"plenary/api"
)

// linkToken is the token of a link, which the page took from its fragment.
type linkToken struct {
	Token string `json:"token" minLength:"43" maxLength:"43"`
}

// linkPassword is what a page hands over with it.
type linkPassword struct {
	Token    string `json:"token" minLength:"43" maxLength:"43"`
	Password string `json:"password" minLength:"1" maxLength:"1024"`
}

// linkReset is that of the reset page, which asks for the second factor where
// two-step log-in is on.
type linkReset struct {
	Token        string `json:"token" minLength:"43" maxLength:"43"`
	Password     string `json:"password" minLength:"1" maxLength:"1024"`
	SecondFactor string `json:"second_factor,omitempty" maxLength:"40"`
}

// linkActivation is what a page that activates an account shows before anything
// happens; empty on the reset page of an account that is active.
type linkActivation struct {
	Who          string    `json:"who,omitempty"`
	Organization string    `json:"organization,omitempty"`
	Asked        time.Time `json:"asked,omitzero"`
}

// registerWeb is what the pages of links call (package web). These are no part
// of the contract with Plenary, but of the same limits and errors.
func (s *API) registerWeb() {
	open(s, operation{
		Method: http.MethodPost, Path: "/web/activation", ID: "web-activation", Tag: "web", Hidden: true,
		Summary: "For whom an activation link is; changes nothing",
		Codes:   []api.Code{api.CodeCodeExpired},
	}, func(ctx context.Context, q *in[linkToken]) (*out[linkActivation], error) {
		who, organization, asked, err := s.Accounts.ActivationByLink(ctx, q.Body.Token)
		return answer(linkActivation{Who: who, Organization: organization, Asked: asked}, err)
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/web/activation/confirm", ID: "web-activate", Tag: "web", Hidden: true, Status: statusNoContent,
		Summary: "Verify the address by the link",
		Codes:   []api.Code{api.CodeCodeExpired, api.CodeCredentials, api.CodeTooMany},
	}, func(ctx context.Context, q *in[linkPassword]) (*none, error) {
		return nil, s.Accounts.ActivateByLink(ctx, q.Body.Token, q.Body.Password)
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/web/activation/refuse", ID: "web-refuse", Tag: "web", Hidden: true, Status: statusNoContent,
		Summary: "This was not me",
		Codes:   []api.Code{api.CodeCodeExpired},
	}, func(ctx context.Context, q *in[linkToken]) (*none, error) {
		return nil, s.Accounts.RefuseSignUp(ctx, q.Body.Token)
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/web/reset/check", ID: "web-reset-check", Tag: "web", Hidden: true,
		Summary: "Whether a reset link is good, and for whom if it activates an account, too; changes nothing",
		Codes:   []api.Code{api.CodeCodeExpired},
	}, func(ctx context.Context, q *in[linkToken]) (*out[linkActivation], error) {
		who, organization, asked, err := s.Accounts.ResetByLinkOf(ctx, q.Body.Token)
		return answer(linkActivation{Who: who, Organization: organization, Asked: asked}, err)
	})
	open(s, operation{
		Method: http.MethodPost, Path: "/web/reset", ID: "web-reset", Tag: "web", Hidden: true, Status: statusNoContent,
		Summary: "Set the new password by the link",
		Codes:   []api.Code{api.CodeCodeExpired, api.CodeSecondFactorNeeded, api.CodeSecondFactorWrong, api.CodePasswordRefused, api.CodeTooMany},
	}, func(ctx context.Context, q *in[linkReset]) (*none, error) {
		return nil, s.Accounts.ResetByLink(ctx, q.Body.Token, q.Body.Password, q.Body.SecondFactor)
	})
}
