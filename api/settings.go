package api

// ServiceSettings are what the service says of itself: GET and PUT /v1/settings, both
// of which answer them as they stand now. For administrators; PUT needs a fresh proof,
// and another Version than that of now is CodeOutdated. They count at once, on other
// nodes within seconds.
//
// The address is the operator's: links in e-mails carry secrets there, and no
// administrator alone may have those of another one.
type ServiceSettings struct {
	Organization string `json:"organization" maxLength:"200" doc:"name, for people"`
	ServiceDesk  string `json:"service_desk" maxLength:"254" doc:"e-mail address"`
	Address      string `json:"address" maxLength:"200" doc:"public address, without a path"`
	FAQ          string `json:"faq,omitempty" maxLength:"500" doc:"URL; empty: a page of the service"`
	Chat         string `json:"chat,omitempty" maxLength:"500" doc:"URL for tickets or chat"`
	Terms        string `json:"terms,omitempty" maxLength:"500" doc:"URL of the terms of use; empty: a page of the service"`
	Privacy      string `json:"privacy,omitempty" maxLength:"500" doc:"URL of the privacy notice; empty: a page of the service"`
	Download     string `json:"download,omitempty" maxLength:"500" doc:"URL where people get Plenary"`
	// Fixed are those that the operator alone changes.
	Fixed   []string `json:"fixed,omitempty" maxItems:"8" doc:"answered only: names of fields that only the operator changes; another value is refused"`
	Version string   `json:"version" maxLength:"40" doc:"as it was read"`
}
