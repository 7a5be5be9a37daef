//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/e2e/service"
	"plenary/spreadsheet"
)

// TestStaffOfAMeeting is how a manager gets people into a meeting and tells them of it, in the
// real window: a table with mistakes, and without them, as CSV and as a workbook; the numbers
// as a picture; an e-mail to all. One of those people then looks who else comes.
func TestStaffOfAMeeting(t *testing.T) {
	t.Parallel()
	j := newJourney(t)
	nadia := service.Person{Identifier: "nadia@example.org", Password: "Perron-7-nach-Olten"}
	must(t, j.service.SignUp(j.mails, nadia, "Nadia", "Ferrari"))
	r := newReport(t, filepath.Join(pictures(t), "meetingstaff"))
	t.Cleanup(func() { j.plenary.Kill() })
	j.imports(r)
	j.looksAtNumbers(r)
	j.writesToParticipants(r)
	j.importsWorkbook(r)
	r.step("my-meetings", all(j.logOut(), j.logsInAs(nadia), j.click("nav.mymeetings"), j.see("mymeetings.state."+open+"."+api.Confirmed)), j.window)
	r.step("who-comes-link", all(j.click("nav.meetings"), j.see("meetings.list"), j.click("meetings.row."+open), j.reachIn("meetings.detail.title", "meetings.participants")), j.window)
	r.step("who-comes", all(j.click("meetings.participants"), j.reads("participants.row.0", "Adanna Eze"), j.reads("participants.row.1", "Nadia Ferrari")), j.window)
	r.step("who-comes-search", all(j.press("Ctrl+f"), j.types("ferrari"), j.gone("participants.row.1"), j.reads("participants.row.0", "Nadia Ferrari")), j.window)
	r.step("who-comes-narrow", all(j.press("Escape"), j.see("participants.row.1"), j.resize(500, 400)), j.window)
	must(t, j.plenary.Close())
}

// people is a table of people for the meeting that is open.
const people = `First name,Family name,E-mail address,Organization,Country,Participation,Meals,Which tracks will you follow?,In the list of participants
Adanna,Eze,adanna@example.net,University of Lagos,Nigeria,On site,Vegan,Hybrid key exchange,Yes
Nadia,Ferrari,nadia@example.org,,,On site,%s,Inventories of cryptography; Hybrid key exchange,Yes
Pavel,Dvořák,%s,České vysoké učení technické,Czechia,%s,No restrictions,Quantum key distribution,No
`

// imports: a table in which three cells are wrong, the same corrected.
func (j *journey) imports(r *report) {
	table := filepath.Join(j.desk.Home, "people.csv")
	write := func(cells ...any) func() error {
		return func() error { return os.WriteFile(table, fmt.Appendf(nil, people, cells...), 0o600) }
	}
	r.step("manager", all(j.start, j.logsInAs(j.service.Staff["manager"]), j.click("nav.manage"), j.see("manage.row."+open), j.click("manage.row."+open),
		j.see("managed.people"), j.click("managed.people"), j.see("registrations.list")), j.window)
	r.step("import", all(j.click("registrations.import"), j.see("import.choose")), j.window)
	r.step("import-choose", all(write("Vegitarian", "pavel(at)example.net", "In person"), j.press("Enter"), j.see("files.search"), j.see("files.row."+table)), j.window)
	r.step("import-mistakes", all(j.click("files.row."+table), j.gone("files.search"), j.see("import.rows.row.1")), j.window)
	r.step("import-right", all(write("Vegetarian", "pavel@example.net", "On site"), j.click("import.again"), j.see("import.submit")), j.window)
	r.step("imported", all(j.press("Enter"), j.says("import.bar", "", nil, "3 people are registered")), j.window)
	r.step("imported-shown", all(j.click("import.bar.action"), j.see("registrations.list"), j.fill("registrations.search", "dvorak"), j.gone("registrations.row.39"), func() error {
		_, err := j.mails.Next("pavel@example.net", "Registration confirmed")
		return err
	}), j.window)
}

// abroad is the demonstration's meeting whose form asks for days and numbers.
const abroad = "C-00016366"

// importsWorkbook: the same from a workbook, in which days are days and numbers are numbers:
// two rows that are wrong are named and nobody is registered; corrected all of them are.
func (j *journey) importsWorkbook(r *report) {
	table := filepath.Join(j.desk.Home, "delegates.xlsx")
	arrival := time.Now().AddDate(0, 2, 0)
	before, err := j.service.Registrations(abroad)
	must(j.t, err)
	r.step("workbook-import", all(j.click("nav.manage"), j.reach("manage.row."+abroad), j.click("manage.row."+abroad), j.click("managed.people"),
		j.click("registrations.import"), j.see("import.choose")), j.window)
	r.step("workbook-mistakes", all(writesDelegates(table, spreadsheet.Text("in the evening"), spreadsheet.Text("")), j.press("Enter"), j.see("files.row."+table), j.click("files.row."+table),
		j.gone("files.search"), j.reads("import.rows.row.0", "Tomás Quispe"), j.reads("import.rows.row.0", "Date of arrival"),
		j.reads("import.rows.row.1", "Ana Souza"), j.reads("import.rows.row.1", "How many nights?"), j.gone("import.rows.row.2"), j.gone("import.submit")), j.window)
	r.step("workbook-right", all(func() error {
		now, err := j.service.Registrations(abroad)
		if err == nil && len(now) != len(before) {
			err = fmt.Errorf("there were %d registrations, and are %d", len(before), len(now))
		}
		return err
	}, writesDelegates(table, spreadsheet.Day(arrival), spreadsheet.Number(4)), j.click("import.again"), j.see("import.submit")), j.window)
	r.step("workbook-imported", all(j.click("import.submit"), j.says("import.bar", "", nil, "3 people are registered"), func() error {
		now, err := j.service.Registrations(abroad)
		if err != nil {
			return err
		}
		answers := map[string]api.Answers{}
		for _, one := range now {
			answers[one.Person] = one.Answers
		}
		got := fmt.Sprint(len(now)-len(before), answers["Tomás Quispe"]["arrival"], answers["Ana Souza"]["nights"], answers["Ana Souza"]["nationality"])
		if want := "3 [" + arrival.Format(time.DateOnly) + "] [4] [BR]"; got != want {
			err = fmt.Errorf("the service has %s, want %s", got, want)
		}
		return err
	}, func() error { _, err := j.mails.Next("ana@example.com", "Registration confirmed"); return err }), j.window)
}

// writesDelegates writes a workbook in which one cell of each of two rows is as given.
func writesDelegates(path string, arrival, nights spreadsheet.Cell) func() error {
	return func() error {
		file, err := os.Create(path)
		if err != nil {
			return err
		}
		defer file.Close()
		book, err := spreadsheet.NewWriter(file, spreadsheet.XLSX, spreadsheet.Look{Title: "Delegates"})
		if err != nil {
			return err
		}
		text, empty := spreadsheet.Text, spreadsheet.Text("")
		for _, row := range [][]spreadsheet.Cell{
			spreadsheet.Texts("First name", "Family name", "E-mail address", "Organization", "Country", "Participation", "Meals", "Country of your passport",
				"Date of arrival", "Do you want a room at the conference hotel?", "How many nights?", "Accompanying persons"),
			append(spreadsheet.Texts("Rosa", "Benítez", "rosa@example.com", "Intendencia de Montevideo", "Uruguay", "On site", "Vegan", "Uruguay"), empty, text("No"), empty, text("Luz Benítez")),
			append(spreadsheet.Texts("Tomás", "Quispe", "tomas@example.com", "Municipalidad de Cusco", "Peru", "On site", "No restrictions", "Peru"), arrival, text("No"), empty, empty),
			append(spreadsheet.Texts("Ana", "Souza", "ana@example.com", "Prefeitura de Curitiba", "Brazil", "On site", "Halal", "BR"), empty, text("Yes"), nights, empty),
		} {
			if err := book.Row(row...); err != nil {
				return err
			}
		}
		return book.Close()
	}
}

// looksAtNumbers: a chart is saved as a picture, and all of them as a table.
func (j *journey) looksAtNumbers(r *report) {
	r.step("numbers", all(j.press("Escape"), j.press("Escape"), j.click("managed.statistics"), j.see("statistics.days.save")), j.window)
	r.step("numbers-picture", all(j.reach("statistics.countries.save"), j.click("statistics.countries.save"), j.says("statistics.bar", "", nil, "countries"), j.saved("*countries*.png", "\x89PNG")), j.window)
	r.step("numbers-table", all(j.times(3, "PageUp"), j.click("statistics.export"), j.click("statistics.export.csv"), j.says("statistics.bar", "", nil, ".csv"),
		j.saved("statistics*.csv", "\ufeffWhat is counted")), j.window)
}

// writesToParticipants: an e-mail to those who come in person, which arrives.
func (j *journey) writesToParticipants(r *report) {
	r.step("mails", all(j.press("Escape"), j.click("managed.mails"), j.see("mails.write")), j.window)
	r.step("mail-empty", all(j.press("Enter"), j.see("mails.preview"), j.click("mails.preview"), j.says("mails.foot", "mails.not-yet", nil)), j.window)
	r.step("mail-written", all(j.reach("mails.subject"), j.fill("mails.subject", "Badges"), j.press("Tab"), j.types("The desk opens at 8.30."), j.press("Enter"), j.types("See https://example.org/way")), j.window)
	r.step("mail-preview", all(j.click("mails.preview"), j.see("mails.send")), j.window)
	r.step("mail-sent", all(j.click("mails.send"), j.says("mails.bar", "mails.sent", nil), j.gone("mails.send")), j.window)
	r.step("mail-arrived", func() error {
		for _, to := range []string{"nadia@example.org", "adanna@example.net", "pavel@example.net"} {
			mail, err := j.mails.Next(to, "Badges")
			if err != nil {
				return err
			}
			if !strings.Contains(mail.Text, "The desk opens at 8.30.") || !strings.Contains(mail.HTML, `href="https://example.org/way"`) {
				return fmt.Errorf("it says %q, and %q", mail.Text, mail.HTML)
			}
		}
		return nil
	}, nil)
	r.step("mail-told", func() error {
		told, err := j.service.Notices(open)
		if err != nil || len(told) != 1 {
			return fmt.Errorf("%d e-mails: %w", len(told), err)
		}
		return j.reads("mails."+told[0].ID+".state", "3 people told")()
	}, j.window)
}
