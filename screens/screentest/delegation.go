package screentest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"plenary/api"
	"plenary/app"
)

// Delegation is an organization's registrations in memory.
type Delegation struct {
	Files
	Listeners
	Kind         string
	Organization api.Organization
	Delegates    []app.Delegate
	Done         []string
	Asked        []api.RegisterFor
	Drafts       map[string]api.RegisterFor // by meeting and operation
	Flushed      int
	Err          error
}

// NewDelegation is that of a focal point, with registrations in all states.
func NewDelegation() *Delegation {
	may := []string{api.MayApprove, api.MayRefuse, api.MayWithdraw}
	one := func(n int, person, state string, may ...string) app.Delegate {
		return app.Delegate{Delegate: api.Delegate{
			Number: fmt.Sprintf("R-AAAA-%04d", n), Meeting: "C-00016512", State: state, Person: person, BadgeName: person, Participation: api.OnSite,
			JobTitle: "Engineer", Account: true, Sent: Now.Add(-time.Duration(n) * time.Hour), May: may,
			History: []api.Event{{At: Now.Add(-time.Duration(n) * time.Hour), What: "sent", By: "person", Actor: person}, {At: Now.Add(-time.Duration(n) * time.Hour), What: "acknowledged", By: "service"}},
		}}
	}
	waits := one(4, "Sánchez López, María del Carmen", api.WaitingFocalPoint, may...)
	waits.Waits = api.MayApprove
	refused := one(5, "Ольга Иванова", api.Withdrawn)
	refused.Code = api.CodeWrongState
	here := app.Delegate{
		Delegate: api.Delegate{Meeting: "C-00016512", State: app.StateNeedsAttention, Person: "Zoë Ng", Participation: api.Remote, Sent: Now}, Operation: "op-1",
		Code: api.CodeAlreadyRegistered, Asked: &api.RegisterFor{Register: api.Register{Meeting: "C-00016512", Participation: api.Remote, BadgeName: "Zoë Ng"}, FirstName: "Zoë", FamilyName: "Ng", Email: "zoe@example.net", Language: "fr"},
	}
	own := one(6, "Amina Okafor", api.Confirmed, api.MayWithdraw)
	own.Own, own.Confirmed = true, true
	return &Delegation{
		Kind: api.FocalPoint, Organization: api.Organization{ID: "o1", Name: "Agence nationale des fréquences", Country: "FR", Membership: "member-state"},
		Delegates: []app.Delegate{
			here, one(1, "ليلى بنت عبد الرحمن الفاسي", api.WaitingFocalPoint, may...), one(2, "王小明", api.WaitingFocalPoint, may...),
			one(3, "Noël Dupont-Lefèvre", api.WaitingFocalPoint, may...), waits, refused, own, one(7, "Jean Petit", api.WaitingSecretariat, api.MayWithdraw),
		},
	}
}

func (k *Delegation) List() []app.Delegate { return k.Delegates }

func (k *Delegation) About() (string, api.Organization) { return k.Kind, k.Organization }

func (k *Delegation) did(format string, args ...any) error {
	if k.Err == nil {
		k.Done = append(k.Done, fmt.Sprintf(format, args...))
	}
	k.Tell()
	return k.Err
}

func (k *Delegation) Decide(_ context.Context, in api.DecideMany) error {
	what := map[bool]string{true: api.MayApprove, false: api.MayRefuse}[in.Approve]
	for i := range k.Delegates {
		for _, number := range in.Registrations {
			if k.Delegates[i].Number == number && k.Err == nil {
				k.Delegates[i].Waits = what
			}
		}
	}
	return k.did("%s", strings.TrimSpace(what+" "+strings.Join(in.Registrations, " ")+" "+in.Reason))
}

func (k *Delegation) Withdraw(_ context.Context, number, _ string) error {
	return k.did("withdraw %s", number)
}

func (k *Delegation) RegisterFor(_ context.Context, in api.RegisterFor, instead string) error {
	k.Asked = append(k.Asked, in)
	if k.Err == nil {
		delete(k.Drafts, in.Meeting+instead)
	}
	return k.did("register %s instead of %q", in.FamilyName, instead)
}

func (k *Delegation) Draft(meeting, instead string) (api.RegisterFor, bool) {
	in, ok := k.Drafts[meeting+instead]
	return in, ok
}

func (k *Delegation) SaveDraft(_ context.Context, in api.RegisterFor, instead string) error {
	if k.Drafts == nil {
		k.Drafts = map[string]api.RegisterFor{}
	}
	k.Drafts[in.Meeting+instead] = in
	return k.Err
}

func (k *Delegation) DropDraft(_ context.Context, meeting, instead string) error {
	delete(k.Drafts, meeting+instead)
	return k.did("drop %s", strings.TrimSpace(meeting+" "+instead))
}

func (k *Delegation) Flush(context.Context) error {
	k.Flushed++
	return nil
}

func (k *Delegation) Forget(_ context.Context, number string) error {
	return k.did("forget %s", number)
}

func (k *Delegation) Dismiss(_ context.Context, operation string) error {
	return k.did("dismiss %s", operation)
}

// Appoints are appointments in memory.
type Appoints struct {
	People []api.Appointee
	Done   []string
	Err    error
}

// NewAppoints has a focal point, an assistant and somebody of an unlisted organization.
func NewAppoints() *Appoints {
	of := api.Organization{ID: "o1", Name: "Agence nationale des fréquences", Country: "FR", Membership: "member-state"}
	return &Appoints{People: []api.Appointee{
		{ID: "p1", Name: "Amina Okafor", Username: "amina", Email: "amina@example.org", Organization: of, Listed: true, Confirmed: true, Kind: api.FocalPoint, Since: Now.Add(-time.Duration(500) * time.Hour), By: "Meeting Manager"},
		{ID: "p2", Name: "王小明", Username: "wang", Email: "wang@example.org", Organization: of, Listed: true, Confirmed: true, Kind: api.Assistant, Since: Now.Add(-time.Duration(20) * time.Hour), By: "Meeting Manager"},
		{ID: "p3", Name: "Noël Dupont-Lefèvre", Username: "noel", Email: "noel@example.org", Organization: of, Listed: true},
		{ID: "p4", Username: "radio", Email: "radio@example.org", Organization: api.Organization{ID: "x", Name: "Radio Andorra"}},
	}}
}

func (k *Appoints) Appointees(_ context.Context, f api.AppointeeFilter) (page api.Appointees, err error) {
	for _, p := range k.People {
		if f.Query == "" && p.Kind != "" || f.Query != "" && strings.Contains(strings.ToLower(p.Name+" "+p.Username), strings.ToLower(f.Query)) {
			page.People = append(page.People, p)
		}
	}
	return page, k.Err
}

func (k *Appoints) did(id string, what string, change func(*api.Appointee)) error {
	if k.Err != nil {
		return k.Err
	}
	k.Done = append(k.Done, what+" "+id)
	for i := range k.People {
		if k.People[i].ID == id {
			change(&k.People[i])
		}
	}
	return nil
}

func (k *Appoints) Appoint(_ context.Context, id string, in api.Appoint) error {
	return k.did(id, in.Kind, func(p *api.Appointee) { p.Kind, p.Confirmed = in.Kind, true })
}

func (k *Appoints) EndAppointment(_ context.Context, id string) error {
	return k.did(id, "end", func(p *api.Appointee) { p.Kind = "" })
}

func (k *Appoints) ConfirmOrganization(_ context.Context, in api.ConfirmOrganization) error {
	return k.did(in.Account, "confirm", func(p *api.Appointee) { p.Confirmed = true })
}
