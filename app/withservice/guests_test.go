package withservice

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
)

// Somebody who is invited registers without network, by the link of the e-mail, and is
// confirmed without a decision; whom the manager imports is registered once.
func TestGuests_invitedAndImported(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.manager()
	ctx, manager := t.Context(), p.app.Service
	in := api.Invite{ID: uuid.NewString(), PassesApproval: true, Until: time.Now().Add(time.Hour).UTC(), People: []api.Invitee{{Name: "Amélie", Email: email, Language: "en"}}}
	for range 2 { // the answer was lost
		if err := manager.Invite(ctx, approvedMeeting, in); err != nil {
			t.Fatal(err)
		}
	}
	list, err := manager.Invitations(ctx, approvedMeeting)
	if err != nil || len(list) != 1 || list[0].State != api.InvitationSent || list[0].Email != email {
		t.Fatalf("invited: %+v, %v", list, err)
	}
	row := api.ImportedPerson{Organization: "Nowhere Ltd", Country: "CH", RegisterFor: api.RegisterFor{FamilyName: "Berg", Email: "berg@example.org", Language: "en"}}
	m, err := p.app.Meetings.Find(ctx, approvedMeeting)
	if err != nil {
		t.Fatal(err)
	}
	row.Register = filled(t, m)
	people := api.ImportRegistrations{ID: uuid.NewString(), Rows: []api.ImportedPerson{row}}
	checked := people
	checked.Check = true
	if out, err := manager.ImportRegistrations(ctx, approvedMeeting, checked); err != nil || out.Done || len(out.Rows) != 1 || out.Rows[0].State == "" {
		t.Fatalf("checked: %+v, %v", out, err)
	}
	for range 2 {
		if out, err := manager.ImportRegistrations(ctx, approvedMeeting, people); err != nil || !out.Done {
			t.Fatalf("imported: %+v, %v", out, err)
		}
	}
	found, err := manager.ManagedRegistrations(ctx, api.RegistrationFilter{Meeting: approvedMeeting, Query: "berg", Full: true})
	if err != nil || len(found.Registrations) != 1 || len(found.Answers) != 1 || len(found.Answers[0].Answers) == 0 {
		t.Fatalf("found: %+v, %v", found, err)
	}
	if err := p.app.Session.LogOut(ctx, app.UnsentDiscard); err != nil {
		t.Fatal(err)
	}

	link := ""
	wait(t, "the invitation", func() bool {
		for _, mail := range p.mails() {
			if mail.To == email && strings.Contains(mail.Link, "/m/"+approvedMeeting) {
				link = mail.Link
			}
		}
		return link != ""
	})
	ref, ok := rules.ReadMeeting(link)
	if !ok || ref.Code != approvedMeeting || ref.Invitation == "" {
		t.Fatalf("the link %s is read as %+v", link, ref)
	}
	p.logIn(true)
	mine := p.app.Registrations
	if worth, err := mine.Invitation(ctx, ref.Invitation); err != nil || !worth.Mine || worth.Meeting != approvedMeeting || !worth.PassesApproval {
		t.Fatalf("the invitation is worth %+v, %v", worth, err)
	}
	if err := mine.SaveDraft(ctx, api.Register{Meeting: approvedMeeting, Invitation: ref.Invitation}); err != nil {
		t.Fatal(err)
	}
	// The program is started anew, without network.
	if err := p.demo.SetOn(ctx, false); err != nil {
		t.Fatal(err)
	}
	p.quit()
	p.start()
	if _, err := p.app.Session.Restore(ctx); err != nil {
		t.Fatal(err)
	}
	draft, ok := p.app.Registrations.Draft(approvedMeeting)
	if !ok || draft.Invitation != ref.Invitation {
		t.Fatalf("kept is %+v", draft)
	}
	asked := filled(t, m)
	asked.Invitation = draft.Invitation
	if err := p.app.Registrations.Submit(ctx, asked); err != nil {
		t.Fatal(err)
	}
	if err := p.demo.SetOn(ctx, true); err != nil {
		t.Fatal(err)
	}
	p.app.Sync.Now()
	wait(t, "the confirmation", func() bool { return p.state(approvedMeeting) == api.Confirmed })
	if worth, err := p.app.Registrations.Invitation(ctx, ref.Invitation); err != nil || worth.State != api.InvitationUsed {
		t.Errorf("afterwards it is worth %+v, %v", worth, err)
	}
	p.quit()
	p.nothingInClear()
}
