//go:build e2e

package e2e

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"plenary/api"
	"plenary/e2e/await"
	"plenary/e2e/program"
)

// delegated is the demonstration's meeting on which a delegation's focal point decides.
const delegated = "C-00016377"

// managesRegistrations: the meeting manager filters a meeting's registrations, approves
// all that wait at once, and exports the list.
func (j *journey) managesRegistrations(r *report) {
	r.step("manager", all(j.logOut(), j.logsInAs(j.service.Staff["manager"]), j.click("nav.manage"), j.see("manage.row."+approved)), j.window)
	r.step("managed", all(j.click("manage.row."+approved), j.see("managed.people")), j.window)
	r.step("managed-registrations", all(j.click("managed.people"), j.see("registrations.list")), j.window)
	r.step("managed-filter", all(j.click("registrations.filter"), j.click("registrations.filter.state."+api.WaitingSecretariat)), j.window)
	r.step("managed-marked", all(j.click("registrations.filter"), j.marksAll("registrations", approved), j.see("registrations.marked.approve")), j.window)
	r.step("managed-decided", all(j.click("registrations.marked.approve"), j.click("registrations.approve.yes"), j.allAreDecided(approved)), j.window)
	r.step("managed-exported", all(j.click("registrations.filter.clear"), j.click("registrations.export"), j.click("registrations.export.xlsx"),
		j.says("registrations.bar", "", nil, ".xlsx"), j.exported), j.window)
}

// makesMeeting: the manager copies a meeting, gives the copy a form with a question that
// hangs on another one, and publishes it.
func (j *journey) makesMeeting(r *report) {
	const section, first, second = "form.2", "form.2.questions.0", "form.2.questions.1"
	r.step("meeting-copied", all(j.click("nav.manage"), j.see("manage.row."+open), j.click("manage.row."+open), j.see("managed.copy"),
		j.click("managed.copy"), j.see("managed.save")), j.window)
	r.step("form-builder", all(j.click("managed.tab.form"), j.reach("form.add"), j.click("form.add"), j.reach(section+".title"), j.fill(section+".title", "Your contribution")), j.window)
	r.step("form-question", all(j.reach(section+".questions.add"), j.click(section+".questions.add"), j.reach(first+".label"), j.fill(first+".label", "Will you give a talk?"),
		j.pick(first+".kind", "Yes or no")), j.window)
	r.step("form-condition", all(j.reach(section+".questions.add"), j.click(section+".questions.add"), j.reach(second+".label"), j.fill(second+".label", "What about?"),
		j.pick(second+".if.question", "Will you give"), j.pick(second+".if.answer", "Yes")), j.window)
	r.step("form-saved", all(j.click("managed.save"), j.says("managed.foot", "managed.saved", nil)), j.window)
	r.step("meeting-published", all(j.times(20, "PageUp"), j.click("managed.tab.overview"), j.click("managed.publish"), j.click("managed.publish.yes"), j.see("managed.close")), j.window)
}

// isFocalPoint: the focal point of a delegation approves all that waits for it at once, and
// saves the list with which the badges are collected.
func (j *journey) isFocalPoint(r *report) {
	r.step("focal-point", all(j.logOut(), j.logsInAs(j.service.Staff["focal.point"]), j.click("nav.delegation"), j.see("delegation.list")), j.window)
	r.step("delegation-marked", all(j.marksAll("delegation", delegated), j.see("delegation.marked.approve")), j.window)
	r.step("delegation-decided", all(j.click("delegation.marked.approve"), j.allAreDecided(delegated)), j.window)
	r.step("delegation-all", all(j.click("delegation.tab.all"), j.see("delegation.list")), j.window)
	r.step("badges", all(j.click("delegation.badges"), j.reach("badges.row."+delegated), j.click("badges.row."+delegated), j.see("badges.save")), j.window)
	r.step("badges-saved", all(j.click("badges.save"), j.saved("Badges*.pdf", "%PDF-")), j.window)
}

// marksAll marks all rows of a list in which those of a meeting wait.
func (j *journey) marksAll(list, meeting string) func() error {
	return func() error {
		waiting, err := j.undecided(meeting)
		if err != nil || len(waiting) == 0 {
			return fmt.Errorf("%d wait for a decision: %w", len(waiting), err)
		}
		row := list + ".row." + waiting[0]
		return all(j.reach(row), j.click(row), j.press("Ctrl+a"))()
	}
}

// allAreDecided waits until none of a meeting's registrations waits for a decision.
func (j *journey) allAreDecided(meeting string) func() error {
	return func() error {
		return await.Until(program.Limit, "all to be decided", func() (bool, error) {
			waiting, err := j.undecided(meeting)
			return len(waiting) == 0, err
		})
	}
}

// undecided gives the registrations for a meeting that wait for a decision.
func (j *journey) undecided(meeting string) (numbers []string, err error) {
	list, err := j.service.Registrations(meeting)
	for _, r := range list {
		if r.State == api.WaitingSecretariat || r.State == api.WaitingFocalPoint {
			numbers = append(numbers, r.Number)
		}
	}
	return numbers, err
}

// exported opens the only workbook in the home folder, where there is none for downloads, and
// counts its rows.
func (j *journey) exported() error {
	found, err := filepath.Glob(filepath.Join(j.desk.Home, "*.xlsx"))
	if err != nil || len(found) != 1 {
		return fmt.Errorf("workbooks: %q, %v", found, err)
	}
	book, err := zip.OpenReader(found[0])
	if err != nil {
		return err
	}
	defer book.Close()
	sheet, err := fs.ReadFile(book, "xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	registered, err := j.service.Registrations(approved)
	if err = errors.Join(err, os.Remove(found[0])); err != nil { // so that nothing is left that has names
		return err
	}
	if rows := bytes.Count(sheet, []byte("<row ")); rows != 1+len(registered) {
		return fmt.Errorf("the workbook has %d rows, the service %d registrations", rows, len(registered))
	}
	return nil
}
