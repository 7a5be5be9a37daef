package api

import "time"

// Visa support: a meeting that offers it asks those who need a visa for what a letter of
// invitation says of a passport. That stands in no registration, list, search, e-mail or
// export: whose it is and the role visa read it, each time noted in the audit log.

// Passport is what a letter that supports a visa says of a passport, as it stands there.
type Passport struct {
	FamilyName  string `json:"family_name,omitempty" doc:"at most 100 characters; one of the two names may be empty"`
	GivenNames  string `json:"given_names,omitempty" doc:"at most 100 characters"`
	Nationality string `json:"nationality" doc:"ISO 3166-1 alpha-2"`
	Birth       string `json:"birth" doc:"day, such as 1980-02-29"`
	BirthPlace  string `json:"birth_place" doc:"at most 100 characters"`
	Number      string `json:"number" doc:"5 to 20 letters and digits"`
	Issued      string `json:"issued" doc:"day"`
	Expires     string `json:"expires" doc:"day; behind the end of the meeting"`
}

// What has become of visa support that was asked for (Registration.Visa).
const (
	VisaAsked    = "asked"    // waits for the registration to be confirmed
	VisaWaiting  = "waiting"  // for the secretariat
	VisaAnswered = "answered" // granted
	VisaRefused  = "refused"
)

// VisaFilter is the query of GET /v1/visas.
type VisaFilter struct {
	State string `query:"state" enum:"waiting,answered,refused"`
	After string `query:"after" maxLength:"400" doc:"next of the page before"`
}

// VisaCase is somebody's visa support. It begins when the registration is confirmed, and
// ends when that does.
type VisaCase struct {
	Registration string    `json:"registration" doc:"number"`
	Meeting      string    `json:"meeting" doc:"code"`
	Title        Text      `json:"title" doc:"of the meeting"`
	Person       string    `json:"person" doc:"name"`
	Organization string    `json:"organization"`
	Country      string    `json:"country" doc:"of the organization"`
	State        string    `json:"state" enum:"asked,waiting,answered,refused"`
	Opened       time.Time `json:"opened" doc:"when it was asked for"`
	Decided      time.Time `json:"decided,omitzero"`
	Answer       string    `json:"answer,omitempty" doc:"what the secretariat wrote"`
	Own          bool      `json:"own,omitempty" doc:"of whoever asks, who does not decide on it"`
	Erased       bool      `json:"erased,omitempty" doc:"passport and answer were erased, some time after the decision"`
	Passport     *Passport `json:"passport,omitempty" doc:"where one case is asked for by its number; never in lists"`
}

// VisaCases answers GET /v1/visas: what waits longest first.
type VisaCases struct {
	Cases   []VisaCase `json:"cases" doc:"up to 50"`
	Waiting int        `json:"waiting" doc:"how many cases wait, whatever the filter"`
	Next    string     `json:"next,omitempty" doc:"for after; empty at the end"`
}

// AnswerVisa is the payload of the operation OpAnswerVisa, for the role visa.
type AnswerVisa struct {
	Registration string `json:"registration" doc:"number"`
	Grant        bool   `json:"grant"`
	Answer       string `json:"answer" doc:"1 to 2,000 characters, for the person and who is appointed for the organization"`
}

// HeldVisa is what is held of a person's visa support, as the export of their data shows it.
type HeldVisa struct {
	Registration string    `json:"registration"`
	State        string    `json:"state"`
	Opened       time.Time `json:"opened"`
	Decided      time.Time `json:"decided,omitzero"`
	Answer       string    `json:"answer,omitempty"`
	Passport     *Passport `json:"passport,omitempty"`
}
