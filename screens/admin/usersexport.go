package admin

import (
	"context"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/person"
	"plenary/spreadsheet"
)

// exported are the users that search and filter show.
func (u *Users) exported() kit.Exported {
	env, filter := u.env, u.asked()
	filter.Limit = api.UsersLimit
	return kit.Exported{
		File: "users.export.file", Progress: "users.export.progress",
		Headings: headings(env, "users.name", "settings.username", "users.email", "users.organization", "signup.country", "users.roles", "users.filter.state", "audit.export.account"),
		Note: func(ctx context.Context) error {
			return u.service.ExportUsers(ctx, api.ExportUsers{Query: filter.Query, Inside: filter.Inside, State: filter.State, Role: filter.Role})
		},
		Page: func(ctx context.Context, after string) (rows [][]spreadsheet.Cell, next, at string, err error) {
			filter.After = after
			page, err := u.service.Users(ctx, filter)
			if err != nil {
				return nil, "", "", err
			}
			for i := range page.Users {
				rows = append(rows, userRecord(env, &page.Users[i]))
			}
			return rows, page.Next, "", nil
		},
	}
}

// userRecord is a user in the file.
func userRecord(env kit.Env, r *api.UserSummary) []spreadsheet.Cell {
	country := r.Country
	if country != "" {
		country = env.Words.Country(country)
	}
	state, _ := userTag(env, r.State)
	return spreadsheet.Texts(r.Name, r.Username, r.Email, r.Organization, country, person.RoleNames(env, r.Roles), state, r.ID)
}
