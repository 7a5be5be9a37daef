package httpapi

import (
	"context"
	"net/http"
	"time"

	"plenary/api"
	"plenary/service/accounts"
	"plenary/service/audit"
)

func (s *API) registerAudit() {
	type listAudit struct {
		Event string `query:"event" maxLength:"60"`
		User  string `query:"user" maxLength:"254" doc:"a username, an account's id, or a request's reference"`
		From  string `query:"from" maxLength:"40" doc:"a date, such as 2026-11-22 (UTC), or a time (RFC 3339)"`
		Until string `query:"until" maxLength:"40" doc:"a date, which is included, or a time, which is not"`
		After string `query:"after" maxLength:"400" doc:"next of the page before"`
	}
	secured(s, operation{
		Method: http.MethodGet, Path: "/v1/audit", ID: "list-audit", Tag: "management",
		Summary: "The audit log, newest first",
		Roles:   administrators,
	}, func(ctx context.Context, _ accounts.Principal, in *listAudit) (*out[api.AuditPage], error) {
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
			return nil, &api.Problem{Code: api.CodeInvalid, Errors: wrong}
		}
		page := api.AuditPage{Intact: s.Chain.Intact(ctx)}
		for _, e := range audit.Events {
			page.Events = append(page.Events, string(e))
		}
		var err error
		page.Entries, page.Next, err = audit.List(ctx, s.DB, f)
		return answer(page, err)
	})
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
