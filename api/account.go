package api

import "time"

// Organization is one entry of the directory.
type Organization struct {
	ID         string `json:"id" maxLength:"40"`
	Name       string `json:"name" maxLength:"200"`
	Country    string `json:"country" doc:"ISO 3166-1 alpha-2"`
	Membership string `json:"membership" doc:"id of a membership type, see package rules"`
	Domain     string `json:"domain,omitempty" doc:"e-mail domain, where known"`
}

// NewOrganization is an organization that a person entered because the
// directory does not have it; staff accepts or merges it.
type NewOrganization struct {
	Name    string `json:"name" minLength:"1" maxLength:"200"`
	City    string `json:"city,omitempty" maxLength:"100"`
	Website string `json:"website,omitempty" maxLength:"200"`
}

// SignUp asks for an account: POST /v1/account/sign-up, answered 202 in the
// same way and time for a free and for a taken address. Exactly one of
// OrganizationID and NewOrganization is given.
type SignUp struct {
	Flow            string           `json:"flow" minLength:"43" maxLength:"43" doc:"256 random bits, base64url, made by the program; the same flow is the same sign-up"`
	Replaces        string           `json:"replaces,omitempty" maxLength:"43" doc:"the flow of an earlier sign-up that had a mistake, such as in its address, and ends if it still waits"`
	Title           string           `json:"title,omitempty" maxLength:"20"`
	FirstName       string           `json:"first_name,omitempty" maxLength:"100" doc:"one of the two names may be empty"`
	FamilyName      string           `json:"family_name,omitempty" maxLength:"100"`
	Email           string           `json:"email" maxLength:"254"`
	Phone           string           `json:"phone,omitempty" maxLength:"40"`
	Language        string           `json:"language" enum:"en,fr,es,ru,zh,ar"`
	Username        string           `json:"username" maxLength:"40" doc:"as wished; the service adds a number when it is taken and tells it by e-mail"`
	Password        string           `json:"password" maxLength:"1024"`
	Membership      string           `json:"membership" maxLength:"40"`
	Country         string           `json:"country" minLength:"2" maxLength:"2"`
	OrganizationID  string           `json:"organization_id,omitempty" maxLength:"40"`
	NewOrganization *NewOrganization `json:"new_organization,omitempty"`
	AcceptTerms     bool             `json:"accept_terms"`
	ReadPrivacy     bool             `json:"read_privacy"`
	News            bool             `json:"news,omitempty"`
}

// Flow is a sign-up or a recovery under way, as the program holds it in
// memory. Its token proves nothing but that both calls come from the same place.
type Flow struct {
	Token string `json:"flow" minLength:"43" maxLength:"43"`
}

// SignUpState answers POST /v1/account/sign-up/state (body: Flow). POST
// /v1/account/sign-up/resend takes a Flow too, and answers 202.
type SignUpState struct {
	State string `json:"state" enum:"waiting,active,ended"`
}

// States of a sign-up.
const (
	SignUpWaiting = "waiting" // the address has not been verified
	SignUpActive  = "active"  // log in now
	SignUpEnded   = "ended"   // expired, or "This was not me": sign up again
)

// Activate verifies the address with the code from the e-mail and the
// password chosen at sign-up: POST /v1/account/activate, 204. Once the account is
// active, the same request is a success again while the code lives, since the answer
// to the first may have been lost; another code or password is refused as before.
type Activate struct {
	Flow     string `json:"flow" minLength:"43" maxLength:"43"`
	Code     string `json:"code" maxLength:"40"`
	Password string `json:"password" maxLength:"1024"`
}

// ResendActivation sends the activation e-mail again to someone who has the
// right password: POST /v1/account/activate/resend, 202 whatever is true.
type ResendActivation struct {
	Identifier string `json:"identifier" minLength:"1" maxLength:"254"`
	Password   string `json:"password" minLength:"1" maxLength:"1024"`
}

// LogIn starts a session: POST /v1/session.
type LogIn struct {
	Identifier string `json:"identifier" minLength:"1" maxLength:"254" doc:"e-mail address or username"`
	Password   string `json:"password" minLength:"1" maxLength:"1024"`
	Keep       bool   `json:"keep" doc:"keep me logged in on this computer"`
	Device     string `json:"device,omitempty" maxLength:"43" doc:"the device token from an earlier log-in here"`
	// SecondFactor is asked for with CodeSecondFactorNeeded, after the right
	// password; the log-in is then repeated with it.
	SecondFactor string `json:"second_factor,omitempty" maxLength:"40" doc:"six digits of the authenticator app, or a recovery code"`
	Machine      string `json:"machine,omitempty" maxLength:"80" doc:"system and program, such as Plenary 1.0, Linux"`
	Computer     string `json:"computer,omitempty" maxLength:"64" doc:"its name, which only the account's owner sees, in the list of sessions"`
}

// MaxComputer is how many characters the name of a computer has at most.
const MaxComputer = 64

// An access or refresh token has this many characters.
const (
	MinSessionToken = 43
	MaxSessionToken = 200
)

// Session is the answer to a log-in or a refresh. Access and refresh token are
// opaque: letters, digits, - and _, from MinSessionToken to MaxSessionToken of them.
type Session struct {
	Access        string    `json:"access"`
	AccessExpires time.Time `json:"access_expires"`
	Refresh       string    `json:"refresh"`
	Device        string    `json:"device,omitempty" doc:"given at log-in: a token that grants nothing but its own budget of tries"`
	Account       Account   `json:"account"`
}

// Refresh asks for the session's next tokens: POST /v1/session/refresh.
// The program saves the answer before it uses it.
type Refresh struct {
	Refresh string `json:"refresh" minLength:"43" maxLength:"200"`
}

// Account is what its owner sees of it: GET /v1/account.
type Account struct {
	ID           string       `json:"id" doc:"UUID"`
	Username     string       `json:"username"`
	Email        string       `json:"email"`
	Title        string       `json:"title,omitempty"`
	FirstName    string       `json:"first_name,omitempty"`
	FamilyName   string       `json:"family_name,omitempty"`
	Phone        string       `json:"phone,omitempty"`
	Language     string       `json:"language"`
	Organization Organization `json:"organization"`
	Roles        []string     `json:"roles" doc:"participant and perhaps more; those in force"`
	News         bool         `json:"news,omitempty"`
	Version      string       `json:"version" doc:"of the profile as it stands here; needed to change it"`
	// What the person should know of; the window says it.
	Appointed         string    `json:"appointed,omitempty" enum:",focal-point,assistant" doc:"to what, for the organization"`
	NeedsSecondFactor []string  `json:"needs_second_factor,omitempty" doc:"roles that are in force only once two-step log-in is on"`
	Deletion          time.Time `json:"deletion,omitzero" doc:"when the account will be erased, as its owner has asked"`
	PendingEmail      string    `json:"pending_email,omitempty" doc:"the new address whose code is awaited"`
	ResetAddress      string    `json:"reset_address,omitempty" doc:"a used reset address, which can be made the account's own"`
}

// Roles of an account.
const (
	RoleParticipant    = "participant"
	RoleMeetingManager = "meeting-manager"
	RoleVisa           = "visa" // reads passport data
	RoleAdministrator  = "administrator"
)

// Recover starts "Forgot password?": POST /v1/account/recovery. The answer is
// of the same form for names that do not exist.
type Recover struct {
	Flow       string `json:"flow" minLength:"43" maxLength:"43"`
	Identifier string `json:"identifier" minLength:"1" maxLength:"254"`
	Device     string `json:"device,omitempty" maxLength:"43" doc:"the device token from an earlier log-in here"`
	Machine    string `json:"machine,omitempty" maxLength:"80" doc:"system and program, such as Plenary 1.0, Linux; the e-mail names it"`
}

// Recovery is what "Is this your e-mail?" shows.
type Recovery struct {
	Flow    string `json:"flow"`
	Address string `json:"address" doc:"as typed, or masked when a username was typed"`
	// Options are the ways that the policy offers to everybody: "email", and
	// "question" unless that is off.
	Options []string `json:"options"`
	// Question is given on a known device only, and there it is enough; elsewhere
	// the question comes after the code from the e-mail (RecoveryQuestion).
	Question *RecoveryQuestion `json:"question,omitempty"`
}

// SendRecovery, POST /v1/account/recovery/send, takes a Flow and answers 202.

// RecoveryCode checks the code from the e-mail without using it up:
// POST /v1/account/recovery/check, answered with LinkedSignUp. Five wrong ones end it.
type RecoveryCode struct {
	Flow string `json:"flow" minLength:"43" maxLength:"43"`
	Code string `json:"code" maxLength:"40"`
}

// Reset sets the new password: POST /v1/account/recovery/reset, 204. A
// password that the policy refuses leaves the code good. All sessions end. AcceptTerms
// and ReadPrivacy are asked for where LinkedSignUp.Terms says so, as a sign-up asks for
// them.
type Reset struct {
	Flow         string `json:"flow" minLength:"43" maxLength:"43"`
	Code         string `json:"code,omitempty" maxLength:"40" doc:"may be left out with Answer on a known device"`
	Answer       string `json:"answer,omitempty" maxLength:"120" doc:"to the secret question (option 3)"`
	SecondFactor string `json:"second_factor,omitempty" maxLength:"40" doc:"where two-step log-in is on, asked for with CodeSecondFactorNeeded"`
	Password     string `json:"password" maxLength:"1024"`
	AcceptTerms  bool   `json:"accept_terms,omitempty"`
	ReadPrivacy  bool   `json:"read_privacy,omitempty"`
	Username     string `json:"username,omitempty" maxLength:"40" doc:"as somebody who was invited wishes it, in place of the proposed one; the service adds a number when it is taken"`
}
