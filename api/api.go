// Package api is the contract between Plenary and the account service: what
// goes over the wire under /v1, and the codes by which both sides name what
// went wrong. It holds shapes and limits, no behaviour; openapi.yaml is
// generated from it.
//
// Start reading at account.go (accounts and sessions), meetings.go (meetings,
// forms, registrations) and operations.go (how queued work is delivered).
//
// All times of answers are RFC 3339 in UTC, with microseconds at most. All strings are UTF-8 without NUL.
package api

// Headers that Plenary and the service add to those of HTTP.
const (
	// HeaderTime is the service's clock, RFC 3339 with microseconds, on every answer.
	HeaderTime = "Plenary-Time"
	// HeaderService is the service's id, on every answer.
	HeaderService = "Plenary-Service"
	// HeaderMinimumVersion is the oldest version of Plenary that the service
	// serves, on every answer.
	HeaderMinimumVersion = "Plenary-Minimum-Version"
	// HeaderVersion is the version of the program that asks, on every request.
	HeaderVersion = "Plenary-Version"
	// HeaderReference names a request in the service's log, on every answer.
	HeaderReference = "Plenary-Reference"
)

// ServiceInfo is what anyone may know of a service: GET /v1/service.
type ServiceInfo struct {
	ServiceID     string   `json:"service_id" doc:"UUID made by plenaryd init; folders on a person's machine are named after it"`
	Key           string   `json:"key" doc:"public key (Ed25519, base64 without padding) with which the service proves that it is the same as before, see prove-service; it is the same for good"`
	Version       string   `json:"version" doc:"version of the service"`
	NewestVersion string   `json:"newest_version,omitempty" doc:"newest version of Plenary that the operator offers, such as 0.3.0; the oldest that is served is in the header Plenary-Minimum-Version"`
	Download      string   `json:"download,omitempty" doc:"address where people get Plenary"`
	Organization  string   `json:"organization" doc:"name of the organization, for people"`
	Address       string   `json:"address" doc:"the service's public address, without a slash at the end"`
	ServiceDesk   string   `json:"service_desk" doc:"e-mail address of the service desk"`
	FAQ           string   `json:"faq,omitempty" doc:"address of the FAQ"`
	Chat          string   `json:"chat,omitempty" doc:"address for tickets or chat"`
	Terms         string   `json:"terms" doc:"address of the terms of use"`
	Privacy       string   `json:"privacy" doc:"address of the privacy notice"`
	Languages     []string `json:"languages" doc:"languages of e-mails and pages, such as en, fr"`
	Policy        string   `json:"policy" enum:"classic,nist" doc:"password policy"`
	Demo          bool     `json:"demo,omitempty" doc:"true for the demonstration"`
	Migrated      bool     `json:"migrated,omitempty" doc:"accounts came over from an older system: their first log-in goes through Forgot password?"`
	Questions     string   `json:"questions" enum:"on,with-email,off" doc:"policy of the secret question"`
	SecondFactor  string   `json:"second_factor" enum:"off,optional,staff" doc:"policy of two-step log-in"`
	MailWaits     bool     `json:"mail_waits,omitempty" doc:"true while the service has no mail server and e-mails wait"`
}

// ProveService asks the service to prove at an address that it is the one that a program
// has met at another one.
type ProveService struct {
	Address   string `json:"address" maxLength:"255" doc:"where the program reaches the service, without a slash at the end; it must be the service's public address"`
	Challenge string `json:"challenge" minLength:"43" maxLength:"43" doc:"256 bits, made for this request (base64 for URLs, without padding)"`
}

// ServiceProof is the answer.
type ServiceProof struct {
	Signature string `json:"signature" doc:"Ed25519, under the key of get-service, of the JSON array of the strings plenary-service-1, the service's id, the address and the challenge, without spaces (base64 without padding)"`
}
