package api

import "time"

// Statistics answers GET /v1/managed/meetings/{id}/statistics, for the meeting's managers:
// numbers as they were some seconds ago at most.
type Statistics struct {
	At            time.Time  `json:"at"`
	Registrations int        `json:"registrations" doc:"all"`
	Living        int        `json:"living" doc:"those that are neither refused nor withdrawn"`
	Days          []DayCount `json:"days" doc:"all, by the day on which they came in the meeting's time zone; days without any are left out"`
	States        []Count    `json:"states" doc:"all"`
	// Those that are living.
	Participation []Count `json:"participation" doc:"of those that are living, as all that follows; most first"`
	Memberships   []Count `json:"memberships"`
	Countries     []Count `json:"countries" doc:"ISO 3166-1 alpha-2"`
}

// DayCount is how many registrations came on a day.
type DayCount struct {
	Day   string `json:"day" doc:"as 2006-01-02"`
	Count int    `json:"count"`
}

// Count is how many registrations are of a kind.
type Count struct {
	ID    string `json:"id" doc:"empty where it is not known"`
	Count int    `json:"count"`
}
