//go:build e2e

package e2e

import (
	"fmt"
	"strings"
	"time"

	"plenary/api"
	"plenary/e2e/await"
	"plenary/e2e/program"
	"plenary/e2e/service"

	"github.com/pquerna/otp/totp"
)

// What Élise and Ivan choose on this part of the tour.
const (
	afterLock      = "Bains-des-Pâquis-1932!"
	afterQuestion  = "Mont-Salève-Téléphérique-7"
	ivanByHelp     = "Летний-Сад-1704-Fontanka"
	secretAnswer   = "Madame Berthoud"
	areaManager    = "area.manager@example.org"
	failuresToLock = 3
)

// logsInAs logs in on the log-in screen.
func (j *journey) logsInAs(p service.Person) func() error {
	return all(j.see("login.submit"), j.fill("login.identifier", p.Identifier), j.fill("login.password", p.Password),
		j.press("Enter"), j.see("meetings.list"))
}

func (j *journey) logOut() func() error {
	return all(j.click("nav.settings"), j.see("settings.logout"), j.click("settings.logout"), j.see("login.submit"))
}

// section opens a section of Settings.
func (j *journey) section(name string) func() error {
	return all(j.click("nav.settings"), j.reach("settings.section."+name), j.click("settings.section."+name))
}

// textSize presses a button, "smaller" or "larger", until texts have a size, in percent.
func (j *journey) textSize(button string, percent int) func() error {
	return func() error {
		for range 10 {
			said, err := j.plenary.Read("settings.textsize")
			if err != nil || said == fmt.Sprintf("%d %%", percent) {
				return err
			}
			if err := all(j.reach("settings.textsize."+button), j.click("settings.textsize."+button))(); err != nil {
				return err
			}
		}
		return fmt.Errorf("texts do not get to %d %%", percent)
	}
}

// proves answers the question who is there.
func (j *journey) proves(area, password string) func() error {
	return all(j.see(area+".proof.password"), j.fill(area+".proof.password", password), j.press("Enter"), j.gone(area+".proof.password"))
}

// codeFrom waits for an e-mail and types its code.
func (j *journey) codeFrom(to, subject, id string) func() error {
	return func() error {
		mail, err := j.mails.Next(to, subject)
		if err != nil {
			return err
		}
		code, err := mail.Code()
		if err != nil {
			return err
		}
		return all(j.fill(id, code), j.press("Enter"))()
	}
}

// isDeactivated: after wrong passwords the account is deactivated for security,
// and "Forgot password?" is the way back, this time with the code.
func (j *journey) isDeactivated(r *report) {
	r.step("policies-for-the-tour", func() error {
		return j.service.ChangePolicies(func(p *api.Policies) {
			p.Limits.IdentifierFailures, p.Limits.DeviceFailures = failuresToLock, failuresToLock
		})
	}, nil)
	r.step("deactivated-for-security", all(j.logOut(), j.fill("login.identifier", elise.Identifier),
		j.fill("login.password", "Not-1-of-hers!"), j.guesses), j.window)
	r.step("told-of-the-lock", j.mailArrives("Your account is deactivated for security"), nil)
	r.step("way-back", all(j.click("login.bar.action"), j.see("forgot.request"), j.click("forgot.request"), j.see("forgot.address")), j.window)
	r.step("way-back-code", all(
		j.click("forgot.send"), j.see("forgot.code"), j.codeFrom(elise.Identifier, "Reset your password", "forgot.code"), j.see("forgot.password"),
	), j.window)
	r.step("way-back-done", all(
		j.fill("forgot.password", afterLock), j.fill("forgot.confirm", afterLock), j.press("Enter"), j.see("forgot.done"),
	), j.window)
	r.step("unlocked", all(j.click("forgot.done"), j.logsInAs(service.Person{Identifier: elise.Identifier, Password: afterLock})), j.window)
}

// guesses tries the password that stands there until the screen says that it is
// enough.
func (j *journey) guesses() error {
	return await.Until(program.Limit, "the account to be deactivated for security", func() (bool, error) {
		if _, over, err := j.plenary.Where("login.bar.action"); over || err != nil {
			return over, err
		}
		return false, j.desk.Press("Enter")
	})
}

// asksAQuestion: a secret question is set in Settings, and leads back from a
// forgotten password without any e-mail, on a device that is known.
func (j *journey) asksAQuestion(r *report) {
	username := ""
	r.step("question", all(j.section("question"), j.see("settings.question.save")), j.window)
	r.step("question-set", all(
		j.pick("settings.question.pick", "teacher"), j.fill("settings.question.answer", secretAnswer), j.click("settings.question.save"),
		j.proves("settings.question", afterLock), j.mailArrives("Your secret question has been set"),
	), j.window)
	r.step("known-by-username", all(func() error {
		user, err := j.service.User(elise.Identifier)
		username = user.Username
		return err
	}, j.logOut(), func() error { return j.logsInAs(service.Person{Identifier: username, Password: afterLock})() }), j.window)
	r.step("recover", all(j.logOut(), func() error { return j.fill("login.identifier", username)() },
		j.click("login.forgot"), j.see("forgot.request"), j.click("forgot.request"), j.see("forgot.way.question")), j.window)
	r.step("secret-question", all(j.click("forgot.way.question"), j.see("forgot.question"), j.fill("forgot.answer", "madame  BERTHOUD")), j.window)
	r.step("question-answered", all(j.click("forgot.validate"), j.see("forgot.password"),
		j.fill("forgot.password", afterQuestion), j.fill("forgot.confirm", afterQuestion)), j.window)
	r.step("question-saved", all(j.click("forgot.submit"), j.see("forgot.done"), j.mailArrives("Your secret question was used")), j.window)
	r.step("back-by-question", all(j.click("forgot.done"), j.logsInAs(service.Person{Identifier: elise.Identifier, Password: afterQuestion})), j.window)
}

// logsInInTwoSteps: an authenticator app is set up, and asked for.
func (j *journey) logsInInTwoSteps(r *report) {
	secret := ""
	code := func(later time.Duration) (string, error) { return totp.GenerateCode(secret, time.Now().Add(later)) }
	r.step("two-step-off", all(j.section("twostep"), j.see("settings.twostep.turn-on")), j.window)
	r.step("two-step-set-up", all(j.click("settings.twostep.turn-on"), j.proves("settings.twostep", afterQuestion), func() error {
		text, err := j.plenary.Read("settings.twostep.secret")
		secret = strings.ReplaceAll(text, " ", "")
		return err
	}), j.window)
	r.step("recovery-codes", func() error {
		typed, err := code(0)
		if err != nil {
			return fmt.Errorf("%w: the secret is %q", err, secret)
		}
		return all(j.fill("settings.twostep.code", typed), j.press("Enter"), j.see("settings.twostep.kept"), j.mailArrives("Two-step log-in is on"))()
	}, j.window)
	r.step("two-step-on", all(j.click("settings.twostep.kept"), j.see("settings.twostep.turn-off")), j.window)
	r.step("second-step", all(j.logOut(), j.fill("login.identifier", elise.Identifier), j.fill("login.password", afterQuestion),
		j.press("Enter"), j.see("login.second")), j.window)
	r.step("second-step-wrong", all(j.fill("login.second", "000000"), j.press("Enter"), j.see("login.second.field.error")), j.window)
	r.step("logged-in-in-two-steps", func() error {
		typed, err := code(30 * time.Second) // the code of now was used
		if err != nil {
			return err
		}
		return all(j.fill("login.second", typed), j.press("Enter"), j.see("meetings.list"))()
	}, j.window)
	r.step("sessions", all(j.section("sessions"), j.see("settings.everywhere")), j.window)
}

// isHelped: staff sets another address for Ivan's reset (option 2).
func (j *journey) isHelped(r *report) {
	admin := j.service.Staff["administrator"]
	var user api.UserSummary
	r.step("administrator", all(j.logOut(), j.logsInAs(admin)), j.window)
	r.step("users", all(j.click("nav.users"), j.see("users.search"), func() error {
		other, err := j.service.User(elise.Identifier)
		if err != nil {
			return err
		}
		if user, err = j.service.User(ivan.Identifier); err != nil {
			return err
		}
		return all(j.see("users.row."+other.ID), j.fill("users.search", "ПЕТРОВ"), j.gone("users.row."+other.ID),
			j.click("users.row."+user.ID), j.see("users.act.reset-address"))()
	}), j.window)
	r.step("reset-address", all(j.click("users.act.reset-address"), j.fill("users.form.email", areaManager),
		j.press("Tab"), func() error { return j.desk.Type("Ticket 4711: he has no access to his e-mail while he travels") }), j.window)
	r.step("reset-address-set", all(j.click("users.form.submit"), j.proves("users", admin.Password), j.see("users.act.remove-reset-address"), func() error {
		_, err := j.mails.Next(ivan.Identifier, "Another address was set")
		return err
	}), j.window)
	r.step("helped", all(j.logOut(), func() error { return j.fill("login.identifier", user.Username)() },
		j.click("login.forgot"), j.see("forgot.request"), j.click("forgot.request"), j.see("forgot.address")), j.window)
	r.step("helped-code", all(j.click("forgot.send"), j.see("forgot.code"), j.codeFrom(areaManager, "Reset your password", "forgot.code"),
		j.see("forgot.password"), j.fill("forgot.password", ivanByHelp), j.fill("forgot.confirm", ivanByHelp), j.press("Enter"), j.see("forgot.done")), j.window)
	r.step("helped-in", all(j.click("forgot.done"), j.logsInAs(service.Person{Identifier: ivan.Identifier, Password: ivanByHelp})), j.window)
}

// correctsSignUps: staff corrects the address of somebody who mistyped it at sign-up,
// and ends a sign-up; the mouse is not needed.
func (j *journey) correctsSignUps(r *report) {
	admin := j.service.Staff["administrator"]
	mistyped := service.Person{Identifier: "noor.haddad@exmaple.org", Password: "Cèdres-du-Liban-2026!"}
	meant := service.Person{Identifier: "noor.haddad@example.org", Password: mistyped.Password}
	var flow string
	var user, other api.UserSummary
	find := func() (err error) {
		if user, err = j.service.User("haddad"); err != nil {
			return err
		}
		other, err = j.service.User(admin.Identifier)
		return err
	}
	r.step("sign-up-mistyped", all(j.logOut(), func() (err error) {
		flow, err = j.service.AskForAccount(mistyped, "Noor", "Haddad")
		return err
	}, find, j.logsInAs(admin), j.click("nav.users"), j.fill("users.search", "haddad"),
		func() error { return j.gone("users.row." + other.ID)() }, j.press("Down"), j.press("Enter"), j.see("users.act.correct-email")), j.window)
	// From here to the proof by the keyboard alone.
	r.step("sign-up-correct", all(j.tabs(4), j.press("Space"), j.see("users.form.email")), j.window)
	r.step("sign-up-corrected", all(j.press("Ctrl+a"), j.types(meant.Identifier), j.press("Tab"),
		j.types("Ticket 4712: she spelled it on the telephone"), j.press("Tab"), j.press("Space"),
		j.proves("users", admin.Password), j.see("users.act.correct-email"), j.says("users.bar", "users.act.correct-email.done", data{"Name": "Noor Haddad"}),
		func() error { return j.service.Activate(j.mails, flow, meant) }), j.window)
	r.step("sign-up-to-end", all(func() (err error) {
		_, err = j.service.AskForAccount(service.Person{Identifier: "noor@exmaple.org", Password: mistyped.Password}, "Noor", "Haddad")
		return err
	}, func() (err error) {
		user, err = j.service.User("noor@exmaple.org")
		return err
	}, j.fill("users.search", "noor@exmaple.org"), func() error { return j.click("users.row." + user.ID)() },
		j.see("users.act.end-sign-up"), j.click("users.act.end-sign-up"), j.see("users.form.reason")), j.window)
	r.step("sign-up-ended", all(j.types("Ticket 4713: signed up twice"), j.click("users.form.submit"),
		func() error { return j.gone("users.row." + user.ID)() }, j.says("users.bar", "users.act.end-sign-up.done", data{"Name": "Noor Haddad"})), j.window)
}

func (j *journey) types(text string) func() error {
	return func() error { return j.desk.Type(text) }
}

// tabs leads the keyboard on n times.
func (j *journey) tabs(n int) func() error { return j.times(n, "Tab") }

// times presses keys n times.
func (j *journey) times(n int, keys string) func() error {
	return func() error {
		for range n {
			if err := j.desk.Press(keys); err != nil {
				return err
			}
		}
		return nil
	}
}

// managesMail: EMail Test against the real mail server and against a dead one,
// whose settings do not replace those that work.
func (j *journey) managesMail(r *report) {
	admin := j.service.Staff["administrator"]
	r.step("mail-server", all(j.logOut(), j.logsInAs(admin), j.click("nav.management"), j.see("mailserver.test")), j.window)
	r.step("email-test-ok", all(j.click("mailserver.test"), j.proves("management", admin.Password), j.see("mailtest.result"),
		j.reads("mailtest.result", "OK"), func() error {
			_, err := j.mails.Next("administrator@example.int", "EMail Test")
			return err
		}), j.window)
	r.step("email-test-dead", all(j.fill("mailserver.port", "9"), j.click("mailserver.test"),
		j.reads("mailtest.result", "users will not be able to receive")), j.window)
	r.step("bad-settings-refused", all(j.click("mailserver.save"), j.see("management.bar")), j.window)
	r.step("outgoing", all(j.click("management.tab.outgoing"), j.see("outgoing.search")), j.window)
	r.step("automatic", all(j.click("management.tab.automatic"), j.see("automatic.active")), j.window)
	r.step("organizations", all(j.click("management.tab.organizations"), j.see("organizations.list")), j.window)
	r.step("policies", all(j.click("nav.policies"), j.see("policies.save")), j.window)
	r.step("audit-log", all(j.click("nav.audit"), j.see("audit.intact")), j.window)
	r.step("staff-dark-small", all(
		j.section("program"), j.reach("settings.appearance.dark"), j.click("settings.appearance.dark"), j.resize(1024, 700),
		j.click("nav.users"), j.see("users.search"),
	), j.window)
	r.step("staff-large-text", all(
		j.section("program"), j.textSize("larger", 200),
		j.click("nav.management"), j.see("management.tab.server"),
	), j.window)
	r.step("staff-as-before", all(
		j.section("program"), j.textSize("smaller", 100),
		j.reach("settings.appearance.light"), j.click("settings.appearance.light"), j.resize(1100, 740), j.see("settings.logout"),
	), j.window)
}

// reads waits until a widget says something.
func (j *journey) reads(id, text string) func() error {
	return func() error {
		said := ""
		err := await.Until(program.Limit, id+" to say "+text, func() (bool, error) {
			if _, there, err := j.plenary.Where(id); !there || err != nil {
				return false, err
			}
			var err error
			said, err = j.plenary.Read(id)
			return strings.Contains(said, text), err
		})
		if err != nil {
			return fmt.Errorf("%w; it says %q", err, said)
		}
		return nil
	}
}
