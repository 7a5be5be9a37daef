package withservice

import (
	"testing"

	"plenary/api"
)

// The list of participants is there without network as it was seen last, and is not any more
// once the service refuses it.
func TestParticipants_offline(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.staff(api.RoleMeetingManager)
	service := p.app.Service
	set := func(list string) {
		t.Helper()
		m, err := service.ManagedMeeting(t.Context(), openMeeting)
		if err != nil {
			t.Fatal(err)
		}
		m.ParticipantList = list
		if _, err := service.SaveMeeting(t.Context(), openMeeting, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition}); err != nil {
			t.Fatal(err)
		}
	}
	set(api.ListForAll)
	in := register(openMeeting)
	in.Listed = true
	if err := p.app.Registrations.Submit(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	wait(t, "the confirmation", func() bool { return p.state(openMeeting) == api.Confirmed })
	all := api.ParticipantFilter{Meeting: openMeeting}
	page, err := service.Participants(t.Context(), all)
	if err != nil || len(page.Participants.Participants) != 1 || !page.Seen.IsZero() {
		t.Fatalf("%+v, %v", page, err)
	}
	p.online(false)
	if seen, err := service.Participants(t.Context(), all); err != nil || seen.Seen.IsZero() || seen.Participants.Participants[0] != page.Participants.Participants[0] {
		t.Errorf("offline: %+v, %v", seen, err)
	}
	if _, err := service.Participants(t.Context(), api.ParticipantFilter{Meeting: openMeeting, Query: "x"}); err == nil {
		t.Error("offline, a search gives an answer")
	}
	p.online(true)
	set("")
	if _, err := service.Participants(t.Context(), all); kind(err) != string(api.CodeNotFound) {
		t.Errorf("a list that is not there: %v", err)
	}
	p.online(false)
	if _, err := service.Participants(t.Context(), all); err == nil {
		t.Error("what the service has refused is shown offline")
	}
}
