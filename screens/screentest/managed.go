package screentest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
)

// Manager is what meeting managers see and do, in memory.
type Manager struct {
	Meetings []api.ManagedMeeting
	People   []api.Manager
	Drafts   map[string]app.MeetingDraft
	Done     []string  // what was changed
	Unproved bool      // a cancellation needs a proof that was not given yet
	Seen     time.Time // when the list was seen, if the service cannot be reached
	Err      error
	// ChangeErr is that of changes.
	ChangeErr error
	Created   []string // the ids under which meetings were asked for
	// Effects are what every form that is saved does to answers.
	Effects []api.FormEffect
}

// NewManager is one with a published meeting, a draft with nothing in it, one that is
// closed, and one that was cancelled.
func NewManager() *Manager {
	start := Now.AddDate(0, 1, 0).Truncate(time.Hour)
	m := api.ManagedMeeting{Edition: 3, Living: 41, Waiting: 4, Managers: []api.Manager{
		{ID: "u1", Name: "Amina Dupont", Username: "adupont", Organization: "Example Telecom"},
	}}
	m.Code, m.Status = "C-00016512", api.MeetingPublished
	m.Title = api.Text{"en": "Sixth ITU-T X.509 Day", "fr": "Sixième Journée X.509 de l’UIT-T", "ar": "اليوم السادس للمعيار X.509"}
	m.Place = api.Text{"en": "Geneva, room Popov", "fr": "Genève, salle Popov"}
	m.Description = api.Text{"en": "How certificates are issued and checked, and what comes after RSA."}
	m.Zone = "Europe/Zurich"
	m.Sessions = []api.MeetingSession{
		{Title: api.Text{"en": "First day", "fr": "Premier jour"}, Start: start, End: start.Add(8 * time.Hour)},
		{Title: api.Text{"en": "Second day"}, Start: start.AddDate(0, 0, 1), End: start.AddDate(0, 0, 1).Add(8 * time.Hour)},
	}
	m.RegistrationFrom, m.RegistrationUntil = Now.AddDate(0, -1, 0).Truncate(time.Hour), start.AddDate(0, 0, -4)
	m.Capacity, m.Taken, m.WaitingList, m.Companions = 40, 37, true, 1
	m.Participation, m.Platform = []string{api.OnSite, api.Remote}, "https://remote.example.int/x509"
	m.Memberships, m.Approval = []string{"member-state", "academia"}, api.ApprovalSecretariat
	m.Contact = "meetings@example.int"
	m.Form = api.Form{Sections: []api.FormSection{
		{Title: api.Text{"en": "Your stay", "fr": "Votre séjour"}, Questions: []api.Question{
			{
				ID: "diet", Kind: api.KindChoices, Label: api.Text{"en": "What do you not eat?", "fr": "Que ne mangez-vous pas ?"},
				Choices: []api.Choice{
					{ID: "meat", Label: api.Text{"en": "Meat", "fr": "Viande"}}, {ID: "fish", Label: api.Text{"en": "Fish", "fr": "Poisson"}},
				},
			},
			{ID: "visa", Kind: api.KindYesNo, Label: api.Text{"en": "Do you need a visa?", "fr": "Avez-vous besoin d’un visa ?"}, Required: true},
			{
				ID: "passport", Kind: api.KindCountry, Label: api.Text{"en": "Which country is your passport from?", "fr": "De quel pays est votre passeport ?"},
				Required: true, Known: api.KindCountry, Retention: 30, If: &api.ShownIf{Question: "visa", Answer: "yes"},
			},
		}},
		{Title: api.Text{"en": "Visit", "fr": "Visite"}, Questions: []api.Question{
			{
				ID: "visit", Kind: api.KindChoice, Label: api.Text{"en": "Where do you want to come along?", "fr": "Où voulez-vous venir ?"},
				Help: api.Text{"en": "In the evening of the first day."}, Choices: []api.Choice{
					{ID: "lab", Label: api.Text{"en": "The laboratory", "fr": "Le laboratoire"}, Places: 12}, {ID: "museum", Label: api.Text{"en": "The museum", "fr": "Le musée"}},
				},
			},
			{ID: "remarks", Kind: api.KindLong, Label: api.Text{"en": "What else should we know?"}, Max: 500},
		}},
	}}
	m.Reapprove, m.OfferHours = []string{"/participation", "/answers/visa"}, 48
	m.Documents = []api.Document{{Title: api.Text{"en": "Agenda"}, URL: "https://example.int/agenda.pdf"}}

	draft := api.ManagedMeeting{Edition: 1, Managers: m.Managers}
	draft.Code, draft.Status, draft.Title = "C-00016513", api.MeetingDraft, api.Text{"en": "Workshop on forms"}
	draft.Participation, draft.Approval, draft.Contact = []string{api.OnSite}, api.ApprovalSecretariat, "meetings@example.int"
	closed, cancelled := m, m
	closed.Code, closed.Status, closed.Title = "C-00016377", api.MeetingClosed, api.Text{"en": "Study Group 17, closing plenary"}
	cancelled.Code, cancelled.Status, cancelled.Title = "C-00016390", api.MeetingCancelled, api.Text{"en": "Seminar on submarine cables"}
	cancelled.Living, cancelled.Taken, cancelled.Waiting = 0, 0, 0
	return &Manager{
		Meetings: []api.ManagedMeeting{m, draft, closed, cancelled},
		People:   []api.Manager{m.Managers[0], {ID: "u2", Name: "Boris Petrov", Username: "bpetrov", Organization: "Example Radio"}},
	}
}

// Of is a meeting by its code.
func (k *Manager) Of(code string) *api.ManagedMeeting {
	for i := range k.Meetings {
		if k.Meetings[i].Code == code {
			return &k.Meetings[i]
		}
	}
	return nil
}

func (k *Manager) ManagedMeetings(context.Context) (app.ManagedMeetings, error) {
	list := app.ManagedMeetings{Seen: k.Seen}
	for i := range k.Meetings {
		m := &k.Meetings[i]
		list.Meetings = append(list.Meetings, api.ManagedMeetingRow{
			Code: m.Code, Title: m.Title, Place: m.Place, Zone: m.Zone, Start: m.Start(), End: m.End(), Status: m.Status,
			Capacity: m.Capacity, Taken: m.Taken, Waiting: m.Waiting, Undecided: (i + 1) % 2 * 7,
		})
	}
	return list, k.Err
}

func (k *Manager) ManagedMeeting(_ context.Context, code string) (api.ManagedMeeting, error) {
	if k.Err != nil {
		return api.ManagedMeeting{}, k.Err
	}
	if m := k.Of(code); m != nil {
		return *m, nil
	}
	return api.ManagedMeeting{}, api.Refuse(api.CodeNotFound)
}

// change does something to a meeting, if that is to succeed.
func (k *Manager) change(code string, edition int64, done string, do func(*api.ManagedMeeting)) (api.ManagedMeeting, error) {
	m := k.Of(code)
	switch {
	case k.ChangeErr != nil:
		return api.ManagedMeeting{}, k.ChangeErr
	case m == nil:
		return api.ManagedMeeting{}, api.Refuse(api.CodeNotFound)
	case m.Edition != edition:
		return api.ManagedMeeting{}, api.Refuse(api.CodeOutdated)
	}
	k.Done = append(k.Done, done+" "+code)
	do(m)
	m.Edition++
	return *m, nil
}

func (k *Manager) CreateMeeting(_ context.Context, in api.CreateMeeting) (api.ManagedMeeting, error) {
	k.Created = append(k.Created, in.ID)
	if k.ChangeErr != nil {
		return api.ManagedMeeting{}, k.ChangeErr
	}
	m := api.ManagedMeeting{Edition: 1, Managers: k.People[:1]}
	if from := k.Of(in.From); from != nil {
		m.MeetingDetails = from.MeetingDetails
	}
	m.Code, m.Title, m.Status = fmt.Sprintf("C-0001660%d", len(k.Meetings)), in.Title, api.MeetingDraft
	k.Meetings = append(k.Meetings, m)
	k.Done = append(k.Done, "create "+in.Title["en"])
	return m, nil
}

func (k *Manager) SaveMeeting(_ context.Context, code string, in api.SaveMeeting) (api.ManagedMeeting, error) {
	if !rules.Acknowledged(k.Effects, in.Effects) {
		return api.ManagedMeeting{}, &api.Problem{Code: api.CodeEffects, Effects: k.Effects}
	}
	return k.change(code, in.Edition, "save", func(m *api.ManagedMeeting) {
		status := m.Status
		m.MeetingDetails = rules.CleanMeeting(in.MeetingDetails)
		m.Status = status
	})
}

func (k *Manager) ChangeMeetingStatus(_ context.Context, code string, in api.ChangeMeetingStatus) (api.ManagedMeeting, error) {
	return k.change(code, in.Edition, in.Act, func(m *api.ManagedMeeting) {
		m.Status, _ = rules.AfterAct(m.Status, rules.MeetingAct(in.Act))
	})
}

func (k *Manager) CancelMeeting(_ context.Context, code string, in api.CancelMeeting) (api.ManagedMeeting, error) {
	if k.Unproved {
		return api.ManagedMeeting{}, api.Refuse(api.CodeProofNeeded)
	}
	return k.change(code, in.Edition, "cancel because "+in.Reason, func(m *api.ManagedMeeting) { m.Status = api.MeetingCancelled })
}

func (k *Manager) DeleteMeeting(_ context.Context, code string) error {
	_, err := k.change(code, k.Of(code).Edition, "delete", func(*api.ManagedMeeting) {})
	if err == nil {
		k.Meetings = slices.DeleteFunc(k.Meetings, func(m api.ManagedMeeting) bool { return m.Code == code })
	}
	return err
}

func (k *Manager) Managers(context.Context) ([]api.Manager, error) { return k.People, k.Err }

func (k *Manager) SaveManagers(_ context.Context, code string, in api.SaveManagers) (api.ManagedMeeting, error) {
	return k.change(code, in.Edition, fmt.Sprint("managers ", in.Managers), func(m *api.ManagedMeeting) {
		m.Managers = nil
		for _, p := range k.People {
			if slices.Contains(in.Managers, p.ID) {
				m.Managers = append(m.Managers, p)
			}
		}
	})
}

func (k *Manager) MeetingDraft(code string) (app.MeetingDraft, bool) {
	d, ok := k.Drafts[code]
	d.Values = maps.Clone(d.Values)
	return d, ok
}

func (k *Manager) KeepMeetingDraft(_ context.Context, code string, d app.MeetingDraft) error {
	if k.Drafts == nil {
		k.Drafts = map[string]app.MeetingDraft{}
	}
	k.Drafts[code] = d
	return k.Err
}

func (k *Manager) DropMeetingDraft(_ context.Context, code string) error {
	delete(k.Drafts, code)
	return k.Err
}

// Prove gives the proof that a cancellation waits for.
func (k *Manager) Prove(_ context.Context, password, _ string) error {
	if password != "Right-password-1" {
		return api.Refuse(api.CodeCredentials)
	}
	k.Unproved = false
	return nil
}
