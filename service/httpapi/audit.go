package httpapi

import (
	"context"
	"time"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/caller"
)

func (s *API) registerAudit() {
	secured(s, operation{Route: "GET /v1/audit", ID: "list-audit", Tag: "management", Roles: administrators, Summary: "The audit log"},
		search(s.listAudit))
	secured(s, operation{Route: "POST /v1/audit/exports", ID: "export-audit", Tag: "management", Roles: administrators, Summary: "Note that entries of the audit log are going to be exported"},
		doWith(s.exportAudit))
}

func (s *API) listAudit(ctx context.Context, _ caller.Caller, in api.AuditFilter) (page api.AuditPage, err error) {
	f, err := between(in.From, in.Until)
	if err != nil {
		return page, err
	}
	f.Event, f.User, f.After, f.Oldest, f.Limit = in.Event, in.User, in.After, in.Order == api.AuditOldest, in.Limit
	page.Intact = s.Chain.Intact(ctx)
	for _, e := range audit.Events {
		page.Events = append(page.Events, string(e))
	}
	page.Entries, page.Next, err = audit.List(ctx, s.DB, f)
	return page, err
}

func (s *API) exportAudit(ctx context.Context, _ caller.Caller, in api.ExportAudit) error {
	f, err := between(in.From, in.Until)
	if err != nil {
		return err
	}
	f.Event, f.User = in.Event, in.User
	return s.Audit.NoteExport(ctx, s.DB, f)
}

// between is a filter of the time alone.
func between(from, until string) (f audit.Filter, err error) {
	var wrong []api.FieldError
	var ok bool
	if f.From, ok = moment(from, 0); !ok {
		wrong = append(wrong, api.FieldError{Pointer: "/from", Code: api.FieldInvalid})
	}
	if f.Until, ok = moment(until, 24*time.Hour); !ok {
		wrong = append(wrong, api.FieldError{Pointer: "/until", Code: api.FieldInvalid})
	}
	if len(wrong) > 0 {
		return f, api.Invalid(wrong...)
	}
	return f, nil
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
