package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const usersCSV = "\ufeffEmail;Username;Family_Name;First_Name;Language;Country;Membership;Organization\r\n" +
	"mei@example.org;mei;田中;;;ES;member-state;Administration of Spain\r\n" +
	"boris@example.org;boris;Ivanov;Boris;ru;;;\r\n" +
	"nobody;carol;=HYPERLINK();;;;;\r\n"

func TestImportUsers_reportsEachRowAndCanComeAgain(t *testing.T) {
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "users.csv")
	must(t, "init", "--data", data)
	if err := os.WriteFile(file, []byte(usersCSV), 0o600); err != nil {
		t.Fatal(err)
	}
	refused := "4\trefused\tcarol\tfamily_name: looks like a formula\n"
	for _, c := range []struct {
		flags []string
		rows  string
		end   string
	}{
		{[]string{"--dry-run"}, "2\tcreated\tmei\n3\tcreated\tboris\n" + refused, "Dry run, nothing was changed: 3 rows: 2 created, 0 updated, 0 unchanged, 1 refused.\n"},
		{nil, "2\tcreated\tmei\n3\tcreated\tboris\n" + refused, "Done: 3 rows: 2 created, 0 updated, 0 unchanged, 1 refused.\n"},
		{nil, "2\tunchanged\tmei\n3\tunchanged\tboris\n" + refused, "Done: 3 rows: 0 created, 0 updated, 2 unchanged, 1 refused.\n"},
	} {
		o := do(t, "", append([]string{"import", "users", file, "--data", data}, c.flags...)...)
		if o.status != 1 || o.stdout != c.rows+c.end || !strings.Contains(o.stderr, "1 of 3 rows were refused") {
			t.Errorf("%v: %d\n%s%s", c.flags, o.status, o.stdout, o.stderr)
		}
		if dry := len(c.flags) > 0; strings.Contains(o.stderr, "the others are in") == dry || strings.Contains(o.stderr, "nothing was changed") != dry {
			t.Errorf("%v: at the end it says\n%s", c.flags, o.stderr)
		}
		if strings.Contains(o.stdout+o.stderr, "example.org") || strings.Contains(o.stdout, "田") {
			t.Errorf("it says who:\n%s", o.stdout)
		}
	}
	if list := must(t, "user", "list", "--data", data); !strings.Contains(list, "mei@example.org") || strings.Contains(list, "carol") {
		t.Errorf("list:\n%s", list)
	}
	for text, want := range map[string]string{
		"username,email,roles\n": "column 3 is none of", "name,mail\n": "column 1 is none of", "": "empty", "username\n": "email is missing",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if o := do(t, "", "import", "users", file, "--data", data); o.status != 1 || !strings.Contains(o.stderr, want) {
			t.Errorf("%q: %+v", text, o)
		}
	}
	// Plain CSV of a spreadsheet: nothing is taken in by halves.
	if err := os.WriteFile(file, []byte("username;email;first_name\r\nplain;plain@example.org;Plain\r\nrene;rene@example.org;Ren\xe9\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if o := do(t, "", "import", "users", file, "--data", data); o.status != 1 || o.stdout != "" || !strings.Contains(o.stderr, "line 3 is not UTF-8") {
		t.Errorf("Windows-1252: %+v", o)
	}
	if o := do(t, "", "import", "users", file, "--data", data, "--encoding", "windows-1252"); o.status != 0 || o.stdout != "2\tcreated\tplain\n3\tcreated\trene\nDone: 2 rows: 2 created, 0 updated, 0 unchanged, 0 refused.\n" {
		t.Errorf("Windows-1252, said so: %+v", o)
	}
	// Read as what it is not, every accent would be wrong in the profile.
	if err := os.WriteFile(file, []byte("username;email;first_name\nada;ada@example.org;Adá\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if o := do(t, "", "import", "users", file, "--data", data, "--encoding", "windows-1252"); o.status != 1 || o.stdout != "" || !strings.Contains(o.stderr, "the file is in UTF-8") {
		t.Errorf("UTF-8, said to be Windows-1252: %+v", o)
	}
	for _, wrong := range [][]string{{"users", file, "--encoding", "latin-9"}, {"meetings", file, "--encoding", "windows-1252"}} {
		if o := do(t, "", append([]string{"import", "--data", data}, wrong...)...); o.status != 2 {
			t.Errorf("%v: %+v", wrong, o)
		}
	}
	if o := do(t, "", "import", "meetings", file, "--dry-run", "--data", data); o.status != 2 {
		t.Errorf("a dry run of meetings: %+v", o)
	}
}

// A workbook is known by what is in it; which of its sheets is read is said.
func TestImportUsers_readsWorkbooks(t *testing.T) {
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "users")
	must(t, "init", "--data", data)
	const relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	sheet := func(cells ...string) string {
		rows := ""
		for i := 0; i < len(cells); i += 3 {
			rows += "<row>"
			for _, c := range cells[i : i+3] {
				rows += `<c t="inlineStr"><is><t>` + c + `</t></is></c>`
			}
			rows += "</row>"
		}
		return "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"xl/workbook.xml": `<workbook xmlns:r="` + relation + `"><sheets><sheet name="People" r:id="1"/><sheet name="Notes" r:id="2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="1" Type="` + relation + `/worksheet" Target="a.xml"/>` +
			`<Relationship Id="2" Type="` + relation + `/worksheet" Target="b.xml"/></Relationships>`,
		"xl/a.xml": sheet("Username", "Email", "Family_name", "mei", "mei@example.org", "田中", "boris", "boris", "Ivanov"),
		"xl/b.xml": sheet("What", "is", "this"),
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), os.WriteFile(file, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	o := do(t, "", "import", "users", file, "--data", data)
	if o.status != 1 || !strings.HasPrefix(o.stdout, "2\tcreated\tmei\n3\trefused\tboris\temail: ") || !strings.Contains(o.stderr, `the sheet "People" is read, and not: ["Notes"]`) {
		t.Errorf("%+v", o)
	}
	if o := do(t, "", "import", "users", file, "--data", data, "--encoding", "windows-1252"); o.status != 1 || !strings.Contains(o.stderr, "the file is a workbook") {
		t.Errorf("with an encoding: %+v", o)
	}
	if err := os.WriteFile(file, b.Bytes()[:b.Len()/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if o := do(t, "", "import", "users", file, "--data", data); o.status != 1 || o.stdout != "Not at the end of the file: 0 rows: 0 created, 0 updated, 0 unchanged, 0 refused.\n" || !strings.Contains(o.stderr, "no workbook that can be read") {
		t.Errorf("half of it: %+v", o)
	}
}
