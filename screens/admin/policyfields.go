package admin

import (
	"plenary/api"
)

// policyNumber is a number among the policies: what it is called
// (policies.NAME), what it does (policies.NAME.what), its range as in the
// contract, its default, and where it is kept.
type policyNumber struct {
	name              string
	pointer           string // JSON Pointer into api.Policies
	min, max, initial int
	of                func(p *api.Policies) *int
}

// policyGroup is a part of the form with its numbers.
type policyGroup struct {
	name    string
	numbers []policyNumber
}

// policyNumbers are all numbers, in groups, as api.LimitPolicy,
// api.SessionPolicy and api.Policies have them.
var policyNumbers = []policyGroup{
	{"limits", []policyNumber{
		{"identifier-failures", "/limits/identifier_failures", 3, 100, 10, func(p *api.Policies) *int { return &p.Limits.IdentifierFailures }},
		{"account-failures", "/limits/account_failures", 3, 200, 20, func(p *api.Policies) *int { return &p.Limits.AccountFailures }},
		{"device-failures", "/limits/device_failures", 3, 100, 10, func(p *api.Policies) *int { return &p.Limits.DeviceFailures }},
		{"failure-hours", "/limits/failure_hours", 1, 168, 24, func(p *api.Policies) *int { return &p.Limits.FailureHours }},
		{"network-failures", "/limits/network_failures", 50, 100000, 1000, func(p *api.Policies) *int { return &p.Limits.NetworkFailures }},
		{"network-requests", "/limits/network_requests", 50, 100000, 3000, func(p *api.Policies) *int { return &p.Limits.NetworkRequests }},
		{"mails", "/limits/mails", 1, 50, 5, func(p *api.Policies) *int { return &p.Limits.Mails }},
	}},
	{"sessions", []policyNumber{
		{"kept-idle-days", "/sessions/kept_idle_days", 1, 365, 90, func(p *api.Policies) *int { return &p.Sessions.KeptIdleDays }},
		{"kept-absolute-days", "/sessions/kept_absolute_days", 1, 730, 365, func(p *api.Policies) *int { return &p.Sessions.KeptAbsoluteDays }},
		{"idle-hours", "/sessions/idle_hours", 1, 168, 12, func(p *api.Policies) *int { return &p.Sessions.IdleHours }},
		{"absolute-hours", "/sessions/absolute_hours", 1, 168, 24, func(p *api.Policies) *int { return &p.Sessions.AbsoluteHours }},
	}},
	{"deletion", []policyNumber{
		{"deletion-days", "/deletion_days", 0, 90, 14, func(p *api.Policies) *int { return &p.DeletionDays }},
	}},
	{"visa", []policyNumber{
		{"visa-days", "/visa_days", 1, 365, 30, func(p *api.Policies) *int { return &p.VisaDays }},
	}},
}

// policyChoice is a choice among the policies, in words policies.NAME.VALUE.
type policyChoice struct {
	name    string
	pointer string
	values  []string
	initial string
	of      func(p *api.Policies) *string
}

// policyChoices are all choices.
var policyChoices = []policyChoice{
	{"password", "/password", []string{"classic", "nist"}, "classic", func(p *api.Policies) *string { return &p.Password }},
	{"secret-question", "/secret_question", []string{api.QuestionOn, api.QuestionWithEmail, api.QuestionOff}, api.QuestionOn, func(p *api.Policies) *string { return &p.SecretQuestion }},
	{"second-factor", "/second_factor", []string{api.SecondFactorStaff, api.SecondFactorFree, api.SecondFactorOff}, api.SecondFactorStaff, func(p *api.Policies) *string { return &p.SecondFactor }},
}
