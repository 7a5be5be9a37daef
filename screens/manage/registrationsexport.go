package manage

import (
	"context"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/spreadsheet"
)

// exported are the registrations that search and filter show.
func (r *Registrations) exported() kit.Exported {
	env, filter := r.env, r.asked()
	filter.Limit = api.RegistrationsLimit
	if filter.Sort == "" {
		filter.Sort = api.SortByName // by the service's answers alone, see app.Service.ManagedRegistrations
	}
	var headings []string
	for _, key := range []string{
		"registration.number", "users.name", "users.organization", "signup.country", "organizations.membership", "registrations.filter.state",
		"register.participation", "registrations.companions", "registrations.export.created", "registrations.export.changed",
	} {
		headings = append(headings, env.T(key))
	}
	return kit.Exported{
		File: "registrations.export.file", Headings: headings, Progress: "registrations.export.progress",
		Note: func(ctx context.Context) error {
			return r.service.ExportRegistrations(ctx, r.code, api.ExportRegistrations{State: filter.State})
		},
		Page: func(ctx context.Context, after string) (rows [][]spreadsheet.Cell, next, at string, err error) {
			filter.After = after
			page, err := r.service.ManagedRegistrations(ctx, filter)
			if err != nil {
				return nil, "", "", err
			}
			for i := range page.Registrations {
				rows = append(rows, registrationRecord(env, &page.Registrations[i]))
			}
			return rows, page.Next, "", nil
		},
	}
}

// registrationRecord is a registration in the file. The state is what the service has.
func registrationRecord(env kit.Env, row *api.RegistrationRow) []spreadsheet.Cell {
	country, membership := "", ""
	if row.Country != "" {
		country = env.Words.Country(row.Country)
	}
	if row.Membership != "" {
		membership = env.T("membership." + row.Membership)
	}
	state, _ := registrationStates.Tag(env, "registrations.state.", row.State)
	cells := spreadsheet.Texts(row.Number, personOf(env, row.Person), row.Organization, country, membership, state, env.T("register.participation."+row.Participation))
	return append(cells, spreadsheet.Number(int64(row.Companions)), spreadsheet.Time(row.Created.UTC()), spreadsheet.Time(row.Changed.UTC()))
}
