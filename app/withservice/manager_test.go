package withservice

import (
	"slices"
	"testing"
	"time"

	"plenary/api"
	"plenary/app"
)

// manager logs the program in as the demonstration's meeting manager.
func (p *person) manager() {
	p.t.Helper()
	for _, s := range p.demo.Staff() {
		if s.Role == api.RoleMeetingManager {
			if _, err := p.app.Session.LogIn(p.t.Context(), app.LogIn{Identifier: s.Identifier, Password: s.Password}); err != nil {
				p.t.Fatal(err)
			}
			return
		}
	}
	p.t.Fatal("the demonstration has no manager")
}

// waitsFor registers for a meeting, and gives the number of the registration, which waits for a decision.
func (p *person) waitsFor(meeting string) string {
	p.t.Helper()
	m, err := p.app.Meetings.Find(p.t.Context(), meeting)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.app.Registrations.Submit(p.t.Context(), filled(p.t, m)); err != nil {
		p.t.Fatal(err)
	}
	wait(p.t, "the acknowledgement", func() bool { return p.state(meeting) == api.WaitingSecretariat })
	mine, _ := p.app.Registrations.Get(meeting)
	return mine.Number
}

func TestManager_decidesOffline(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signUp()
	p.logIn(true)
	number := p.waitsFor(approvedMeeting)
	if _, err := p.app.Service.ManagedRegistrations(t.Context(), api.RegistrationFilter{Meeting: approvedMeeting}); kind(err) != string(api.CodeForbidden) {
		t.Errorf("a participant: %v", err)
	}
	if err := p.app.Session.LogOut(t.Context(), app.UnsentDiscard); err != nil {
		t.Fatal(err)
	}
	p.manager()
	manager := p.app.Service
	all := api.RegistrationFilter{Meeting: approvedMeeting, Limit: 100}
	page, err := manager.ManagedRegistrations(t.Context(), all)
	if err != nil || !page.Seen.IsZero() || page.Counts[api.WaitingSecretariat] == 0 {
		t.Fatalf("the list: %+v, %v", page, err)
	}
	row := func(page app.ManagedPage) api.RegistrationRow {
		t.Helper()
		i := slices.IndexFunc(page.Registrations, func(r api.RegistrationRow) bool { return r.Number == number })
		if i < 0 {
			t.Fatalf("%s is not among %+v", number, page.Registrations)
		}
		return page.Registrations[i]
	}
	if r := row(page); r.State != api.WaitingSecretariat || r.Person == "" {
		t.Errorf("the row is %+v", r)
	}
	detail, err := manager.ManagedRegistration(t.Context(), number)
	if err != nil || len(detail.Answers) == 0 || len(detail.History) != 2 || !slices.Equal(detail.May, []string{"approve", "refuse"}) {
		t.Fatalf("the detail: %+v, %v", detail, err)
	}

	managed, err := manager.ManagedMeetings(t.Context())
	if err != nil || len(managed.Meetings) == 0 || !managed.Seen.IsZero() {
		t.Fatalf("the meetings: %+v, %v", managed, err)
	}

	// Without network, there is what was seen, and decisions wait.
	if err := p.demo.SetOn(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if list, err := manager.ManagedMeetings(t.Context()); err != nil || len(list.Meetings) != len(managed.Meetings) || list.Seen.IsZero() {
		t.Errorf("offline, the meetings are %+v, %v", list, err)
	}
	kept, err := manager.ManagedRegistrations(t.Context(), all)
	if err != nil || kept.Seen.IsZero() || row(kept) != row(page) || kept.Next != "" || time.Since(kept.Seen) > time.Hour {
		t.Fatalf("offline: %+v, %v", kept, err)
	}
	if _, err := manager.ManagedRegistrations(t.Context(), api.RegistrationFilter{Meeting: approvedMeeting, Query: "dupont"}); err == nil {
		t.Error("offline, a search gives an answer")
	}
	const nobody = "R-0000-0000"
	for range 2 { // pressed twice
		if err := manager.DecideRegistrations(t.Context(), api.DecideMany{Registrations: []string{number, nobody}, Approve: true}); err != nil {
			t.Fatal(err)
		}
	}
	waiting := manager.Decisions()
	if len(waiting) != 2 || waiting[0].Number != number || waiting[1].Number != nobody || !waiting[0].Approve || waiting[0].Refused {
		t.Fatalf("waiting: %+v", waiting)
	}
	if err := p.demo.SetOn(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	p.app.Sync.Now()
	wait(t, "the decision to be sent", func() bool { d := manager.Decisions(); return len(d) == 1 && d[0].Refused })
	if d := manager.Decisions()[0]; d.Number != nobody || d.Code != api.CodeNotFound {
		t.Errorf("of one of the two: %+v", d)
	}
	if err := manager.DismissDecision(t.Context(), manager.Decisions()[0].Operation); err != nil {
		t.Fatal(err)
	}
	if page, err = manager.ManagedRegistrations(t.Context(), all); err != nil || row(page).State != api.Confirmed {
		t.Fatalf("after the decision: %+v, %v", page, err)
	}
	if mine := p.app.Registrations.List(); len(mine) != 0 {
		t.Errorf("the manager's own registrations: %+v", mine)
	}

	// What is refused waits for the manager.
	if err := manager.DecideRegistrations(t.Context(), api.DecideMany{Registrations: []string{number}, Reason: "No room"}); err != nil {
		t.Fatal(err)
	}
	wait(t, "the refusal", func() bool { d := manager.Decisions(); return len(d) == 1 && d[0].Refused })
	refused := manager.Decisions()[0]
	if refused.Code != api.CodeWrongState || refused.Reference == "" || refused.Reason != "No room" {
		t.Errorf("refused: %+v", refused)
	}
	if err := manager.DismissDecision(t.Context(), refused.Operation); err != nil || len(manager.Decisions()) != 0 {
		t.Errorf("dismissed: %v, %+v", err, manager.Decisions())
	}
	p.quit()
	p.nothingInClear()
}
