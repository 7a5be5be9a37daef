package httpapi

import (
	"context"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
)

func (s *API) registerAudit() {
	secured(s, operation{Route: "GET /v1/audit", ID: "list-audit", Tag: "management", Roles: administrators, Summary: "The audit log, newest first"},
		search(s.listAudit))
}

func (s *API) listAudit(ctx context.Context, _ caller.Caller, in api.AuditFilter) (page api.AuditPage, err error) {
	f := audit.Filter{Event: in.Event, User: in.User, After: in.After}
	var wrong []api.FieldError
	var ok bool
	if f.From, ok = moment(in.From, 0); !ok {
		wrong = append(wrong, api.FieldError{Pointer: "/from", Code: api.FieldInvalid})
	}
	if f.Until, ok = moment(in.Until, 24*time.Hour); !ok {
		wrong = append(wrong, api.FieldError{Pointer: "/until", Code: api.FieldInvalid})
	}
	if len(wrong) > 0 {
		return page, api.Invalid(wrong...)
	}
	page.Intact = s.Chain.Intact(ctx)
	for _, e := range audit.Events {
		page.Events = append(page.Events, string(e))
	}
	page.Entries, page.Next, err = audit.List(ctx, s.DB, f)
	return page, err
}

// moment reads a date, to which day is added, or a time; "" is the zero time.
func moment(text string, day time.Duration) (time.Time, bool) {
	if text == "" {
		return time.Time{}, true
	}
	if date, err := time.Parse(time.DateOnly, text); err == nil {
		return date.Add(day), true
	}
	at, err := time.Parse(time.RFC3339, text)
	return at, err == nil
}
