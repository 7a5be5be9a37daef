package api

import "time"

// What the pages that links in e-mails open ask of the service, under /web: no part
// of the contract with Plenary, and so not in openapi.yaml. A Token stands in the
// link's fragment.

// Link is a link and nothing else. POST /web/activation, /web/reset/check and
// /web/stop/check show what it is for, and change nothing; POST
// /web/activation/refuse, 204, is "This was not me", and POST /web/stop, 204, stops a
// reset address.
type Link struct {
	Token string `json:"token" minLength:"43" maxLength:"43"`
}

// ActivateByLink is POST /web/activation/confirm, 204: the password is that of the
// sign-up.
type ActivateByLink struct {
	Token    string `json:"token" minLength:"43" maxLength:"43"`
	Password string `json:"password" minLength:"1" maxLength:"1024"`
}

// ResetByLink is POST /web/reset, 204. The second factor is asked for with
// CodeSecondFactorNeeded. AcceptTerms and ReadPrivacy are asked for where
// LinkedSignUp.Terms says so, as a sign-up asks for them.
type ResetByLink struct {
	Token        string `json:"token" minLength:"43" maxLength:"43"`
	Password     string `json:"password" minLength:"1" maxLength:"1024"`
	SecondFactor string `json:"second_factor,omitempty" maxLength:"40"`
	AcceptTerms  bool   `json:"accept_terms,omitempty"`
	ReadPrivacy  bool   `json:"read_privacy,omitempty"`
	Username     string `json:"username,omitempty" maxLength:"40" doc:"see Reset"`
}

// LinkedSignUp is for whom an account was asked for that a link or a code activates, so
// that the owner of the address can judge. For those of an account that is active, it
// says nothing of that.
type LinkedSignUp struct {
	Who          string    `json:"who,omitempty"`
	Organization string    `json:"organization,omitempty"`
	Asked        time.Time `json:"asked,omitzero"`
	Terms        bool      `json:"terms,omitempty" doc:"the terms of use are to be accepted with the new password"`
	Username     string    `json:"username,omitempty" doc:"of somebody who was invited: it is proposed, and another one can be chosen"`
}

// LinkedResetAddress is the reset address that a link stops.
type LinkedResetAddress struct {
	Username string    `json:"username"`
	Address  string    `json:"address" doc:"masked"`
	Set      time.Time `json:"set"`
	Until    time.Time `json:"until"`
}
