package screens

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
)

// knownMeetings is a catalogue in memory; it fails where a test wants that.
type knownMeetings struct {
	list      []api.Meeting
	elsewhere []api.Meeting // known to the service only
	refreshed time.Time
	err       error
	changed   func()
}

func (k *knownMeetings) List() []api.Meeting { return k.list }

func (k *knownMeetings) Get(code string) (api.Meeting, bool) {
	for _, m := range k.list {
		if m.Code == code {
			return m, true
		}
	}
	return api.Meeting{}, false
}

func (k *knownMeetings) Find(_ context.Context, code string) (api.Meeting, error) {
	for _, m := range k.elsewhere {
		if m.Code == code {
			k.list = append(k.list, m)
			return m, nil
		}
	}
	if k.err != nil {
		return api.Meeting{}, k.err
	}
	return api.Meeting{}, &api.Problem{Code: api.CodeNotFound, Reference: "3F7K-92QD"}
}

func (k *knownMeetings) Refresh(context.Context) error { return k.err }
func (k *knownMeetings) Refreshed() time.Time          { return k.refreshed }
func (k *knownMeetings) Subscribe(f func()) func()     { k.changed = f; return func() { k.changed = nil } }

// knownMine are one's registrations in memory.
type knownMine struct {
	mine    []app.Mine
	drafts  map[string]api.Register
	changed func()

	submitted []api.Register
	withdrawn []string
	dismissed []string
	flushed   int
	flushErr  error
	err       error
	onSubmit  func(api.Register)
}

func (k *knownMine) List() []app.Mine { return k.mine }

func (k *knownMine) Get(meeting string) (app.Mine, bool) {
	for _, m := range k.mine {
		if m.Meeting == meeting {
			return m, true
		}
	}
	if d, ok := k.drafts[meeting]; ok { // a draft counts too, as in package app
		return app.Mine{Registration: api.Registration{Meeting: meeting, BadgeName: d.BadgeName}, State: app.StateDraft}, true
	}
	return app.Mine{}, false
}

func (k *knownMine) Draft(meeting string) (api.Register, bool) {
	d, ok := k.drafts[meeting]
	return d, ok
}

func (k *knownMine) Subscribe(f func()) func() { k.changed = f; return func() { k.changed = nil } }

var testAccount = api.Account{
	ID: "0192", Username: "elena.garcia", Email: "elena.garcia@example.org", FirstName: "Elena", FamilyName: "García", Phone: "+34 600 123 456",
	Organization: api.Organization{ID: "o1", Name: "Telefónica", Country: "ES", Membership: "sector-member"},
}

func testMeeting(code, title, place, zone string, from time.Time, days int) api.Meeting {
	m := api.Meeting{
		Code: code, Title: api.Text{"en": title}, Place: api.Text{"en": place}, Zone: zone,
		Description:      api.Text{"en": "Public-key certificates in telecommunication, health and vehicles; the next edition of the standard; post-quantum migration."},
		RegistrationFrom: testTime.AddDate(0, -2, 0), RegistrationUntil: from.AddDate(0, 0, -4),
		Participation: []string{api.OnSite, api.Remote}, Approval: api.ApprovalNone, Contact: "meetings@example.int",
	}
	for d := range days {
		start := from.AddDate(0, 0, d)
		m.Sessions = append(m.Sessions, api.MeetingSession{Title: api.Text{"en": "Session"}, Start: start, End: start.Add(8 * time.Hour)})
	}
	return m
}

func testMeetings() []api.Meeting {
	day := func(month time.Month, d int) time.Time { return time.Date(2027, month, d, 8, 30, 0, 0, time.UTC) }
	quantum := testMeeting("C-00016342", "Workshop on Quantum-Safe Networks", "Geneva, Tower building", "Europe/Zurich", time.Date(2026, 12, 2, 8, 0, 0, 0, time.UTC), 3)
	x509 := testMeeting("C-00016512", "Sixth X.509 Day", "Geneva, Tower building, room C, and remote", "Europe/Zurich", day(1, 12), 1)
	x509.Capacity, x509.Taken = 120, 46
	x509.Documents = []api.Document{{Title: api.Text{"en": "Agenda (PDF)"}, URL: "https://example.int/a.pdf"}, {Title: api.Text{"en": "Practical information"}, URL: "https://example.int/p"}}
	x509.Form = testForm()
	x509.Companions = 2
	group := testMeeting("C-00016377", "Study Group 17, Plenary", "Geneva, Montbrillant", "Europe/Zurich", day(3, 1), 9)
	group.Approval = api.ApprovalFocalPoint
	forum := testMeeting("C-00016390", "Regional Forum for the Arab States", "Cairo, Smart Village", "Africa/Cairo", day(4, 14), 1)
	forum.Participation = []string{api.OnSite}
	youth := testMeeting("C-00016401", "Youth Summit", "Nairobi, UNON", "Africa/Nairobi", day(5, 20), 1)
	youth.Participation, youth.Capacity, youth.Taken, youth.WaitingList = []string{api.OnSite}, 80, 80, true
	over := testMeeting("C-00016105", "Fifth ITU-T X.509 Day", "Geneva, Switzerland", "Europe/Zurich", time.Date(2026, 5, 12, 7, 30, 0, 0, time.UTC), 1)
	return []api.Meeting{quantum, x509, group, forum, youth, over}
}

func testForm() api.Form {
	choice := func(id, label string) api.Choice { return api.Choice{ID: id, Label: api.Text{"en": label}} }
	return api.Form{Sections: []api.FormSection{
		{Title: api.Text{"en": "Your participation"}, Questions: []api.Question{
			{ID: "role", Kind: api.KindChoice, Label: api.Text{"en": "Role"}, Required: true, Choices: []api.Choice{choice("delegate", "Delegate"), choice("speaker", "Speaker"), choice("observer", "Observer")}},
			{ID: "talk", Kind: api.KindText, Label: api.Text{"en": "Title of your talk"}, Required: true, If: &api.ShownIf{Question: "role", Answer: "speaker"}},
			{ID: "topics", Kind: api.KindChoices, Label: api.Text{"en": "Topics"}, Help: api.Text{"en": "They help us to choose the rooms."}, Choices: []api.Choice{choice("pki", "PKI"), choice("iot", "Internet of things"), choice("pqc", "Post-quantum cryptography")}},
		}},
		{Title: api.Text{"en": "Practical"}, Questions: []api.Question{
			{ID: "arrival", Kind: api.KindDate, Label: api.Text{"en": "Day of arrival"}},
			{ID: "passport_country", Kind: api.KindCountry, Label: api.Text{"en": "Country of passport"}, Required: true, Known: "country"},
			{ID: "phone", Kind: api.KindPhone, Label: api.Text{"en": "Phone during the meeting"}, Known: "phone"},
			{ID: "nights", Kind: api.KindNumber, Label: api.Text{"en": "Nights in a hotel"}},
			{ID: "visa", Kind: api.KindYesNo, Label: api.Text{"en": "Do you need a visa?"}, Required: true},
			{ID: "remarks", Kind: api.KindLong, Label: api.Text{"en": "Remarks"}},
		}},
	}}
}

func testMine() *knownMine {
	return &knownMine{mine: []app.Mine{
		{Registration: api.Registration{Number: "R-7F3K-92QD", Meeting: "C-00016342"}, State: api.Confirmed},
		{Registration: api.Registration{Number: "R-8A2B-11XZ", Meeting: "C-00016377"}, State: api.WaitingFocalPoint},
	}}
}

func TestMeetings_pictures(t *testing.T) {
	capture(t, "meetings", func(e Env) fyne.CanvasObject {
		m := NewMeetings(e, &knownMeetings{list: testMeetings(), refreshed: testTime}, testMine(), testAccount, MeetingsEvents{})
		m.choose("C-00016512")
		return m.Content()
	})
}

// testMeetingsScreen is the screen of meetings in a window.
func testMeetingsScreen(t *testing.T, e Env, catalog *knownMeetings, width float32) (*Meetings, fyne.Window, *wentTo) {
	t.Helper()
	went := &wentTo{}
	m := NewMeetings(e, catalog, testMine(), testAccount, MeetingsEvents{
		Register: went.with("register"), Registration: went.with("registration"),
	})
	t.Cleanup(m.Close)
	return m, show(t, m.Content(), width, 700), went
}

func codes(m *Meetings) []string {
	var out []string
	for _, r := range m.rows {
		if r.meeting == nil {
			out = append(out, r.heading)
		} else {
			out = append(out, r.meeting.Code)
		}
	}
	return out
}

func TestMeetings_upcomingFirstPastUnderAHeading(t *testing.T) {
	m, _, _ := testMeetingsScreen(t, testEnv(t), &knownMeetings{list: testMeetings(), refreshed: testTime}, 1000)
	want := []string{"C-00016342", "C-00016512", "C-00016377", "C-00016390", "C-00016401", "Past meetings", "C-00016105"}
	if got := codes(m); !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
	if m.Chosen() != "C-00016342" {
		t.Errorf("chosen is %q, want the first", m.Chosen())
	}
}

func TestMeetings_searchInAnyScriptAndOrder(t *testing.T) {
	catalog := &knownMeetings{list: testMeetings(), refreshed: testTime}
	catalog.list[3].Title = api.Text{"en": "Regional Forum for the Arab States", "ar": "المنتدى الإقليمي للدول العربية", "fr": "Forum régional des États arabes"}
	catalog.list[4].Title = api.Text{"en": "Youth Summit", "zh": "青年峰会"}
	m, _, _ := testMeetingsScreen(t, testEnv(t), catalog, 1000)
	for query, want := range map[string][]string{
		"x.509 sixth":  {"C-00016512"},
		"16377":        {"C-00016377"},
		"etats ARABES": {"C-00016390"},
		"المنتدي":      {"C-00016390"},
		"峰会":           {"C-00016401"},
		"nairobi":      {"C-00016401"},
		"zzz":          nil,
	} {
		m.search.SetText(query)
		if got := codes(m); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
}

func TestMeetings_codeThatIsNotKnownHereIsAskedFor(t *testing.T) {
	other := testMeetings()[1]
	other.Code = "C-00019999"
	catalog := &knownMeetings{list: testMeetings(), elsewhere: []api.Meeting{other}, refreshed: testTime}
	m, w, _ := testMeetingsScreen(t, testEnv(t), catalog, 1000)
	m.search.SetText("C-00019999")
	tap(t, w, "meetings.ask")
	if m.Chosen() != "C-00019999" {
		t.Errorf("chosen is %q", m.Chosen())
	}
	m.search.SetText("C-00018888")
	tap(t, w, "meetings.ask")
	if !strings.Contains(m.bar.String(), "does not know a meeting C-00018888") {
		t.Errorf("says %q", m.bar.String())
	}
}

func TestMeetings_emptyListSaysWhy(t *testing.T) {
	for _, c := range []struct {
		name    string
		catalog *knownMeetings
		says    string
	}{
		{"never refreshed", &knownMeetings{err: &api.Problem{Code: api.CodeBusy}}, "has too much to do"},
		{"none announced", &knownMeetings{refreshed: testTime}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _, _ := testMeetingsScreen(t, testEnv(t), c.catalog, 1000)
			if !strings.Contains(m.bar.String(), c.says) {
				t.Errorf("says %q, want %q in it", m.bar.String(), c.says)
			}
			if m.listBox.Objects[0] == fyne.CanvasObject(m.list) {
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
		{"not yet", nil, false, at(func(m *api.Meeting) { m.RegistrationFrom = testTime.Add(time.Hour) }), nil},
		{"closed", nil, false, at(func(m *api.Meeting) { m.RegistrationUntil = testTime.Add(-time.Hour) }), nil},
		{"for others", nil, false, at(func(m *api.Meeting) { m.Memberships = []string{"academia"} }), nil},
		{"for one's type", nil, false, at(func(m *api.Meeting) { m.Memberships = []string{"sector-member"} }), []string{"meetings.register"}},
		{"registered", &app.Mine{State: api.Confirmed}, false, at(func(*api.Meeting) {}), []string{"meetings.mine"}},
		{"withdrawn", &app.Mine{State: api.Withdrawn}, false, at(func(*api.Meeting) {}), []string{"meetings.register", "meetings.mine"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := testMeetings()[1:2]
			c.change(&list[0])
			mine := &knownMine{drafts: map[string]api.Register{}}
			if c.mine != nil {
				c.mine.Meeting = list[0].Code
				mine.mine = []app.Mine{*c.mine}
			}
			if c.draft {
				mine.drafts[list[0].Code] = api.Register{}
			}
			m := NewMeetings(testEnv(t), &knownMeetings{list: list, refreshed: testTime}, mine, testAccount, MeetingsEvents{})
			defer m.Close()
			w := show(t, m.Content(), 1000, 700)
			var got []string
			for _, id := range []string{"meetings.register", "meetings.mine"} {
				if findByID(w, id) != nil {
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
	m, w, _ := testMeetingsScreen(t, testEnv(t), &knownMeetings{list: testMeetings(), refreshed: testTime}, 600)
	if findByID(w, "meetings.detail.title") != nil {
		t.Fatal("list and detail at once")
	}
	tap(t, w, "meetings.row.C-00016512")
	if findByID(w, "meetings.detail.title") == nil || findByID(w, "meetings.list") != nil {
		t.Fatal("the detail does not take the list's place")
	}
	tap(t, w, "meetings.back")
	if findByID(w, "meetings.list") == nil {
		t.Fatal("no way back")
	}
	tap(t, w, "meetings.row.C-00016390")
	if !m.Back() || findByID(w, "meetings.list") == nil {
		t.Error("Escape does not lead back")
	}
}

func TestMeetings_answerOfASearchThatNobodyWaitsFor(t *testing.T) {
	e := testEnv(t)
	steps := &Stepped{}
	e.Run = steps
	catalog := &knownMeetings{list: testMeetings(), refreshed: testTime, elsewhere: []api.Meeting{testMeetings()[0]}}
	catalog.elsewhere[0].Code = "C-00019999"
	m := NewMeetings(e, catalog, testMine(), testAccount, MeetingsEvents{})
	m.Show("C-00019999")
	m.Close()
	steps.All()
	if m.Chosen() == "C-00019999" {
		t.Error("a screen that was left chose a meeting")
	}
}

func TestMyMeetings_leadsToRegistrationOrDraft(t *testing.T) {
	went := &wentTo{}
	mine := &knownMine{mine: manyStates()}
	m := NewMyMeetings(testEnv(t), &knownMeetings{list: testMeetings()}, mine, MyMeetingsEvents{
		Registration: went.with("registration"), Register: went.with("register"), Meetings: went.to("meetings"),
	})
	defer m.Close()
	w := show(t, m.Content(), 900, 700)
	tap(t, w, "mymeetings.row.C-00016342")
	if went.last() != "registration C-00016342" {
		t.Errorf("a registration leads to %q", went.last())
	}
	tap(t, w, "mymeetings.row.C-00016401")
	if went.last() != "register C-00016401" {
		t.Errorf("a draft leads to %q", went.last())
	}
	mine.mine = nil
	mine.changed()
	tap(t, w, "mymeetings.find")
	if went.last() != "meetings" {
		t.Errorf("an empty list leads to %q", went.last())
	}
}
