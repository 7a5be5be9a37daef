package screentest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"plenary/api"
	"plenary/app"
)

// Catalog is a catalogue in memory; it fails where a test wants that.
type Catalog struct {
	Listeners
	All       []api.Meeting
	Elsewhere []api.Meeting // known to the service only
	At        time.Time
	Err       error
}

func (k *Catalog) List() []api.Meeting { return k.All }

func (k *Catalog) Get(code string) (api.Meeting, bool) {
	for _, m := range k.All {
		if m.Code == code {
			return m, true
		}
	}
	return api.Meeting{}, false
}

func (k *Catalog) Find(_ context.Context, code string) (api.Meeting, error) {
	if m, ok := k.Get(code); ok {
		return m, nil
	}
	for _, m := range k.Elsewhere {
		if m.Code == code {
			k.All = append(k.All, m)
			return m, nil
		}
	}
	if k.Err != nil {
		return api.Meeting{}, k.Err
	}
	return api.Meeting{}, &api.Problem{Code: api.CodeNotFound, Reference: "3F7K-92QD"}
}

func (k *Catalog) Refresh(context.Context) error { return k.Err }
func (k *Catalog) Refreshed() time.Time          { return k.At }

// Registrations are one's registrations in memory.
type Registrations struct {
	Files
	Listeners
	Mine    []app.Mine
	NotTold bool
	Drafts  map[string]api.Register
	Changes map[string]api.Change          // drafts of changes, by registration
	Invited map[string]api.InvitationFound // by the tokens of invitations

	Submitted []api.Register
	Asked     []api.Change
	Withdrawn []string
	Dismissed []string
	TakenBack []string
	Answered  []string // number, and true for an offer that was accepted
	Sent      int
	Joined    []string                // number and session
	Passports map[string]api.Passport // at the service, by registration
	JoinErr   error
	Flushed   int
	FlushErr  error
	Err       error
	OnSubmit  func(api.Register)
}

func (k *Registrations) Told() bool { return !k.NotTold }

func (k *Registrations) List() []app.Mine { return k.Mine }

func (k *Registrations) Get(meeting string) (app.Mine, bool) {
	for _, m := range k.Mine {
		if m.Meeting == meeting {
			return m, true
		}
	}
	if d, ok := k.Drafts[meeting]; ok { // a draft counts too, as in package app
		return app.Mine{Registration: api.Registration{Meeting: meeting, BadgeName: d.BadgeName}, State: app.StateDraft}, true
	}
	return app.Mine{}, false
}

func (k *Registrations) Draft(meeting string) (api.Register, bool) {
	d, ok := k.Drafts[meeting]
	return d, ok
}

var Account = api.Account{
	ID: "0192", Username: "elena.garcia", Email: "elena.garcia@example.org", FirstName: "Elena", FamilyName: "García", Phone: "+34 600 123 456",
	Organization: api.Organization{ID: "o1", Name: "Telefónica", Country: "ES", Membership: "sector-member"},
}

func NewMeeting(code, title, place, zone string, from time.Time, days int) api.Meeting {
	m := api.Meeting{
		Code: code, Title: api.Text{"en": title}, Place: api.Text{"en": place}, Zone: zone,
		Description:      api.Text{"en": "Public-key certificates in telecommunication, health and vehicles; the next edition of the standard; post-quantum migration."},
		RegistrationFrom: Now.AddDate(0, -2, 0), RegistrationUntil: from.AddDate(0, 0, -4),
		Participation: []string{api.OnSite, api.Remote}, Approval: api.ApprovalNone, Contact: "meetings@example.int",
	}
	for d := range days {
		start := from.AddDate(0, 0, d)
		m.Sessions = append(m.Sessions, api.MeetingSession{Title: api.Text{"en": "Session"}, Start: start, End: start.Add(8 * time.Hour)})
	}
	return m
}

func Meetings() []api.Meeting {
	day := func(month time.Month, d int) time.Time { return time.Date(2027, month, d, 8, 30, 0, 0, time.UTC) }
	quantum := NewMeeting("C-00016342", "Workshop on Quantum-Safe Networks", "Geneva, Tower building", "Europe/Zurich", time.Date(2026, 12, 2, 8, 0, 0, 0, time.UTC), 3)
	x509 := NewMeeting("C-00016512", "Sixth X.509 Day", "Geneva, Tower building, room C, and remote", "Europe/Zurich", day(1, 12), 1)
	x509.Capacity, x509.Taken = 120, 46
	x509.Documents = []api.Document{{Title: api.Text{"en": "Agenda (PDF)"}, URL: "https://example.int/a.pdf"}, {Title: api.Text{"en": "Practical information"}, URL: "https://example.int/p"}}
	x509.Form = testForm()
	x509.Companions = 2
	group := NewMeeting("C-00016377", "Study Group 17, Plenary", "Geneva, Montbrillant", "Europe/Zurich", day(3, 1), 9)
	group.Approval = api.ApprovalFocalPoint
	forum := NewMeeting("C-00016390", "Regional Forum for the Arab States", "Cairo, Smart Village", "Africa/Cairo", day(4, 14), 1)
	forum.Participation = []string{api.OnSite}
	youth := NewMeeting("C-00016401", "Youth Summit", "Nairobi, UNON", "Africa/Nairobi", day(5, 20), 1)
	youth.Participation, youth.Capacity, youth.Taken, youth.WaitingList = []string{api.OnSite}, 80, 80, true
	over := NewMeeting("C-00016105", "Fifth ITU-T X.509 Day", "Geneva, Switzerland", "Europe/Zurich", time.Date(2026, 5, 12, 7, 30, 0, 0, time.UTC), 1)
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

func NewRegistrations() *Registrations {
	return &Registrations{Mine: []app.Mine{
		{Registration: api.Registration{Number: "R-7F3K-92QD", Meeting: "C-00016342"}, State: api.Confirmed},
		{Registration: api.Registration{Number: "R-8A2B-11XZ", Meeting: "C-00016377"}, State: api.WaitingFocalPoint},
	}}
}

func (k *Registrations) SaveDraft(_ context.Context, in api.Register) error {
	if k.Drafts == nil {
		k.Drafts = map[string]api.Register{}
	}
	k.Drafts[in.Meeting] = in
	return k.Err
}

func (k *Registrations) DeleteDraft(_ context.Context, meeting string) error {
	delete(k.Drafts, meeting)
	return k.Err
}

func (k *Registrations) ChangeDraft(number string) (api.Change, bool) {
	d, ok := k.Changes[number]
	return d, ok
}

func (k *Registrations) SaveChange(_ context.Context, in api.Change) error {
	if k.Changes == nil {
		k.Changes = map[string]api.Change{}
	}
	k.Changes[in.Registration] = in
	return k.Err
}

func (k *Registrations) DeleteChange(_ context.Context, number string) error {
	delete(k.Changes, number)
	return k.Err
}

func (k *Registrations) Change(_ context.Context, in api.Change) error {
	if k.Err != nil {
		return k.Err
	}
	k.Asked = append(k.Asked, in)
	delete(k.Changes, in.Registration)
	return nil
}

func (k *Registrations) Flush(context.Context) error { k.Flushed++; return k.FlushErr }

// Invitation tells what a personal invitation is worth.
func (k *Registrations) Invitation(_ context.Context, token string) (api.InvitationFound, error) {
	found, ok := k.Invited[token]
	switch {
	case k.Err != nil:
		return found, k.Err
	case !ok:
		return found, &api.Problem{Code: api.CodeNotFound}
	}
	return found, nil
}

func (k *Registrations) Submit(_ context.Context, in api.Register) error {
	if k.Err != nil {
		return k.Err
	}
	k.Submitted = append(k.Submitted, in)
	delete(k.Drafts, in.Meeting)
	if k.OnSubmit != nil {
		k.OnSubmit(in)
	}
	return nil
}

// LongName has 118 characters, as the longest organization of the directory.
const LongName = "International Federation of Organizations for the Standardization of Telecommunication Equipment and Cable Networks eV"

func (k *Registrations) Withdraw(_ context.Context, n, reason string) error {
	k.Withdrawn = append(k.Withdrawn, strings.TrimSpace(n+" "+reason))
	return k.Err
}

func (k *Registrations) AnswerOffer(_ context.Context, n string, accept bool) error {
	k.Answered = append(k.Answered, fmt.Sprint(n, " ", accept))
	return k.Err
}

func (k *Registrations) TakeBack(_ context.Context, o string) error {
	k.TakenBack = append(k.TakenBack, o)
	return k.Err
}

func (k *Registrations) Send(context.Context) error { k.Sent++; return k.Err }

func (k *Registrations) Dismiss(_ context.Context, o string) error {
	k.Dismissed = append(k.Dismissed, o)
	return k.Err
}

func ConfirmedRemote() app.Mine {
	return app.Mine{State: api.Confirmed, Registration: api.Registration{
		Number: "R-7F3K-92QD", Meeting: "C-00016342", State: api.Confirmed, Participation: api.Remote, BadgeName: "Elena García",
		Organization: "Telefónica", Country: "ES", Platform: "https://platform.example.int/m/1",
		History: []api.Event{
			{At: Now.Add(-400 * time.Hour), What: "sent", By: "person"},
			{At: Now.Add(-400 * time.Hour), What: "acknowledged", By: "service"},
			{At: Now.Add(-340 * time.Hour), What: "approved", By: "focal-point"},
		},
	}}
}

func ManyStates() []app.Mine {
	made := Now.Add(-10 * time.Minute)
	one := func(code, state, participation, number string) app.Mine {
		return app.Mine{State: state, Made: made, Registration: api.Registration{
			Meeting: code, State: state, Participation: participation, Number: number, Organization: "Telefónica", Country: "ES", BadgeName: "Elena García",
		}}
	}
	refused := one("C-00016512", app.StateNeedsAttention, api.OnSite, "")
	refused.Code, refused.Reference, refused.Operation = api.CodeRegistrationClosed, "3F7K-92QD", "op1"
	return []app.Mine{
		refused,
		one("C-00016390", app.StateWaitingToSend, api.OnSite, ""),
		one("C-00016401", app.StateDraft, api.OnSite, ""),
		one("C-00016377", api.WaitingFocalPoint, api.Remote, "R-8A2B-11XZ"),
		ConfirmedRemote(),
		one("C-00016105", api.Withdrawn, api.Remote, "R-1111-22AA"),
	}
}

func (k *Registrations) Join(_ context.Context, number string, session int) (string, error) {
	k.Joined = append(k.Joined, fmt.Sprintf("%s %d", number, session))
	for _, m := range k.Mine {
		if m.Number == number && m.JoinToken && k.JoinErr == nil {
			return m.Platform + "?jwt=token", nil
		} else if m.Number == number {
			return m.Platform, k.JoinErr
		}
	}
	return "", k.JoinErr
}

// Passport gives what the service has, or api.CodeNotFound.
func (k *Registrations) Passport(_ context.Context, number string) (api.Passport, error) {
	p, ok := k.Passports[number]
	if !ok {
		return p, &api.Problem{Code: api.CodeNotFound}
	}
	return p, nil
}
