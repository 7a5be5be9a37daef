package api

import (
	"encoding/json"
	"time"
)

// What one does with one's own account, in Settings. "Fresh proof": see
// Reauthenticate.

// ChangeProfile is PUT /v1/account/profile, answered with the Account. Exactly
// one of OrganizationID and NewOrganization, or neither to leave the
// organization as it is. Another Version than the account's of now is CodeOutdated,
// so that of the owner and an administrator none undoes what the other has changed.
type ChangeProfile struct {
	Version         string           `json:"version" maxLength:"40" doc:"of the account, as it was read"`
	Title           string           `json:"title,omitempty" maxLength:"20"`
	FirstName       string           `json:"first_name,omitempty" maxLength:"100" doc:"one of the two names may be empty"`
	FamilyName      string           `json:"family_name,omitempty" maxLength:"100"`
	Phone           string           `json:"phone,omitempty" maxLength:"40"`
	Language        string           `json:"language" enum:"en,fr,es,ru,zh,ar"`
	Membership      string           `json:"membership,omitempty" maxLength:"40"`
	Country         string           `json:"country,omitempty" maxLength:"2"`
	OrganizationID  string           `json:"organization_id,omitempty" maxLength:"40"`
	NewOrganization *NewOrganization `json:"new_organization,omitempty"`
	News            bool             `json:"news,omitempty"`
}

// ChangeUsername is PUT /v1/account/username (fresh proof), answered with the
// Account. A taken one gets a number, as at sign-up; five changes a day.
type ChangeUsername struct {
	Username string `json:"username" minLength:"1" maxLength:"40"`
}

// ChangeEmail is POST /v1/account/email (fresh proof), 202 in the same way for a
// free and for a taken address: a code goes to the new address, a word to the
// old one. POST /v1/account/email/adopt (fresh proof, 204) makes the reset
// address that staff has set, once it was used, one's own.
type ChangeEmail struct {
	Email string `json:"email" maxLength:"254"`
}

// ConfirmEmail is POST /v1/account/email/confirm, answered with the Account: the
// code from the new address. All other sessions end.
type ConfirmEmail struct {
	Code string `json:"code" maxLength:"40"`
}

// SessionInfo is one session of an account. The networks are named as administrators have
// named them under Policies; others by their address, shortened, with a star for the rest:
// 192.0.2.* and 2001:db8:1:*. Neither they nor the computer are told to administrators.
type SessionInfo struct {
	ID           string    `json:"id"`
	Computer     string    `json:"computer,omitempty" doc:"its name, as the program told it at log-in"`
	Machine      string    `json:"machine" doc:"system and program, as it named itself at log-in; may be empty"`
	Since        time.Time `json:"since"`
	FirstNetwork string    `json:"first_network,omitempty" doc:"where the session began: the network's name, or its address, shortened"`
	LastUsed     time.Time `json:"last_used"`
	LastNetwork  string    `json:"last_network,omitempty" doc:"where it was used last"`
	Kept         bool      `json:"kept" doc:"with Keep me logged in on this computer"`
	Current      bool      `json:"current,omitempty" doc:"the one that asks"`
}

// Sessions answers GET /v1/sessions?after=, up to 200, the one used last first.
// DELETE /v1/sessions/{id} ends one, 204; DELETE /v1/sessions all.
type Sessions struct {
	Sessions []SessionInfo `json:"sessions" doc:"up to 200, the one used last first"`
	Next     string        `json:"next,omitempty" doc:"for after; empty at the end"`
}

// ForgetDevice is POST /v1/devices/forget, 204 whatever is true: the token of
// this device is void from then on.
type ForgetDevice struct {
	Device string `json:"device" minLength:"43" maxLength:"43"`
}

// Export answers GET /v1/account/export (fresh proof): all that the service
// holds about the person, by what it is.
type Export struct {
	Made    time.Time                  `json:"made"`
	Account Account                    `json:"account"`
	Data    map[string]json.RawMessage `json:"data" doc:"sessions, devices, registrations, e-mails, history and more"`
}

// Deletion answers POST /v1/account/deletion (fresh proof, 200) and GET of the
// same: until Due, DELETE takes it back (204); then the account is erased.
type Deletion struct {
	Asked time.Time `json:"asked,omitzero"`
	Due   time.Time `json:"due,omitzero" doc:"absent while no deletion was asked for"`
	// GraceDays is given whether or not a deletion was asked for, so that the
	// question can name the day.
	GraceDays int `json:"grace_days,omitempty" doc:"days between asking and erasing, by policy"`
}
