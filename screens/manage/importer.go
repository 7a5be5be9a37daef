package manage

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"github.com/google/uuid"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/spreadsheet"
)

// Guests is how managers have people come to their meetings: those whom they register, and
// those whom they invite.
type Guests interface {
	ManagedMeeting(ctx context.Context, code string) (api.ManagedMeeting, error)
	ImportRegistrations(ctx context.Context, code string, in api.ImportRegistrations) (api.Imported, error)

	// RegisterGuest registers somebody, of whom GuestDraft is what was typed and not sent.
	// SaveGuestDraft keeps that; it is on the disk by Flush at the latest.
	RegisterGuest(ctx context.Context, typed app.Guest, asked api.ImportedPerson) (api.Imported, error)
	GuestDraft(meeting string) (app.Guest, bool)
	GuestDrafts() (meetings []string)
	SaveGuestDraft(ctx context.Context, in app.Guest) error
	DropGuestDraft(ctx context.Context, meeting string) error
	Flush(ctx context.Context) error

	Invitations(ctx context.Context, code string) ([]api.Invitation, error)
	Invite(ctx context.Context, code string, in api.Invite) error
	SendInvitation(ctx context.Context, id string, in api.SendInvitation) error
	WithdrawInvitation(ctx context.Context, id string) error
}

// Importer is the page on which a manager registers people from a file: it is checked as a
// whole first, each row that is wrong is named with what to do, and nobody is registered
// until all of them are right.
type Importer struct {
	env     kit.Env
	service Guests
	code    string
	on      ImporterEvents
	folder  func() (string, error) // where a template goes

	content fyne.CanvasObject
	bar     *parts.Bar
	busy    *parts.Busy
	calls   *kit.Calls
	chooser *tableChooser
	holder  *fyne.Container // the chooser, or the result of the check
	result  fyne.CanvasObject
	summary *parts.Text
	notes   *parts.Text
	list    *kit.Browser[checkedRow]
	submit  *parts.Button
	file    kit.ChosenFile
	checked *checkedFile
}

// ImporterEvents are what the page asks of the window.
type ImporterEvents struct {
	Back func()
}

// checkedFile is a file and what would become of it.
type checkedFile struct {
	importedFile
	id      string // of the import, for as often as it is tried
	meeting api.Meeting
	fields  []importField
	lines   []checkedRow
	wrong   int // rows that are
	states  map[string]int
}

// checkedRow is a line about a row of the file.
type checkedRow struct {
	key         int
	number      int
	who, column string
	what        string
}

// NewImporter returns the page for a meeting. Close it when it is left.
func NewImporter(env kit.Env, service Guests, catalog MeetingCatalog, code string, on ImporterEvents) *Importer {
	i := &Importer{env: env, service: service, code: code, on: on, folder: app.Downloads}
	t := env.T
	i.bar, i.busy = parts.NewBar("import.bar"), parts.NewBusy("import.busy")
	i.calls = kit.NewCalls(context.Background(), env, i.bar, i.busy, nil)
	template := i.calls.Button("import.template", "import.template", parts.Outlined, i.saveTemplate)
	i.chooser = newTableChooser(env, "import", i.bar, i.calls, t("import.file"), i.check, template)
	i.buildResult()
	title := titleOf(env, catalog, code)
	i.holder = parts.Layers(i.chooser.content)
	heading := parts.Stack(parts.Gap4, parts.Link("import.back", t("shell.back", map[string]any{"To": t("registrations.title")}), on.Back),
		parts.Heading(t("import.title", map[string]any{"Meeting": title}), t("import.line"), i.busy))
	i.content = kit.StaffLayout(heading, i.bar, nil, i.holder)
	return i
}

func (i *Importer) buildResult() {
	t := i.env.T
	i.summary = parts.Bold("").WithSize(parts.SizeSection).WithID("import.summary")
	i.notes = parts.Small("").WithID("import.notes")
	i.submit = parts.NewButton("import.submit", "", parts.Primary, i.carryOut)
	i.calls.Hold(i.submit)
	again := i.calls.Button("import.again", "import.again", parts.Outlined, func() { i.check(i.file) })
	other := i.calls.Button("import.other", "import.other", parts.Outlined, i.choose)
	i.list = kit.NewLocalBrowser(i.env, "import.rows", t("import.search"), nil, i.matching, kit.BrowserEvents[checkedRow]{
		ID: func(r *checkedRow) string { return strconv.Itoa(r.key) },
		Table: []kit.Column[checkedRow]{
			{ID: "who", Label: t("users.name"), ColumnWidth: parts.ColumnWidth{Min: 140, Weight: 2}, Text: func(r *checkedRow) string { return r.who }},
			{ID: "row", Label: t("import.row"), ColumnWidth: parts.ColumnWidth{Min: 60}, Text: func(r *checkedRow) string { return strconv.Itoa(r.number) }},
			{ID: "column", Label: t("import.cell"), ColumnWidth: parts.ColumnWidth{Min: 120, Weight: 1}, Text: func(r *checkedRow) string { return r.column }},
			{ID: "what", Label: t("import.what"), ColumnWidth: parts.ColumnWidth{Min: 240, Weight: 4}, Text: func(r *checkedRow) string { return r.what }},
		},
		Empty: func(bool) fyne.CanvasObject { return parts.Empty(t("import.none.title"), t("import.none.how")) },
	})
	top := parts.Stack(parts.Gap8, i.summary, i.notes, parts.Inline(parts.Gap12, i.submit, again, other))
	i.result = aboveList(top, i.list.Content)
}

// Content is what is to be shown.
func (i *Importer) Content() fyne.CanvasObject { return i.content }

// Close ends what the page waits for.
func (i *Importer) Close() { i.calls.Close() }

// First is what takes the keyboard.
func (i *Importer) First() fyne.Focusable { return i.chooser.choose }

// Find puts the keyboard into the search of what a check has found.
func (i *Importer) Find() {
	if i.checked != nil {
		parts.Focus(i.list.Search)
		i.list.Search.SelectAll()
	}
}

// Back gives a check up, leads to the choice of a file, or leaves the page.
func (i *Importer) Back() bool {
	switch {
	case i.calls.Cancel():
	case i.checked != nil:
		i.choose()
	default:
		i.on.Back()
	}
	return true
}

// choose leads to the choice of a file.
func (i *Importer) choose() {
	i.checked = nil
	kit.Swap(i.holder, i.chooser.content)
	parts.Focus(i.chooser.choose)
}

// saveTemplate saves a table with the headings, and nobody in it.
func (i *Importer) saveTemplate() {
	env := i.env
	var path string
	i.calls.Try("import.loading", func(ctx context.Context) error {
		m, err := i.service.ManagedMeeting(ctx, i.code)
		if err != nil {
			return err
		}
		path, err = saveHeadings(env, i.folder, env.T("import.template.file", map[string]any{"Meeting": i.code}), headings(importFields(env, &m.Meeting)))
		return err
	}, func() { i.bar.Say(env.Saved(path)) }, func(err error) bool {
		if !errors.Is(err, errUnread) {
			return false
		}
		i.bar.Say(env.NotSaved())
		return true
	})
}

// headings are those of a template: labels, and names where two labels are one.
func headings(fields []importField) (all []string) {
	taken := map[string]bool{}
	for _, f := range fields {
		heading := f.label
		if key := strings.ToLower(strings.TrimSpace(heading)); taken[key] || key == "" {
			heading = f.id
		}
		taken[strings.ToLower(strings.TrimSpace(heading))] = true
		all = append(all, heading)
	}
	return all
}

// saveHeadings saves a workbook with one row.
func saveHeadings(env kit.Env, where func() (string, error), name string, row []string) (string, error) {
	folder, err := where()
	if err != nil {
		return "", errors.Join(errUnread, err)
	}
	sheet, err := app.NewSpreadsheet(folder, name, spreadsheet.XLSX, env.Words.Lang(), env.Words.Direction() == "rtl")
	if err != nil {
		return "", errors.Join(errUnread, err)
	}
	if err := sheet.Row(spreadsheet.Texts(row...)...); err != nil {
		return "", errors.Join(errUnread, err, sheet.Discard())
	}
	path, err := sheet.Save()
	if err != nil {
		return "", errors.Join(errUnread, err)
	}
	return path, nil
}

// check reads a file and has the service say what would become of it.
func (i *Importer) check(file kit.ChosenFile) {
	i.file = file
	kit.Ask(i.calls, "import.checking", func(ctx context.Context) (*checkedFile, error) { return i.checkFile(ctx, file) },
		i.show, func(err error) bool {
			if i.failedIn(err) {
				i.choose()
				return i.chooser.failed(err)
			}
			n := i.env.Problem(err)
			n.Action, n.Act = i.env.T("shell.retry"), func() { i.check(file) } // the file is still known
			i.bar.Say(n)
			return true
		})
}

// failedIn tells whether an error is about the file.
func (i *Importer) failedIn(err error) bool {
	_, words := errors.AsType[errFile](err)
	return words || errors.Is(err, errUnread)
}

func (i *Importer) checkFile(ctx context.Context, file kit.ChosenFile) (*checkedFile, error) {
	data, err := readTable(i.env, file)
	if err != nil {
		return nil, err
	}
	m, err := i.service.ManagedMeeting(ctx, i.code)
	if err != nil {
		return nil, err
	}
	c := &checkedFile{id: uuid.NewString(), meeting: m.Meeting, fields: importFields(i.env, &m.Meeting)}
	if c.importedFile, err = readPeople(ctx, i.env, c.fields, data); err != nil {
		return nil, err
	}
	for n := range c.rows {
		c.rows[n].complete(&c.meeting, i.env.Words.Lang())
	}
	in, at := c.request(true)
	var out api.Imported
	if len(in.Rows) > 0 {
		if out, err = i.service.ImportRegistrations(ctx, i.code, in); err != nil {
			return nil, err
		}
	}
	c.judge(i.env, out, at)
	return c, nil
}

// request is what is sent to the service: the rows that can be read, and which those are.
// To be checked are also those of which single cells cannot: what else is wrong with them is
// to be said at once.
func (c *checkedFile) request(check bool) (in api.ImportRegistrations, at []int) {
	in = api.ImportRegistrations{ID: c.id, Check: check, Rows: []api.ImportedPerson{}}
	for n := range c.rows {
		if !c.rows[n].unread {
			in.Rows, at = append(in.Rows, c.rows[n].person), append(at, n)
		}
	}
	return in, at
}

// judge puts together what is wrong with the rows, or else what becomes of them.
func (c *checkedFile) judge(env kit.Env, out api.Imported, at []int) {
	c.lines, c.wrong, c.states = nil, 0, map[string]int{}
	answers := map[int]api.ImportedRow{}
	for n, row := range out.Rows {
		if n < len(at) {
			answers[at[n]] = row
		}
	}
	var bad, good []checkedRow
	for n, row := range c.rows {
		line := checkedRow{number: row.number, who: rules.FullName(row.person.FirstName, row.person.FamilyName)}
		answer := answers[n]
		wrong := append([]importWrong{}, row.wrong...)
		for _, e := range answer.Errors {
			w := c.wrongField(env, e)
			unread := slices.ContainsFunc(row.wrong, func(u importWrong) bool { return u.column == w.column })
			if !unread { // else it is missing because it could not be read
				wrong = append(wrong, w)
			}
		}
		if answer.Code != "" && len(wrong) == 0 {
			wrong = append(wrong, importWrong{what: refusedRow(env, answer.Code)})
		}
		if len(wrong) > 0 {
			c.wrong++
			for _, w := range wrong {
				line.column, line.what = w.column, w.what
				bad = append(bad, line)
			}
			continue
		}
		line.who = answer.Person
		c.states[answer.State]++
		line.what = env.T("registrations.state." + answer.State)
		switch {
		case answer.Account:
			line.what += " · " + env.T("import.becomes.account")
		case answer.Entered:
			line.what += " · " + env.T("import.becomes.entered")
		}
		good = append(good, line)
	}
	if c.lines = good; len(bad) > 0 {
		c.lines = bad
	}
	for n := range c.lines {
		c.lines[n].key = n
	}
}

// wrongField says what the service does not take of a row.
func (c *checkedFile) wrongField(env kit.Env, e api.FieldError) importWrong {
	column, name := "", strings.Split(strings.TrimPrefix(e.Pointer, "/"), "/")[0]
	for _, f := range c.fields {
		if e.Pointer == f.pointer || strings.HasPrefix(e.Pointer, f.pointer+"/") {
			column = f.label
		}
	}
	if column == "" && name == "answers" {
		column = strings.TrimPrefix(e.Pointer, "/answers/")
	}
	key := "import.wrong.at." + name + "." + e.Code
	if !env.Words.Has(key) {
		key = "field." + e.Code
	}
	return importWrong{column, env.T(key)}
}

// refusedRow says why a row is refused as a whole.
func refusedRow(env kit.Env, code api.Code) string {
	if key := "import.refused." + string(code); env.Words.Has(key) {
		return env.T(key)
	}
	return env.T("error." + string(code))
}

// show shows what a check has found.
func (i *Importer) show(c *checkedFile) {
	t := i.env.T
	i.checked = c
	people := len(c.rows)
	if c.wrong > 0 {
		i.summary.SetText(i.env.Words.N("import.found.wrong", c.wrong, map[string]any{"All": people}))
	} else {
		var states []string
		for _, s := range registrationStates {
			if n := c.states[s.State]; n > 0 {
				states = append(states, countOf(i.env, s.State, n))
			}
		}
		i.summary.SetText(i.env.Words.N("import.found.right", people, map[string]any{"States": strings.Join(states, " · ")}))
	}
	notes := []string{t("import.note.file", map[string]any{"File": i.file.Name})}
	if c.sheet != "" && len(c.others) > 0 {
		notes = append(notes, t("import.note.sheets", map[string]any{"Sheet": c.sheet, "Others": strings.Join(c.others, ", ")}))
	}
	if c.windows {
		notes = append(notes, t("import.note.windows"))
	}
	if c.wrong > 0 {
		notes = append(notes, t("import.note.correct"))
	} else {
		notes = append(notes, t("import.note.approved"))
	}
	i.notes.SetText(strings.Join(notes, " "))
	i.submit.SetText(i.env.Words.N("import.submit", people))
	parts.SetVisible(c.wrong == 0, i.submit)
	i.list.Search.SetText("")
	i.list.Reload()
	kit.Swap(i.holder, i.result)
	if c.wrong == 0 {
		parts.Focus(i.submit)
	} else {
		parts.Changed(i.holder)
		parts.IntoView(i.list.List)
		parts.Focus(i.list.List)
	}
}

func (i *Importer) matching(search string) (lines []checkedRow) {
	if i.checked == nil {
		return nil
	}
	for _, line := range i.checked.lines {
		if strings.Contains(rules.Fold(line.who+" "+line.column+" "+line.what), rules.Fold(search)) || strconv.Itoa(line.number) == search {
			lines = append(lines, line)
		}
	}
	return lines
}

// carryOut registers everybody. Tried again after an answer was lost it is the same import.
func (i *Importer) carryOut() {
	c := i.checked
	if c == nil || c.wrong > 0 {
		return
	}
	in, at := c.request(false)
	kit.Call(i.calls, "import.importing", func(ctx context.Context) (api.Imported, error) {
		return i.service.ImportRegistrations(ctx, i.code, in)
	}, func(out api.Imported) {
		if !out.Done {
			c.id = uuid.NewString()
			c.judge(i.env, out, at)
			i.show(c)
			i.bar.Say(parts.Notice{Tone: parts.Warning, Words: []parts.Span{{Text: i.env.T("import.changed")}}})
			return
		}
		i.choose()
		i.bar.Say(parts.Notice{
			Tone: parts.Success, Words: []parts.Span{{Text: i.env.Words.N("import.done", len(in.Rows))}},
			Action: i.env.T("import.done.show"), Act: i.on.Back,
		})
	})
}
