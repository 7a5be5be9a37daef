package manage

import (
	"context"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/spreadsheet"
	"plenary/words"
)

// importField is what a column of a file with people can hold.
type importField struct {
	id      string // names it in a heading in any language
	pointer string // into api.ImportedPerson, without a row
	label   string
	also    []string // other headings
	// put reads a cell that is not empty into a person; false where it cannot be read.
	put func(p *api.ImportedPerson, cell string) bool
	// wrong is the key of what to do then.
	wrong string
}

// importFields are those of a meeting, in the order of its template.
func importFields(env kit.Env, m *api.Meeting) []importField {
	f := fieldsOf{env: env, english: words.For(words.English)}
	text := func(id, pointer string, of func(p *api.ImportedPerson) *string) {
		f.add(id, pointer, "", func(p *api.ImportedPerson, cell string) bool { *of(p) = cell; return true })
	}
	text("first_name", "/first_name", func(p *api.ImportedPerson) *string { return &p.FirstName })
	text("family_name", "/family_name", func(p *api.ImportedPerson) *string { return &p.FamilyName })
	text("email", "/email", func(p *api.ImportedPerson) *string { return &p.Email })
	f.add("language", "/language", "import.wrong.language", func(p *api.ImportedPerson, cell string) (ok bool) {
		for _, l := range words.Letters() {
			if same(cell, l.Code, l.Name) {
				p.Language, ok = l.Code, true
			}
		}
		return ok
	})
	text("organization", "/organization", func(p *api.ImportedPerson) *string { return &p.Organization })
	countries := countryCodes()
	f.add("country", "/country", "import.wrong.country", func(p *api.ImportedPerson, cell string) (ok bool) {
		p.Country, ok = countries[rules.Fold(cell)]
		return ok
	})
	f.add("membership", "/membership", "import.wrong.membership", func(p *api.ImportedPerson, cell string) (ok bool) {
		for _, one := range rules.Memberships() {
			if id := string(one); one != rules.PleaseChoose && same(cell, id, f.env.T("membership."+id), f.english.T("membership."+id)) {
				p.Membership, ok = id, true
			}
		}
		return ok
	})
	f.add("participation", "/participation", "import.wrong.participation", func(p *api.ImportedPerson, cell string) (ok bool) {
		for _, id := range []string{api.OnSite, api.Remote} {
			if same(cell, id, f.env.T("register.participation."+id), f.english.T("register.participation."+id)) {
				p.Participation, ok = id, true
			}
		}
		return ok
	})
	text("badge_name", "/badge_name", func(p *api.ImportedPerson) *string { return &p.BadgeName })
	text("job_title", "/job_title", func(p *api.ImportedPerson) *string { return &p.JobTitle })
	if m.Companions > 0 {
		f.add("companions", "/companions", "", func(p *api.ImportedPerson, cell string) bool {
			for _, name := range several(cell) {
				p.Companions = append(p.Companions, api.Companion{Name: name})
			}
			return true
		})
	}
	for s := range m.Form.Sections {
		for i := range m.Form.Sections[s].Questions {
			f.question(&m.Form.Sections[s].Questions[i], countries)
		}
	}
	for _, c := range m.Consents {
		f.all = append(f.all, importField{
			id: "consent:" + c.ID, pointer: "/consents/" + c.ID, label: c.Text.In(env.Words.Lang()), also: textsOf(c.Text), wrong: "import.wrong.yesno",
			put: func(p *api.ImportedPerson, cell string) bool {
				agrees, ok := f.yes(cell)
				if agrees {
					p.Consents = append(p.Consents, c.ID)
				}
				return ok
			},
		})
	}
	if rules.AsksListed(m) {
		f.add("listed", "/listed", "import.wrong.yesno", func(p *api.ImportedPerson, cell string) (ok bool) {
			p.Listed, ok = f.yes(cell)
			return ok
		})
	}
	return f.all
}

// fieldsOf collects the fields.
type fieldsOf struct {
	env     kit.Env
	english *words.Words
	all     []importField
}

func (f *fieldsOf) add(id, pointer, wrong string, put func(p *api.ImportedPerson, cell string) bool) {
	key := "import.column." + id
	f.all = append(f.all, importField{id: id, pointer: pointer, label: f.env.T(key), also: []string{f.english.T(key)}, put: put, wrong: wrong})
}

// question adds a question of the form.
func (f *fieldsOf) question(q *api.Question, countries map[string]string) {
	field := importField{id: q.ID, pointer: "/answers/" + q.ID, label: q.Label.In(f.env.Words.Lang()), also: textsOf(q.Label)}
	var read func(cell string) ([]string, bool)
	one := func(answer string, ok bool) ([]string, bool) { return []string{answer}, ok }
	switch q.Kind {
	case api.KindText, api.KindLong, api.KindPhone, api.KindEmail:
		read = func(cell string) ([]string, bool) { return []string{cell}, true }
	case api.KindNumber:
		field.wrong = "import.wrong.number"
		read = func(cell string) ([]string, bool) { return one(readNumber(cell, f.env.Words.Lang())) }
	case api.KindYesNo:
		field.wrong = "import.wrong.yesno"
		read = func(cell string) ([]string, bool) {
			yes, ok := f.yes(cell)
			return one(map[bool]string{true: "yes", false: "no"}[yes], ok)
		}
	case api.KindDate:
		field.wrong = "import.wrong.date"
		read = func(cell string) ([]string, bool) { return one(readDay(cell, f.env.Words.Lang())) }
	case api.KindCountry:
		field.wrong = "import.wrong.country"
		read = func(cell string) ([]string, bool) {
			code, ok := countries[rules.Fold(cell)]
			return one(code, ok)
		}
	case api.KindChoice:
		field.wrong = "import.wrong.choice"
		read = func(cell string) ([]string, bool) { return one(choiceOf(q, cell)) }
	case api.KindChoices:
		field.wrong = "import.wrong.choices"
		read = func(cell string) (answer []string, ok bool) {
			for parts := several(cell); len(parts) > 0; {
				n, id := 0, ""
				for n, ok = len(parts), false; n > 0 && !ok; n-- { // a label may have a semicolon in it
					id, ok = choiceOf(q, strings.Join(parts[:n], "; "))
				}
				if !ok {
					return nil, false
				}
				answer, parts = append(answer, id), parts[n+1:]
			}
			return answer, true
		}
	default:
		return // a file comes in by its person only
	}
	field.put = func(p *api.ImportedPerson, cell string) bool {
		answer, ok := read(cell)
		if ok {
			p.Answers[q.ID] = answer
		}
		return ok
	}
	f.all = append(f.all, field)
}

// yes reads yes or no, as words, as spreadsheet programs have them, or as a cross.
func (f *fieldsOf) yes(cell string) (yes, ok bool) {
	switch {
	case same(cell, "yes", "true", "1", "x", f.env.T("register.yes"), f.english.T("register.yes")):
		return true, true
	case same(cell, "no", "false", "0", "-", f.env.T("register.no"), f.english.T("register.no")):
		return false, true
	}
	return false, false
}

// same tells whether a cell says one of some words.
func same(cell string, words ...string) bool {
	folded := rules.Fold(strings.TrimSpace(cell))
	return slices.ContainsFunc(words, func(w string) bool { return rules.Fold(w) == folded })
}

// several are the parts of a cell with several things in it.
func several(cell string) (parts []string) {
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '\n' || r == '；' }) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func textsOf(text api.Text) (all []string) {
	for _, s := range text {
		all = append(all, s)
	}
	return all
}

func choiceOf(q *api.Question, cell string) (id string, ok bool) {
	for _, c := range q.Choices {
		if same(cell, append(textsOf(c.Label), c.ID)...) {
			return c.ID, true
		}
	}
	return "", false
}

// countryCodes are the codes of the countries by all their names and codes.
func countryCodes() map[string]string {
	codes := map[string]string{}
	for _, c := range words.For(words.English).Countries() {
		for _, name := range slices.Concat(words.CountryNames(c.Code), words.CountryAliases(c.Code), words.CountryCodes(c.Code)) {
			codes[rules.Fold(name)] = c.Code
		}
	}
	return codes
}

// decimalComma is a number as most languages write it, inThousands one that English may mean
// to be a thousand times as much.
var (
	decimalComma = regexp.MustCompile(`^-?[0-9]+,[0-9]+$`)
	inThousands  = regexp.MustCompile(`^-?[1-9][0-9]{0,2},[0-9]{3}$`)
)

func readNumber(cell, lang string) (string, bool) {
	if lang == words.English && inThousands.MatchString(cell) {
		return "", false
	}
	if decimalComma.MatchString(cell) {
		cell = strings.Replace(cell, ",", ".", 1)
	}
	return cell, true // the form judges it
}

// midnight is what spreadsheet programs write behind a day.
var midnight = regexp.MustCompile(`[ T]+0?0:00(:00)?$`)

// readDay reads a day as kit.DayOf. Where that depends on the country the day comes before the
// month, but in English, where nobody knows.
func readDay(cell, lang string) (string, bool) {
	cell = midnight.ReplaceAllString(strings.TrimSpace(cell), "")
	if day, ok := kit.DayOf(cell); ok || lang == words.English {
		return day, ok
	}
	return kit.DayOf(strings.NewReplacer("/", ".", "-", ".", " ", ".").Replace(cell))
}

// importRow is a person of a file.
type importRow struct {
	number int // as the spreadsheet program numbers it
	person api.ImportedPerson
	wrong  []importWrong
	unread bool // all of it
}

// importWrong is what is wrong with a row, in words.
type importWrong struct{ column, what string }

// importedFile is what a file has.
type importedFile struct {
	rows     []importRow
	sheet    string   // that was read, of a workbook
	others   []string // its other sheets that have something in them
	windows  bool     // it was taken for Windows-1252
	headings map[string]bool
}

// errFile is what is wrong with a file as a whole, in words.
type errFile struct{ words string }

func (e errFile) Error() string { return e.words }

// readPeople reads a table of people to register. Errors: errFile, and that of the context.
func readPeople(ctx context.Context, env kit.Env, fields []importField, data []byte) (importedFile, error) {
	out, err := readTableOf(ctx, env, fields, data)
	if err == nil && !out.headings["family_name"] && !out.headings["first_name"] {
		err = errFile{env.T("import.wrong.no-name")}
	}
	return out, err
}

// readTableOf reads a table that may have some columns. Errors: errFile, and that of the
// context.
func readTableOf(ctx context.Context, env kit.Env, fields []importField, data []byte) (out importedFile, err error) {
	byHeading := map[string]*importField{}
	var columns spreadsheet.Columns
	for i := range fields {
		f := &fields[i]
		for _, heading := range append([]string{f.id, f.label}, f.also...) {
			heading = strings.ToLower(strings.TrimSpace(heading))
			if heading != "" && byHeading[heading] == nil {
				byHeading[heading] = f
				columns.Known = append(columns.Known, heading)
			}
		}
	}
	table, windows, err := openTable(ctx, data, columns)
	if err != nil {
		return out, inWords(env, err)
	}
	out.windows, out.headings = windows, map[string]bool{}
	for _, heading := range table.Columns() {
		f := byHeading[heading]
		if out.headings[f.id] {
			return out, errFile{env.T("import.wrong.column-twice", map[string]any{"Column": f.label})}
		}
		out.headings[f.id] = true
	}
	out.sheet, out.others = table.Sheet()
	for {
		record, err := table.Next(ctx)
		switch {
		case errors.Is(err, io.EOF) && len(out.rows) == 0:
			return out, errFile{env.T("import.wrong.no-rows")}
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return out, inWords(env, err)
		case len(out.rows) == api.MaxImport:
			return out, errFile{env.T("import.wrong.too-many", map[string]any{"Most": api.MaxImport})}
		}
		out.rows = append(out.rows, readPerson(env, record, byHeading))
	}
}

// readPerson reads a row.
func readPerson(env kit.Env, record spreadsheet.Record, byHeading map[string]*importField) importRow {
	row := importRow{number: record.Row}
	if w := record.Wrong; w != nil {
		column := w.Column
		if f := byHeading[column]; f != nil {
			column = f.label
		}
		row.wrong, row.unread = []importWrong{{column, env.T("sheet.wrong." + string(w.Code))}}, true
		return row
	}
	row.person.Answers = api.Answers{}
	for heading, cell := range record.Fields {
		f := byHeading[heading]
		cell = spreadsheet.Plain(cell)
		if cell != "" && !f.put(&row.person, cell) {
			row.wrong = append(row.wrong, importWrong{f.label, env.T(f.wrong)})
		}
	}
	slices.SortFunc(row.wrong, func(a, b importWrong) int { return strings.Compare(a.column, b.column) })
	return row
}

// complete fills in what goes without saying.
func (r *importRow) complete(m *api.Meeting, lang string) {
	p := &r.person
	p.Meeting = m.Code
	if p.Participation == "" && len(m.Participation) == 1 {
		p.Participation = m.Participation[0]
	}
	if p.BadgeName == "" && rules.OnBadge(p.Participation) {
		p.BadgeName = rules.FullName(p.FirstName, p.FamilyName)
	}
	if p.Language == "" {
		p.Language = lang
	}
}

// inWords says what is wrong with a file.
func inWords(env kit.Env, err error) error {
	wrong, ok := errors.AsType[*spreadsheet.Wrong](err)
	if !ok {
		return err
	}
	return errFile{env.T("sheet.wrong."+string(wrong.Code), map[string]any{"Column": wrong.Column})}
}
