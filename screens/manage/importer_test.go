package manage

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"plenary/api"
	"plenary/client"
	"plenary/screens/kit"
	"plenary/screens/screentest"
	"plenary/spreadsheet"
	"plenary/words"
)

// formMeeting has a question of each kind.
func formMeeting() api.Meeting {
	m := screentest.NewManager().Of("C-00016512").Meeting
	choices := []api.Choice{
		{ID: "cern", Label: api.Text{"en": "CERN; the large tour", "fr": "CERN"}}, {ID: "lake", Label: api.Text{"en": "Lake", "fr": "Lac"}},
	}
	label := func(en, fr string) api.Text { return api.Text{"en": en, "fr": fr} }
	m.Form = api.Form{Sections: []api.FormSection{{Title: label("Practical", "Pratique"), Questions: []api.Question{
		{ID: "meals", Kind: api.KindText, Label: label("Meals", "Repas")},
		{ID: "nights", Kind: api.KindNumber, Label: label("Nights", "Nuits")},
		{ID: "bus", Kind: api.KindYesNo, Label: label("Bus", "Bus")},
		{ID: "tour", Kind: api.KindChoice, Label: label("Tour", "Visite"), Choices: choices},
		{ID: "tours", Kind: api.KindChoices, Label: label("Tours", "Visites"), Choices: choices},
		{ID: "arrival", Kind: api.KindDate, Label: label("Day of arrival", "Jour d’arrivée")},
		{ID: "phone", Kind: api.KindPhone, Label: label("Phone", "Téléphone")},
		{ID: "born", Kind: api.KindCountry, Label: label("Country", "Pays")}, // as another heading
	}}}}
	m.Consents = []api.Consent{{ID: "photos", Text: label("Photographs may be taken of me.", "On peut me photographier.")}}
	m.ParticipantList = api.ListForAll
	return m
}

// sheetOf is a workbook of rows.
func sheetOf(t *testing.T, rows ...[]spreadsheet.Cell) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := spreadsheet.NewWriter(&b, spreadsheet.XLSX, spreadsheet.Look{Title: "People"})
	for _, row := range rows {
		if err == nil {
			err = w.Row(row...)
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readAll(t *testing.T, e kit.Env, data []byte) (importedFile, error) {
	t.Helper()
	m := formMeeting()
	return readPeople(t.Context(), e, importFields(e, &m), data)
}

func TestReadPeople_everyKindOfColumn(t *testing.T) {
	e := screentest.NewEnv(t)
	french := e
	french.Words = words.For("fr")
	text := spreadsheet.Texts
	arrival := spreadsheet.Day(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC))
	english := sheetOf(t,
		append(text("First name", "FAMILY NAME", "E-mail address", "Language of e-mails", "Organization", "Country", "Membership type", "Participation", "Job title", "Accompanying persons",
			"Meals", "Nights", "Bus", "Tour", "Tours", "Phone", "born", "Photographs may be taken of me.", "In the list of participants"), spreadsheet.Text("Day of arrival")),
		append(text("Amina", "Dupont", "amina@example.org", "français", "Example Radio", "Switzerland", "Academia, University, Research Establishment", "remote", "Chair", "Lou; Max",
			"no fish", "2,5", "x", "cern; the LARGE tour", "Lac; CERN; the large tour", "0041 22 730 51 11", "ch", "Yes", "no"), arrival),
	)
	inFrench := sheetOf(t,
		append(text("Prénom", "Nom de famille", "Adresse électronique", "Langue des e-mails", "Organisation", "Pays", "Type d’adhésion", "Participation", "Fonction", "Accompagnants",
			"Repas", "Nuits", "bus", "Visite", "Visites", "Téléphone", "born", "On peut me photographier.", "listed"), spreadsheet.Text("Jour d’arrivée")),
		append(text("Amina", "Dupont", "amina@example.org", "fr", "Example Radio", "Suisse", "academia", "À distance", "Chair", "Lou; Max",
			"no fish", "2.5", "oui", "CERN", "lake; cern", "0041 22 730 51 11", "Suisse", "oui", "Non"), spreadsheet.Text("31.12.2026")),
	)
	for name, c := range map[string]struct {
		env  kit.Env
		data []byte
	}{"in English": {e, english}, "in French": {french, inFrench}, "in French, read in English": {e, sheetOf(t, text("first_name", "Family name"), text("Amina", "Dupont"))}} {
		out, err := readAll(t, c.env, c.data)
		if err != nil || len(out.rows) != 1 || len(out.rows[0].wrong) > 0 {
			t.Errorf("%s: %+v, %v", name, out, err)
			continue
		}
		p := out.rows[0].person
		if p.FirstName != "Amina" || p.FamilyName != "Dupont" {
			t.Errorf("%s: %+v", name, p)
		}
		if !strings.HasPrefix(name, "in French,") {
			got := strings.Join([]string{
				p.Email, p.Language, p.Organization, p.Country, p.Membership, p.Participation, p.JobTitle, p.Companions[0].Name, p.Companions[1].Name,
				p.Answers["meals"][0], p.Answers["nights"][0], p.Answers["bus"][0], p.Answers["tour"][0], p.Answers["arrival"][0], p.Answers["phone"][0],
				p.Answers["born"][0], strings.Join(p.Answers["tours"], "+"), strings.Join(p.Consents, "+"),
			}, "|")
			want := "amina@example.org|fr|Example Radio|CH|academia|remote|Chair|Lou|Max|no fish|2.5|yes|cern|2026-12-31|0041 22 730 51 11|CH|lake+cern|photos"
			if got != want || p.Listed {
				t.Errorf("%s:\n%s, want\n%s", name, got, want)
			}
		}
	}
}

// Files as spreadsheet programs save them.
func TestReadPeople_files(t *testing.T) {
	e := screentest.NewEnv(t)
	utf16, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte("Family name\tOrganization\r\nÅngström\tÉcole\r\n"))
	western, _ := charmap.Windows1252.NewEncoder().Bytes([]byte("Family name;Organization\r\nÅngström;École\r\n"))
	for name, c := range map[string]struct {
		data    []byte
		windows bool
	}{
		"CSV UTF-8":              {[]byte("\ufeffFamily name,Organization\r\nÅngström,École\r\n"), false},
		"with semicolons":        {[]byte("Family name;Organization\r\nÅngström;École\r\n"), false},
		"Unicode text":           {utf16, false},
		"plain CSV of Windows":   {western, true},
		"empty rows and columns": {[]byte("Family name;Organization;;\r\nÅngström;École;;\r\n;;;\r\n;;;\r\n"), false},
		"of an old Mac":          {[]byte("Family name;Organization\rÅngström;École\r"), false},
		"XLSX":                   {sheetOf(t, spreadsheet.Texts("Family name", "Organization"), spreadsheet.Texts("Ångström", "École")), false},
		"told what separates it": {[]byte("sep=;\r\nFamily name;Organization\r\nÅngström;École\r\n"), false},
		"in another order":       {[]byte("Organization,Family name\r\nÉcole,Ångström\r\n"), false},
		"with what is left out":  {[]byte("Family name;Organization;Job title\r\nÅngström;École\r\n"), false},
	} {
		out, err := readAll(t, e, c.data)
		if err != nil || len(out.rows) != 1 || out.windows != c.windows || out.rows[0].person.FamilyName != "Ångström" || out.rows[0].person.Organization != "École" {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
}

func TestReadPeople_saysWhatIsWrong(t *testing.T) {
	e := screentest.NewEnv(t)
	many := "Family name\n" + strings.Repeat("X\n", api.MaxImport+1)
	for name, c := range map[string]struct{ data, want string }{
		"empty":             {"", "sheet.wrong.empty"},
		"a heading alone":   {"Family name\n", "import.wrong.no-rows"},
		"another heading":   {"Family name,Shoe size\nX,43\n", "sheet.wrong.unknown-column"},
		"no name":           {"Organization\nX\n", "import.wrong.no-name"},
		"the same twice":    {"Family name,family_name\nX,Y\n", "import.wrong.column-twice"},
		"the same heading":  {"Family name,Family name\nX,Y\n", "sheet.wrong.column-twice"},
		"more than one may": {many, "import.wrong.too-many"},
		"no workbook":       {"PK\x03\x04 and nothing", "sheet.wrong.no-table"},
		"an old one":        {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sheet.wrong.no-table"},
	} {
		_, err := readAll(t, e, []byte(c.data))
		begin, _, _ := strings.Cut(e.T(c.want), "<no value>")
		if err == nil || !strings.HasPrefix(err.Error(), strings.Split(begin, "{{")[0][:min(12, len(begin))]) {
			t.Errorf("%s: %v, want %s", name, err, e.T(c.want))
		}
	}
	for cell, want := range map[string]string{
		"Tour: moon": "import.wrong.choice", "Tours: lake; moon": "import.wrong.choices", "Bus: perhaps": "import.wrong.yesno",
		"Day of arrival: 03/04/2026": "import.wrong.date", "Day of arrival: soon": "import.wrong.date", "Day of arrival: 2026-02-30": "import.wrong.date",
		"Country: Atlantis": "import.wrong.country", "Membership type: friend": "import.wrong.membership", "Participation: perhaps": "import.wrong.participation",
		"Language of e-mails: la": "import.wrong.language", "In the list of participants: hm": "import.wrong.yesno", "Tour: \ufffd": "sheet.wrong.lost-letter",
		"Nights: \"1,234\"": "import.wrong.number", "Nights: \"0,234\"": "", "Nights: \"12,5\"": "", "Day of arrival: 3-4-2026": "import.wrong.date",
		"Day of arrival: 2026-12-31 00:00:00": "", "Day of arrival: 13/04/2026": "", "Day of arrival: 04/13/2026": "", "Day of arrival: 1.2.2026": "", "Country: CHE": "", "Meals: =1+1": "",
	} {
		column, value, _ := strings.Cut(cell, ": ")
		out, err := readAll(t, e, []byte("Family name,"+column+"\nX,"+value+"\n"))
		got := ""
		if err == nil && len(out.rows[0].wrong) > 0 {
			got = out.rows[0].wrong[0].what
		}
		if wanted := map[bool]string{true: "", false: e.T(want)}[want == ""]; err != nil || got != wanted {
			t.Errorf("%s: %q, %v; want %q", cell, got, err, wanted)
		}
	}
}

// A day that is another one elsewhere begins with the day where nobody writes it otherwise.
func TestReadDay(t *testing.T) {
	for cell, want := range map[string][2]string{ // in English and in French
		"03/04/2026": {"", "2026-04-03"}, "3-4-2026": {"", "2026-04-03"}, "3 4 2026": {"", "2026-04-03"}, "31/12/2026": {"2026-12-31", "2026-12-31"},
		"31.12.2026": {"2026-12-31", "2026-12-31"}, "2026-12-31T00:00:00": {"2026-12-31", "2026-12-31"}, "31/12/2026 0:00": {"2026-12-31", "2026-12-31"}, "soon": {"", ""},
	} {
		for n, lang := range []string{"en", "fr"} {
			if got, ok := readDay(cell, lang); got != want[n] || ok != (want[n] != "") {
				t.Errorf("%q in %s is %q, %t; want %q", cell, lang, got, ok, want[n])
			}
		}
	}
}

// importerWith is the page with one file.
func importerWith(t *testing.T, e kit.Env, service *screentest.Guests, read func() ([]byte, error)) (*Importer, fyne.Window, *int) {
	t.Helper()
	back := new(int)
	m := service.Of("C-00016512")
	m.Meeting = formMeeting()
	e.ChooseFile = func(endings []string, chosen func(kit.ChosenFile)) {
		if !slices.Equal(endings, []string{".xlsx", ".csv"}) {
			t.Errorf("files of %v", endings)
		}
		chosen(fileOf(read))
	}
	i := NewImporter(e, service, registrationsCatalog(), "C-00016512", ImporterEvents{Back: func() { *back++ }})
	i.folder = func() (string, error) { return t.TempDir(), nil }
	t.Cleanup(i.Close)
	return i, screentest.Show(t, i.Content(), 1200, 740), back
}

func file(text string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(text), nil }
}

// fileOf is a file that reads as it is each time.
func fileOf(read func() ([]byte, error)) kit.ChosenFile {
	return kit.ChosenFile{Name: "people.csv", Open: func() (io.ReadCloser, error) {
		data, err := read()
		return io.NopCloser(bytes.NewReader(data)), err
	}}
}

const goodFile = "First name,Family name,Organization,Country,Participation\nAna,Alvarez,Example Radio,ES,On site\nBo,Berg,Nowhere Ltd,SE,Remote\n"

func TestImporter_registersAllOnceTheyAreRight(t *testing.T) {
	service := screentest.NewGuests()
	service.Said["Berg"] = api.ImportedRow{State: api.WaitingList, Entered: true}
	text := strings.Replace(goodFile, "Remote", "perhaps", 1)
	i, w, back := importerWith(t, screentest.NewEnv(t), service, func() ([]byte, error) { return []byte(text), nil })
	screentest.Tap(t, w, "import.choose")
	if i.checked == nil || i.checked.wrong != 1 || len(i.checked.lines) != 1 ||
		i.checked.lines[0].number != 3 || i.checked.lines[0].who != "Bo Berg" || i.checked.lines[0].column != "Participation" {
		t.Fatalf("with a wrong row: %+v", i.checked)
	}
	if screentest.Find(w, "import.submit") != nil {
		t.Error("it can be imported with a row that is wrong")
	}
	text = goodFile
	screentest.Tap(t, w, "import.again")
	if i.checked.wrong != 0 || len(i.checked.lines) != 2 || i.checked.lines[1].what != "On the waiting list · the directory does not have the organization" {
		t.Fatalf("corrected: %+v", i.checked.lines)
	}
	screentest.Tap(t, w, "import.submit")
	last := service.Imported[len(service.Imported)-1]
	if last.Check || len(last.Rows) != 2 || last.Rows[0].BadgeName != "Ana Alvarez" || last.Rows[1].BadgeName != "" || last.Rows[0].Meeting != "C-00016512" {
		t.Errorf("imported: %+v", last)
	}
	if i.checked != nil || !strings.Contains(i.bar.String(), "2 people are registered") {
		t.Errorf("afterwards: %q", i.bar.String())
	}
	screentest.Tap(t, w, "import.bar.action")
	if *back != 1 {
		t.Error("the registrations are not shown")
	}
}

// A file that could not be checked is checked once the service can be reached, without being
// chosen again.
func TestImporter_triesAgain(t *testing.T) {
	service := screentest.NewGuests()
	service.Err = client.ErrUnreachable
	i, w, _ := importerWith(t, screentest.NewEnv(t), service, file(goodFile))
	screentest.Tap(t, w, "import.choose")
	if i.checked != nil || i.bar.String() == "" {
		t.Fatalf("checked %+v, says %q", i.checked, i.bar)
	}
	service.Err = nil
	screentest.Tap(t, w, "import.bar.action")
	if i.checked == nil || i.bar.String() != "" {
		t.Errorf("checked %+v, says %q", i.checked, i.bar)
	}
}

// The search is where it is in other lists.
func TestImporter_find(t *testing.T) {
	i, w, _ := importerWith(t, screentest.NewEnv(t), screentest.NewGuests(), file(goodFile))
	i.Find() // there is nothing yet
	screentest.Tap(t, w, "import.choose")
	i.Find()
	if w.Canvas().Focused() != fyne.Focusable(i.list.Search) {
		t.Errorf("the keyboard is at %v", w.Canvas().Focused())
	}
}

// All that is wrong with a row is said at once: cells that cannot be read here, and what the
// service does not take; of a cell that cannot be read not also that it is missing.
func TestImporter_saysAllMistakesOfARow(t *testing.T) {
	service := screentest.NewGuests()
	service.Said["Berg"] = api.ImportedRow{Code: api.CodeInvalid, Errors: []api.FieldError{
		{Pointer: "/participation", Code: api.FieldRequired}, {Pointer: "/email", Code: api.FieldInvalid},
	}}
	i, w, _ := importerWith(t, screentest.NewEnv(t), service, file(strings.Replace(goodFile, "Remote", "perhaps", 1)))
	screentest.Tap(t, w, "import.choose")
	var wrong []string
	for _, line := range i.checked.lines {
		wrong = append(wrong, line.column+": "+line.what)
	}
	want := []string{"Participation: " + i.env.T("import.wrong.participation"), "E-mail address: " + i.env.T("import.wrong.at.email.invalid")}
	if i.checked.wrong != 1 || !slices.Equal(wrong, want) {
		t.Errorf("%d rows: %q, want %q", i.checked.wrong, wrong, want)
	}
}

// In a small window the rows that are wrong come into sight.
func TestImporter_showsMistakesInASmallWindow(t *testing.T) {
	i, w, _ := importerWith(t, screentest.NewEnv(t), screentest.NewGuests(), file(strings.Replace(goodFile, "Remote", "perhaps", 1)))
	w.Resize(fyne.NewSize(400, 300)) // what is left of 500 x 400 beside the navigation
	screentest.Tap(t, w, "import.choose")
	row := screentest.Widget(t, w, "import.rows.row.0")
	if at := fyne.CurrentApp().Driver().AbsolutePositionForObject(row).Y + row.Size().Height; at > 300 {
		t.Errorf("the row ends at %v of 300", at)
	}
	if i.checked.wrong != 1 {
		t.Errorf("%d are wrong", i.checked.wrong)
	}
}

// An import of which the answer was lost is the same one when it is tried again; what the
// service refuses meanwhile is said row by row, and the next try is another import.
func TestImporter_triesTheSameAgain(t *testing.T) {
	service := screentest.NewGuests()
	i, w, _ := importerWith(t, screentest.NewEnv(t), service, file(goodFile))
	i.check(fileOf(file(goodFile)))
	service.Err = client.ErrUnreachable
	screentest.Tap(t, w, "import.submit")
	screentest.Tap(t, w, "import.submit")
	if n := len(service.Imported); n != 3 || service.Imported[1].ID != service.Imported[2].ID || i.checked == nil {
		t.Fatalf("%d calls: %+v", n, service.Imported)
	}
	service.Err = nil
	service.Said["Alvarez"] = api.ImportedRow{Code: api.CodeMeetingFull}
	screentest.Tap(t, w, "import.submit")
	if i.checked == nil || i.checked.wrong != 1 || i.checked.lines[0].what != i.env.T("import.refused.meeting-full") || i.bar.String() == "" {
		t.Fatalf("refused meanwhile: %+v", i.checked)
	}
	before := service.Imported[3].ID
	delete(service.Said, "Alvarez")
	screentest.Tap(t, w, "import.again")
	screentest.Tap(t, w, "import.submit")
	if last := service.Imported[len(service.Imported)-1]; last.Check || last.ID == before {
		t.Errorf("the next import: %+v", last)
	}
}

func TestImporter_filesThatCannotBeRead(t *testing.T) {
	e := screentest.NewEnv(t)
	for name, c := range map[string]struct {
		read func() ([]byte, error)
		want string
	}{
		"not there": {func() ([]byte, error) { return nil, fs.ErrNotExist }, "tablefile.wrong.unread"},
		"too large": {file(strings.Repeat("x", maxTableFile+1)), "sheet.wrong.too-large"},
		"no rows":   {file("Family name\n"), "import.wrong.no-rows"},
		"an import that unpacks to more than it says": {file(string(bomb(t))), "sheet.wrong.too-large"},
	} {
		i, w, back := importerWith(t, e, screentest.NewGuests(), c.read)
		screentest.Tap(t, w, "import.choose")
		if got := i.bar.String(); !strings.Contains(got, e.T(c.want)) || i.checked != nil {
			t.Errorf("%s: %q", name, got)
		}
		i.Back()
		if *back != 1 {
			t.Errorf("%s: Back leads nowhere", name)
		}
	}
}

// bomb is a workbook whose texts unpack to a gigabyte.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name, text string, times int) {
		w, err := z.Create(name)
		for range times {
			if err == nil {
				_, err = io.WriteString(w, text)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("xl/workbook.xml", `<workbook><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>`, 1)
	add("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="sheet1.xml"/><Relationship Id="r2" Type="http://x/sharedStrings" Target="strings.xml"/></Relationships>`, 1)
	add("xl/sheet1.xml", `<worksheet><sheetData/></worksheet>`, 1)
	w, err := z.Create("xl/strings.xml")
	if err == nil {
		_, err = io.WriteString(w, "<sst>")
	}
	text := "<si><t>" + strings.Repeat("x", 1<<19) + "</t></si>"
	for range 300 {
		if err == nil {
			_, err = io.WriteString(w, text)
		}
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What the template has as headings is what is read.
func TestImporter_templateIsReadBack(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		e := screentest.NewEnv(t)
		e.Words = words.For(lang)
		i, w, _ := importerWith(t, e, screentest.NewGuests(), nil)
		folder := t.TempDir()
		i.folder = func() (string, error) { return folder, nil }
		screentest.Tap(t, w, "import.template")
		entries, err := os.ReadDir(folder)
		if err != nil || len(entries) != 1 || !strings.HasSuffix(entries[0].Name(), ".xlsx") {
			t.Fatalf("%v, %v: %s", entries, err, i.bar.String())
		}
		m := formMeeting()
		fields := importFields(e, &m)
		row := make([]spreadsheet.Cell, len(fields))
		for n, f := range fields {
			row[n] = spreadsheet.Text(map[string]string{"family_name": "Dupont", "meals": "=1+1"}[f.id])
		}
		out, err := readAll(t, e, sheetOf(t, spreadsheet.Texts(headings(fields)...), row))
		if err != nil || len(out.rows) != 1 || out.rows[0].person.FamilyName != "Dupont" || out.rows[0].person.Answers["meals"][0] != "=1+1" || len(out.headings) != len(fields) {
			t.Errorf("%s: %+v, %v", lang, out, err)
		}
	}
}

func TestImporter_pictures(t *testing.T) {
	var i *Importer
	text := goodFile
	service := screentest.NewGuests()
	build := func(e kit.Env) fyne.CanvasObject {
		service = screentest.NewGuests()
		service.Of("C-00016512").Meeting = formMeeting()
		i = NewImporter(e, service, registrationsCatalog(), "C-00016512", ImporterEvents{Back: func() {}})
		t.Cleanup(i.Close)
		return i.Content()
	}
	screentest.Capture(t, "import-choose", build)
	screentest.Capture(t, "import-right", build, func(w fyne.Window) {
		service.Said["Berg"] = api.ImportedRow{State: api.WaitingList, Entered: true}
		i.check(fileOf(func() ([]byte, error) { return []byte(text), nil }))
		screentest.Settle(w)
	})
	screentest.Capture(t, "import-wrong", build, func(w fyne.Window) {
		text = "First name,Family name,E-mail address,Organization,Country,Participation,Day of arrival\nAna,Alvarez,ana@example,Example Radio,ES,On site,\nBo,Berg,,,Atlantis,Remote,03/04/2026\nCy,Clark,,Example Radio,US,On site,\n"
		service.Said["Alvarez"] = api.ImportedRow{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/email", Code: api.FieldInvalid}}}
		service.Said["Clark"] = api.ImportedRow{Code: api.CodeAlreadyRegistered}
		i.check(fileOf(func() ([]byte, error) { return []byte(text), nil }))
		screentest.Settle(w)
	})
}
