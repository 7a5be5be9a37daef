//go:build e2e

package e2e

import (
	"path/filepath"
	"testing"

	"plenary/e2e/service"
)

// person is who walks.
type person struct {
	service.Person
	first, family string
}

var (
	elise = person{service.Person{Identifier: "elise.muller@example.org", Password: "Quai-du-Rhône-1815!"}, "Élise", "Müller-Çelik"}
	ivan  = person{service.Person{Identifier: "i.petrov@example.org", Password: "Белые-Ночи-1703-Nevsky"}, "Иван", "Петров"}
)

// newPassword is what Élise chooses when she has forgotten hers.
const newPassword = "Jet-d'Eau-140-mètres"

// The demonstration's meetings that the tour goes to.
const (
	approved = "C-00016512" // the secretariat approves
	open     = "C-00016342" // confirmed at once
	briefing = "C-00016339" // for whoever is not there; begins soon
)

// TestTour walks the whole path of a person who registers for meetings, in the
// real program, from no account to logged out, what goes wrong on the way
// included, and of the staff who help. After each step there is a
// picture in build/tour; report.json says how it went.
func TestTour(t *testing.T) {
	t.Parallel()
	r := newReport(t, filepath.Join(built, "tour"))
	j := newJourney(t)
	j.createsAccounts(r)
	j.registers(r)
	j.joins(r)
	j.opensAgain(r)
	j.isOffline(r)
	j.looks(r)
	j.forgetsPassword(r)
	j.isDeactivated(r)
	j.asksAQuestion(r)
	j.logsInInTwoSteps(r)
	j.isHelped(r)
	j.correctsSignUps(r)
	j.managesRegistrations(r)
	j.makesMeeting(r)
	j.isFocalPoint(r)
	j.managesMail(r)
	j.logsOut(r)
}
