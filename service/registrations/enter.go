package registrations

import (
	"context"
	"fmt"

	"plenary/api"
	"plenary/service/delegations"
	"plenary/service/store"
)

// Entry is a registration that staff enters for somebody without an account.
type Entry struct {
	Person, Organization, Country, Membership string
	OrganizationID                            string // of the directory; empty where it does not have the organization
	Register                                  api.Register
}

// Enter takes registrations in for people without accounts, under the same
// rules as everybody's. The first that is refused ends it, with an *api.Problem, and
// none is kept. It gives the registrations in the order of the entries.
func (rs *Registrations) Enter(ctx context.Context, entries []Entry) (entered []api.Registration, err error) {
	// READ COMMITTED: each meeting is locked before it is read, and nobody's account is touched.
	err = rs.DB.UpdateCommitted(ctx, func(tx *store.Tx) error {
		entered = make([]api.Registration, 0, len(entries))
		for _, e := range entries {
			meeting, err := rs.Meetings.Lock(tx, e.Register.Meeting)
			if err != nil {
				return fmt.Errorf("registrations: enter registration: %w", err)
			}
			n, err := rs.judge(meeting, e.account(), "", e.Register, spokenFor(delegations.SpeakerNow(tx, e.OrganizationID)), rs.lineOf(tx, meeting))
			if err != nil {
				return fmt.Errorf("registrations: enter registration: %w", err)
			}
			statements, err := n.takePlace()
			if err != nil {
				return err
			}
			tx.Together(statements...)
			entered = append(entered, n.Registration)
		}
		return nil
	})
	return entered, err
}

// account is that of somebody who has none.
func (e *Entry) account() api.Account {
	return api.Account{
		FamilyName:   e.Person,
		Organization: api.Organization{ID: e.OrganizationID, Name: e.Organization, Country: e.Country, Membership: e.Membership},
	}
}
