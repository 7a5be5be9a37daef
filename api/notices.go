package api

import "time"

// Recipients says to whom of a meeting's registrations an e-mail goes: to each that it
// chooses, once; empty fields choose all.
type Recipients struct {
	State         string `json:"state,omitempty" enum:",waiting-focal-point,waiting-secretariat,waiting-list,offered,confirmed,refused,withdrawn" doc:"empty: all but refused and withdrawn"`
	Participation string `json:"participation,omitempty" enum:",onsite,remote"`
	Membership    string `json:"membership,omitempty" maxLength:"40"`
	Country       string `json:"country,omitempty" maxLength:"2" doc:"ISO 3166-1 alpha-2"`
}

// MailParticipants is the payload of the operation OpMailParticipants, for managers of the
// meeting. Who has chosen a language in which there is no text gets English.
type MailParticipants struct {
	Meeting string     `json:"meeting" maxLength:"20" doc:"code"`
	To      Recipients `json:"to"`
	Subject Text       `json:"subject" doc:"in the same languages as the text; at most 150 characters"`
	Text    Text       `json:"text" doc:"plain text, at most 5,000 characters; at least in en"`
}

// MailPreview answers POST /v1/managed/meetings/{id}/notices/preview, whose body is
// MailParticipants: nothing is sent.
type MailPreview struct {
	People    int          `json:"people" doc:"how many get it"`
	Unreached int          `json:"unreached" doc:"how many are chosen who have no e-mail address"`
	Letters   []MailLetter `json:"letters" doc:"one in each language in which there is a text"`
}

// MailLetter is an e-mail as it arrives.
type MailLetter struct {
	Language string `json:"language"`
	People   int    `json:"people" doc:"how many get it in this language"`
	Subject  string `json:"subject"`
	Text     string `json:"text"`
}

// Notices answers GET /v1/managed/meetings/{id}/notices: what people were told of a
// meeting, newest first.
type Notices struct {
	Notices []Notice `json:"notices" doc:"up to 100"`
}

// Notice is something that people are told by e-mail, some at a time.
type Notice struct {
	ID      string     `json:"id"`
	Kind    string     `json:"kind" enum:"cancelled,changed,mail"`
	Made    time.Time  `json:"made"`
	By      string     `json:"by,omitempty" doc:"name of who made it, as long as there is the account"`
	To      Recipients `json:"to"`
	Subject Text       `json:"subject,omitempty" doc:"for mail"`
	Text    Text       `json:"text,omitempty" doc:"for mail"`
	Reason  string     `json:"reason,omitempty" doc:"for cancelled"`
	Total   int        `json:"total" doc:"how many were chosen when it was made"`
	Told    int        `json:"told" doc:"how many of them have an e-mail on the way by now"`
	Done    time.Time  `json:"done,omitzero" doc:"when that was all; those who were not chosen any more by then are left out"`
}

// Kinds of a Notice.
const (
	NoticeCancelled = "cancelled"
	NoticeChanged   = "changed" // another time or place
	NoticeMail      = "mail"    // a manager's own
)
