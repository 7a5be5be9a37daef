package manage

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"plenary/api"
	"plenary/client"
	"plenary/screens/screentest"
	"plenary/spreadsheet"
)

// exportedAs exports all registrations, and gives the file.
func exportedAs(t *testing.T, service *screentest.Registrar, format spreadsheet.Format) ([]byte, string) {
	t.Helper()
	r, w := testRegistrations(t, screentest.NewEnv(t), service)
	folder := t.TempDir()
	r.export.Folder = func() (string, error) { return folder, nil }
	screentest.Tap(t, w, "registrations.export")
	screentest.Tap(t, w, "registrations.export."+string(format))
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 {
		return nil, r.bar.String()
	}
	b, err := os.ReadFile(filepath.Join(folder, files[0].Name()))
	if err != nil || !strings.HasSuffix(files[0].Name(), "."+string(format)) {
		t.Fatalf("%s, %v", files[0].Name(), err)
	}
	return b, r.bar.String()
}

// answered are registrations with an answer of each kind.
func answered() *screentest.Registrar {
	service := screentest.NewRegistrar()
	service.Meeting = formMeeting()
	service.Meeting.Form.Sections = append(service.Meeting.Form.Sections, api.FormSection{Title: api.Text{"en": "More"}, Questions: []api.Question{
		{ID: "portrait", Kind: api.KindPhoto, Label: api.Text{"en": "Portrait"}},
	}})
	one := service.Details["R-2222-3330"]
	one.Answers = api.Answers{
		"meals": {"=HYPERLINK(\"http://x\")"}, "nights": {"2.5"}, "bus": {"yes"}, "tour": {"cern"}, "tours": {"lake", "cern"}, "arrival": {"2026-12-31"},
		"phone": {"+41227305111"}, "born": {"CH"}, "gone": {"an answer to a question that there is not"},
	}
	one.Companions, one.Consents, one.Listed = []api.Companion{{Name: "Lou"}, {Name: "=cmd|' /C calc'!A0"}}, []string{"photos"}, true
	service.Details["R-2222-3330"] = one
	service.Rows, service.Rows[0].Companions = service.Rows[:2], 2
	return service
}

// All that was answered stands in the file, in the order of the form; nothing in it is a
// formula, in either format; and what is a number or a day can be counted with.
func TestRegistrations_exportIsWhole(t *testing.T) {
	wantHeadings := "Meals|Nights|Bus|Tour|Tours|Day of arrival|Phone|Country|Portrait|Photographs may be taken of me.|In the list of participants"
	want := map[spreadsheet.Format]string{
		spreadsheet.CSV:  "Lou; =cmd|' /C calc'!A0|'=HYPERLINK(\"http://x\")|2.5|Yes|CERN; the large tour|Lake; CERN; the large tour|2026-12-31|'+41227305111|Switzerland||Yes|Yes",
		spreadsheet.XLSX: "Lou; =cmd|' /C calc'!A0|=HYPERLINK(\"http://x\")|2.5|Yes|CERN; the large tour|Lake; CERN; the large tour|2026-12-31|+41227305111|Switzerland||Yes|Yes",
	}
	for _, format := range []spreadsheet.Format{spreadsheet.CSV, spreadsheet.XLSX} {
		data, says := exportedAs(t, answered(), format)
		if data == nil {
			t.Fatalf("%s: %s", format, says)
		}
		headings := strings.Split("number|name|organization|country|membership type|state|participation|accompanying persons|sent (utc)|changed (utc)|name on the badge|job title|names of accompanying persons", "|")
		all := append(headings, strings.Split(strings.ToLower(strings.Replace(wantHeadings, "|Country|", "|Born|", 1)), "|")...)
		// The reader wants names that differ.
		if format == spreadsheet.CSV {
			data = bytes.Replace(data, []byte("Phone,Country,"), []byte("Phone,Born,"), 1)
		} else {
			data = renamed(t, data)
		}
		table, err := spreadsheet.Open(t.Context(), bytes.NewReader(data), spreadsheet.Columns{Known: all})
		if err != nil || strings.Join(table.Columns(), "|") != strings.Join(all, "|") {
			t.Fatalf("%s: %v, %v", format, err, table)
		}
		record, err := table.Next(t.Context())
		var got []string
		for _, column := range all[len(headings)-1:] {
			got = append(got, record.Fields[column])
		}
		if err != nil || strings.Join(got, "|") != want[format] {
			t.Errorf("%s: %v\n%s, want\n%s", format, err, strings.Join(got, "|"), want[format])
		}
		if bytes.Contains(data, []byte("an answer to a question")) {
			t.Errorf("%s has an answer that is not asked for", format)
		}
	}
}

// renamed is a workbook whose second column Country is called Born; it fails the test where
// there is a formula.
func renamed(t *testing.T, file []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(f.Name, "xl/worksheets/") {
			if bytes.Contains(text, []byte("<f>")) || bytes.Contains(text, []byte("<f ")) {
				t.Errorf("%s has a formula", f.Name)
			}
			if i := bytes.LastIndex(text, []byte(">Country<")); i >= 0 {
				text = bytes.Join([][]byte{text[:i], text[i+len(">Country<"):]}, []byte(">Born<"))
			}
		}
		w, err := out.Create(f.Name)
		if err == nil {
			_, err = w.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// An export that fails, or is given up, leaves nothing.
func TestRegistrations_exportLeavesNothingBehind(t *testing.T) {
	service := answered()
	r, w := testRegistrations(t, screentest.NewEnv(t), service)
	folder := t.TempDir()
	r.export.Folder = func() (string, error) { return folder, nil }
	stop := errors.New("stop")
	for name, fails := range map[string]func(){
		"the service": func() { service.Fail = client.ErrUnreachable },
		"something":   func() { service.Fail = stop },
		"the person":  func() { service.Fail = nil; service.OnPage = func() { r.Back() } },
	} {
		fails()
		screentest.Tap(t, w, "registrations.export")
		screentest.Tap(t, w, "registrations.export.xlsx")
		if files, err := os.ReadDir(folder); err != nil || len(files) != 0 {
			t.Errorf("%s: left is %v, %v", name, files, err)
		}
		service.Fail, service.OnPage = nil, nil
	}
}
