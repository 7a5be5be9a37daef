package manage

import (
	"context"
	"slices"
	"strings"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/spreadsheet"
)

// exported are the registrations that search and filter show, with all that was answered:
// the questions in the order of the form.
func (r *Registrations) exported() kit.Exported {
	env, filter := r.env, r.wanted()
	filter.Limit, filter.Full = api.RegistrationsLimit, true
	if filter.Sort == "" {
		filter.Sort = api.SortByName // by the service's answers alone, see app.Service.ManagedRegistrations
	}
	var headings []string
	for _, key := range []string{
		"registration.number", "users.name", "users.organization", "signup.country", "organizations.membership", "registrations.filter.state",
		"register.participation", "registrations.companions", "registrations.export.created", "registrations.export.changed",
		"register.badge", "register.job", "registrations.export.companions",
	} {
		headings = append(headings, env.T(key))
	}
	var m api.Meeting
	return kit.Exported{
		File: "registrations.export.file", Headings: headings, Progress: "registrations.export.progress",
		More: func(ctx context.Context) ([]string, error) {
			managed, err := r.service.ManagedMeeting(ctx, r.code)
			m = managed.Meeting
			return answerHeadings(env, &m), err
		},
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
				var answers api.RegistrationAnswers
				if i < len(page.Answers) {
					answers = page.Answers[i]
				}
				rows = append(rows, append(registrationRecord(env, &page.Registrations[i]), answerRecord(env, &m, &answers)...))
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

// questionsOf are all questions of a form, in its order.
func questionsOf(m *api.Meeting) (all []*api.Question) {
	for s := range m.Form.Sections {
		for i := range m.Form.Sections[s].Questions {
			all = append(all, &m.Form.Sections[s].Questions[i])
		}
	}
	return all
}

// answerHeadings are those of what a meeting asks for.
func answerHeadings(env kit.Env, m *api.Meeting) (headings []string) {
	for _, q := range questionsOf(m) {
		headings = append(headings, q.Label.In(env.Words.Lang()))
	}
	for _, c := range m.Consents {
		headings = append(headings, c.Text.In(env.Words.Lang()))
	}
	if rules.AsksListed(m) {
		headings = append(headings, env.T("import.column.listed"))
	}
	return headings
}

// answerRecord is what was answered in the file.
func answerRecord(env kit.Env, m *api.Meeting, in *api.RegistrationAnswers) []spreadsheet.Cell {
	var names []string
	for _, c := range in.Companions {
		names = append(names, c.Name)
	}
	cells := spreadsheet.Texts(in.BadgeName, in.JobTitle, strings.Join(names, "; "))
	for _, q := range questionsOf(m) {
		cells = append(cells, answerCell(env, q, in.Answers[q.ID]))
	}
	agrees := func(yes bool) spreadsheet.Cell {
		if !yes {
			return spreadsheet.Cell{}
		}
		return spreadsheet.Text(env.T("register.yes"))
	}
	for _, c := range m.Consents {
		cells = append(cells, agrees(slices.Contains(in.Consents, c.ID)))
	}
	if rules.AsksListed(m) {
		cells = append(cells, agrees(in.Listed))
	}
	return cells
}

// answerCell is the answer to a question: numbers and days are such, the rest is text.
func answerCell(env kit.Env, q *api.Question, answer []string) spreadsheet.Cell {
	if len(answer) == 0 {
		return spreadsheet.Cell{}
	}
	if _, name, ok := rules.FileOf(answer); ok && rules.IsFile(q.Kind) {
		return spreadsheet.Text(name)
	}
	switch q.Kind {
	case api.KindNumber:
		return spreadsheet.Decimal(answer[0])
	case api.KindDate:
		if day, err := time.Parse(time.DateOnly, answer[0]); err == nil {
			return spreadsheet.Day(day)
		}
	case api.KindYesNo:
		if answer[0] == "yes" || answer[0] == "no" {
			return spreadsheet.Text(env.T("register." + answer[0]))
		}
	case api.KindCountry:
		return spreadsheet.Text(env.Words.Country(answer[0]))
	case api.KindChoice, api.KindChoices:
		var labels []string
		for _, id := range answer {
			label := id
			for _, c := range q.Choices {
				if c.ID == id {
					label = c.Label.In(env.Words.Lang())
				}
			}
			labels = append(labels, label)
		}
		return spreadsheet.Text(strings.Join(labels, "; "))
	}
	return spreadsheet.Text(strings.Join(answer, "; "))
}
