package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"

	"plenary/api"
	"plenary/service/account/staff"
	"plenary/service/caller"
	"plenary/service/directory"
)

// Staff is somebody who decides for others, of the secretariat or of a delegation, with a
// password that is made anew at each start of the demonstration.
type Staff struct {
	Identifier  string // username
	Password    string
	Role        string // one of api's; empty for those of a delegation
	Appointment string // api.FocalPoint, api.Assistant, or empty

	id, email, first, family string
}

// team is the demonstration's staff: the first decides on registrations; two
// are administrators, since some changes need a second one; the last two are of a
// delegation.
func team() []Staff {
	return []Staff{
		{Identifier: "manager", Role: api.RoleMeetingManager, email: "manager@example.int", first: "Meeting", family: "Manager"},
		{Identifier: "administrator", Role: api.RoleAdministrator, email: "administrator@example.int", first: "Ada", family: "Administrator"},
		{Identifier: "deputy", Role: api.RoleAdministrator, email: "deputy@example.int", first: "Denis", family: "Deputy"},
		{Identifier: "visa", Role: api.RoleVisa, email: "visa@example.int", first: "Vera", family: "Visa"},
		{Identifier: "focal.point", Appointment: api.FocalPoint, email: "focal.point@example.com", first: "Fiona", family: "Brunner"},
		{Identifier: "assistant", Appointment: api.Assistant, email: "assistant@example.com", first: "Aldo", family: "Keller"},
	}
}

// secretariat is where the staff works.
var secretariat = api.Organization{Name: "Secretariat", Country: "CH", Membership: "un-agency"}

// delegation is the organization that has a focal point: one of the directory.
func delegation() api.Organization {
	o := api.Organization{Name: "Swisscom", Country: "CH", Membership: "sector-member"}
	o.ID = directory.ID(o)
	return o
}

// isStaff tells whether an address is of the demonstration's staff.
func isStaff(email string) bool {
	return slices.ContainsFunc(team(), func(s Staff) bool { return s.email == email })
}

// newPassword fulfils the policy whatever it draws.
func newPassword() string { return "Aa1-" + rand.Text() }

// makeStaff gives each member a new password, and an account at the first start.
func (d *Demo) makeStaff(ctx context.Context) error {
	known, err := d.service.Accounts().List(ctx, "", 1000)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	for _, s := range team() {
		s.Password = newPassword()
		i := slices.IndexFunc(known, func(a staff.Listed) bool { return a.Username == s.Identifier })
		if i >= 0 {
			s.id, err = known[i].ID, d.service.Accounts().SetPassword(ctx, s.Identifier, s.Password)
		} else {
			s.id, err = d.make(ctx, &s)
		}
		if err != nil {
			return fmt.Errorf("demo: make %s: %w", s.Identifier, err)
		}
		d.staff = append(d.staff, s)
	}
	return nil
}

// make makes the account of a member, and gives its id. The manager, whom team has
// first, appoints who is of a delegation.
func (d *Demo) make(ctx context.Context, s *Staff) (string, error) {
	n := staff.NewAccount{
		Username: s.Identifier, Email: s.email, Password: s.Password, FirstName: s.first, FamilyName: s.family, Organization: secretariat,
	}
	if s.Role != "" {
		n.Roles = []string{s.Role}
	}
	if s.Appointment != "" {
		n.Organization = delegation()
	}
	id, err := d.service.Accounts().Create(ctx, n)
	if err != nil || s.Appointment == "" {
		return id, err
	}
	return id, d.service.Delegations().Appoint(ctx, d.manager(), id, api.Appoint{Kind: s.Appointment, OrganizationID: n.Organization.ID})
}

// manager is the meeting manager, whom team has first.
func (d *Demo) manager() caller.Caller {
	return caller.Caller{AccountID: d.staff[0].id, Roles: []string{api.RoleMeetingManager}}
}

// Staff gives the log-ins of the demonstration's staff.
func (d *Demo) Staff() []Staff { return d.staff }
