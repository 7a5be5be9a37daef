package meetings

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

func TestMeetings_pictures(t *testing.T) {
	screentest.Capture(t, "meetings", func(e kit.Env) fyne.CanvasObject {
		m := NewList(e, &screentest.Catalog{All: screentest.Meetings(), At: screentest.Now}, screentest.NewRegistrations(), screentest.Account, ListEvents{})
		m.list.ChooseID("C-00016512")
		return m.Content()
	})
	screentest.CaptureFew(t, "meetings-none", func(e kit.Env) fyne.CanvasObject {
		m := NewList(e, &screentest.Catalog{All: screentest.Meetings(), At: screentest.Now}, screentest.NewRegistrations(), screentest.Account, ListEvents{})
		m.list.Search.SetText("C-00019999")
		return m.Content()
	})
}

// testMeetingsScreen is the screen of meetings in a window.
func testMeetingsScreen(t *testing.T, e kit.Env, catalog *screentest.Catalog, width float32) (*List, fyne.Window, *screentest.WentTo) {
	t.Helper()
	went := &screentest.WentTo{}
	m := NewList(e, catalog, screentest.NewRegistrations(), screentest.Account, ListEvents{
		Register: went.With("register"), Registration: went.With("registration"),
	})
	t.Cleanup(m.Close)
	return m, screentest.Show(t, m.Content(), width, 700), went
}

func codes(m *List) []string {
	var out []string
	for _, r := range m.find(m.list.Text()) {
		if r.meeting == nil {
			out = append(out, r.heading)
		} else {
			out = append(out, r.meeting.Code)
		}
	}
	return out
}

func TestMeetings_upcomingFirstPastUnderAHeading(t *testing.T) {
	m, _, _ := testMeetingsScreen(t, screentest.NewEnv(t), &screentest.Catalog{All: screentest.Meetings(), At: screentest.Now}, 1000)
	want := []string{"C-00016342", "C-00016512", "C-00016377", "C-00016390", "C-00016401", "Past meetings", "C-00016105"}
	if got := codes(m); !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
	if m.Chosen() != "C-00016342" {
		t.Errorf("chosen is %q, want the first", m.Chosen())
	}
}

func TestMeetings_searchInAnyScriptAndOrder(t *testing.T) {
	catalog := &screentest.Catalog{All: screentest.Meetings(), At: screentest.Now}
	catalog.All[3].Title = api.Text{"en": "Regional Forum for the Arab States", "ar": "المنتدى الإقليمي للدول العربية", "fr": "Forum régional des États arabes"}
	catalog.All[4].Title = api.Text{"en": "Youth Summit", "zh": "青年峰会"}
	m, _, _ := testMeetingsScreen(t, screentest.NewEnv(t), catalog, 1000)
	for query, want := range map[string][]string{
		"x.509 sixth":  {"C-00016512"},
		"16377":        {"C-00016377"},
		"etats ARABES": {"C-00016390"},
		"المنتدي":      {"C-00016390"},
		"峰会":           {"C-00016401"},
		"nairobi":      {"C-00016401"},
		"zzz":          nil,
	} {
		m.list.Search.SetText(query)
		if got := codes(m); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}

func TestMeetings_codeThatIsNotKnownHereIsAskedFor(t *testing.T) {
	other := screentest.Meetings()[1]
	other.Code = "C-00019999"
	catalog := &screentest.Catalog{All: screentest.Meetings(), Elsewhere: []api.Meeting{other}, At: screentest.Now}
	m, w, _ := testMeetingsScreen(t, screentest.NewEnv(t), catalog, 1000)
	m.list.Search.SetText("C-00019999")
	screentest.Tap(t, w, "meetings.ask")
	if m.Chosen() != "C-00019999" {
		t.Errorf("chosen is %q", m.Chosen())
	}
	m.list.Search.SetText("C-00018888")
	screentest.Tap(t, w, "meetings.ask")
	if !strings.Contains(m.bar.String(), "does not know a meeting C-00018888") {
		t.Errorf("says %q", m.bar.String())
	}
}

func TestMeetings_emptyListSaysWhy(t *testing.T) {
	for _, c := range []struct {
		name    string
		catalog *screentest.Catalog
		says    string
	}{
		{"never refreshed", &screentest.Catalog{Err: &api.Problem{Code: api.CodeBusy}}, "has too much to do"},
		{"none announced", &screentest.Catalog{At: screentest.Now}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, w, _ := testMeetingsScreen(t, screentest.NewEnv(t), c.catalog, 1000)
			if !strings.Contains(m.bar.String(), c.says) {
				t.Errorf("says %q, want %q in it", m.bar.String(), c.says)
			}
			if screentest.Find(w, "meetings.list") != nil {
				t.Error("an empty list says nothing")
			}
		})
	}
}

func TestMeetings_whatOneCanDo(t *testing.T) {
	at := func(change func(*api.Meeting)) func(*api.Meeting) { return change }
	for _, c := range []struct {
		name   string
		mine   *app.Mine
		draft  bool
		change func(*api.Meeting)
		want   []string // ids of buttons
	}{
		{"open", nil, false, at(func(*api.Meeting) {}), []string{"meetings.register"}},
		{"draft", nil, true, at(func(*api.Meeting) {}), []string{"meetings.register"}},
		{"full with a waiting list", nil, false, at(func(m *api.Meeting) { m.Taken, m.WaitingList = 120, true }), []string{"meetings.register"}},
		{"full", nil, false, at(func(m *api.Meeting) { m.Taken = 120 }), nil},
		{"not yet", nil, false, at(func(m *api.Meeting) { m.RegistrationFrom = screentest.Now.Add(time.Hour) }), nil},
		{"closed", nil, false, at(func(m *api.Meeting) { m.RegistrationUntil = screentest.Now.Add(-time.Hour) }), nil},
		{"for others", nil, false, at(func(m *api.Meeting) { m.Memberships = []string{"academia"} }), nil},
		{"for one's type", nil, false, at(func(m *api.Meeting) { m.Memberships = []string{"sector-member"} }), []string{"meetings.register"}},
		{"registered", &app.Mine{State: api.Confirmed}, false, at(func(*api.Meeting) {}), []string{"meetings.mine"}},
		{"withdrawn", &app.Mine{State: api.Withdrawn}, false, at(func(*api.Meeting) {}), []string{"meetings.register", "meetings.mine"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := screentest.Meetings()[1:2]
			c.change(&list[0])
			mine := &screentest.Registrations{Drafts: map[string]api.Register{}}
			if c.mine != nil {
				c.mine.Meeting = list[0].Code
				mine.Mine = []app.Mine{*c.mine}
			}
			if c.draft {
				mine.Drafts[list[0].Code] = api.Register{}
			}
			m := NewList(screentest.NewEnv(t), &screentest.Catalog{All: list, At: screentest.Now}, mine, screentest.Account, ListEvents{})
			defer m.Close()
			w := screentest.Show(t, m.Content(), 1000, 700)
			var got []string
			for _, id := range []string{"meetings.register", "meetings.mine"} {
				if screentest.Find(w, id) != nil {
					got = append(got, id)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("offers %q, want %q", got, c.want)
			}
		})
	}
}

func TestMeetings_narrowShowsOneAtATime(t *testing.T) {
	m, w, _ := testMeetingsScreen(t, screentest.NewEnv(t), &screentest.Catalog{All: screentest.Meetings(), At: screentest.Now}, 600)
	if screentest.Find(w, "meetings.detail.title") != nil {
		t.Fatal("list and detail at once")
	}
	screentest.Tap(t, w, "meetings.row.C-00016512")
	if screentest.Find(w, "meetings.detail.title") == nil || screentest.Find(w, "meetings.list") != nil {
		t.Fatal("the detail does not take the list's place")
	}
	screentest.Tap(t, w, "meetings.back")
	if screentest.Find(w, "meetings.list") == nil {
		t.Fatal("no way back")
	}
	screentest.Tap(t, w, "meetings.row.C-00016390")
	if !m.Back() || screentest.Find(w, "meetings.list") == nil {
		t.Error("Escape does not lead back")
	}
}

func TestMeetings_answerOfASearchThatNobodyWaitsFor(t *testing.T) {
	e := screentest.NewEnv(t)
	steps := &screentest.Stepped{}
	e.Run = steps
	catalog := &screentest.Catalog{All: screentest.Meetings(), At: screentest.Now, Elsewhere: []api.Meeting{screentest.Meetings()[0]}}
	catalog.Elsewhere[0].Code = "C-00019999"
	m := NewList(e, catalog, screentest.NewRegistrations(), screentest.Account, ListEvents{})
	m.Show("C-00019999")
	m.Close()
	steps.All()
	if m.Chosen() == "C-00019999" {
		t.Error("a screen that was left chose a meeting")
	}
}

func TestMyMeetings_leadsToRegistrationOrDraft(t *testing.T) {
	went := &screentest.WentTo{}
	mine := &screentest.Registrations{Mine: screentest.ManyStates()}
	m := NewMine(screentest.NewEnv(t), &screentest.Catalog{All: screentest.Meetings()}, mine, MineEvents{
		Registration: went.With("registration"), Register: went.With("register"), Meetings: went.To("meetings"),
	})
	defer m.Close()
	w := screentest.Show(t, m.Content(), 900, 700)
	screentest.Tap(t, w, "mymeetings.row.C-00016342")
	if went.Last() != "registration C-00016342" {
		t.Errorf("a registration leads to %q", went.Last())
	}
	screentest.Tap(t, w, "mymeetings.row.C-00016401")
	if went.Last() != "register C-00016401" {
		t.Errorf("a draft leads to %q", went.Last())
	}
	mine.Mine = nil
	mine.Tell()
	screentest.Tap(t, w, "mymeetings.find")
	if went.Last() != "meetings" {
		t.Errorf("an empty list leads to %q", went.Last())
	}
}

func TestMeetings_thePaneFollowsTheSearch(t *testing.T) {
	m, w, _ := testMeetingsScreen(t, screentest.NewEnv(t), &screentest.Catalog{All: screentest.Meetings(), At: screentest.Now}, 1000)
	detail := func() string {
		screentest.Settle(w)
		return screentest.Said(w, "meetings.detail.title")
	}
	screentest.Tap(t, w, "meetings.row.C-00016390")
	before := detail()
	m.list.Search.SetText("sixth")
	if got := detail(); got != "Sixth X.509 Day" {
		t.Errorf("the search finds one meeting, the pane shows %q", got)
	}
	m.list.Search.SetText("x.509")
	if got := detail(); got != "Sixth X.509 Day" || m.Chosen() != "C-00016512" {
		t.Errorf("the pane shows %q of several hits, want the first", got)
	}
	m.list.Search.SetText("nonsense")
	if screentest.Find(w, "meetings.detail.title") != nil || screentest.Find(w, "meetings.register") != nil {
		t.Error("nothing is found, and the pane offers a meeting")
	}
	m.list.Search.SetText("arab")
	if got := detail(); got != before {
		t.Errorf("the pane shows %q, want %q", got, before)
	}
	if !m.Back() || detail() != before {
		t.Errorf("without a search the pane shows %q, want the meeting found last", detail())
	}
}

func TestMeetings_enterLeadsOn(t *testing.T) {
	m, w, went := testMeetingsScreen(t, screentest.NewEnv(t), &screentest.Catalog{All: screentest.Meetings(), At: screentest.Now}, 1000)
	w.Canvas().Focus(m.First())
	screentest.Write(t, w, "sixth")
	screentest.Press(t, w, fyne.KeyReturn)
	if got := screentest.FocusedID(w); got != "meetings.register" {
		t.Fatalf("Enter in the search leads to %q", got)
	}
	screentest.Press(t, w, fyne.KeyReturn)
	if went.Last() != "register C-00016512" {
		t.Errorf("Enter twice leads to %q", went.Last())
	}
	m.list.Search.SetText("")
	w.Canvas().Focus(m.list.List)
	screentest.Press(t, w, fyne.KeyHome, fyne.KeyReturn, fyne.KeyReturn)
	if went.Last() != "registration C-00016342" {
		t.Errorf("Enter on a row leads to %q", went.Last())
	}
	screentest.Tap(t, w, "meetings.row.C-00016512")
	if got := screentest.FocusedID(w); got != "meetings.list" {
		t.Errorf("a click leads the keyboard to %q", got)
	}
}

func TestMyMeetings_enterOpensTheRowWithTheRing(t *testing.T) {
	went := &screentest.WentTo{}
	mine := &screentest.Registrations{Mine: screentest.ManyStates()}
	m := NewMine(screentest.NewEnv(t), &screentest.Catalog{All: screentest.Meetings()}, mine, MineEvents{
		Registration: went.With("registration"), Register: went.With("register"),
	})
	defer m.Close()
	w := screentest.Show(t, m.Content(), 900, 700)
	w.Canvas().Focus(m.First())
	screentest.Press(t, w, fyne.KeyReturn)
	if want := "registration " + mine.Mine[0].Meeting; went.Last() != want {
		t.Errorf("Enter leads to %q, want %q", went.Last(), want)
	}
}

// BenchmarkMeetings_keystroke is one letter more or less in the search of 300
// meetings; p99-ms is without drawing.
func BenchmarkMeetings_keystroke(b *testing.B) {
	known := screentest.Meetings()
	catalog := &screentest.Catalog{At: screentest.Now}
	for i := range 300 {
		meeting := known[i%len(known)]
		meeting.Code = fmt.Sprintf("C-%08d", 20000+i)
		catalog.All = append(catalog.All, meeting)
	}
	e := screentest.NewEnv(b)
	m := NewList(e, catalog, screentest.NewRegistrations(), screentest.Account, ListEvents{})
	b.Cleanup(m.Close)
	screentest.Show(b, m.Content(), 1100, 740)
	text := []rune("study group 17 plenary")
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		n := i % (2 * len(text))
		if n > len(text) {
			n = 2*len(text) - n
		}
		began := time.Now()
		m.list.Search.SetText(string(text[:n]))
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100])/float64(time.Millisecond), "p99-ms")
}
