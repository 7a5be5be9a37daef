package manage

import (
	"context"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/words"
)

// person reads a line: an address, with a name before it in brackets, or beside it.
func person(line string) (api.Invitee, bool) {
	line = strings.TrimSpace(line)
	name, address := "", line
	if at := strings.LastIndexByte(line, '<'); at >= 0 {
		name, address = line[:at], strings.TrimSuffix(strings.TrimSpace(line[at+1:]), ">")
	} else if at := strings.LastIndexAny(line, "\t;,"); at >= 0 && strings.Contains(line[at:], "@") {
		name, address = line[:at], line[at+1:]
	}
	email, err := rules.ReadEmail(address)
	name, ok := rules.Line(strings.Trim(name, " \t\"',;"))
	return api.Invitee{Name: name, Email: email}, err == nil && ok
}

// people reads the lines; wrong is the number of the first one that cannot be read.
func people(text string) (list []api.Invitee, numbers []int, wrong int) {
	for n, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		one, ok := person(line)
		if !ok {
			return nil, nil, n + 1
		}
		list, numbers = append(list, one), append(numbers, n+1)
	}
	return list, numbers, 0
}

// readInvitees reads a table of people to invite: columns for the address, the name in one
// or two, and the language. Errors: errFile, and that of the context.
func readInvitees(ctx context.Context, env kit.Env, data []byte) (list []api.Invitee, err error) {
	var fields []importField
	for _, f := range importFields(env, &api.Meeting{}) {
		switch f.id {
		case "first_name", "family_name", "email", "language":
			fields = append(fields, f)
		}
	}
	fields = append(fields, importField{
		id: "name", label: env.T("users.name"), also: []string{words.For(words.English).T("users.name")},
		put: func(p *api.ImportedPerson, cell string) bool { p.BadgeName = cell; return true },
	})
	file, err := readTableOf(ctx, env, fields, data)
	if err != nil {
		return nil, err
	}
	for _, row := range file.rows {
		name := row.person.BadgeName
		if name == "" {
			name = rules.FullName(row.person.FirstName, row.person.FamilyName)
		}
		if len(row.wrong) == 0 {
			email, err := rules.ReadEmail(row.person.Email)
			if err == nil {
				list = append(list, api.Invitee{Name: name, Email: email, Language: row.person.Language})
				continue
			}
			row.wrong = []importWrong{{env.T("import.column.email"), env.T("import.wrong.at.email.invalid")}}
		}
		return nil, errFile{env.T("invite.wrong.row", map[string]any{"Row": row.number, "Column": row.wrong[0].column, "What": row.wrong[0].what})}
	}
	return list, nil
}
