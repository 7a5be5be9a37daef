package api

// ParticipantFilter is the query of GET /v1/meetings/{id}/participants, the list of a
// meeting's participants: those who are confirmed and have agreed to stand in it.
type ParticipantFilter struct {
	Meeting string `path:"id" maxLength:"20" doc:"code"`
	Query   string `query:"query" maxLength:"200" doc:"words: each begins a word of name or organization"`
	After   string `query:"after" maxLength:"900" doc:"next of the page before, for the same query"`
}

// Participants answers GET /v1/meetings/{id}/participants: by name, or with a query by the
// words that are found.
type Participants struct {
	Participants []Participant `json:"participants" doc:"up to 100"`
	Next         string        `json:"next,omitempty" doc:"for after; empty at the end"`
}

// Participant is somebody in the list.
type Participant struct {
	Name         string `json:"name"`
	Organization string `json:"organization"`
	Country      string `json:"country" doc:"ISO 3166-1 alpha-2"`
}
