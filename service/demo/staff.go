package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"

	"plenary/api"
	"plenary/service/account/staff"
)

// Staff is a member of the organization's staff, with a password that is made
// anew at each start of the demonstration.
type Staff struct {
	Identifier string // username
	Password   string
	Role       string // one of api's

	id, email, first, family string
}

// team are the demonstration's staff: the first decides on registrations; two
// are administrators, since some changes need a second one.
func team() []Staff {
	return []Staff{
		{Identifier: "manager", Role: api.RoleMeetingManager, email: "manager@example.int", first: "Meeting", family: "Manager"},
		{Identifier: "administrator", Role: api.RoleAdministrator, email: "administrator@example.int", first: "Ada", family: "Administrator"},
		{Identifier: "deputy", Role: api.RoleAdministrator, email: "deputy@example.int", first: "Denis", family: "Deputy"},
	}
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
			s.id, err = d.service.Accounts().Create(ctx, staff.NewAccount{
				Username: s.Identifier, Email: s.email, Password: s.Password, FirstName: s.first, FamilyName: s.family, Roles: []string{s.Role},
				Organization: api.Organization{Name: "Secretariat", Country: "CH", Membership: "un-agency"},
			})
		}
		if err != nil {
			return fmt.Errorf("demo: make %s: %w", s.Identifier, err)
		}
		d.staff = append(d.staff, s)
	}
	return nil
}

// Staff gives the log-ins of the demonstration's staff: a meeting manager and two
// administrators.
func (d *Demo) Staff() []Staff { return d.staff }
