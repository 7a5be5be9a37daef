package admin

import (
	"context"
	"strings"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/spreadsheet"
)

// exported are the entries that the filter shows.
func (a *AuditLog) exported() kit.Exported {
	env, filter := a.env, a.asked()
	filter.Limit = api.AuditLimit
	return kit.Exported{
		File: "audit.export.file", Progress: "audit.export.progress",
		Headings: headings(env, "audit.export.time", "audit.column.event", "audit.export.details", "audit.export.reason", "audit.column.user",
			"audit.export.account", "audit.export.by", "audit.export.network", "audit.export.reference", "audit.export.entry"),
		Note: func(ctx context.Context) error {
			return a.service.ExportAudit(ctx, api.ExportAudit{Event: filter.Event, User: filter.User, From: filter.From, Until: filter.Until})
		},
		Page: func(ctx context.Context, after string) (rows [][]spreadsheet.Cell, next, at string, err error) {
			filter.After = after
			page, err := a.service.Audit(ctx, filter)
			if err != nil || len(page.Entries) == 0 {
				return nil, "", "", err
			}
			for i := range page.Entries {
				rows = append(rows, auditRecord(env, &page.Entries[i]))
			}
			last := page.Entries[len(page.Entries)-1].At
			return rows, page.Next, env.Words.ShortDate(last.In(env.Now().Location())), nil
		},
	}
}

// auditRecord is an entry in the file.
func auditRecord(env kit.Env, e *api.AuditEntry) []spreadsheet.Cell {
	return append([]spreadsheet.Cell{spreadsheet.Time(e.At.UTC())}, spreadsheet.Texts(
		eventName(env, e.Event), strings.TrimSpace(eventFacts(env, e)), e.Reason, e.User,
		e.Subject, e.Actor, e.Network, e.Reference, e.ID)...)
}
