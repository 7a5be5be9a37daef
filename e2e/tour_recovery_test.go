//go:build e2e

package e2e

import (
	"fmt"
	"strings"

	"plenary/api"
	"plenary/e2e/mailserver"
	"plenary/e2e/service"
	"plenary/e2e/traces"
)

// looks: the same screens dark, in French, and small with large text.
func (j *journey) looks(r *report) {
	r.step("settings", all(j.click("nav.settings"), j.see("settings.logout")), j.window)
	r.step("dark", all(j.click("settings.section.program"), j.reach("settings.appearance.dark"), j.click("settings.appearance.dark")), j.window)
	r.step("dark-meetings", all(j.click("nav.meetings"), j.reach("meetings.row."+approved), j.click("meetings.row."+approved)), j.window)
	r.step("dark-registration", all(j.click("nav.mymeetings"), j.click("mymeetings.row."+approved), j.see("registration.state."+api.Confirmed)), j.window)
	r.step("french", all(
		j.section("program"), j.reach("settings.appearance.light"), j.click("settings.appearance.light"),
		j.reach("settings.language.fr"), j.click("settings.language.fr"), j.click("nav.meetings"), j.see("meetings.list"),
	), j.window)
	r.step("small-window", all(
		j.section("program"), j.reach("settings.language.en"), j.click("settings.language.en"),
		j.click("nav.meetings"), j.see("meetings.list"), j.resize(1024, 700), j.click("meetings.row."+approved),
	), j.window)
	r.step("large-text", all(
		j.section("program"), j.textSize("larger", 200),
		j.click("nav.meetings"), j.see("meetings.list"),
	), j.window)
	r.step("large-text-registration", all(j.click("nav.mymeetings"), j.click("mymeetings.row."+approved), j.see("registration.title")), j.window)
	r.step("as-before", all(
		j.section("program"), j.textSize("smaller", 100), j.resize(1100, 740), j.see("settings.logout"),
	), j.window)
}

// forgetsPassword: the e-mail's link leads to a page where a new password is
// set; all other sessions have ended then.
func (j *journey) forgetsPassword(r *report) {
	var elsewhere api.Session // Élise's session on another machine
	r.step("logged-in-elsewhere", func() error {
		return service.Call("POST", j.service.Address+"/v1/session", "",
			api.LogIn{Identifier: elise.Identifier, Password: elise.Password, Keep: true, Machine: "another"}, &elsewhere)
	}, j.window)
	r.step("logged-out", j.logOut(), j.window)
	r.step("forgot", all(
		j.fill("login.identifier", elise.Identifier), j.click("login.forgot"), j.see("forgot.request"),
	), j.window)
	r.step("is-this-your-e-mail", all(j.click("forgot.request"), j.see("forgot.address")), j.window)
	r.step("reset-sent", all(j.click("forgot.send"), j.see("forgot.code")), j.window)
	r.step("reset-page", j.mailWith("Reset your password", func(mail mailserver.Mail) error {
		link, err := mail.Link("/reset")
		if err != nil {
			return err
		}
		return all(
			func() error { return j.openLink(link) },
			func() error { return j.web.Fill("#password", newPassword) },
			func() error { return j.web.Fill("#confirm", newPassword) },
		)()
	}), j.page)
	r.step("reset-done", all(
		func() error { return j.web.Click("#reset button[type=submit]") },
		func() error { return j.web.Wait("#done") },
		j.mailArrives("Your password has been changed"),
	), j.page)
	r.step("other-sessions-ended", func() error {
		err := service.Call("POST", j.service.Address+"/v1/session/refresh", "", api.Refresh{Refresh: elsewhere.Refresh}, nil)
		if err == nil || !strings.Contains(err.Error(), string(api.CodeSessionEnded)) {
			return fmt.Errorf("a session from before the reset: %w", err)
		}
		return nil
	}, nil)
	r.step("new-password", all(
		j.click("forgot.login"), j.see("login.submit"), j.fill("login.identifier", elise.Identifier),
		j.fill("login.password", newPassword), j.press("Enter"), j.see("meetings.list"),
	), j.window)
}

// logsOut: nothing is left then that gives access, and nothing in the clear
// that tells of a person.
func (j *journey) logsOut(r *report) {
	things := map[string]string{
		"a password": elise.Password, "the new password": newPassword, "Ivan's password": ivan.Password,
		"the password after the lock": afterLock, "the password by question": afterQuestion, "an answer": secretAnswer,
		"Ivan's new password": ivanByHelp, "a reset address": areaManager,
		"an address": elise.Identifier, "Ivan's address": ivan.Identifier,
		"a first name": elise.first, "a family name": elise.family, "Ivan's name": ivan.family,
	}
	r.step("keyring-in-use", func() error {
		secrets, err := j.desk.Keyring()
		if err != nil {
			return err
		}
		if len(secrets) == 0 {
			return fmt.Errorf("the keyring is empty while a session is kept")
		}
		for _, secret := range secrets {
			things["the secret "+secret.User] = secret.Value
		}
		return nil
	}, nil)
	r.step("asked-about-what-was-typed", all(j.click("nav.settings"), j.see("settings.logout"), j.click("settings.logout"), j.see("leave.without")), j.window)
	r.step("log-out", all(j.click("leave.without"), j.see("login.submit")), j.window)
	r.step("keyring-empty", func() error {
		secrets, err := j.desk.Keyring()
		if err != nil {
			return err
		}
		for _, secret := range secrets {
			// Only the known-device tokens stay, which grant nothing but their own tries.
			if !strings.HasSuffix(secret.User, "/devices") {
				return fmt.Errorf("the keyring still has %s of %s", secret.User, secret.Service)
			}
		}
		return nil
	}, nil)
	r.step("closed", func() error { return j.plenary.Close() }, nil)
	r.step("no-traces", func() error {
		found, err := traces.Find(things, j.desk.Home, j.desk.Log("plenary"), j.service.Log())
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return fmt.Errorf("in the clear:\n%s", strings.Join(found, "\n"))
		}
		return nil
	}, nil)
}
