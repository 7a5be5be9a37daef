//go:build e2e

package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"plenary/api"
	"plenary/e2e/await"
	"plenary/e2e/mailserver"
	"plenary/e2e/program"
)

// registers: with the code of an invitation through the log-in to the form of
// that meeting, then acknowledgement, approval and confirmation.
func (j *journey) registers(r *report) {
	r.step("log-in", all(
		j.click("activate.done"), j.see("login.submit"),
		j.fill("login.meeting", approved), j.click("login.go"),
		j.fill("login.identifier", elise.Identifier), j.fill("login.password", elise.Password),
	), j.window)
	r.step("form", all(j.click("login.submit"), j.see("register.check")), j.window)
	r.step("form-filled", all(
		j.click("register.participation.onsite"),
		j.reach("register.job"), j.fill("register.job", "Ingénieure"),
		j.reach("register.meals.vegetarian"), j.click("register.meals.vegetarian"),
		j.reach("register.speaker.no"), j.click("register.speaker.no"),
	), j.window)
	r.step("checked", all(j.click("register.check"), j.see("register.check.title")), j.window)
	r.step("submitted", all(j.click("register.submit"), j.see("registration.state."+api.WaitingSecretariat)), j.window)
	r.step("acknowledged", j.mailArrives("Received, not yet confirmed"), j.window)
	r.step("meetings", all(j.click("nav.meetings"), j.see("meetings.list"), j.reach("meetings.row."+open), j.click("meetings.row."+open)), j.window)
	r.step("search", all(j.fill("meetings.search", "geneve"), j.gone("meetings.row.C-00016366"), j.see("meetings.row."+approved)), j.window)
	r.step("approved", func() error {
		mine, err := j.registrationOf(approved)
		if err != nil {
			return err
		}
		if err := j.service.Approve(mine.Number); err != nil {
			return err
		}
		return all(j.mailArrives("Registration confirmed"),
			j.click("nav.mymeetings"), j.see("mymeetings.state."+approved+"."+api.Confirmed))()
	}, j.window)
	r.step("confirmed", all(j.click("mymeetings.row."+approved), j.see("registration.state."+api.Confirmed)), j.window)
	r.step("answer-changed", all(j.click("registration.change"), j.reach("register.job"), j.fill("register.job", "Ingénieure en chef"),
		j.click("register.check"), j.click("register.submit"), j.see("registration.state."+api.Confirmed), j.mailArrives("Registration changed")), j.window)
	r.step("confirmation-saved", all(j.reach("registration.pdf"), j.click("registration.pdf"), j.saved("*.pdf", "%PDF-")), j.window)
	r.step("calendar-entry-saved", all(j.reach("registration.calendar"), j.click("registration.calendar"), j.saved("*.ics", "BEGIN:VCALENDAR")), j.window)
}

// joins: Élise registers for what begins in a few minutes, and joins it from afar.
func (j *journey) joins(r *report) {
	r.step("joinable", all(j.click("nav.meetings"), j.see("meetings.list"), j.reach("meetings.row."+briefing), j.click("meetings.row."+briefing),
		j.click("meetings.register"), j.click("register.check"), j.click("register.submit"), j.see("registration.state."+api.Confirmed)), j.window)
	r.step("joined", all(j.click("nav.mymeetings"), j.see("mymeetings.join."+briefing), j.click("mymeetings.join."+briefing)), j.window)
}

// saved waits for a file in the home folder, where there is no folder for downloads, that
// begins so, and takes it away: nothing is to be left there that has a name.
func (j *journey) saved(pattern, begin string) func() error {
	return func() error {
		return await.Until(program.Limit, "the file "+pattern, func() (bool, error) {
			found, err := filepath.Glob(filepath.Join(j.desk.Home, pattern))
			if err != nil || len(found) == 0 {
				return false, err
			}
			content, err := os.ReadFile(found[0])
			if err == nil && !bytes.HasPrefix(content, []byte(begin)) {
				err = fmt.Errorf("%s begins with %q", found[0], content[:min(len(content), 20)])
			}
			return err == nil, errors.Join(err, os.Remove(found[0]))
		})
	}
}

// opensAgain: the window is closed and opened again, and Élise is still
// logged in, from the keyring.
func (j *journey) opensAgain(r *report) {
	r.step("still-logged-in", all(func() error { return j.plenary.Close() }, j.start, j.see("meetings.list")), j.window)
}

// isOffline: the service stops; what was there can be read, a registration
// is kept, survives kill -9, and is delivered once when the service is back.
func (j *journey) isOffline(r *report) {
	r.step("offline", all(
		func() error { j.service.Stop(); return nil },
		j.press("F5"), j.says("status", "", nil, "Offline since"), j.click("meetings.row."+open), j.see("meetings.register"),
	), j.window)
	r.step("offline-form", all(j.click("meetings.register"), j.fillsRegistration()), j.window)
	r.step("kept", all(j.click("register.check"), j.click("register.submit"), j.see("registration.state.waiting-to-send")), j.window)
	r.step("killed-and-still-there", all(
		func() error { j.plenary.Kill(); return nil },
		j.start, j.see("meetings.list"), j.says("shell.bar", "shell.found", nil), j.click("nav.mymeetings"), j.see("mymeetings.state."+open+".waiting-to-send"),
	), j.window)
	r.step("delivered", all(
		j.service.Resume,
		j.see("mymeetings.state."+open+"."+api.Confirmed), j.mailArrives("Registration confirmed"),
	), j.window)
	r.step("delivered-once", func() error {
		_, err := j.registrationOf(open)
		return err
	}, j.window)
}

// fillsRegistration fills in the form of the meeting that confirms at once.
func (j *journey) fillsRegistration() func() error {
	return all(
		j.see("register.check"), j.click("register.participation.onsite"),
		j.reach("register.meals.any"), j.click("register.meals.any"),
		j.reach("register.tracks.hybrid"), j.click("register.tracks.hybrid"),
	)
}

// registrationOf asks the service for Élise's registration for a meeting, of
// which there must be one.
func (j *journey) registrationOf(meeting string) (api.Registration, error) {
	all, err := j.service.Registrations(meeting)
	if err != nil {
		return api.Registration{}, err
	}
	var hers []api.Registration
	for _, registration := range all {
		if strings.Contains(registration.Person, elise.family) {
			hers = append(hers, registration)
		}
	}
	if len(hers) != 1 {
		return api.Registration{}, fmt.Errorf("the service has %d registrations of hers for %s, among %d", len(hers), meeting, len(all))
	}
	return hers[0], nil
}

// mailArrives waits for an e-mail to Élise.
func (j *journey) mailArrives(subject string) func() error {
	return func() error {
		_, err := j.mails.Next(elise.Identifier, subject)
		return err
	}
}

// mailWith waits for an e-mail to Élise and gives it.
func (j *journey) mailWith(subject string, use func(mailserver.Mail) error) func() error {
	return func() error {
		mail, err := j.mails.Next(elise.Identifier, subject)
		if err != nil {
			return err
		}
		return use(mail)
	}
}
