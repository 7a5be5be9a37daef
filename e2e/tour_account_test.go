//go:build e2e

package e2e

import (
	"fmt"
)

// createsAccounts: Élise signs up and activates with the code, typed into the
// program; before her Ivan does with the link, in a browser, and the program
// notices by itself.
func (j *journey) createsAccounts(r *report) {
	r.step("start", all(j.start, j.see("login.submit")), j.window)
	r.step("sign-up-empty", all(j.click("login.signup"), j.see("signup.submit"), j.click("signup.submit"), j.see("signup.email.field.error")), j.window)
	r.step("sign-up-contact", all(
		j.fill("signup.first", ivan.first), j.fill("signup.family", ivan.family),
		j.fill("signup.email", ivan.Identifier),
		j.reach("signup.password"), j.fill("signup.password", ivan.Password), j.fill("signup.confirm", ivan.Password),
	), j.window)
	r.step("sign-up-own-organization", all(
		j.pick("signup.membership", "Non-Member"),
		j.reach("signup.own.name"), j.fill("signup.own.name", "Обсерватория"),
		j.pick("signup.country", "Switz"),
		j.reach("signup.privacy"), j.click("signup.terms"), j.click("signup.privacy"),
	), j.window)
	r.step("sign-up-sent", all(j.click("signup.submit"), j.see("activate.code")), j.window)
	r.step("activation-page", func() error {
		mail, err := j.mails.Next(ivan.Identifier, "Activate your account")
		if err != nil {
			return err
		}
		link, err := mail.Link("/activate")
		if err != nil {
			return err
		}
		return all(
			func() error { return j.openLink(link) },
			func() error { return j.web.Fill("#password", ivan.Password) },
		)()
	}, j.page)
	r.step("activated-by-link", all(
		func() error { return j.web.Click("#activate button[type=submit]") },
		func() error { return j.web.Wait("#done") },
	), j.page)
	r.step("program-notices", j.see("activate.done"), j.window)
	r.step("told-that-it-is-active", func() error {
		_, err := j.mails.Next(ivan.Identifier, "Your account is active")
		return err
	}, j.window)

	r.step("sign-up-with-organization", all(j.click("activate.done"), j.click("login.signup"), j.fillsSignUp(elise, "ecole polyt")), j.window)
	r.step("sign-up-complete", j.acceptsTerms(), j.window)
	r.step("sign-up-sent-again", all(j.click("signup.submit"), j.see("activate.code")), j.window)
	r.step("activated-by-code", func() error {
		mail, err := j.mails.Next(elise.Identifier, "Activate your account")
		if err != nil {
			return err
		}
		code, err := mail.Code()
		if err != nil {
			return fmt.Errorf("%w: %s", err, mail.Text)
		}
		return all(j.fill("activate.code", code), j.press("Enter"), j.see("activate.done"))()
	}, j.window)
}

// fillsSignUp fills the sign-up form in, up to the search for an organization in the
// directory.
func (j *journey) fillsSignUp(p person, organization string) func() error {
	return all(
		j.see("signup.first"), j.pick("signup.title", "Dr"),
		j.fill("signup.first", p.first), j.fill("signup.family", p.family),
		j.fill("signup.email", p.Identifier), j.fill("signup.phone", "+41 22 730 51 11"),
		j.reach("signup.confirm"), j.fill("signup.password", p.Password), j.fill("signup.confirm", p.Password),
		j.pick("signup.membership", "I don't know"),
		j.reach("signup.organization.entry"), j.fill("signup.organization.entry", organization), j.reach("signup.organization.row0"),
	)
}

// acceptsTerms chooses what the search has found, and accepts the terms.
func (j *journey) acceptsTerms() func() error {
	return all(
		j.click("signup.organization.row0"), j.gone("signup.organization.row0"),
		j.reach("signup.privacy"), j.click("signup.terms"), j.click("signup.privacy"),
	)
}
