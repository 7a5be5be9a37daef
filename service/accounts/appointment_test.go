package accounts

import (
	"slices"
	"strings"
	"testing"

	"plenary/api"
	"plenary/service/audit"
	"plenary/service/mail"
)

// What an account is appointed to is of its organization: it ends when that changes,
// whoever changes it, and when staff deactivates the account. Its owner is told, and the
// log has why. What changes something else ends nothing.
func TestAppointment_endsWithTheOrganization(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.administrator("boss")
		w.register("amina@example.org", "amina")
		amina := w.who("amina")
		appoint := func(organization string) {
			w.sql(`UPDATE accounts SET organization_id = $1, organization_name = $2 WHERE id = $3`, organization, itu.Name, amina.AccountID)
			w.sql(`INSERT INTO focal_points (account_id, organization_id, kind, appointed_by, appointed_at) VALUES ($1, $2, 'focal-point', '', 1)`,
				amina.AccountID, organization)
			w.sql(`INSERT INTO confirmed_organizations (account_id, organization_id, how, by_whom, confirmed_at) VALUES ($1, $2, 'appointed', '', 1)
				ON CONFLICT (account_id) DO UPDATE SET organization_id = excluded.organization_id`, amina.AccountID, organization)
		}
		rows := func() (n int) {
			return w.rows(`SELECT COUNT(*) FROM focal_points WHERE account_id = $1`, amina.AccountID) +
				w.rows(`SELECT COUNT(*) FROM confirmed_organizations WHERE account_id = $1`, amina.AccountID)
		}
		profile := func(change func(*api.ChangeProfile)) error {
			amina = w.who("amina")
			in := api.ChangeProfile{FirstName: "Amina", FamilyName: "Okafor", Language: "en", OrganizationID: itu.ID, Country: "CH", Membership: "sector-member"}
			change(&in)
			_, err := w.changeProfile(amina, in)
			return err
		}
		told := 0
		for _, c := range []struct {
			name, cause string
			do          func() error
			left        int
		}{
			{"another name", "", func() error { return profile(func(in *api.ChangeProfile) { in.FirstName = "Amy" }) }, 2},
			{"an organization entered by hand", api.CauseOrganizationChanged, func() error {
				return profile(func(in *api.ChangeProfile) {
					in.OrganizationID, in.NewOrganization = "", &api.NewOrganization{Name: "Radio Andorra"}
					in.Country, in.Membership = "AD", "academia"
				})
			}, 0},
			{"corrected by staff", api.CauseOrganizationChanged, func() error {
				return w.correct(boss, amina.AccountID, api.CorrectProfile{
					FirstName: "Amina", NewOrganization: &api.NewOrganization{Name: "Radio Andorra"}, Country: "AD", Membership: "academia",
				})
			}, 0},
			{"deactivated", api.CauseDeactivated, func() error { return w.staffDoes(boss, amina.AccountID, api.KindDeactivate) }, 1},
		} {
			appoint(itu.ID)
			if got := w.mustAccount(w.who("amina")).Appointed; got != api.FocalPoint {
				t.Fatalf("%s: appointed %q before", c.name, got)
			}
			if err := c.do(); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if got := rows(); got != c.left {
				t.Errorf("%s: %d rows left, want %d", c.name, got, c.left)
			}
			if c.cause != "" {
				told++
				log, err := w.User(t.Context(), boss, amina.AccountID)
				if err != nil || !slices.ContainsFunc(log.History, func(e api.AuditEntry) bool {
					return e.Event == string(audit.FocalPointEnded) && slices.Contains(e.Details, audit.Fact(api.DetailCause, c.cause)) &&
						slices.Contains(e.Details, audit.Fact(api.DetailAppointment, api.FocalPoint))
				}) {
					t.Errorf("%s: %+v, %v", c.name, log.History, err)
				}
			}
			if got := w.told(mail.FocalPointEnded); got != told {
				t.Errorf("%s: told %d times, want %d", c.name, got, told)
			}
			w.sql(`DELETE FROM focal_points WHERE account_id = $1`, amina.AccountID)
		}
		for _, m := range w.mails() {
			if m.Template == mail.FocalPointEnded && (m.To != "amina@example.org" || !strings.Contains(m.Subject, itu.Name)) {
				t.Errorf("told %s: %s", m.To, m.Subject)
			}
		}
	})
}
