//go:build e2e

package e2e

import (
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"plenary/api"
	"plenary/e2e/browser"
	"plenary/e2e/service"
)

// full is the demonstration's meeting on which all places are taken and five people wait.
const full = "C-00016401"

// Who is invited: Inês has no account yet, and is of the organization that has a focal point.
var (
	ines = person{service.Person{Identifier: "ines@example.org", Password: "Elevador-da-Bica-1892"}, "Inês", "Duarte"}
	hugo = person{service.Person{Identifier: "hugo@example.org", Password: "Ponte-de-Lima-30-arcos"}, "Hugo", "Lima"}
)

// TestInvited is how people come to a meeting to whom its manager has sent a personal link,
// in the real window: the link, an account, the form with a photo and a passport, the answer
// of the visa officer, which the focal point reads too; and a place in another meeting's line,
// once that has more places, which goes to the next when it is declined.
func TestInvited(t *testing.T) {
	t.Parallel()
	j := newJourney(t)
	must(t, j.service.SignUp(j.mails, hugo.Person, hugo.first, hugo.family))
	r := newReport(t, filepath.Join(pictures(t), "invited"))
	t.Cleanup(func() { j.plenary.Kill() })
	j.invites(r)
	j.createsInvitedAccount(r)
	j.registersAsInvited(r)
	j.standsInLine(r)
	j.answersVisa(r)
	j.readsAnswerOfDelegation(r)
	j.isKilledWhileRegistering(r)
	j.givesMorePlaces(r)
	j.declinesPlace(r)
	j.isNextInLine(r)
	must(t, j.plenary.Close())
}

// invites: a manager sends links with which one is confirmed without a decision.
func (j *journey) invites(r *report) {
	r.step("manager", all(j.start, j.logsInAs(j.service.Staff["manager"]), j.click("nav.manage"), j.see("manage.row."+approved), j.click("manage.row."+approved),
		j.see("managed.people"), j.click("managed.people"), j.click("registrations.invitations"), j.see("invitations.invite")), j.window)
	r.step("invite", all(j.click("invitations.invite"), j.see("invite.people")), j.window)
	r.step("invite-mistake", all(j.types("Inês Duarte <ines@example.org>"), j.press("Enter"), j.types("nobody"), j.reach("invite.send"), j.click("invite.send"),
		j.see("invite.people.field.error")), j.window)
	r.step("invite-filled", all(j.click("invite.people"), j.press("Ctrl+a"), j.types("Inês Duarte <ines@example.org>"), j.press("Enter"), j.types("Hugo Lima <hugo@example.org>"),
		j.reach("invite.approval"), j.click("invite.approval")), j.window)
	r.step("invite-sent", all(j.reach("invite.send"), j.click("invite.send"), j.says("invitations.bar", "", nil, "2 invitations are on their way."), j.gone("invite.people")), j.window)
}

// followsInvitation: the link's page, then the log-in, which names the meeting.
func (j *journey) followsInvitation(r *report, name string, who person) {
	var link string
	r.step(name+"-page", all(j.logOut(), func() error {
		mail, err := j.mails.Next(who.Identifier, "Invitation: ")
		if err != nil {
			return err
		}
		address, err := mail.Link("/m/")
		if err != nil {
			return err
		}
		if err := j.openLink(address); err != nil {
			return err
		}
		if err := j.web.Wait("#invited"); err != nil {
			return err
		}
		link, err = browser.Evaluate[string](j.web, `document.querySelector("a.button").href`)
		return err
	}), j.page)
	r.step(name+"-opened", func() error {
		return all(j.startsAgain(link), j.inFront, j.says("login.bar", "", nil, j.title(approved)))()
	}, j.window)
}

// createsInvitedAccount: who has no account yet creates one, and is still led to the form
// of the link.
func (j *journey) createsInvitedAccount(r *report) {
	j.followsInvitation(r, "invitation", ines)
	r.step("invited-sign-up", all(j.click("login.signup"), j.fillsSignUp(ines, "swisscom"), j.acceptsTerms()), j.window)
	r.step("invited-active", all(j.click("signup.submit"), j.see("activate.code"), func() error {
		mail, err := j.mails.Next(ines.Identifier, "Activate your account")
		if err != nil {
			return err
		}
		code, err := mail.Code()
		if err != nil {
			return err
		}
		return all(j.fill("activate.code", code), j.press("Enter"), j.see("activate.done"))()
	}), j.window)
	r.step("invited-log-in", all(j.click("activate.done"), j.says("login.bar", "", nil, j.title(approved)), j.fill("login.password", ines.Password)), j.window)
	r.step("invited-form", all(j.press("Enter"), j.invitedPersonally()), j.window)
}

// invitedPersonally waits for the form that belongs to the link.
func (j *journey) invitedPersonally() func() error {
	return all(j.showsForm(approved), j.says("register.invited", "", nil, "You are invited personally"))
}

// registersAsInvited: the form, with a photo and a passport.
func (j *journey) registersAsInvited(r *report) {
	photo := filepath.Join(j.desk.Home, "me.jpg")
	r.step("invited-photo", all(j.click("register.participation.onsite"), j.reach("register.meals.halal"), j.click("register.meals.halal"),
		j.reach("register.speaker.no"), j.click("register.speaker.no"), func() error { return portrait(photo) },
		j.reach("register.photo.choose"), j.click("register.photo.choose"), j.see("files.row."+photo), j.click("files.row."+photo),
		j.gone("files.search"), j.reach("register.photo.remove")), j.window)
	r.step("visa-asked", all(j.reach("register.visa-support"), j.click("register.visa-support"), j.reach("register.passport.birth_place")), j.window)
	r.step("passport", all(j.reach("register.passport.family_name"), j.fill("register.passport.family_name", "DUARTE"), j.press("Tab"), j.types("INES"), j.press("Tab"),
		j.types("Portug"), j.press("Enter"), j.press("Tab"), j.types("CA123456"), j.press("Tab"), j.types("13.12.1994"), j.press("Tab"), j.types("Lisboa"),
		j.press("Tab"), j.types("2024-02-01"), j.press("Tab"), j.types("2034-02-01"), j.reach("register.passport.expires")), j.window)
	r.step("invited-check", all(j.click("register.check"), j.see("register.check.title"), j.reach("answer.passport")), j.window)
	r.step("invited-confirmed", all(j.click("register.submit"), j.see("registration.state."+api.Confirmed)), j.window)
	r.step("visa-waits", j.reach("registration.visa.take-back"), j.window)
}

// standsInLine: the place behind the last one is one on the waiting list. Hugo comes behind her.
func (j *journey) standsInLine(r *report) {
	r.step("full-meeting", all(j.click("nav.meetings"), j.see("meetings.list"), j.reach("meetings.row."+full), j.click("meetings.row."+full), j.see("meetings.register")), j.window)
	r.step("in-line", all(j.click("meetings.register"), j.see("register.check"), j.reach("register.birth"), j.fill("register.birth", "2003-05-07"),
		j.reach("register.motivation"), j.fill("register.motivation", "To listen."), j.click("register.check"), j.click("register.submit"),
		j.see("registration.state."+api.WaitingList)), j.window)
	must(j.t, j.service.Register(hugo.Person, api.Register{
		Meeting: full, Participation: api.OnSite, BadgeName: "Hugo Lima", Answers: api.Answers{"birth": {"2001-11-30"}, "motivation": {"To write."}},
	}))
}

// answersVisa: the visa officer reads the passport, and grants what is asked for.
func (j *journey) answersVisa(r *report) {
	row := ""
	r.step("visa-requests", all(j.logOut(), j.logsInAs(j.service.Staff["visa"]), j.click("nav.visas"), j.see("visas.list"), func() error {
		mine, err := j.isRegistered(ines, approved)
		if err != nil {
			return err
		}
		row = "visas.row." + mine.Number
		return all(j.reach(row), j.click(row), j.see("visas.passport.show"))()
	}), j.window)
	r.step("visa-passport", all(j.click("visas.passport.show"), j.says("visas.passport.number", "", nil, "CA123456")), j.window)
	r.step("visa-answered", all(j.reachIn("visas.passport.number", "visas.grant.answered"), j.click("visas.grant.answered"), j.reachIn("visas.grant", "visas.answer"),
		j.fill("visas.answer", "The letter is at the consulate in Lisbon."), j.reachIn("visas.answer", "visas.send"), j.click("visas.send"), func() error { return j.gone(row)() }), j.window)
	r.step("visa-granted", all(j.click("visas.tab.answered"), func() error {
		return all(j.see(row), j.click(row), j.reachIn("visas.passport.show", "visas.answered"))()
	}), j.window)
}

// readsAnswerOfDelegation: the focal point of her organization reads it too.
func (j *journey) readsAnswerOfDelegation(r *report) {
	r.step("delegation-visa-answer", all(j.logOut(), j.logsInAs(j.service.Staff["focal.point"]), j.click("nav.delegation"), j.click("delegation.tab.visa"), func() error {
		mine, err := j.isRegistered(ines, approved)
		if err != nil {
			return err
		}
		row := "delegation.row." + mine.Number
		return all(j.see(row), j.reads(row, "Granted"), j.click(row))()
	}, j.reachIn("delegation.detail.state", "delegation.visa.answer"), j.says("delegation.visa.answer", "", nil, "The letter is at the consulate in Lisbon.")), j.window)
}

// isKilledWhileRegistering: whom the focal point was registering is there after kill -9.
func (j *journey) isKilledWhileRegistering(r *report) {
	meeting, row := "delegation.meetings.row."+open, "delegation.row.draft "+open
	r.step("somebody-typed", all(j.click("delegation.register"), j.reach(meeting), j.click(meeting), j.fill("delegation.register.family-name", "Rossi"),
		j.says("delegation.register.foot", "register.draft.saved", nil)), j.window)
	r.step("somebody-still-there", all(func() error { j.plenary.Kill(); return nil }, j.start, j.see("meetings.list"), j.click("nav.delegation"),
		j.see(row), j.reads(row, "Rossi"), j.click(row), j.see("delegation.again")), j.window) // above those that wait
	r.step("somebody-goes-on", all(j.click("delegation.again"), j.says("delegation.register.family-name", "", nil, "Rossi")), j.window)
	r.step("somebody-deleted", all(j.click("delegation.register.discard"), j.click("delegation.register.discard.yes"), j.see("delegation.list"), j.gone(row)), j.window)
}

// givesMorePlaces: who waits is offered the places that a manager adds, which are enough up
// to Inês.
func (j *journey) givesMorePlaces(r *report) {
	r.step("full-managed", all(j.logOut(), j.logsInAs(j.service.Staff["manager"]), j.click("nav.manage"), j.see("manage.list"), j.reach("manage.row."+full), j.click("manage.row."+full),
		j.see("managed.tab.details")), j.window)
	r.step("more-places", all(j.click("managed.tab.details"), j.reach("managed.capacity"), j.fill("managed.capacity", "46"), j.click("managed.save"),
		j.says("managed.foot", "managed.saved", nil)), j.window)
	r.step("offers", all(j.times(20, "PageUp"), j.click("managed.people"), j.see("registrations.list"), j.fill("registrations.search", "duarte"), func() error {
		hers, err := j.isRegistered(ines, full)
		if err != nil {
			return err
		}
		return all(j.reads("registrations.row."+hers.Number, "Place offered"), j.stands(hugo, api.WaitingList))()
	}), j.window)
}

// declinesPlace: Inês is offered a place, and leaves it to others. The answer about her visa
// is there.
func (j *journey) declinesPlace(r *report) {
	r.step("line-moved", all(j.logOut(), j.isTold(ines, "A place is offered to you"), j.logsInAs(ines.Person),
		j.click("nav.mymeetings"), j.see("mymeetings.state."+full+"."+api.Offered)), j.window)
	r.step("decline-asked", all(j.click("mymeetings.row."+full), j.click("offer.decline"), j.see("offer.decline.yes")), j.window)
	r.step("declined", all(j.click("offer.decline.yes"), j.see("registration.state."+api.Withdrawn), j.stands(ines, api.Withdrawn)), j.window)
	r.step("visa-answer", all(j.isTold(ines, "Visa support"), j.click("nav.mymeetings"), j.click("mymeetings.row."+approved), j.reach("registration.visa.answer")), j.window)
}

// isNextInLine: Hugo, who has an account, follows his link to the form; and accepts the place
// that Inês has left.
func (j *journey) isNextInLine(r *report) {
	j.followsInvitation(r, "other-invitation", hugo)
	r.step("other-form", all(j.fill("login.identifier", hugo.Identifier), j.fill("login.password", hugo.Password), j.press("Enter"), j.invitedPersonally()), j.window)
	r.step("other-offered", all(j.isTold(hugo, "A place is offered to you"), j.click("nav.mymeetings"), j.see("mymeetings.state."+full+"."+api.Offered),
		j.click("mymeetings.row."+full), j.see("offer.accept")), j.window)
	r.step("other-accepted", all(j.click("offer.accept"), j.see("registration.state."+api.Confirmed), j.stands(hugo, api.Confirmed)), j.window)
}

// isTold waits for an e-mail to somebody.
func (j *journey) isTold(who person, subject string) func() error {
	return func() error {
		_, err := j.mails.Next(who.Identifier, subject)
		return err
	}
}

// stands says whether somebody's registration for the full meeting has a state.
func (j *journey) stands(who person, state string) func() error {
	return func() error {
		theirs, err := j.isRegistered(who, full)
		if err == nil && theirs.State != state {
			err = fmt.Errorf("%s is %s, want %s", who.first, theirs.State, state)
		}
		return err
	}
}

// isRegistered is somebody's registration for a meeting.
func (j *journey) isRegistered(who person, meeting string) (api.Registration, error) {
	list, err := j.service.Registrations(meeting)
	if err != nil {
		return api.Registration{}, err
	}
	for _, one := range list {
		if one.Person == who.first+" "+who.family {
			return one, nil
		}
	}
	return api.Registration{}, fmt.Errorf("%s is not registered for %s", who.first, meeting)
}

// portrait is a picture with something on it.
func portrait(path string) error {
	face := image.NewRGBA(image.Rect(0, 0, 900, 1200))
	for y := range 1200 {
		for x := range 900 {
			c := color.RGBA{120, 160, 200, 255}
			if dx, dy := x-450, y-500; dx*dx+dy*dy < 250*250 {
				c = color.RGBA{230, 190, 160, 255}
			} else if dx, dy := x-450, y-1200; dx*dx+dy*dy < 400*400 {
				c = color.RGBA{40, 60, 90, 255}
			}
			face.Set(x, y, c)
		}
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := jpeg.Encode(file, face, nil); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
