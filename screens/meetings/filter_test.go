package meetings

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// forStates is a catalogue with a meeting that only Member States may come to.
func forStates() *screentest.Catalog {
	catalog := &screentest.Catalog{All: screentest.Meetings(), At: screentest.Now}
	catalog.All[2].Memberships = []string{"member-state"}
	return catalog
}

func TestMeetings_picturesOfTheFilter(t *testing.T) {
	screentest.Capture(t, "meetings-filter", func(e kit.Env) fyne.CanvasObject {
		m := NewList(e, forStates(), screentest.NewRegistrations(), screentest.Account, ListEvents{})
		t.Cleanup(m.Close)
		m.filter.participation.Set(api.Remote)
		m.filter.open.SetChecked(true)
		m.list.SetFiltering(true)
		return m.Content()
	})
	screentest.CaptureFew(t, "meetings-filtered", func(e kit.Env) fyne.CanvasObject {
		m := NewList(e, forStates(), &screentest.Registrations{}, screentest.Account, ListEvents{})
		t.Cleanup(m.Close)
		m.filter.participation.Set(api.Remote)
		m.list.Narrow()
		return m.Content()
	})
}

func TestMeetings_filter(t *testing.T) {
	pick := func(p func(*List) *parts.Picker, id string) func(*List) {
		return func(m *List) { screentest.Pick(p(m), id) }
	}
	month := func(m *List) *parts.Picker { return m.filter.month }
	place := func(m *List) *parts.Picker { return m.filter.place }
	for _, c := range []struct {
		name   string
		narrow func(*List)
		want   []string
		says   string
	}{
		{"nothing", func(*List) {}, []string{"C-00016342", "C-00016512", "C-00016377", "C-00016390", "C-00016401", "Past meetings", "C-00016105"}, ""},
		{
			"open to me", func(m *List) { m.filter.open.SetChecked(true) },
			[]string{"C-00016342", "C-00016512", "C-00016390", "C-00016401"},
			"open to me",
		},
		{"a month", pick(month, "2027-03"), []string{"C-00016377"}, "March 2027"},
		{"a month that is past", pick(month, "2026-05"), []string{"Past meetings", "C-00016105"}, "May 2026"},
		{"a place", pick(place, "Nairobi"), []string{"C-00016401"}, "Nairobi"},
		{
			"a kind of participation", func(m *List) {
				m.filter.participation.Set(api.Remote)
				m.list.Narrow()
			},
			[]string{"C-00016342", "C-00016512", "C-00016377", "Past meetings", "C-00016105"},
			"Remote",
		},
		{"two things", func(m *List) {
			screentest.Pick(m.filter.place, "Geneva")
			m.filter.open.SetChecked(true)
		}, []string{"C-00016342", "C-00016512"}, "open to me · Geneva"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _, _ := testMeetingsScreen(t, screentest.NewEnv(t), forStates(), 1000)
			c.narrow(m)
			if got := codes(m); !slices.Equal(got, c.want) {
				t.Errorf("rows %q, want %q", got, c.want)
			}
			if got := strings.Join(m.filter.said(), " · "); got != c.says {
				t.Errorf("the filter says %q, want %q", got, c.says)
			}
			m.filter.clear()
			if len(m.filter.said()) != 0 || len(codes(m)) != 7 {
				t.Errorf("cleared, the filter says %q, rows %q", m.filter.said(), codes(m))
			}
		})
	}
}

func TestMeetings_filterOffersWhatThereIs(t *testing.T) {
	catalog := forStates()
	m, _, _ := testMeetingsScreen(t, screentest.NewEnv(t), catalog, 1000)
	offered := func(items []parts.Item) (ids []string) {
		for _, i := range items {
			ids = append(ids, i.ID)
		}
		return ids
	}
	if got, want := offered(m.filter.months), []string{anyOne, "2026-12", "2027-01", "2027-03", "2027-04", "2027-05", "2026-05"}; !slices.Equal(got, want) {
		t.Errorf("months %q, want %q", got, want)
	}
	screentest.Pick(m.filter.month, "2027-03")
	later := catalog.All[2]
	later.Code, later.Sessions = "C-00016999", []api.MeetingSession{{
		Start: time.Date(2027, 6, 30, 22, 30, 0, 0, time.UTC), End: time.Date(2027, 6, 30, 23, 30, 0, 0, time.UTC),
	}}
	catalog.All = append(catalog.All, later)
	m.reload()
	if got := m.filter.month.PickedID(); got != "2027-03" {
		t.Errorf("after news %q is picked", got)
	}
	if got := offered(m.filter.months); got[len(got)-2] != "2027-07" { // by the clock of Geneva
		t.Errorf("months %q", got)
	}
	catalog.All = slices.DeleteFunc(catalog.All, func(m api.Meeting) bool { return m.Code == "C-00016377" })
	m.reload()
	if got := m.filter.month.PickedID(); got != anyOne {
		t.Errorf("a month that is gone: %q is picked", got)
	}
}

func TestMeetings_whatTheFilterHidesIsShownOnDemand(t *testing.T) {
	m, _, _ := testMeetingsScreen(t, screentest.NewEnv(t), forStates(), 1000)
	m.filter.open.SetChecked(true)
	m.list.SetFiltering(true)
	m.Show("C-00016377")
	if m.Chosen() != "C-00016377" || len(m.filter.said()) != 0 {
		t.Errorf("chosen is %q, the filter says %q", m.Chosen(), m.filter.said())
	}
}

func TestMeetings_notForYouIsSaidInTheList(t *testing.T) {
	catalog := forStates()
	m := NewList(screentest.NewEnv(t), catalog, &screentest.Registrations{}, screentest.Account, ListEvents{})
	defer m.Close()
	for i, want := range []string{"Open", "Open", "Not for you", "Open", "Full, waiting list", ""} {
		if got, _ := m.tag(&catalog.All[i]); got != want {
			t.Errorf("%s: %q, want %q", catalog.All[i].Code, got, want)
		}
	}
}
