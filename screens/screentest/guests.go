package screentest

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"plenary/api"
	"plenary/app"
)

// Guests is how managers have people come to a meeting, in memory.
type Guests struct {
	*Manager
	Invited []api.Invitation
	// Said is what an import is answered, by the names of people; all others are confirmed.
	Said     map[string]api.ImportedRow
	Imported []api.ImportRegistrations // checks among them
	Sent     []api.Invite
	Done     []string
	Typed    map[string]app.Guest // drafts, by meeting
	Flushed  int
	Err      error
}

// NewGuests has an invitation in each state.
func NewGuests() *Guests {
	g := &Guests{Manager: NewManager(), Said: map[string]api.ImportedRow{}}
	for n, state := range []string{api.InvitationSent, api.InvitationUsed, api.InvitationExpired, api.InvitationWithdrawn} {
		one := api.Invitation{
			ID: fmt.Sprint("i", n), Name: []string{"Amélie Dupont", "王小明", "", "سلمى الحسيني"}[n], Email: fmt.Sprintf("guest%d@example.org", n), State: state,
			PassesWindow: n%2 == 0, PassesApproval: n < 2, Invited: Now.AddDate(0, 0, -n-1), By: "Amina Dupont", Until: Now.AddDate(0, 0, 10-n),
		}
		if state == api.InvitationUsed {
			one.Registration = "R-2222-3331"
		}
		g.Invited = append(g.Invited, one)
	}
	return g
}

func (g *Guests) ImportRegistrations(_ context.Context, _ string, in api.ImportRegistrations) (out api.Imported, err error) {
	g.Imported = append(g.Imported, in)
	if g.Err != nil {
		return out, g.Err
	}
	out.Done = !in.Check
	for _, p := range in.Rows {
		name := p.FirstName + " " + p.FamilyName
		row, ok := g.Said[p.FamilyName]
		if !ok {
			row = api.ImportedRow{State: api.Confirmed}
		}
		row.Person = name
		out.Done = out.Done && row.Code == ""
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

func (g *Guests) RegisterGuest(ctx context.Context, typed app.Guest, asked api.ImportedPerson) (api.Imported, error) {
	if err := g.SaveGuestDraft(ctx, typed); err != nil {
		return api.Imported{}, err
	}
	out, err := g.ImportRegistrations(ctx, typed.Meeting, api.ImportRegistrations{ID: typed.Import, Rows: []api.ImportedPerson{asked}})
	if err == nil && out.Done {
		delete(g.Typed, typed.Meeting)
	}
	return out, err
}

func (g *Guests) GuestDraft(meeting string) (app.Guest, bool) {
	in, ok := g.Typed[meeting]
	return in, ok
}

func (g *Guests) GuestDrafts() []string { return slices.Sorted(maps.Keys(g.Typed)) }

func (g *Guests) SaveGuestDraft(_ context.Context, in app.Guest) error {
	if g.Typed == nil {
		g.Typed = map[string]app.Guest{}
	}
	g.Typed[in.Meeting] = in
	return nil
}

func (g *Guests) DropGuestDraft(_ context.Context, meeting string) error {
	delete(g.Typed, meeting)
	return g.Err
}

func (g *Guests) Flush(context.Context) error {
	g.Flushed++
	return nil
}

func (g *Guests) Invitations(context.Context, string) ([]api.Invitation, error) {
	return g.Invited, g.Err
}

func (g *Guests) Invite(_ context.Context, _ string, in api.Invite) error {
	g.Sent = append(g.Sent, in)
	if g.Err != nil {
		return g.Err
	}
	for _, p := range in.People {
		g.Invited = append(g.Invited, api.Invitation{ID: p.Email, Name: p.Name, Email: p.Email, State: api.InvitationSent, Invited: Now, Until: in.Until})
	}
	return nil
}

func (g *Guests) SendInvitation(_ context.Context, id string, in api.SendInvitation) error {
	g.Done = append(g.Done, "send "+id+" "+in.Until.Format("2006-01-02"))
	for n := range g.Invited {
		if one := &g.Invited[n]; one.ID == id && g.Err == nil {
			one.State, one.Invited, one.Until = api.InvitationSent, Now, in.Until
		}
	}
	return g.Err
}

func (g *Guests) WithdrawInvitation(_ context.Context, id string) error {
	g.Done = append(g.Done, "withdraw "+id)
	for n := range g.Invited {
		if one := &g.Invited[n]; one.ID == id && g.Err == nil {
			one.State = api.InvitationWithdrawn
		}
	}
	return g.Err
}
