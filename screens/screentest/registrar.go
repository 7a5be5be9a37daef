package screentest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"plenary/api"
	"plenary/app"
)

// Registrar is a meeting's registrations as its managers see them, in memory.
type Registrar struct {
	Files
	Rows    []api.RegistrationRow
	Details map[string]api.Registration
	Meeting api.Meeting // theirs
	// Fail is the error of what is exported, and OnPage is called for each page of it.
	Fail      error
	OnPage    func()
	Asked     []api.RegistrationFilter
	Exported  []api.ExportRegistrations
	Decided   []app.Decision // those that wait, or were refused
	Done      []string       // what was decided
	Seen      time.Time      // when the list was seen, if the service cannot be reached
	Err       error
	listeners Listeners
}

// NewRegistrar has people with names in several scripts.
func NewRegistrar() *Registrar {
	k := &Registrar{Details: map[string]api.Registration{}}
	states := []string{api.WaitingSecretariat, api.Confirmed, api.WaitingFocalPoint, api.WaitingList, api.Refused, api.Withdrawn, api.Offered, api.WaitingSecretariat}
	for i, who := range []struct{ name, organization, country, membership string }{
		{"سلمى الحسيني", "الهيئة القومية لتنظيم الاتصالات", "EG", "member-state"},
		{"Amélie Dupont", "Institut national de la recherche scientifique et des télécommunications", "FR", "academia"},
		{"王小明", "中国信息通信研究院", "CN", "sector-member"},
		{"Zdenka Nováková", "Example University", "CZ", "academia"},
		{"Иван Щербаков", "Министерство цифрового развития", "RU", "member-state"},
		{"", "", "CH", "unknown"},
		{"John O’Brien", "Ofcom", "GB", "member-state"},
		{"Ngozi Okafor", "Nigerian Communications Commission", "NG", "member-state"},
	} {
		row := api.RegistrationRow{
			Number: fmt.Sprintf("R-2222-333%d", i), Person: who.name, Organization: who.organization, Country: who.country, Membership: who.membership,
			State: states[i], Participation: api.OnSite, Created: Now.Add(-time.Duration(30*i+5) * time.Hour), Changed: Now.Add(-time.Duration(7*i+1) * time.Hour), Version: int64(i + 1),
		}
		k.Rows = append(k.Rows, row)
		k.Details[row.Number] = api.Registration{
			Number: row.Number, Meeting: "C-00016512", State: row.State, Participation: row.Participation, BadgeName: who.name, JobTitle: "Head of Delegation",
			Organization: who.organization, Country: who.country, Person: who.name, Version: row.Version,
			Answers: api.Answers{"meals": {"no fish"}}, Companions: []api.Companion{{Name: "Lou"}},
			History: []api.Event{
				{At: row.Created, What: "sent", By: "person", Actor: who.name},
				{At: row.Changed, What: "acknowledged", By: "service"},
			},
		}
	}
	return k
}

func (k *Registrar) ManagedMeeting(context.Context, string) (api.ManagedMeeting, error) {
	return api.ManagedMeeting{MeetingDetails: api.MeetingDetails{Meeting: k.Meeting}}, k.Err
}

func (k *Registrar) ManagedRegistrations(_ context.Context, f api.RegistrationFilter) (page app.ManagedPage, err error) {
	k.Asked = append(k.Asked, f)
	if k.Err != nil {
		return page, k.Err
	}
	page.Seen, page.Counts = k.Seen, map[string]int{}
	var found []api.RegistrationRow
	for _, row := range k.Rows {
		page.Counts[row.State]++
		if strings.Contains(strings.ToLower(row.Person+" "+row.Organization), strings.ToLower(f.Query)) &&
			(f.State == "" || f.State == row.State) && (f.Country == "" || f.Country == row.Country) &&
			(f.Membership == "" || f.Membership == row.Membership) && (f.Participation == "" || f.Participation == row.Participation) &&
			(f.After == "" || row.Number > f.After) {
			found = append(found, row)
		}
	}
	if n := cmp.Or(f.Limit, 50); len(found) > n {
		found, page.Next = found[:n], found[n-1].Number
	}
	page.Registrations = found
	if f.Full {
		if k.OnPage != nil {
			k.OnPage()
		}
		if k.Fail != nil {
			return app.ManagedPage{}, k.Fail
		}
		for _, row := range found {
			one := k.Details[row.Number]
			page.Answers = append(page.Answers, api.RegistrationAnswers{
				BadgeName: one.BadgeName, JobTitle: one.JobTitle, Answers: one.Answers, Companions: one.Companions, Consents: one.Consents, Listed: one.Listed,
			})
		}
	}
	return page, nil
}

func (k *Registrar) ManagedRegistration(_ context.Context, number string) (api.Registration, error) {
	one, ok := k.Details[number]
	switch {
	case k.Err != nil:
		return one, k.Err
	case !ok:
		return one, &api.Problem{Code: api.CodeNotFound}
	}
	return one, nil
}

func (k *Registrar) ExportRegistrations(_ context.Context, _ string, in api.ExportRegistrations) error {
	k.Exported = append(k.Exported, in)
	return k.Err
}

func (k *Registrar) Decisions() []app.Decision { return slices.Clone(k.Decided) }

func (k *Registrar) SubscribeDecisions(f func()) func() {
	return k.listeners.Subscribe(f)
}

func (k *Registrar) DecideRegistrations(_ context.Context, in api.DecideMany) error {
	for _, number := range in.Registrations {
		k.Decided = append(k.Decided, app.Decision{Number: number, Operation: "op-" + number, Approve: in.Approve, Revoke: in.Revoke, Reason: in.Reason, Made: Now})
		k.Done = append(k.Done, fmt.Sprintf("%s %t %s", number, in.Approve, in.Reason))
	}
	return nil
}

func (k *Registrar) DismissDecision(_ context.Context, operation string) error {
	k.Decided = slices.DeleteFunc(k.Decided, func(d app.Decision) bool { return d.Operation == operation })
	return nil
}

// Send has the service do what waits: the registrations are in a new state, or, where they
// are among refuse, it does not.
func (k *Registrar) Send(refuse ...string) {
	var left []app.Decision
	for _, d := range k.Decided {
		if slices.Contains(refuse, d.Number) || d.Refused {
			d.Refused, d.Code, d.Reference = true, api.CodeWrongState, "3F7K-92QD"
			left = append(left, d)
			continue
		}
		for i := range k.Rows {
			if row := &k.Rows[i]; row.Number == d.Number {
				row.State = api.Confirmed
				if !d.Approve {
					row.State = api.Refused
				}
				row.Version += 100
				one := k.Details[row.Number]
				one.State, one.Version = row.State, row.Version
				k.Details[row.Number] = one
			}
		}
	}
	k.Decided = left
	k.listeners.Tell()
}
