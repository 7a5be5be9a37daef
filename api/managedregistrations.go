package api

import "time"

// RegistrationFilter is the query of GET /v1/managed/meetings/{id}/registrations: which
// registrations of a meeting, and in which order. What is searched for gives its own
// order: by the words that are found, then by name.
type RegistrationFilter struct {
	Meeting       string `path:"id" maxLength:"20" doc:"code"`
	Query         string `query:"query" maxLength:"200" doc:"words: each begins a word of name, name on the badge, organization or number"`
	State         string `query:"state" enum:"waiting-focal-point,waiting-secretariat,waiting-list,offered,confirmed,refused,withdrawn"`
	Participation string `query:"participation" enum:"onsite,remote"`
	Membership    string `query:"membership" maxLength:"40"`
	Country       string `query:"country" maxLength:"2" doc:"ISO 3166-1 alpha-2"`
	Visa          string `query:"visa" enum:"asked,waiting,answered,refused" doc:"what has become of the visa support that was asked for"`
	Sort          string `query:"sort" enum:"name,organization,country,state,created,changed" default:"name"`
	Descending    bool   `query:"descending"`
	Limit         int    `query:"limit" minimum:"1" maximum:"1000" default:"50" doc:"how many at most"`
	Full          bool   `query:"full" doc:"with what was answered"`
	After         string `query:"after" maxLength:"900" doc:"next of the page before, for the same sort and query"`
}

// RegistrationsLimit is how many registrations RegistrationFilter gives at most.
const RegistrationsLimit = 1000

// What RegistrationFilter sorts by.
const (
	SortByName         = "name"
	SortByOrganization = "organization"
	SortByCountry      = "country"
	SortByState        = "state"
	SortByCreated      = "created"
	SortByChanged      = "changed"
)

// RegistrationRow is a registration in the list of its meeting's managers, without what
// was answered. The personal fields are empty once the account was erased.
type RegistrationRow struct {
	Number        string    `json:"number"`
	Person        string    `json:"person" doc:"name"`
	Organization  string    `json:"organization"`
	Country       string    `json:"country"`
	Membership    string    `json:"membership"`
	State         string    `json:"state" enum:"waiting-focal-point,waiting-secretariat,waiting-list,offered,confirmed,refused,withdrawn"`
	Participation string    `json:"participation" enum:"onsite,remote"`
	Companions    int       `json:"companions,omitempty" doc:"accompanying persons"`
	Visa          string    `json:"visa,omitempty" enum:",asked,waiting,answered,refused"`
	Created       time.Time `json:"created"`
	Changed       time.Time `json:"changed"`
	Version       int64     `json:"version"`
}

// RegistrationRows answers GET /v1/managed/meetings/{id}/registrations.
type RegistrationRows struct {
	Registrations []RegistrationRow     `json:"registrations" doc:"up to 50, unless the limit says otherwise"`
	Answers       []RegistrationAnswers `json:"answers,omitempty" doc:"if they are asked for: of each of the registrations, in their order"`
	Counts        map[string]int        `json:"counts,omitempty" doc:"with the first page: how many registrations of the meeting there are in each state, whatever the filter"`
	Next          string                `json:"next,omitempty" doc:"for after; empty at the end"`
}

// RegistrationAnswers is what was answered in a registration of RegistrationRows; empty once
// the account was erased.
type RegistrationAnswers struct {
	BadgeName  string      `json:"badge_name,omitempty"`
	JobTitle   string      `json:"job_title,omitempty"`
	Answers    Answers     `json:"answers,omitempty"`
	Companions []Companion `json:"companions,omitempty"`
	Consents   []string    `json:"consents,omitempty" doc:"ids of what the person agreed to"`
	Listed     bool        `json:"listed,omitempty" doc:"agreed to stand in the list of participants"`
}

// ExportRegistrations is the body of POST /v1/managed/meetings/{id}/exports, 204: that
// registrations of the meeting are going to be read and kept. It is noted in the audit log.
type ExportRegistrations struct {
	State string `json:"state,omitempty" enum:",waiting-focal-point,waiting-secretariat,waiting-list,offered,confirmed,refused,withdrawn" doc:"only those in it"`
}
