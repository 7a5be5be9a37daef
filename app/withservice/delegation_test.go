package withservice

import (
	"slices"
	"testing"

	"plenary/api"
	"plenary/app"
)

// appointed signs a person up, has the secretariat appoint her focal point, and logs in.
func (p *person) appointed() {
	p.t.Helper()
	ctx := p.t.Context()
	p.signUp()
	for _, s := range p.demo.Staff() {
		if s.Role != api.RoleMeetingManager {
			continue
		}
		if _, err := p.app.Session.LogIn(ctx, app.LogIn{Identifier: s.Identifier, Password: s.Password}); err != nil {
			p.t.Fatal(err)
		}
		if err := p.app.Service.Prove(ctx, s.Password, ""); err != nil {
			p.t.Fatal(err)
		}
		found, err := p.app.Service.Appointees(ctx, api.AppointeeFilter{Query: "dupont"})
		if err != nil || len(found.People) != 1 || !found.People[0].Listed {
			p.t.Fatalf("%+v, %v", found, err)
		}
		who := found.People[0]
		if err := p.app.Service.Appoint(ctx, who.ID, api.Appoint{Kind: api.FocalPoint, OrganizationID: who.Organization.ID}); err != nil {
			p.t.Fatal(err)
		}
		if err := p.app.Session.LogOut(ctx, app.UnsentDiscard); err != nil {
			p.t.Fatal(err)
		}
	}
	p.logIn(true)
}

func (p *person) online(on bool) {
	p.t.Helper()
	if err := p.demo.SetOn(p.t.Context(), on); err != nil {
		p.t.Fatal(err)
	}
	p.app.Sync.Now()
}

// delegate is the only registration of the delegation.
func (p *person) delegate() app.Delegate {
	list := p.app.Delegation.List()
	if len(list) != 1 {
		return app.Delegate{}
	}
	return list[0]
}

// A focal point registers somebody and takes that back, both without network, also over
// a restart; nothing of it is among the own registrations.
func TestDelegation_offline(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.appointed()
	wait(t, "the appointment", func() bool { kind, _ := p.app.Delegation.About(); return kind == api.FocalPoint })
	wait(t, "the meetings", func() bool { _, ok := p.app.Meetings.Get(openMeeting); return ok })
	p.online(false)
	in := api.RegisterFor{Register: register(openMeeting), FirstName: "Zoë", FamilyName: "Ng", Email: "zoe@example.net", Language: "fr"}
	if err := p.app.Delegation.RegisterFor(t.Context(), in, ""); err != nil {
		t.Fatal(err)
	}
	if d := p.delegate(); d.State != app.StateWaitingToSend || d.Person != "Zoë Ng" || d.Asked == nil {
		t.Errorf("offline: %+v", d)
	}
	p.quit()
	p.start()
	if _, err := p.app.Session.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := p.delegate(); d.State != app.StateWaitingToSend {
		t.Errorf("after a restart: %+v", d)
	}
	if kind, of := p.app.Delegation.About(); kind != api.FocalPoint || of.Name == "" {
		t.Errorf("after a restart: %s of %s", kind, of.Name)
	}
	p.online(true)
	wait(t, "the registration", func() bool { d := p.delegate(); return d.State == api.Confirmed && d.Operation == "" })
	number := p.delegate().Number
	p.online(false)
	if err := p.app.Delegation.Withdraw(t.Context(), number, "a mistake"); err != nil {
		t.Fatal(err)
	}
	if d := p.delegate(); d.Waits != api.MayWithdraw || d.State != api.Confirmed {
		t.Errorf("taken back offline: %+v", d)
	}
	p.online(true)
	wait(t, "the withdrawal", func() bool { d := p.delegate(); return d.State == api.Withdrawn && d.Waits == "" })
	if own := p.app.Registrations.List(); len(own) != 0 {
		t.Errorf("among the own: %+v", own)
	}
}

// What the service does not take of a decision stands with the registration, and nothing
// else needs attention; somebody who cannot be registered can be dismissed.
func TestDelegation_refused(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.appointed()
	wait(t, "the appointment", func() bool { kind, _ := p.app.Delegation.About(); return kind == api.FocalPoint })
	in := api.RegisterFor{Register: register(openMeeting), FirstName: "Zoë", Email: "zoe@example.net"}
	if err := p.app.Delegation.RegisterFor(t.Context(), in, ""); err != nil {
		t.Fatal(err)
	}
	wait(t, "the registration", func() bool { return p.delegate().State == api.Confirmed })
	number := p.delegate().Number
	if err := p.app.Delegation.Decide(t.Context(), api.DecideMany{Registrations: []string{number}, Reason: "no"}); err != nil {
		t.Fatal(err)
	}
	wait(t, "the refusal", func() bool { d := p.delegate(); return d.Code == api.CodeWrongState && d.Waits == "" })
	if status := p.app.Sync.Status(); status.Attention != 0 {
		t.Errorf("%d need attention", status.Attention)
	}
	if err := p.app.Delegation.Forget(t.Context(), number); err != nil || p.delegate().Code != "" {
		t.Errorf("forgotten: %+v, %v", p.delegate(), err)
	}
	if err := p.app.Delegation.RegisterFor(t.Context(), in, ""); err != nil {
		t.Fatal(err)
	}
	refused := func() (d app.Delegate) {
		if i := slices.IndexFunc(p.app.Delegation.List(), func(d app.Delegate) bool { return d.State == app.StateNeedsAttention }); i >= 0 {
			d = p.app.Delegation.List()[i]
		}
		return d
	}
	wait(t, "the second one", func() bool { return refused().Code == api.CodeAlreadyRegistered })
	if own := p.app.Registrations.List(); len(own) != 0 {
		t.Errorf("among the own: %+v", own)
	}
	if err := p.app.Delegation.Dismiss(t.Context(), refused().Operation); err != nil || p.delegate().State != api.Confirmed {
		t.Errorf("dismissed: %+v, %v", p.delegate(), err)
	}
}
