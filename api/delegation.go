package api

import "time"

// Who speaks for an organization. The secretariat (the role meeting-manager) appoints
// accounts of the organization, one of each kind. An appointment ends with the account,
// and when the account is of another organization.

// Kinds of appointments.
const (
	FocalPoint = "focal-point" // decides on registrations of the organization, and registers others of it
	Assistant  = "assistant"   // helps with that, but does not decide on assistants
)

// Appointee is an account that is, or can be, appointed.
type Appointee struct {
	ID           string       `json:"id"`
	Name         string       `json:"name"`
	Username     string       `json:"username"`
	Email        string       `json:"email"`
	Organization Organization `json:"organization"`
	Listed       bool         `json:"listed,omitempty" doc:"the organization stands in the directory: only then is there anything to be appointed to"`
	Confirmed    bool         `json:"confirmed,omitempty" doc:"somebody has confirmed that the account is of the organization; else its owner has chosen it"`
	Kind         string       `json:"kind,omitempty" enum:",focal-point,assistant" doc:"what it is appointed to"`
	Since        time.Time    `json:"since,omitzero"`
	By           string       `json:"by,omitempty" doc:"name of who appointed it, as long as there is that account"`
}

// AppointeeFilter is the query of GET /v1/focal-points. Without words it gives those who
// are appointed; with words, as UserFilter.Query has them, all whom they find.
type AppointeeFilter struct {
	Query string `query:"query" maxLength:"200" doc:"words: each begins a word of username, name, e-mail or organization; empty: who is appointed"`
	After string `query:"after" maxLength:"400" doc:"next of the page before"`
}

// Appointees answers GET /v1/focal-points, by family name.
type Appointees struct {
	People []Appointee `json:"people" doc:"up to 50"`
	Next   string      `json:"next,omitempty" doc:"for after; empty at the end"`
}

// Appoint is PUT /v1/focal-points/{id}, where id is the account's. Another one of the
// organization that has the appointment loses it. DELETE ends it.
type Appoint struct {
	Kind           string `json:"kind" enum:"focal-point,assistant"`
	OrganizationID string `json:"organization_id" minLength:"1" maxLength:"40" doc:"the account's, as it was read; outdated if it is another one by now"`
}

// ConfirmOrganization is POST /v1/confirmed-organizations: the account is of the
// organization that its owner has chosen. For the secretariat, and for whoever is
// appointed for that organization.
type ConfirmOrganization struct {
	Account        string `json:"account" minLength:"1" maxLength:"40" doc:"id"`
	OrganizationID string `json:"organization_id" minLength:"1" maxLength:"40" doc:"the account's, as it was read; outdated if it is another one by now"`
}

// Delegation answers GET /v1/delegation?after=CURSOR: what somebody who is appointed sees
// of the registrations of the organization, for meetings that are not over or were within
// the last 30 days. Of what was answered in forms only the files are among it.
type Delegation struct {
	Kind          string       `json:"kind" enum:"focal-point,assistant"`
	Organization  Organization `json:"organization"`
	Registrations []Delegate   `json:"registrations" doc:"up to 200, newest first"`
	Next          string       `json:"next,omitempty" doc:"for after; empty at the end"`
}

// Delegate is a registration of the organization.
type Delegate struct {
	Number        string      `json:"number"`
	Meeting       string      `json:"meeting" doc:"code"`
	State         string      `json:"state" enum:"waiting-focal-point,waiting-secretariat,waiting-list,offered,confirmed,refused,withdrawn"`
	Person        string      `json:"person" doc:"name"`
	Email         string      `json:"email,omitempty" doc:"of people without an account"`
	Participation string      `json:"participation" enum:"onsite,remote"`
	BadgeName     string      `json:"badge_name"`
	JobTitle      string      `json:"job_title,omitempty"`
	Companions    []Companion `json:"companions,omitempty"`
	Sent          time.Time   `json:"sent"`
	Account       bool        `json:"account,omitempty" doc:"the person has an account"`
	Own           bool        `json:"own,omitempty" doc:"of whoever asks"`
	Confirmed     bool        `json:"confirmed,omitempty" doc:"that the person is of the organization; approving the registration confirms it"`
	Visa          string      `json:"visa,omitempty" enum:",asked,waiting,answered,refused" doc:"what has become of visa support"`
	VisaAnswer    string      `json:"visa_answer,omitempty" doc:"what the secretariat wrote, until that is erased"`
	May           []string    `json:"may,omitempty" enum:"approve,refuse,withdraw" doc:"what whoever asks may do with it"`
	Files         []File      `json:"files,omitempty" doc:"that were sent with it"`
	History       []Event     `json:"history" doc:"oldest first, with the names of who did it"`
	Version       int64       `json:"version"`
}

// What Delegate.May names.
const (
	MayApprove  = "approve"
	MayRefuse   = "refuse"
	MayWithdraw = "withdraw"
)

// DecideMany is the payload of the operation OpDecideMany: the same decision on several
// registrations, of one meeting or several. Each is judged by itself: those that are
// refused stand in Result.Errors as /registrations/3 with the code of the refusal, and the
// operation is done for the others.
type DecideMany struct {
	Registrations []string `json:"registrations" doc:"numbers, at most 200"`
	Approve       bool     `json:"approve"`
	Revoke        bool     `json:"revoke,omitempty" doc:"as Decide has it"`
	Reason        string   `json:"reason,omitempty" doc:"at most 500 characters; required on refusal"`
}

// MaxDecideMany is how many registrations DecideMany may name.
const MaxDecideMany = 200

// RegisterFor is the payload of the operation OpRegisterFor: somebody who is appointed for
// an organization registers another person of it. Where an account of the organization has
// the e-mail address, the registration is that account's; else the person has none, and
// e-mails go to the address, if there is one.
type RegisterFor struct {
	Register
	FirstName  string `json:"first_name,omitempty" doc:"at most 100 characters; one of the two names may be empty"`
	FamilyName string `json:"family_name,omitempty" doc:"at most 100 characters"`
	Email      string `json:"email,omitempty"`
	Language   string `json:"language,omitempty" doc:"of e-mails to people without an account"`
}
