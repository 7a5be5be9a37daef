package screens

import (
	"context"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
)

// knownMeetings is a catalogue in memory; it fails where a test wants that.
type knownMeetings struct {
	mu        sync.Mutex
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
