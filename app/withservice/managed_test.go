package withservice

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/app"
)

// staff logs the program in as somebody of the demonstration's staff.
func (p *person) staff(role string) {
	p.t.Helper()
	for _, s := range p.demo.Staff() {
		if s.Role != role {
			continue
		}
		if _, err := p.app.Session.LogIn(p.t.Context(), app.LogIn{Identifier: s.Identifier, Password: s.Password, Keep: true}); err != nil {
			p.t.Fatal(err)
		}
		if err := p.app.Service.Prove(p.t.Context(), s.Password, ""); err != nil {
			p.t.Fatal(err)
		}
		return
	}
	p.t.Fatalf("the demonstration has no %s", role)
}

// A manager makes a meeting, publishes it and cancels it; a draft is seen by nobody else.
func TestManaged_fromADraftToACancellation(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.staff(api.RoleMeetingManager)
	service := p.app.Service
	managed, err := service.ManagedMeetings(t.Context())
	if err != nil || len(managed.Meetings) < 6 {
		t.Fatalf("%d meetings, %v", len(managed.Meetings), err)
	}
	m, err := service.CreateMeeting(t.Context(), api.CreateMeeting{ID: uuid.NewString(), Title: api.Text{"en": "Seventh Day"}, From: openMeeting})
	if err != nil || m.Status != api.MeetingDraft || len(m.Managers) != 1 {
		t.Fatalf("%+v, %v", m, err)
	}
	if _, err := p.app.Meetings.Find(t.Context(), m.Code); kind(err) != string(api.CodeNotFound) {
		t.Errorf("a draft is found: %v", err)
	}
	m.Capacity = 7
	if m, err = service.SaveMeeting(t.Context(), m.Code, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition}); err != nil || m.Capacity != 7 {
		t.Fatalf("%+v, %v", m, err)
	}
	if _, err := service.SaveMeeting(t.Context(), m.Code, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition - 1}); kind(err) != string(api.CodeOutdated) {
		t.Errorf("an earlier edition: %v", err)
	}
	if m, err = service.ChangeMeetingStatus(t.Context(), m.Code, api.ChangeMeetingStatus{Act: "publish", Edition: m.Edition}); err != nil {
		t.Fatal(err)
	}
	found, err := p.app.Meetings.Find(t.Context(), m.Code)
	if err != nil || found.Capacity != 7 || found.Status != api.MeetingPublished {
		t.Errorf("found %+v, %v", found, err)
	}
	people, err := service.Managers(t.Context())
	if err != nil || len(people) == 0 {
		t.Errorf("managers %+v, %v", people, err)
	}
	if m, err = service.SaveManagers(t.Context(), m.Code, api.SaveManagers{Managers: []string{}, Edition: m.Edition}); err != nil || len(m.Managers) != 0 {
		t.Errorf("%+v, %v", m.Managers, err)
	}
	// Somebody is registered, and told.
	if err := p.app.Registrations.Submit(t.Context(), register(m.Code)); err != nil {
		t.Fatal(err)
	}
	wait(t, "the registration", func() bool { return p.state(m.Code) == api.Confirmed })
	if m, err = service.ManagedMeeting(t.Context(), m.Code); err != nil || m.Living != 1 {
		t.Fatalf("%+v, %v", m, err)
	}
	// A change of the form that does something to what is answered is made once that is known.
	m.Form.Sections = append(m.Form.Sections, api.FormSection{Title: api.Text{"en": "Gifts"}, Questions: []api.Question{
		{ID: "shirt", Kind: api.KindText, Label: api.Text{"en": "Size of your shirt"}, Required: true},
	}})
	save := api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition}
	_, err = service.SaveMeeting(t.Context(), m.Code, save)
	save.Effects = app.Explain(err).Effects
	if want := []api.FormEffect{{Kind: api.EffectRequired, Question: "shirt", Registrations: 1}}; kind(err) != string(api.CodeEffects) || !slices.Equal(save.Effects, want) {
		t.Fatalf("refused with %v, %+v", err, save.Effects)
	}
	if m, err = service.SaveMeeting(t.Context(), m.Code, save); err != nil {
		t.Fatal(err)
	}
	if _, err = service.CancelMeeting(t.Context(), m.Code, api.CancelMeeting{Reason: "The hall has burnt down.", Edition: m.Edition}); err != nil {
		t.Fatal(err)
	}
	wait(t, "the cancellation", func() bool {
		p.app.Sync.Now()
		return p.state(m.Code) == api.Withdrawn
	})
	mine, _ := p.app.Registrations.Get(m.Code)
	if last := mine.History[len(mine.History)-1]; last.What != "cancelled" || last.Reason != "The hall has burnt down." {
		t.Errorf("history says %+v", last)
	}
	draft, err := service.CreateMeeting(t.Context(), api.CreateMeeting{ID: uuid.NewString(), Title: api.Text{"en": "Nothing"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := service.DeleteMeeting(t.Context(), draft.Code); err != nil {
		t.Error(err)
	}
}

// What a manager has typed survives the end of the program, and goes when it is dropped.
func TestManaged_draftsAreKept(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.staff(api.RoleMeetingManager)
	want := app.MeetingDraft{Edition: 3, Values: map[string]string{"title.en": "Seventh D", "sessions.0.start": "2026-1"}}
	if err := p.app.Service.KeepMeetingDraft(t.Context(), openMeeting, want); err != nil {
		t.Fatal(err)
	}
	if work, err := p.app.Session.LocalWork(t.Context()); err != nil || work.Drafts != 1 {
		t.Errorf("work %+v, %v", work, err)
	}
	p.quit()
	p.start()
	if _, err := p.app.Session.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, ok := p.app.Service.MeetingDraft(openMeeting)
	if !ok || got.Edition != 3 || got.Values["sessions.0.start"] != "2026-1" {
		t.Errorf("kept %+v, %v", got, ok)
	}
	if _, ok := p.app.Registrations.Draft(openMeeting); ok {
		t.Error("it is taken for the draft of a registration")
	}
	if err := p.app.Service.DropMeetingDraft(t.Context(), openMeeting); err != nil {
		t.Fatal(err)
	}
	if _, ok := p.app.Service.MeetingDraft(openMeeting); ok {
		t.Error("dropped, and still there")
	}
}
