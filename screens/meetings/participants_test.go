package meetings

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/client"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

func testParticipants(t *testing.T, service *screentest.Participants) (*Participants, fyne.Window) {
	t.Helper()
	p := NewParticipants(screentest.NewEnv(t), service, &screentest.Catalog{All: screentest.Meetings()}, "C-00016512", ParticipantsEvents{Back: func() {}})
	t.Cleanup(p.Close)
	return p, screentest.Show(t, p.Content(), 1024, 700)
}

func TestParticipants_pictures(t *testing.T) {
	screentest.Capture(t, "participants", func(e kit.Env) fyne.CanvasObject {
		p := NewParticipants(e, screentest.NewParticipants(), &screentest.Catalog{All: screentest.Meetings()}, "C-00016512", ParticipantsEvents{Back: func() {}})
		t.Cleanup(p.Close)
		return p.Content()
	})
}

func TestParticipants_searchAndPages(t *testing.T) {
	service := screentest.NewParticipants()
	p, _ := testParticipants(t, service)
	if p.list.Len() != 100 {
		t.Errorf("%d rows", p.list.Len())
	}
	p.list.Search.SetText("dupont")
	if last := service.Asked[len(service.Asked)-1]; last != (api.ParticipantFilter{Meeting: "C-00016512", Query: "dupont"}) || p.list.Len() != 1 {
		t.Errorf("asked for %+v, %d rows", last, p.list.Len())
	}
	p.Back()
	if p.list.Text() != "" || p.list.Len() != 100 {
		t.Errorf("after Esc %q is searched for, %d rows", p.list.Text(), p.list.Len())
	}
}

// Without network there is what was seen last, which says so; with it the list is new.
func TestParticipants_offline(t *testing.T) {
	service := screentest.NewParticipants()
	service.Seen = screentest.Now.Add(-3 * time.Hour)
	p, _ := testParticipants(t, service)
	if !p.seen.Visible() {
		t.Error("does not say of when the list is")
	}
	service.Seen = time.Time{}
	p.SetOnline(true)
	if p.seen.Visible() {
		t.Error("still says that the list is old")
	}
	service.Err = client.ErrUnreachable
	p.list.Reload()
	if p.listing.Err == nil {
		t.Fatal("no error")
	}
	service.Err = nil
	if p.SetOnline(true); p.listing.Err != nil || p.list.Len() != 100 {
		t.Errorf("%d rows, %v", p.list.Len(), p.listing.Err)
	}
}

// The way to the list is there for whom the meeting shows it.
func TestMeetings_wayToParticipants(t *testing.T) {
	for _, c := range []struct {
		list, state string
		want        bool
	}{
		{"", api.Confirmed, false},
		{api.ListForParticipants, "", false},
		{api.ListForParticipants, api.WaitingList, false},
		{api.ListForParticipants, api.Withdrawn, false},
		{api.ListForParticipants, api.Confirmed, true},
		{api.ListForAll, "", true},
	} {
		all := screentest.Meetings()
		all[0].ParticipantList = c.list
		known := screentest.NewRegistrations()
		known.Mine = nil
		if c.state != "" {
			known.Mine = []app.Mine{{State: c.state, Registration: api.Registration{Meeting: all[0].Code, State: c.state, Number: "R-1"}}}
		}
		went := &screentest.WentTo{}
		m := NewList(screentest.NewEnv(t), &screentest.Catalog{All: all, At: screentest.Now}, known, screentest.Account, ListEvents{Participants: went.With("participants")})
		t.Cleanup(m.Close)
		w := screentest.Show(t, m.Content(), 1024, 700)
		m.list.ChooseID(all[0].Code)
		if got := screentest.Find(w, "meetings.participants") != nil; got != c.want {
			t.Errorf("%q, %q: %v", c.list, c.state, got)
		}
	}
}
