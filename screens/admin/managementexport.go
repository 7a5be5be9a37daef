package admin

import (
	"context"
	"strings"
	"time"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/spreadsheet"
)

// exported are the e-mails that search and filter show.
func (o *outgoing) exported() kit.Exported {
	env, service, filter := o.screen.env, o.screen.service, o.asked()
	filter.Limit = api.MailsLimit
	return kit.Exported{
		File: "outgoing.export.file", Progress: "outgoing.export.progress",
		Headings: headings(env, "outgoing.export.created", "outgoing.kind", "outgoing.to", "outgoing.state", "outgoing.attempts", "outgoing.export.problem", "outgoing.export.done"),
		Note: func(ctx context.Context) error {
			return service.ExportMails(ctx, api.ExportMails{State: filter.State})
		},
		Page: func(ctx context.Context, after string) (rows [][]spreadsheet.Cell, next, at string, err error) {
			filter.After = after
			page, err := service.Outgoing(ctx, filter)
			if err != nil {
				return nil, "", "", err
			}
			for i := range page.Mails {
				rows = append(rows, o.record(&page.Mails[i]))
			}
			return rows, page.Next, "", nil
		},
	}
}

// record is an e-mail in the file.
func (o *outgoing) record(m *api.OutgoingMail) []spreadsheet.Cell {
	env := o.screen.env
	state, _ := outgoingTag(env, m.State)
	problem := ""
	if m.Problem != "" {
		problem = o.problem(m)
	}
	row := append([]spreadsheet.Cell{spreadsheet.Time(m.Created.UTC())}, spreadsheet.Texts(mailName(env, m.Template), m.To, state)...)
	row = append(row, spreadsheet.Number(int64(m.Attempts)))
	row = append(row, spreadsheet.Texts(problem)...)
	return append(row, moment(m.Done))
}

// exported are all entered organizations.
func (e *enteredOrganizations) exported() kit.Exported {
	env, service := e.screen.env, e.screen.service
	return kit.Exported{
		File: "organizations.export.file", Progress: "organizations.export.progress",
		Headings: headings(env, "organizations.export.name", "organizations.country", "organizations.membership", "organizations.city", "organizations.website",
			"organizations.by", "organizations.export.entered", "organizations.export.suggestions"),
		Note: service.ExportOrganizations,
		Page: func(ctx context.Context, after string) (rows [][]spreadsheet.Cell, next, at string, err error) {
			page, err := service.EnteredOrganizations(ctx, after)
			if err != nil {
				return nil, "", "", err
			}
			for i := range page.Organizations {
				rows = append(rows, organizationRecord(env, &page.Organizations[i]))
			}
			return rows, page.Next, "", nil
		},
	}
}

// organizationRecord is an entered organization in the file, with the names of those that
// it may be.
func organizationRecord(env kit.Env, o *api.EnteredOrganization) []spreadsheet.Cell {
	var names []string
	for _, s := range o.Suggestions {
		names = append(names, s.Name)
	}
	row := spreadsheet.Texts(o.Name, env.Words.Country(o.Country), env.T("membership."+o.Membership), o.City, o.Website, o.By)
	row = append(row, spreadsheet.Time(o.Entered.UTC()))
	return append(row, spreadsheet.Texts(strings.Join(names, "; "))...)
}

// headings name the columns of a file.
func headings(env kit.Env, keys ...string) (names []string) {
	for _, key := range keys {
		names = append(names, env.T(key))
	}
	return names
}

// moment is a cell with a time; empty without one.
func moment(at time.Time) spreadsheet.Cell {
	if at.IsZero() {
		return spreadsheet.Cell{}
	}
	return spreadsheet.Time(at.UTC())
}
